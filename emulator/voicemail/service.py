"""The voicemail of the PBX: a box per user, the ends that answer, the lamp."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from emulator.config import Voicemail
from emulator.phones.local_end import LocalEnd, Script
from emulator.plan.model import Extension, Kind
from emulator.voicemail import scripts
from emulator.voicemail.store import Mailbox


class VoicemailService:
    """``on_change(box)`` is told when a box changed: lamps follow it."""

    def __init__(
        self,
        extensions: Iterable[Extension],
        limits: Voicemail,
        state_dir: Path | None,
        on_change: Callable[[Mailbox], None],
    ) -> None:
        self._limits = limits
        self.boxes: dict[str, Mailbox] = {}
        for extension in extensions:
            if extension.kind is Kind.USER and extension.mailbox:
                folder = state_dir / "mailboxes" / extension.number if state_dir else None
                box = Mailbox(extension.number, on_change, limits.max_messages, folder)
                box.load()
                self.boxes[extension.number] = box

    def deposit(self, number: str) -> Script | None:
        """The script that takes a message for ``number``; None when it has no box."""
        box = self.boxes.get(number)
        if box is None:
            return None
        mailbox = box

        async def script(end: LocalEnd) -> None:
            await scripts.take_message(end, mailbox, self._limits)

        return script

    def menu(self, number: str) -> Script:
        """The menu for who calls from ``number``."""

        async def script(end: LocalEnd) -> None:
            box = self.boxes.get(number)
            if box is None:
                end.fail(403, "No mailbox")
            else:
                await scripts.menu(end, box)

        return script
