"""What a user has chosen, each part with its end, and who may see it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from gateway.features.presence.merge import Status

Audience = Literal["everyone", "chosen", "nobody"]


@dataclass(frozen=True, slots=True)
class DoNotDisturb:
    """``at_pbx``: the PBX refuses the calls; else the gateway does. ``by``: where it was set."""

    on: bool = False
    until: datetime | None = None
    since: datetime | None = None
    by: Literal["user", "pbx"] = "user"
    at_pbx: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    status: Status = Status.AVAILABLE
    status_until: datetime | None = None
    dnd: DoNotDisturb = DoNotDisturb()
    note: str = ""
    note_until: datetime | None = None
    audience: Audience = "everyone"
    viewers: frozenset[str] = frozenset()

    def shows_to(self, viewer: str) -> bool:
        return self.audience == "everyone" or (self.audience == "chosen" and viewer in self.viewers)

    def lapsed(self, now: datetime) -> Choice:
        """Without what has ended; do not disturb stays, for the PBX has to agree to its end."""
        choice = self
        if _over(self.status_until, now):
            choice = replace(choice, status=Status.AVAILABLE, status_until=None)
        if _over(self.note_until, now):
            choice = replace(choice, note="", note_until=None)
        return choice

    def dnd_over(self, now: datetime) -> bool:
        return self.dnd.on and _over(self.dnd.until, now)

    def next_end(self) -> datetime | None:
        ends = (self.status_until, self.note_until, self.dnd.until if self.dnd.on else None)
        return min((end for end in ends if end is not None), default=None)

    def signed_in(self) -> Choice:
        """Whoever comes anew is available; do not disturb is a thing of its own."""
        return replace(self, status=Status.AVAILABLE, status_until=None)

    def pbx_says(self, on: bool, now: datetime) -> Choice:
        """The PBX is the authority. Only what we hold ourselves, because it could not, stays."""
        if on and not self.dnd.on:
            return replace(self, dnd=DoNotDisturb(True, None, now, "pbx", at_pbx=True))
        if on:
            return replace(self, dnd=replace(self.dnd, at_pbx=True))
        if self.dnd.on and self.dnd.at_pbx:
            return replace(self, dnd=DoNotDisturb())
        return self


def _over(end: datetime | None, now: datetime) -> bool:
    return end is not None and end <= now
