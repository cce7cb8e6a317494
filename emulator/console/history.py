"""The last calls: how they ended, and which SIP dialogs belonged to them (for the ladder)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from emulator.calls.call import CallState, PbxCall
from emulator.console.views import call_id_of, call_view

_KEEP = 50


class History:
    """``csta_id`` says what a call is called on CSTA links; it may change while it goes on."""

    def __init__(self, csta_id: Callable[[PbxCall], str | None]) -> None:
        self._csta_id = csta_id
        self._views: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._call_ids: dict[str, set[str]] = {}

    def note(self, call: PbxCall) -> None:
        """Remember what a call is now; told on every change."""
        self._views[call.id] = call_view(call)
        known = self._call_ids.setdefault(call.id, set())
        ids = [self._csta_id(call), *(call_id_of(end) for end in call.ends)]
        known.update(found for found in ids if found is not None)
        while len(self._views) > _KEEP:
            oldest, _ = self._views.popitem(last=False)
            self._call_ids.pop(oldest, None)

    def ended(self) -> list[dict[str, Any]]:
        return [view for view in self._views.values() if view["state"] == CallState.ENDED]

    def call_ids(self, call: str) -> set[str] | None:
        """Call-IDs of the dialogs of a call, and its CSTA ids; None for a call nobody remembers."""
        return self._call_ids.get(call)
