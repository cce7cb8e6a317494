"""Calls of a desk phone that came and went while the link was down. Pure.

What is still there when the link comes back, the picture tells; what is not has no Call any more,
only an entry in the journal.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from protocols.csta.message import Event
from protocols.csta.view.changes import CallAppeared, CallChanged, CallEnded, changes
from protocols.csta.view.model import CallView, DeviceView, Ended, new_view
from protocols.csta.view.reduce import reduce


@dataclass(frozen=True, slots=True)
class PastCall:
    call: CallView
    end: Ended
    began: float
    answered: float | None
    ended: float


@dataclass(slots=True)
class PastCalls:
    """One line's, between a picture and the next."""

    _view: DeviceView | None = None
    _began: dict[str, float] = field(default_factory=dict)
    _answered: dict[str, float] = field(default_factory=dict)

    def happened(
        self, number: str, event: Event, at: float, known: Collection[str]
    ) -> list[PastCall]:
        """The calls that this event has ended. ``known`` ones have Calls that tell of them."""
        before = self._view or new_view(number)
        self._view = reduce(before, event)
        found = []
        for change in changes(before, self._view):
            match change:
                case CallAppeared(call) | CallChanged(call=call):
                    self._began.setdefault(call.call_id, at)
                    if call.answered:
                        self._answered.setdefault(call.call_id, at)
                case CallEnded(call, end):
                    began = self._began.pop(call.call_id, at)
                    answered = self._answered.pop(call.call_id, None)
                    # of one that began before the link went, its own Call tells
                    if not call.incomplete and call.call_id not in known and not end.became:
                        found.append(PastCall(call, end, began, answered, at))
        return found
