"""The example client takes the gateway's webhooks for genuine, and nothing else."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from email.message import Message
from typing import Any
from urllib.error import HTTPError
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


class Lost:
    """A gateway that does what it is asked and whose answers are lost on their way."""

    def __init__(self, *errors: Exception) -> None:
        self.asked: list[Request] = []
        self.errors = list(errors)

    def __call__(self, request: Request, timeout: float) -> Any:
        self.asked.append(request)
        raise self.errors.pop(0) if self.errors else TimeoutError


@pytest.mark.parametrize(
    ("act", "times"),
    [
        (lambda client: client.get("/me"), 4),
        (lambda client: client.post("/users/a/calls", {}, once=True), 4),
        (lambda client: client.post("/users/a/calls", {}, once="my-own"), 4),
        (lambda client: client.put("/admin/webhooks/a", {}, version=3), 4),
        (lambda client: client.post("/admin/webhooks", {}), 1),
        (lambda client: client.upload("/admin/imports", b"", "text/csv"), 1),
        (lambda client: client.delete("/admin/keys/a"), 1),
    ],
)
def test_a_lost_answer_is_asked_for_again_only_where_that_does_no_harm(
    act: Callable[[Client], object], times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    client, lost = Client("https://phone.example.com", "gwc_x"), Lost()
    client._open = lost
    with pytest.raises(TimeoutError):
        act(client)
    assert len(lost.asked) == times
    assert len({one.get_header("Idempotency-key") for one in lost.asked}) == 1


def test_a_date_to_come_back_at_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    client, headers = Client("https://phone.example.com", "gwc_x"), Message()
    headers["Retry-After"] = "Wed, 21 Oct 2026 07:28:00 GMT"
    busy = HTTPError("https://phone.example.com", 503, "", headers, io.BytesIO(b"{}"))
    client._open = Lost(busy)
    with pytest.raises(TimeoutError):
        client.get("/me")
    assert slept == [1.0, 2.0, 4.0]


def test_an_id_alone_is_a_place_to_go_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)

    class Stream(io.BytesIO):
        """Ends after one event, as a connection does."""

    asked: list[str | None] = []
    said = [
        b"id: e-1\nevent: ready\ndata: {}\n\n:\n\nid: e-7\n\n",
        b"id: e-8\nevent: x\ndata: {}\n\n",
    ]

    def answer(request: Request, timeout: float) -> Stream:
        asked.append(request.get_header("Last-event-id"))
        return Stream(said.pop(0))

    client = Client("https://phone.example.com", "gwc_x")
    client._open = answer
    event = next(client.events())
    assert (event.id, event.type, asked) == ("e-8", "x", [None, "e-7"])


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
