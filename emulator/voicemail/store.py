"""Mailboxes: messages in memory, and on disk when a folder is given."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from media.audio import wav

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """``received_at`` is seconds since the epoch."""

    id: int
    from_number: str
    from_name: str
    received_at: float
    seconds: float
    heard: bool = False


@dataclass
class Mailbox:
    """One extension's messages, oldest first. ``on_change(box)`` after every change."""

    number: str
    on_change: Callable[[Mailbox], None]
    limit: int = 50
    folder: Path | None = None
    _messages: list[Message] = field(default_factory=list)
    _audio: dict[int, bytes] = field(default_factory=dict)

    @property
    def messages(self) -> list[Message]:
        return list(self._messages)

    @property
    def new(self) -> list[Message]:
        return [m for m in self._messages if not m.heard]

    @property
    def old(self) -> list[Message]:
        return [m for m in self._messages if m.heard]

    @property
    def full(self) -> bool:
        return len(self._messages) >= self.limit

    def add(self, pcm: bytes, number: str, name: str, received_at: float) -> Message:
        """Keep a message; in a full box the oldest heard one makes room, else the oldest."""
        if self.full:
            self.delete((self.old or self._messages)[0].id)
        last = max((m.id for m in self._messages), default=0)
        message = Message(last + 1, number, name, received_at, round(len(pcm) / 16000, 1))
        self._messages.append(message)
        self._audio[message.id] = pcm
        self._changed(message.id)
        return message

    def audio(self, message: int) -> bytes:
        return self._audio.get(message, b"")

    def mark_heard(self, message: int) -> None:
        marked = [replace(m, heard=True) if m.id == message else m for m in self._messages]
        if marked != self._messages:
            self._messages = marked
            self._changed()

    def delete(self, message: int) -> None:
        if any(m.id == message for m in self._messages):
            self._messages = [m for m in self._messages if m.id != message]
            self._audio.pop(message, None)
            if self.folder is not None:
                (self.folder / f"{message}.wav").unlink(missing_ok=True)
            self._changed()

    def _changed(self, new: int | None = None) -> None:
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if new is not None:
                wav.write(self.folder / f"{new}.wav", self._audio[new])
            # Written beside and renamed: a crash leaves the old index, never half of one.
            draft = self.folder / "index.json.new"
            draft.write_text(json.dumps([asdict(m) for m in self._messages], indent=1))
            draft.replace(self.folder / "index.json")
        self.on_change(self)

    def load(self) -> None:
        """Read what an earlier run kept; a message without its sound is dropped."""
        if self.folder is None or not (self.folder / "index.json").is_file():
            return
        try:
            rows = json.loads((self.folder / "index.json").read_text())
            found = [Message(**row) for row in rows]
        except (ValueError, TypeError) as error:
            logger.error("mailbox %s: its index is unreadable: %s", self.number, error)
            return
        for message in found:
            try:
                self._audio[message.id] = wav.read(self.folder / f"{message.id}.wav")
            except (wav.WavError, OSError) as error:
                logger.warning("mailbox %s: message %d lost: %s", self.number, message.id, error)
                continue
            self._messages.append(message)
