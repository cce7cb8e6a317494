"""What a monitor is told of an extension beside its calls and settings: the lamp, and whether its
desk phone is there. Only changes are told."""

from __future__ import annotations

from collections.abc import Callable

from emulator.switch.model import Setting


class Status:
    """``tell(what, device, on)`` hears of changes. Nothing is lit and nobody there at first."""

    def __init__(self, tell: Callable[[Setting, str, bool], None]) -> None:
        self._tell = tell
        self._waiting: set[str] = set()
        self._in_service: set[str] = set()

    def message_waiting(self, number: str) -> bool:
        return number in self._waiting

    def in_service(self, device: str) -> bool:
        return device in self._in_service

    def set_message_waiting(self, number: str, on: bool) -> None:
        if _change(self._waiting, number, on):
            self._tell(Setting.MESSAGE_WAITING, number, on)

    def set_in_service(self, device: str, on: bool) -> None:
        if _change(self._in_service, device, on):
            what = Setting.BACK_IN_SERVICE if on else Setting.OUT_OF_SERVICE
            self._tell(what, device, on)


def _change(members: set[str], name: str, on: bool) -> bool:
    if (name in members) == on:
        return False
    if on:
        members.add(name)
    else:
        members.remove(name)
    return True
