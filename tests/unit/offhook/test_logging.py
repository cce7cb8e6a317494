"""Logging as the command line sets it up: no secret passes, whoever logs it."""

import io
import logging

import pytest
import structlog

from offhook.logs import configure_logging

SECRETS = ("gwc_7f3a_Zm9vYmFy_1a2b", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln")


@pytest.mark.parametrize("secret", SECRETS, ids=["api-key", "jwt"])
def test_neither_ours_nor_a_librarys_records_show_secrets(secret: str) -> None:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    try:
        configure_logging("gateway", "info")
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        text = io.StringIO()
        handler.setStream(text)
        structlog.get_logger("ours").warning("seen", what=f"key {secret}")
        logging.getLogger("a.library").warning("seen %s here", secret)
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()
    assert text.getvalue().count("seen") == 2
    assert secret not in text.getvalue()
