"""A small client of the Offhook API for programs: nothing but Python 3.11 and its library.

    client = Client("https://phone.example.com", os.environ["OFFHOOK_KEY"])
    call = {"to": "+49 89 5550102", "from": "desk_phone"}
    client.post("/users/anna@example.com/calls", call, once=True)
    for event in client.events(types=["call.created", "call.ended"]):
        print(event.type, event.data["call"]["remote"])

Copy it, and change it to what you need. The key is made in the portal under "API keys".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, Literal

TIMEOUT = 30.0
#: The stream speaks every few seconds, if only to say that it lives.
SILENCE = 20.0
TRIES = 4
LONGEST_WAIT = 30.0


class Refused(Exception):
    """A problem (RFC 9457). ``code`` is stable, ``title`` is for people and may change."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.problem = dict(problem)
        super().__init__(f"{status} {self.code}: {problem.get('title', '')}")


@dataclass(frozen=True)
class Event:
    """``id`` says where to go on: ``events(after=event.id)``."""

    id: str
    type: str
    data: Mapping[str, Any]


class _StayHere(urllib.request.HTTPRedirectHandler):
    """The key goes to the gateway and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Client:
    def __init__(self, base: str, key: str, *, timeout: float = TIMEOUT) -> None:
        address = urllib.parse.urlsplit(base)
        if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("a key is not sent in the clear: https://")
        self._base = base.rstrip("/") + "/api/v1"
        self._open = urllib.request.build_opener(_StayHere).open
        self._key = key
        self._timeout = timeout

    def get(self, path: str, **query: Any) -> Any:
        return self._repeat("GET", path, query=query)

    def post(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        once: str | Literal[True] | None = None,
        **query: Any,
    ) -> Any:
        """``once``: for an operation that takes an Idempotency-Key, ``True`` or a key of your own.
        It makes a repetition after a lost answer safe: a number is dialled once. Without it a lost
        answer is raised, and it is for you to see whether the thing was done."""
        key = uuid.uuid4().hex if once is True else once
        headers = {} if key is None else {"Idempotency-Key": key}
        return self._repeat("POST", path, query=query, body=body, headers=headers)

    def put(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        **query: Any,
    ) -> Any:
        """``version``: the one that was read, where the operation takes If-Match. Refused with
        ``changed_meanwhile`` if somebody was faster, or if it was you and the answer was lost:
        read it again, and decide."""
        return self._repeat("PUT", path, query=query, body=body, headers=_if_match(version))

    def patch(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        **query: Any,
    ) -> Any:
        return self._repeat("PATCH", path, query=query, body=body, headers=_if_match(version))

    def delete(
        self,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        version: int | None = None,
        **query: Any,
    ) -> Any:
        return self._repeat("DELETE", path, query=query, body=body, headers=_if_match(version))

    def upload(self, path: str, file: bytes, media_type: str, **query: Any) -> Any:
        headers = {"Content-Type": media_type}
        return self._repeat("POST", path, query=query, body=file, headers=headers)

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = self.get(path, **query, **more)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def events(
        self,
        types: Sequence[str] = (),
        user_id: str | None = None,
        after: str | None = None,
    ) -> Iterator[Event]:
        """Without end, also over lost connections. ``reset`` among them means: something was
        missed, read again what you keep. Ends when the key does."""
        query = {"types": ",".join(types) or None, "user_id": user_id}
        failures = 0
        while True:
            headers = {"Accept": "text/event-stream"}
            if after is not None:
                headers["Last-Event-ID"] = after
            try:
                request = self._request("GET", "/events", query, None, headers)
                with self._open(request, timeout=SILENCE) as response:
                    for event in _events_in(response):
                        failures = 0
                        if event.type == "end" and event.data["reason"] == "key_ended":
                            return
                        after = event.id or after
                        if event.type not in ("", "ready", "end"):
                            yield event
            except urllib.error.HTTPError as error:
                refused = _refused(error)
                if refused.status < 500 and refused.status != 429:
                    raise refused from None
            except (OSError, HTTPException):
                pass  # the network: come back, and go on after the last event
            failures += 1
            time.sleep(min(LONGEST_WAIT, 0.5 * 2 ** min(failures, 6)))

    def _repeat(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Asks again where nothing has happened yet: too many requests, a gateway that restarts,
        an answer that was lost where that does no harm: reading, an Idempotency-Key, a version."""
        said = headers or {}
        harmless = method == "GET" or "Idempotency-Key" in said or "If-Match" in said
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            request = self._request(method, path, query or {}, body, headers or {})
            try:
                with self._open(request, timeout=self._timeout) as response:
                    return _answer(response)
            except urllib.error.HTTPError as error:
                refused = _refused(error)
                again = refused.status in (429, 503) or refused.code == "in_progress"
                if last or not again:
                    raise refused from None
                wait = _seconds(error.headers.get("Retry-After"), 2.0**attempt)
            except (OSError, HTTPException):
                if last or not harmless:
                    raise
                wait = 2.0**attempt
            time.sleep(min(LONGEST_WAIT, wait))
        raise AssertionError("the last attempt returns or raises")

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any],
        body: Mapping[str, Any] | bytes | None,
        headers: Mapping[str, str],
    ) -> urllib.request.Request:
        said = {name: value for name, value in query.items() if value is not None}
        url = self._base + urllib.parse.quote(path, safe="/@")
        if said:
            url += "?" + urllib.parse.urlencode(said)
        sent = {"Authorization": f"Bearer {self._key}", **headers}
        data = body if isinstance(body, bytes) else None
        if body is not None and not isinstance(body, bytes):
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        return urllib.request.Request(url, data, sent, method=method)


def _answer(response: HTTPResponse) -> Any:
    """A file (CSV, ZIP ...) is the bytes of it."""
    raw = response.read()
    if not raw:
        return None
    return json.loads(raw) if response.headers.get_content_type().endswith("json") else raw


def _seconds(said: str | None, otherwise: float) -> float:
    """Retry-After of the gateway; a proxy may say a date instead (RFC 9110, section 10.2.3)."""
    return float(said) if said and said.isascii() and said.isdigit() else otherwise


def _if_match(version: int | None) -> dict[str, str]:
    return {} if version is None else {"If-Match": f'"{version}"'}


def _refused(error: urllib.error.HTTPError) -> Refused:
    try:
        problem = json.loads(error.read())
    except ValueError:  # not the gateway: a proxy before it
        problem = {}
    return Refused(error.code, problem if isinstance(problem, dict) else {})


def _events_in(response: HTTPResponse) -> Iterator[Event]:
    """Server-Sent Events: fields line by line, an empty line ends an event, ``:`` is a comment.
    An id alone, here an event without a type, is a place to go on from."""
    said: dict[str, str] = {}
    for raw in response:
        line = raw.decode().rstrip("\r\n")
        if line:
            name, _, value = line.partition(":")
            said[name] = value.removeprefix(" ")
        elif "data" in said or "id" in said:
            data = json.loads(said.get("data", "{}"))
            yield Event(said.get("id", ""), said.get("event", ""), data)
            said = {}
        else:
            said = {}


def is_genuine(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float | None = None,
    tolerance: float = 300.0,
) -> bool:
    """Whether a webhook was sent by your gateway, of late, and arrived as it was sent.

    ``secret`` is what the portal showed (``whsec_...``); ``body`` the bytes as they came, before
    anything reads them as JSON. An old one may be a repetition by somebody who listened.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message, sent = given["webhook-id"], given["webhook-timestamp"]
        signatures = given["webhook-signature"].split()
        age = abs((time.time() if now is None else now) - int(sent))
    except (KeyError, ValueError):
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{sent}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    matches = [hmac.compare_digest(one.encode(), expected.encode()) for one in signatures]
    return age <= tolerance and any(matches)
