"""A worker's log lines can be read by a machine and carry no keys."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

from media.worker.logs import JsonLines

KEY = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"


def test_a_line_is_json_and_its_secrets_are_gone() -> None:
    try:
        raise ValueError(f"bad line a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY}|2^20")
    except ValueError:
        record = logging.LogRecord(
            "media.worker", logging.ERROR, __file__, 1, "%s", (f"a=ice-pwd:{KEY}",), sys.exc_info()
        )
    text = JsonLines(3).format(record)
    line = json.loads(text)
    assert KEY not in text and "\n" not in text
    assert (line["level"], line["logger"], line["worker"]) == ("error", "media.worker", 3)
    assert line["event"].startswith("a=ice-pwd:") and "ValueError" in line["exception"]
    relay = logging.LogRecord("m", 20, __file__, 1, "%r", ({"user": "u", "password": KEY},), None)
    assert KEY not in JsonLines(0).format(relay) and '"event": "{' in JsonLines(0).format(relay)


def test_the_process_logs_that_way() -> None:
    program = (
        "import logging; from media import process; process.logs.install(2); "
        f"logging.getLogger('x').warning('a=ice-pwd:{KEY}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
    )
    line = json.loads(done.stderr)
    assert line["worker"] == 2 and KEY not in done.stderr
