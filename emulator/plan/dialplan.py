"""Looking numbers up: extensions, device users, and the mailbox a caller may open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emulator.plan.model import Extension, Kind


class DialPlan:
    """``hidden_lines``: the line's own number is nobody's to dial."""

    def __init__(self, extensions: Iterable[Extension], *, hidden_lines: bool = False) -> None:
        self._hidden_lines = hidden_lines
        self._by_number = {extension.number: extension for extension in extensions}
        self._by_device = {
            user: extension
            for extension in self._by_number.values()
            for user in extension.device_users
        }

    def __iter__(self) -> Iterator[Extension]:
        return iter(self._by_number.values())

    def extension(self, number: str) -> Extension | None:
        return self._by_number.get(number)

    def of_device(self, user: str) -> Extension | None:
        """Whose device registers as ``user``."""
        return self._by_device.get(user)

    def devices(self) -> Iterable[str]:
        return self._by_device.keys()

    def resolve(self, dialled: str) -> Extension | None:
        """Whom a dialled string reaches. A device's own user part reaches its extension, so that
        redial from a phone's call list works."""
        cleaned = "".join(c for c in dialled if c not in " -./()")
        device = self._by_device.get(cleaned)
        if device is not None and self._hidden_lines and cleaned == device.line_user:
            device = None
        return self._by_number.get(cleaned) or device

    def voicemail(self) -> Extension | None:
        return next((e for e in self._by_number.values() if e.kind is Kind.VOICEMAIL), None)
