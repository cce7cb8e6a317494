"""No secret reaches a log, wherever it hides."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import pytest
import structlog

from gateway.credentials import api_key
from gateway.credentials.secrets import Secrets
from gateway.credentials.tokens import TokenSigner
from gateway.features.login import refresh
from gateway.logs import REDACTED, install, redact, redact_event
from gateway.storage.ids import new_id

KEY = api_key.new_key().text
JWT = TokenSigner(Secrets.ephemeral(), audience="a", ttl=60).issue("s")[0]
REFRESH = refresh.first_token(new_id())


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"refused {KEY} from 192.0.2.1", KEY),
        (f"token={JWT}", JWT),
        (f"cookie x={REFRESH};", REFRESH),
        ('Authorization: Digest username="6101", response="abc123"', "abc123"),
        ("proxy-authorization=Basic dTpw", "dTpw"),
        ("got Bearer abc.def-ghi", "abc.def-ghi"),
        ("v=0\r\na=ice-pwd:hunter2hunter2hunter2\r\na=x", "hunter2"),
        ("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0 KDR=1", "c2VjcmV0"),
    ],
    # Fixed names: the keys are made anew in each process, and parallel workers compare names.
    ids=["api-key", "jwt", "refresh", "digest", "basic", "bearer", "ice-pwd", "sdes"],
)
def test_in_any_text(text: str, secret: str) -> None:
    for value in (text, ValueError(text), [text], {"a": {"b": (text,)}}, text.encode()):
        assert secret not in str(redact(value)), value


def test_by_the_name_of_the_field() -> None:
    event = {
        "event": "x",
        "password": "p1",
        "auth_password": "p2",
        "access_token": "p3",
        "turn": {"credential": "p4", "username": "u"},
        "Authorization": "p5",
        "api_key": "p6",
        "cookie": "p7",
        "secret": None,
        "tokens": 3,
    }
    done = redact_event(None, "info", event)
    assert not [value for value in ("p1", "p2", "p3", "p4", "p5", "p6", "p7") if value in str(done)]
    assert done["password"] == REDACTED and done["turn"]["username"] == "u"
    assert done["tokens"] == 3 and done["secret"] is None and done["event"] == "x"


def test_installed_once_before_the_renderer_and_after_tracebacks() -> None:
    before = structlog.get_config()
    lines: list[str] = []

    def renderer(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        lines.append(str(event))
        raise structlog.DropEvent

    try:
        structlog.configure(
            processors=[structlog.processors.format_exc_info, renderer],
            cache_logger_on_first_use=False,
        )
        install()
        install()
        assert structlog.get_config()["processors"].count(redact_event) == 1
        try:
            raise RuntimeError(f"refused {KEY}")
        except RuntimeError:
            structlog.get_logger().exception("failed", password="hunter2")
        assert len(lines) == 1 and "RuntimeError" in lines[0]
        assert KEY not in lines[0] and "hunter2" not in lines[0]
    finally:
        structlog.configure(**before)


def test_harmless_text_is_left_alone() -> None:
    text = f"call {new_id()} from 101 ended after 20.5 s"
    assert redact(text) == text
