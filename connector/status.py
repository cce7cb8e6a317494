"""Status in layers: which part of the way from cloud to PBX works, since when, what to do.

Pure: observations go in with their time, the report is derived. The layers depend on each other
in order: while `network` is down nothing can be said about `tls`, so it reads `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from media.engine import LegState


class Layer(StrEnum):
    NETWORK = "network"  # the gateway answers TCP
    TLS = "tls"  # its certificate is accepted
    KEY = "key"  # it accepts our API key
    REGISTRATION = "registration"  # our flows are registered
    VOICE = "voice"  # lines are registered at the PBX
    CONTROL = "control"  # CSTA link to the PBX
    AUDIO = "audio"  # media legs connect


class State(StrEnum):
    WORKING = "working"
    WEAK = "weak"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LayerStatus:
    layer: Layer
    state: State = State.UNKNOWN
    since: float = 0.0
    detail: str = ""


# a layer whose ground is gone cannot be known
_NEEDS: Mapping[Layer, Layer] = {
    Layer.TLS: Layer.NETWORK,
    Layer.KEY: Layer.TLS,
    Layer.REGISTRATION: Layer.KEY,
}

_ADVICE: Mapping[Layer, str] = {
    Layer.NETWORK: "Check the internet access and that the firewall lets TCP out to the gateway.",
    Layer.TLS: "Check the clock of this machine and the CA file in gateway.ca_file.",
    Layer.KEY: "Create a new connector key in the admin portal and put it into gateway.api_key.",
    Layer.REGISTRATION: "Check that no second connector uses this site's key.",
    Layer.VOICE: "Check pbx.host, and user and password of the lines at the PBX.",
    Layer.CONTROL: "Check the CSTA link of the PBX.",
    Layer.AUDIO: "Check that the firewall lets UDP out to the gateway's media port.",
}


def advice(layer: Layer) -> str:
    """What an operator should look at when this layer fails."""
    return _ADVICE[layer]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """All layers, in order."""

    layers: tuple[LayerStatus, ...] = field(
        default_factory=lambda: tuple(LayerStatus(layer) for layer in Layer)
    )

    def of(self, layer: Layer) -> LayerStatus:
        return next(row for row in self.layers if row.layer is layer)

    def observe(self, layer: Layer, state: State, now: float, detail: str = "") -> StatusReport:
        """The report after an observation; `since` moves only when the state changes."""
        rows = [
            _observed(row, state, now, detail) if row.layer is layer else row for row in self.layers
        ]
        if state is State.DOWN:
            rows = [
                _observed(row, State.UNKNOWN, now, "") if _stands_on(row.layer, layer) else row
                for row in rows
            ]
        return StatusReport(tuple(rows))

    @property
    def first_failing(self) -> LayerStatus | None:
        """The lowest layer that is down: the one to repair first."""
        return next((row for row in self.layers if row.state is State.DOWN), None)


def _observed(row: LayerStatus, state: State, now: float, detail: str) -> LayerStatus:
    if row.state is state:
        return row if row.detail == detail else LayerStatus(row.layer, state, row.since, detail)
    return LayerStatus(row.layer, state, now, detail)


def _stands_on(layer: Layer, ground: Layer) -> bool:
    below = _NEEDS.get(layer)
    while below is not None:
        if below is ground:
            return True
        below = _NEEDS.get(below)
    return False


def voice_state(registered: int, lines: int) -> tuple[State, str]:
    """The voice layer from the lines' registrations."""
    if lines == 0:
        return State.UNKNOWN, "no line is configured"
    if registered == lines:
        return State.WORKING, f"{lines} of {lines} lines registered"
    state = State.WEAK if registered else State.DOWN
    return state, f"{registered} of {lines} lines registered"


def audio_state(leg: LegState, reason: str) -> tuple[State, str] | None:
    """The audio layer from a leg towards the gateway; None if it says nothing of that."""
    if leg is LegState.CONNECTED:
        return State.WORKING, ""
    # The gateway's close_notify may overtake its BYE: that call has ended, no sound was lost.
    if leg is LegState.LOST and reason != "close_notify":
        return State.WEAK, reason or "a media leg was lost"
    return None
