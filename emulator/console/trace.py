"""What crossed the wire, for the ladder on the console. Secrets are taken out before storing."""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from emulator.csta.trace import CstaEntry

_KEEP = 3000
_CALL_ID = re.compile(rb"^(?:call-id|i)[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_CSEQ = re.compile(rb"^cseq[ \t]*:[ \t]*(\d+[ \t]+\S+)", re.IGNORECASE | re.MULTILINE)
_SECRETS = (
    (
        re.compile(r"(?im)^((?:proxy-)?authorization[ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*"),
        r"\1 (removed)",
    ),
    (re.compile(r"(?i)(a=crypto:\d+ \S+ inline:)\S+"), r"\1(removed)"),
    (re.compile(r"(?i)(a=ice-pwd:)\S+"), r"\1(removed)"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message. ``direction`` is ours: ``in`` or ``out``. ``call_id``: a SIP Call-ID, or the
    CSTA call ids with spaces between; ``cseq`` holds a CSTA invoke id."""

    number: int
    time: float
    direction: str
    transport: str
    peer: str
    call_id: str
    first_line: str
    cseq: str
    text: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def scrub(text: str) -> str:
    """Without digests, SRTP keys and ICE passwords."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class TraceLog:
    """Fed by ``SipEndpoint.on_trace``. ``on_entry`` is told of each message as it comes."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEEP)
        self._numbers = itertools.count(1)
        self.on_entry: Callable[[Entry], None] | None = None

    def feed(self, raw: dict[str, Any]) -> None:
        """Take one piece of traffic; keep-alives and fragments without a Call-ID are left out."""
        data: bytes = raw["data"]
        call_id = _CALL_ID.search(data)
        if call_id is None:
            return
        cseq = _CSEQ.search(data)
        text = data.decode("utf-8", "replace")
        entry = Entry(
            number=next(self._numbers),
            time=raw["time"],
            direction=raw["direction"],
            transport=raw["transport"],
            peer=raw["peer"],
            call_id=call_id.group(1).decode("ascii", "replace"),
            first_line=text.partition("\r\n")[0],
            cseq=cseq.group(1).decode("ascii", "replace") if cseq else "",
            text=scrub(text),
        )
        self._keep(entry)

    def feed_csta(self, message: CstaEntry) -> None:
        entry = Entry(
            number=next(self._numbers),
            time=message.time,
            direction=message.direction,
            transport="CSTA",
            peer=f"CSTA {message.peer}",
            call_id=" ".join(sorted(message.call_ids)),
            first_line=message.name,
            cseq=f"{message.invoke_id:04d}",
            text=message.text,
        )
        self._keep(entry)

    def _keep(self, entry: Entry) -> None:
        self._entries.append(entry)
        if self.on_entry is not None:
            self.on_entry(entry)

    def of(self, call_ids: Iterable[str]) -> list[Entry]:
        wanted = set(call_ids)
        return [entry for entry in self._entries if wanted.intersection(entry.call_id.split())]

    def latest(self, count: int = 100) -> list[Entry]:
        return list(self._entries)[-count:]
