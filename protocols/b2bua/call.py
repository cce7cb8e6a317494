"""Two legs become one call: `step(state, event) -> (state, effects)`.

Leg A is the one that called us, leg B the one we call for it. Neither sees the other's
messages: each speaks in the leg-neutral events below (RFC 3261 section 6, "back-to-back").

```
 INCOMING --Placed--> CALLING --Progress--> ALERTING --Answered--> CONNECTED
     |                   |                     |                       |
     +-------- Failed / Ended / MediaFailed ---+-----------------------+--> ENDED
```
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from protocols.b2bua.status import relayed_failure

Headers = tuple[tuple[str, str], ...]


class Leg(StrEnum):
    A = "a"
    B = "b"

    @property
    def other(self) -> Leg:
        return Leg.B if self is Leg.A else Leg.A


class Phase(StrEnum):
    INCOMING = "incoming"  # A has called, B is not called yet
    CALLING = "calling"  # B was sent an INVITE
    ALERTING = "alerting"  # B gave a provisional response
    CONNECTED = "connected"  # B answered, A was answered
    ENDED = "ended"


# -- events ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """Media describes us to B, who may be called with this offer (None = delayed offer)."""

    offer: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """B sent 101..199."""

    status: int
    reason: str = ""
    sdp: str | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """B sent 2xx."""

    sdp: str | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """B refused, or could not be reached (`local`)."""

    status: int
    reason: str = ""
    headers: Headers = ()
    local: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """A leg is gone: CANCEL, BYE, timeout. `headers` cross to the other leg (Reason)."""

    leg: Leg
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class MediaFailed:
    """Media refused what a leg offered; `status` is the answer due to A while it waits."""

    status: int = 488
    reason: str = ""


Event: TypeAlias = Placed | Progress | Answered | Failed | Ended | MediaFailed

# -- effects, carried out in order ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Invite:
    """Call B."""

    offer: str | None


@dataclass(frozen=True, slots=True)
class Apply:
    """Give B's session description to media before what follows."""

    sdp: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Provisional response to A; with `media` it carries A's session description."""

    status: int
    reason: str
    media: bool
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Accept:
    """Answer A and bridge the audio."""

    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """Final failure to A."""

    status: int
    reason: str = ""
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class HangUp:
    """End a leg as its state demands: CANCEL or BYE."""

    leg: Leg
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Release:
    """Nothing of this call is needed any more."""


Effect: TypeAlias = Invite | Apply | Ring | Accept | Reject | HangUp | Release


# -- state ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BridgeCall:
    """State of one bridged call.

    `early_media`: B's early SDP is shown to A as early media. `heard` is the last description
    of B that was applied, `told` the last provisional A was sent.
    """

    phase: Phase = Phase.INCOMING
    early_media: bool = True
    heard: str | None = None
    told: tuple[int, bool] | None = None


def step(call: BridgeCall, event: Event) -> tuple[BridgeCall, list[Effect]]:
    """Apply one event. What does not fit the phase is late or crossed on the wire: no effect."""
    if call.phase is Phase.ENDED:
        return call, []
    match event:
        case Placed(offer):
            return _placed(call, offer)
        case Progress():
            return _progress(call, event)
        case Answered(sdp, headers):
            return _answered(call, sdp, headers)
        case Failed():
            return _failed(call, event)
        case Ended(leg, headers):
            return _ended(call, leg, headers)
        case MediaFailed(status, reason):
            return _media_failed(call, status, reason)


def _to(
    call: BridgeCall, phase: Phase, heard: str | None = None, told: tuple[int, bool] | None = None
) -> BridgeCall:
    return BridgeCall(phase, call.early_media, heard or call.heard, told or call.told)


def _placed(call: BridgeCall, offer: str | None) -> tuple[BridgeCall, list[Effect]]:
    if call.phase is not Phase.INCOMING:
        return call, []
    return _to(call, Phase.CALLING), [Invite(offer)]


def _progress(call: BridgeCall, event: Progress) -> tuple[BridgeCall, list[Effect]]:
    if call.phase not in (Phase.CALLING, Phase.ALERTING):
        return call, []
    effects: list[Effect] = []
    heard = call.heard
    if event.sdp is not None and event.sdp != heard:
        heard = event.sdp
        effects.append(Apply(event.sdp))
    media = event.sdp is not None and call.early_media
    told = (event.status, media)
    if call.told != told:
        # 199 ends a fork, not the call (RFC 6228); A sees one early dialog of ours
        if event.status == 199:
            return _to(call, call.phase, heard), effects
        effects.append(Ring(event.status, event.reason, media, event.headers))
    return _to(call, Phase.ALERTING, heard, told), effects


def _answered(
    call: BridgeCall, sdp: str | None, headers: Headers
) -> tuple[BridgeCall, list[Effect]]:
    if call.phase not in (Phase.CALLING, Phase.ALERTING):
        return call, []
    effects: list[Effect] = []
    if sdp is not None and sdp != call.heard:
        effects.append(Apply(sdp))
    elif sdp is None and call.heard is None:
        # a 2xx without any description leaves nothing to bridge
        return _to(call, Phase.ENDED), [HangUp(Leg.B), Reject(488), Release()]
    effects.append(Accept(headers))
    return _to(call, Phase.CONNECTED, sdp), effects


def _failed(call: BridgeCall, event: Failed) -> tuple[BridgeCall, list[Effect]]:
    if call.phase not in (Phase.CALLING, Phase.ALERTING):
        return call, []
    status, reason = relayed_failure(event.status, event.reason)
    return _to(call, Phase.ENDED), [Reject(status, reason, event.headers), Release()]


def _ended(call: BridgeCall, leg: Leg, headers: Headers) -> tuple[BridgeCall, list[Effect]]:
    effects: list[Effect] = []
    if leg is Leg.A:
        if call.phase is not Phase.INCOMING:
            effects.append(HangUp(Leg.B, headers))
    elif call.phase is Phase.CONNECTED:
        effects.append(HangUp(Leg.A, headers))
    else:
        # B vanished before it answered without a final response: nobody could be reached
        effects.append(Reject(480, "", headers))
    effects.append(Release())
    return _to(call, Phase.ENDED), effects


def _media_failed(call: BridgeCall, status: int, reason: str) -> tuple[BridgeCall, list[Effect]]:
    effects: list[Effect] = []
    if call.phase is not Phase.INCOMING:
        effects.append(HangUp(Leg.B))
    if call.phase is Phase.CONNECTED:
        effects.append(HangUp(Leg.A))
    else:
        effects.append(Reject(status, reason))
    effects.append(Release())
    return _to(call, Phase.ENDED), effects
