"""How long the stages of a Call's set-up take: what an operator looks at when calls feel slow."""

from __future__ import annotations

from collections.abc import Callable

from gateway.calls.effects import Effect, LineAccept, LineInvite, RingOffer
from gateway.calls.events import Answer, EngineGone, Event, LineHeard
from gateway.calls.model import CallState
from gateway.calls.states import Phase
from gateway.ports import SetupStage


class SetupStages:
    """Watches one Call. Stages, each told once, in seconds:

    - ``invite``: from the user's dial to our INVITE on the link;
    - ``progress``: from that INVITE to the first ringing, early media or answer;
    - ``offer``: from the line's INVITE to the ring on the first device;
    - ``answer``: from the user's answer to our 200 on the link;
    - ``audio``: from the answer to the first sound of the line, unless it was heard before.
    """

    def __init__(self, tell: SetupStage, clock: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        #: When the stages that run began. The first ones begin with the Call.
        self._since = dict.fromkeys(("invite", "offer"), clock())
        self._heard = False

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
            self._heard = True
            self._done("audio")
        if isinstance(event, EngineGone):  # the next sound says how long the repair took
            self._since.pop("audio", None)
        for effect in effects:
            match effect:
                case LineInvite():
                    self._done("invite")
                    self._since["progress"] = self._clock()
                case RingOffer():
                    self._done("offer")
                case LineAccept():
                    self._done("answer")
        if after.phase is Phase.RINGING_IN and after.winner is None:
            self._since.pop("answer", None)  # refused, or the win was withdrawn
        answered = before.phase is not Phase.CONNECTED and after.phase is Phase.CONNECTED
        if answered and not self._heard:
            self._since["audio"] = at
