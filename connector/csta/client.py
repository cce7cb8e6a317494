"""The CSTA link to the PBX, kept up for ever; the session itself is protocols.csta."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import structlog

from connector.csta.carrier import Carrier
from connector.uplink.backoff import Backoff
from protocols.csta.errors import LocalError
from protocols.csta.link import Garbled, Incoming
from protocols.csta.message import ErrorResponse, Request, Response
from protocols.csta.session.actions import (
    ClientAction,
    Close,
    Failure,
    Outcome,
    Phase,
    Reported,
    Send,
)
from protocols.csta.session.client import ClientSession

log = structlog.get_logger("connector.csta")

#: On the local network, and one site alone: soon again, for its users wait. Within 5 s after a PBX
#: is back its calls are shown as they are; this and the time to connect are part of that.
FIRST_RETRY, LAST_RETRY = 0.5, 1.5
INTERNAL = "an error of the connector, see its log"


class Refused(Exception):
    """The PBX answered a request with an error."""

    def __init__(self, error: ErrorResponse) -> None:
        super().__init__(str(error))
        self.error = error


class Unanswered(Exception):
    """No link, or no usable answer in time."""


class CstaClient:
    """`on_action` is told what the session reports (all but Send, Close and Outcome); `on_down`
    why an attempt failed or a link ended."""

    def __init__(
        self,
        carrier: Carrier,
        session: ClientSession,
        *,
        on_action: Callable[[ClientAction], None],
        on_down: Callable[[str], None],
        rng: random.Random | None = None,
    ) -> None:
        self._carrier = carrier
        self._session = session
        self._on_action = on_action
        self._on_down = on_down
        self._rng = rng or random.Random()
        self._open = False
        self._came_up = False
        self._task: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: dict[int, asyncio.Future[Response]] = {}

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="csta link")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @property
    def up(self) -> bool:
        return self._session.phase is Phase.UP

    # -- what others ask -----------------------------------------------------------------------

    def watch(self, device: str) -> None:
        self._carry_out(self._session.watch(device, self._now()))

    def unwatch(self, device: str) -> None:
        self._carry_out(self._session.unwatch(device, self._now()))

    def resync(self, device: str) -> None:
        self._carry_out(self._session.resync(device, self._now()))

    async def request(self, request: Request) -> Response:
        """The positive answer; raises Refused or Unanswered."""
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        token, actions = self._session.request(request, self._now())
        self._waiting[token] = future
        try:
            self._carry_out(actions)
            return await future
        finally:
            self._waiting.pop(token, None)

    def cut(self) -> None:
        """End the connection; a new one is made by itself."""
        self._close("cut on demand")

    # -- the connection ------------------------------------------------------------------------

    async def _run(self) -> None:
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            was_up = await self._attempt()
            backoff = backoff.succeeded() if was_up else backoff.failed()
            await asyncio.sleep(backoff.delay(self._rng))

    async def _attempt(self) -> bool:
        """Connect, and stay until it ends; True when the session had come up. Whatever happens
        here, the next attempt must follow: without it the site would have no CSTA any more."""
        self._came_up = False
        try:
            why = await self._carrier.carry(self)
        except OSError as error:
            why = str(error) or "no answer from the CSTA port"
        except Exception:
            log.exception("csta link failed")
            why = INTERNAL
        finally:
            self._ended()
        self._on_down(why)
        return self._came_up

    def _ended(self) -> None:
        self._open = False
        try:
            self._carry_out(self._session.closed(self._now()))
        except Exception:
            log.exception("csta link not ended in order")
        self._stop_timer()

    # -- the carrier's side --------------------------------------------------------------------

    def opened(self) -> None:
        self._open = True
        self._carry_out(self._session.connected(self._now()))

    def received(self, received: Incoming | Garbled) -> None:
        """One message that nobody can digest must not end the news of all lines."""
        try:
            self._take(received)
        except Exception:
            log.exception("csta message not taken")
            self._carry_out(self._session.resync_all(self._now()))
        self._came_up = self._came_up or self.up

    def _take(self, received: Incoming | Garbled) -> None:
        now = self._now()
        match received:
            case Incoming(invoke_id, message):
                self._carry_out(self._session.receive(invoke_id, message, now))
            case Garbled(invoke_id, reason, name):
                log.warning("csta message not understood", message=name, reason=reason)
                self._carry_out(self._session.garbled(invoke_id, now))

    # -- what the session wants ----------------------------------------------------------------

    def _carry_out(self, actions: list[ClientAction]) -> None:
        for action in actions:
            match action:
                case Send():
                    self._send(action)
                case Close(reason):
                    self._close(reason)
                case Outcome(token, result):
                    self._answer(token, result)
                case _:
                    self._report(action)
        self._arm()

    def _report(self, action: ClientAction) -> None:
        try:
            self._on_action(action)
        except Exception:
            log.exception("csta news not taken", kind=type(action).__name__)
            if isinstance(action, Reported):  # a snapshot that fails too is not asked for again
                self.resync(action.device)

    def _send(self, action: Send) -> None:
        if not self._open:
            return
        try:
            self._carrier.send(action.invoke_id, action.message)
        except LocalError as error:
            log.error("csta message not written", reason=str(error))

    def _close(self, reason: str) -> None:
        """The carrier ends and tells why; then the session is told."""
        self._open = False
        self._carrier.close(reason)

    def _answer(self, token: int, result: Response | Failure) -> None:
        future = self._waiting.get(token)
        if future is None or future.done():
            return
        match result:
            case ErrorResponse():
                future.set_exception(Refused(result))
            case Failure():
                future.set_exception(Unanswered(result.value))
            case _:
                future.set_result(result)

    # -- time ----------------------------------------------------------------------------------

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _arm(self) -> None:
        self._stop_timer()
        deadline = self._session.deadline()
        if deadline is not None and self._open:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(deadline, loop.time()), self._fire)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        try:
            self._carry_out(self._session.timer(self._now()))
        except Exception:
            # to try again at once would be for ever; a new link begins with a new session's state
            log.exception("csta timer failed")
            self._close(INTERNAL)
