"""What is known of every line's lamp, and what the gateway has not been told yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from protocols.sip.event.mwi import MessageSummary

#: Watching may fail once (a PBX that restarts forgets its subscribers) before the last word counts
#: for nothing any more.
FAILURES_MOST = 1


@dataclass(frozen=True, slots=True)
class Lamp:
    """``summary`` None: nobody knows. ``by_itself``: this PBX also tells without being asked."""

    summary: MessageSummary | None = None
    by_itself: bool = False
    failures: int = 0


class LampBook:
    def __init__(self) -> None:
        self._lamps: dict[str, Lamp] = {}
        self._untold: dict[str, None] = {}  # in the order of the news

    def of(self, line_id: str) -> MessageSummary | None:
        return self._lamps.get(line_id, Lamp()).summary

    def told(self, line_id: str, summary: MessageSummary, *, asked: bool) -> None:
        """The PBX spoke; what it said last counts."""
        lamp = self._lamps.get(line_id, Lamp())
        # The account is an address of the site's own network: it stays here.
        summary = replace(summary, account=None)
        self._lamps[line_id] = Lamp(summary, lamp.by_itself or not asked)
        if summary != lamp.summary:
            self._untold[line_id] = None

    def unwatched(self, line_id: str, *, absent: bool = False) -> None:
        """Watching ended or failed. A lamp that nobody watches is unknown, not dark. ``absent``:
        the line is not at the PBX at all, so that nobody would tell it anything."""
        lamp = self._lamps.get(line_id, Lamp())
        lamp = replace(lamp, failures=lamp.failures + 1)
        given_up = lamp.failures > FAILURES_MOST and not lamp.by_itself
        if (absent or given_up) and lamp.summary is not None:
            lamp = replace(lamp, summary=None)
            self._untold[line_id] = None
        self._lamps[line_id] = lamp

    def forget(self, line_id: str) -> None:
        """The line is no longer ours."""
        self._lamps.pop(line_id, None)
        self._untold.pop(line_id, None)

    def tell_all(self) -> None:
        """Whoever listens may know nothing yet: everything is news, what is unknown too."""
        self._untold |= dict.fromkeys(self._lamps)

    def take(self, most: int) -> list[str]:
        """Lines with news, the oldest first; they count as told until `tell` says otherwise."""
        lines = list(self._untold)[:most]
        for line_id in lines:
            del self._untold[line_id]
        return lines

    def tell(self, line_id: str) -> None:
        """The gateway did not hear of this line: tell it again."""
        if line_id in self._lamps:
            self._untold[line_id] = None
