"""What the emulator tells of a line's calls over SIP and over CSTA, as text that can be kept.

A recording is the lines of one flow: `sip in|out <key> <number>` and `sip end <key>` for dialogs of
the line, `csta <XML>` for what the monitor tells. Call ids are numbered in their order.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from protocols.csta.codec import decode, encode
from protocols.csta.dialects import DIALECTS
from protocols.csta.events.call import CallEvent
from protocols.csta.message import Event
from tests.support.csta_client import CstaClient
from tests.support.pbx_rig import Device, DeviceCall, PbxRig

FOLDER = Path(__file__).parents[1] / "unit" / "connector" / "recordings"
NUMBER, LINE = "105", "6105"
_CALL_ID = re.compile(r"<(?:cID|callID)>([^<]+)<")
_CROSS_REF = re.compile(r"<(mCRI|monitorCrossRefID)>[^<]*<")
_HEADER = re.compile(r"<\?xml[^>]*\?>\s*")


@dataclass(frozen=True, slots=True)
class Opened:
    key: str
    incoming: bool
    number: str


@dataclass(frozen=True, slots=True)
class Closed:
    key: str


Happening = Opened | Closed | Event


class Tape:
    """Takes down one flow at the emulator."""

    def __init__(self, profile: str) -> None:
        self._style = DIALECTS[profile].style
        self._lines: list[str] = []

    def text(self) -> str:
        """With call ids, cross references and dialogs numbered: the same for every run."""
        text = _CROSS_REF.sub(r"<\1>7<", "\n".join(self._lines))
        ids = dict.fromkeys(_CALL_ID.findall(text))
        for number, call_id in enumerate(ids, 1):
            text = text.replace(call_id, f"CALL{number}")
        return text

    def heard(self, event: Event) -> None:
        body = encode(event, self._style).decode()
        self._lines.append(f"csta {_HEADER.sub('', body)}".replace("\n", ""))

    def dialog(self, call: DeviceCall, way: str, number: str) -> None:
        key = str(sum(line.startswith(("sip in", "sip out")) for line in self._lines) + 1)
        self._lines.append(f"sip {way} {key} {number}")
        note = call._note

        def noted(*event: Any) -> None:
            if event[0] in ("end", "failure"):
                self._lines.append(f"sip end {key}")
            note(*event)

        call._note = noted  # type: ignore[method-assign]


@dataclass
class Recorded:
    """The parties of a flow: the line as the connector has it, the PBX, its CSTA."""

    rig: PbxRig
    csta: CstaClient
    line: Device
    tape: Tape
    calls: list[DeviceCall] = field(default_factory=list)

    async def dial(self, number: str) -> DeviceCall:
        call = await self.line.dial(number)
        self.tape.dialog(call, "out", number)
        self.calls.append(call)
        return call

    async def rings(self) -> DeviceCall:
        call = await self.line.incoming.get()
        assert call.call is not None
        self.tape.dialog(call, "in", call.call.invite.from_.user)
        self.calls.append(call)
        await self.line.prepare()
        return call


class _Told(list[tuple[str, Event]]):
    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self._tape = tape

    def append(self, item: tuple[str, Event]) -> None:
        super().append(item)
        if item[0] == NUMBER and isinstance(item[1], CallEvent):
            self._tape.heard(item[1])


Flow = Callable[[Recorded], Awaitable[None]]


async def record(flow: Flow, rig: PbxRig, csta: CstaClient, line: Device) -> str:
    """Play a flow to its end; what was told of it."""
    tape = Tape(rig.pbx.config.profile)
    csta.told = _Told(tape)
    await flow(Recorded(rig, csta, line, tape))
    await csta.until(lambda: not csta.view(NUMBER).calls, "the line is free")
    return tape.text()


def path(profile: str, name: str) -> Path:
    return FOLDER / profile / f"{name}.txt"


@cache
def read(profile: str, name: str) -> tuple[Happening, ...]:
    return tuple(_happening(line) for line in path(profile, name).read_text().splitlines())


def _happening(line: str) -> Happening:
    kind, _, rest = line.partition(" ")
    if kind == "csta":
        event = decode(rest.encode()).message
        assert isinstance(event, Event)
        return event
    what, key, *number = rest.split(" ")
    return Closed(key) if what == "end" else Opened(key, what == "in", *number)
