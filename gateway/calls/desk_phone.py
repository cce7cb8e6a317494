"""How the desk phone itself is, as its owner's apps show it beside "call from there"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from typing_extensions import TypedDict

from gateway.calls.csta import DESK, rings_at_desk
from protocols.csta.values import LocalConnectionState
from protocols.csta.view.model import CallView, DeviceView

DeskPhoneState = Literal["free", "ringing", "in_call", "not_signed_in", "unknown"]


class DeskPhone(TypedDict):
    """The user's desk phone. ``unknown``: the PBX does not tell, or cannot be asked now."""

    state: DeskPhoneState


_OFF_HOOK = frozenset(
    (
        LocalConnectionState.INITIATED,
        LocalConnectionState.CONNECTED,
        LocalConnectionState.HOLD,
    )
)
#: Of several lines the one where most happens is told.
_BUSIEST: tuple[DeskPhoneState, ...] = ("in_call", "ringing", "free", "not_signed_in", "unknown")


def state_of(view: DeviceView, reachable: bool) -> DeskPhoneState:
    if not reachable:
        return "unknown"
    if view.in_service is False:
        return "not_signed_in"
    if any(_is_off_hook(call) for call in view.calls):
        return "in_call"
    if any(rings_at_desk(call) for call in view.calls):
        return "ringing"
    return "unknown" if view.in_service is None else "free"


def _is_off_hook(call: CallView) -> bool:
    """Also while it dials, and while a call is held."""
    return any(leg.key[1] == DESK and leg.state in _OFF_HOOK for leg in call.legs)


def busiest(states: Iterable[DeskPhoneState]) -> DeskPhone | None:
    """None: the user has no desk phone that the PBX told of."""
    state = min(states, key=_BUSIEST.index, default=None)
    return None if state is None else {"state": state}
