"""The example client takes the gateway's webhooks for genuine, and nothing else."""

from __future__ import annotations

import io
from email.message import Message
from urllib.request import Request

import pytest

from gateway.features.webhooks import signing
from tests.support.example_client import Client, is_genuine

NOW = 1_800_000_000
BODY = b'{"type":"call.ended"}'


def test_what_the_gateway_signs_is_genuine() -> None:
    old, new = signing.new_secret(), signing.new_secret()
    headers = signing.headers("m-1", NOW, BODY, [old, new])
    shouted = {name.upper(): value for name, value in headers.items()}
    for secret in (old, new):
        assert is_genuine(secret, headers, BODY, now=NOW + 299)
        assert is_genuine(secret, shouted, BODY, now=NOW)
    assert not is_genuine(signing.new_secret(), headers, BODY, now=NOW)


@pytest.mark.parametrize(
    ("change", "body", "now"),
    [
        ({}, BODY + b" ", NOW),
        ({}, BODY, NOW + 301),
        ({}, BODY, NOW - 301),
        ({"webhook-id": "m-2"}, BODY, NOW),
        ({"webhook-timestamp": str(NOW + 1)}, BODY, NOW),
        ({"webhook-timestamp": "soon"}, BODY, NOW),
        ({"webhook-signature": ""}, BODY, NOW),
        ({"webhook-signature": "v1,\u00e4"}, BODY, NOW),
    ],
)
def test_what_is_not_as_it_was_sent_is_not(change: dict[str, str], body: bytes, now: int) -> None:
    secret = signing.new_secret()
    headers = signing.headers("m-1", NOW, BODY, [secret]) | change
    assert not is_genuine(secret, headers, body, now=now)


def test_what_is_not_signed_is_not() -> None:
    assert not is_genuine(signing.new_secret(), {}, BODY, now=NOW)


@pytest.mark.parametrize("base", ["http://phone.example.com", "http://localhost.example.com", "x"])
def test_a_key_is_not_sent_in_the_clear(base: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Client(base, "gwc_x")


@pytest.mark.parametrize(
    ("media_type", "body", "read"),
    [
        ("application/json; charset=utf-8", b'{"sent": 1}', {"sent": 1}),
        ("text/csv; charset=utf-8", b"name,number\r\n", b"name,number\r\n"),
        ("application/zip", b"PK\x03", b"PK\x03"),
        ("application/json", b"", None),
    ],
)
def test_an_answer_is_read_as_what_it_is(media_type: str, body: bytes, read: object) -> None:
    asked: list[Request] = []

    class Answer(io.BytesIO):
        headers = Message()

    Answer.headers["Content-Type"] = media_type

    def answer(request: Request, timeout: float) -> Answer:
        asked.append(request)
        return Answer(body)

    client = Client("https://phone.example.com", "gwc_x")
    client._open = answer
    assert client.post("/admin/people/ID/invite", again=True) == read
    assert asked[0].full_url.endswith("/api/v1/admin/people/ID/invite?again=True")
    assert asked[0].data is None
