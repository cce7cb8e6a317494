"""What logs never show."""

import pytest

from offhook.logs import redact


@pytest.mark.parametrize(
    "secret",
    [
        "gwc_7f3a_Zm9vYmFy_1a2b",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        "Authorization: Bearer abc.def",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0",
        "a=ice-pwd:hunter2hunter2hunter2h",
        'response="0123456789abcdef"',
    ],
)
def test_secrets_are_replaced_and_the_rest_stays(secret: str) -> None:
    event = redact(None, "info", {"event": f"before {secret}", "number": 5})
    assert secret not in event["event"]
    assert event["event"].startswith("before ") and event["number"] == 5
