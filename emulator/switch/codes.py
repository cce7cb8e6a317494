"""Feature codes: which dialled string switches what.

The defaults with a source are #1, *97, #97, *87, #87, *85, #85 and #0; all others are decisions of
ours, see docs/protocols/openscape.md. A code in the configuration replaces the default of the
same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    FORWARD = "forward"
    FORWARD_BUSY = "forward_busy"
    FORWARD_NO_ANSWER = "forward_no_answer"
    FORWARD_INTERNAL = "forward_internal"
    FORWARD_EXTERNAL = "forward_external"
    FORWARD_OFF = "forward_off"
    DND_ON = "dnd_on"
    DND_OFF = "dnd_off"
    WAITING_ON = "waiting_on"
    WAITING_OFF = "waiting_off"
    GROUP_JOIN = "group_join"
    GROUP_LEAVE = "group_leave"
    PICKUP_GROUP = "pickup_group"
    PICKUP = "pickup"
    PARK = "park"
    UNPARK = "unpark"
    CONFERENCE = "conference"
    CALL_BACK = "call_back"
    CALL_BACK_OFF = "call_back_off"
    RESET = "reset"


DEFAULTS: Mapping[Code, str] = {
    Code.FORWARD: "*11",
    Code.FORWARD_EXTERNAL: "*12",
    Code.FORWARD_INTERNAL: "*13",
    Code.FORWARD_BUSY: "*14",
    Code.FORWARD_NO_ANSWER: "*15",
    Code.FORWARD_OFF: "#1",
    Code.DND_ON: "*97",
    Code.DND_OFF: "#97",
    Code.WAITING_OFF: "#87",
    Code.WAITING_ON: "*87",
    Code.GROUP_JOIN: "*85",
    Code.GROUP_LEAVE: "#85",
    Code.PICKUP_GROUP: "*57",
    Code.PICKUP: "*59",
    Code.PARK: "*56",
    Code.UNPARK: "#56",
    Code.CONFERENCE: "*3",
    Code.CALL_BACK: "*58",
    Code.CALL_BACK_OFF: "#58",
    Code.RESET: "#0",
}
#: Codes that are dialled as they are; the others want a number behind them.
_BARE = frozenset(
    {
        Code.FORWARD_OFF,
        Code.DND_ON,
        Code.DND_OFF,
        Code.WAITING_ON,
        Code.WAITING_OFF,
        Code.GROUP_JOIN,
        Code.GROUP_LEAVE,
        Code.PICKUP_GROUP,
        Code.CONFERENCE,
        Code.RESET,
    }
)
#: These take a number or none.
_EITHER = frozenset({Code.GROUP_JOIN, Code.GROUP_LEAVE, Code.CALL_BACK, Code.CALL_BACK_OFF})


@dataclass(frozen=True, slots=True)
class Dialled:
    code: Code
    argument: str = ""


class CodeTable:
    def __init__(self, changes: Mapping[str, str] | None = None) -> None:
        table = dict(DEFAULTS) | {Code(name): code for name, code in (changes or {}).items()}
        # the longest code that fits is meant: *12 before *1
        self._codes = sorted(table.items(), key=lambda entry: -len(entry[1]))

    def text(self, code: Code) -> str | None:
        return next((text for known, text in self._codes if known is code and text), None)

    def find(self, dialled: str) -> Dialled | None:
        """The code in a dialled string, or None when it is a plain number."""
        for code, text in self._codes:
            if not text or not dialled.startswith(text):
                continue
            argument = dialled[len(text) :]
            if bool(argument) is (code not in _BARE) or code in _EITHER:
                return Dialled(code, argument)
        return None
