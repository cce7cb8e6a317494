"""Short names to drive the pure Call model in tests: states, events, a clock that is a number."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.calls import effects as fx
from gateway.calls import events as ev
from gateway.calls.effects import Effect
from gateway.calls.events import Event
from gateway.calls.model import CallState
from gateway.calls.parties import Number
from gateway.calls.states import Phase
from gateway.calls.step import step

NOW = 1_700_000_000.0


def outgoing(**changes: object) -> CallState:
    values: dict[str, object] = {"direction": "out", "phase": Phase.DIALLING, "device_id": "d1"}
    return _call(values | changes)


def incoming(**changes: object) -> CallState:
    values: dict[str, object] = {
        "direction": "in",
        "phase": Phase.RINGING_IN,
        "line_offer": "v=0 line offer",
    }
    return _call(values | changes)


def _call(values: dict[str, object]) -> CallState:
    base: dict[str, object] = {
        "id": "c1",
        "tenant_id": "t1",
        "user_id": "u1",
        "site_id": "s1",
        "line_id": "l1",
        "number": Number("710", "710", "710"),
        "session_id": "a" * 32,
        "created_at": NOW,
    }
    return CallState(**(base | values))  # type: ignore[arg-type]


def offer(
    device: str = "d1", fingerprint: str = "f1", generation: int = 1, *, take: bool = False
) -> ev.MediaOffered:
    sdp = f"v=0 {device} {fingerprint}"
    return ev.MediaOffered(device, sdp, generation, fingerprint, take)


class Script:
    """Applies events, one second apart, and keeps all effects."""

    def __init__(self, state: CallState) -> None:
        self.state = state
        self.now = NOW
        self.effects: list[Effect] = []
        self.last: list[Effect] = []

    def do(self, *events: Event) -> list[Effect]:
        """Apply the events; gives the effects of the last one."""
        for event in events:
            self.now += 1
            self.state, self.last = step(self.state, event, self.now)
            self.effects += self.last
        return self.last

    def seen(self, kind: type[Effect]) -> list[Effect]:
        return [effect for effect in self.effects if isinstance(effect, kind)]


def only(effects: Iterable[Effect], *kinds: type[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kinds)]


def refused(effects: Iterable[Effect]) -> str | None:
    return next((e.code for e in effects if isinstance(e, fx.Refuse)), None)


def connected_out() -> Script:
    script = Script(outgoing())
    script.do(
        ev.Started(),
        ev.LineDescribed("v=0 ours"),
        offer(),
        ev.LegDescribed("d1:1", "v=0 answer"),
        ev.LegConnected("d1:1"),
        ev.LegHeard("d1:1"),
        ev.LineRinging(),
        ev.LineAnswered("v=0 theirs"),
        ev.LineHeard(),
    )
    assert script.state.phase is Phase.CONNECTED
    return script


def ringing_in(*devices: str) -> Script:
    script = Script(incoming())
    script.do(ev.Started(devices or ("d1", "d2")), ev.LineDescribed("v=0 ours"))
    return script


def connected_in() -> Script:
    script = ringing_in("d1", "d2")
    script.do(offer("d1"), ev.LegConnected("d1:1"), ev.Answer("d1"), ev.LegHeard("d1:1"))
    assert script.state.phase is Phase.CONNECTED
    return script
