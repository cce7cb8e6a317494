"""How long the stages of a Call's set-up take: what an operator looks at when calls feel slow."""

from __future__ import annotations

from collections.abc import Callable

from gateway.calls.effects import Effect, LineAccept, LineInvite, RingOffer
from gateway.calls.events import Answer, Event, LineHeard
from gateway.calls.model import CallState
from gateway.calls.states import Phase
from gateway.ports import SetupStage


class SetupStages:
    """Watches one Call. Stages, each told once, in seconds:

    - ``invite``: from the user's dial to our INVITE on the link;
    - ``progress``: from that INVITE to the first ringing, early media or answer;
    - ``offer``: from the line's INVITE to the ring on the first device;
    - ``answer``: from the user's answer to our 200 on the link;
    - ``audio``: from the answer to the first sound of the line.
    """

    def __init__(self, tell: SetupStage, clock: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        #: When the stages that run began. The first ones begin with the Call.
        self._since = dict.fromkeys(("invite", "offer"), clock())

    def now(self) -> float:
        return self._clock()

    def _done(self, stage: str) -> None:
        began = self._since.pop(stage, None)
        if began is not None:
            self._tell(stage, self._clock() - began)

    def passed(
        self, at: float, before: CallState, event: Event, after: CallState, effects: list[Effect]
    ) -> None:
        """The Call took a step ``at`` this moment and its effects have been carried out."""
        if isinstance(event, Answer) and before.phase is Phase.RINGING_IN:
            self._since.setdefault("answer", at)
        if before.phase is Phase.DIALLING and after.phase not in (Phase.DIALLING, Phase.ENDED):
            self._done("progress")
        if isinstance(event, LineHeard):
            self._done("audio")
        for effect in effects:
            match effect:
                case LineInvite():
                    self._done("invite")
                    self._since["progress"] = self._clock()
                case RingOffer():
                    self._done("offer")
                case LineAccept():
                    self._done("answer")
        if before.phase is not Phase.CONNECTED and after.phase is Phase.CONNECTED:
            self._since["audio"] = at
