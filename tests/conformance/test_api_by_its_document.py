"""schemathesis, which knows only the OpenAPI document, tries to break what the document promises:
no server error, only documented statuses and content types, answers that fit their schemas.

Here by those who are nobody and by a connector. What a person may do goes as far as ending the own
session and the whole company: security/test_api_conforms.py asks that, one operation at a time.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.support.gateway_platform import Bench, open_bench

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
PUBLIC = ("--include-path-regex", "auth/")
CONNECTOR = ("--include-path-regex", "^/api/v1/connector/")


async def attack(bench: Bench, directory: Path, token: str | None, *which: str) -> None:
    header = ("-H", f"Authorization: Bearer {token}") if token else ()
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{bench.base}/api/v1/openapi.json",
        "--url",
        bench.base,
        "--checks",
        ",".join(CHECKS),
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        "15",
        "--seed",
        "1",
        "--generation-database",
        "none",
        "--no-color",
        *which,
        *header,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=directory,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()[-6000:]
    assert "passed" in output.decode()


@pytest.mark.parametrize("who", ["public", "connector"])
async def test_the_api_keeps_its_documents_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    unlimited = {"auth": {"logins_per_ip": 100_000, "logins_per_account": 100_000}}
    async with open_bench(tmp_path, monkeypatch, unlimited) as bench:
        token = (await bench.login())["access_token"]
        cases = {
            "public": (None, PUBLIC),
            "connector": (bench.api_key, CONNECTOR),
        }
        sent, which = cases[who]
        await attack(bench, tmp_path, sent, *which)
        assert (await bench.call("GET", "/me", token))[0] == 200
