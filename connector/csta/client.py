"""The CSTA link to the PBX: TCP or TLS, kept up for ever; the session itself is protocols.csta."""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from connector.uplink.backoff import Backoff
from protocols.csta.dialects import Dialect
from protocols.csta.errors import LocalError
from protocols.csta.framing import FramingFault
from protocols.csta.link import Garbled, Incoming, Received, StreamLink
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

CONNECT_TIMEOUT = 5.0
READ = 65536
#: Unsent bytes at which a PBX that reads nothing any more is given up.
MOST_UNSENT = 1 << 20
#: On the local network, and one site alone: soon again, for its users wait.
FIRST_RETRY, LAST_RETRY = 0.5, 5.0
INTERNAL = "an error of the connector, see its log"


@dataclass(frozen=True, slots=True)
class Where:
    host: str
    port: int
    tls: ssl.SSLContext | None = None
    server_name: str = ""


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
        where: Where,
        dialect: Dialect,
        *,
        on_action: Callable[[ClientAction], None],
        on_down: Callable[[str], None],
        rng: random.Random | None = None,
    ) -> None:
        self._where = where
        self._dialect = dialect
        self._on_action = on_action
        self._on_down = on_down
        self._rng = rng or random.Random()
        self._session = ClientSession(dialect.heartbeat)
        self._link = StreamLink(dialect.style, mirror=True)
        self._writer: asyncio.StreamWriter | None = None
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

    # -- the connection ------------------------------------------------------------------------

    async def _run(self) -> None:
        backoff = Backoff(FIRST_RETRY, LAST_RETRY)
        while True:
            try:
                was_up = await self._attempt()
            except Exception:
                # without this task the site would have no CSTA until somebody restarts us
                log.exception("csta link failed")
                was_up = False
            backoff = backoff.succeeded() if was_up else backoff.failed()
            await asyncio.sleep(backoff.delay(self._rng))

    async def _attempt(self) -> bool:
        """Connect, and stay until it ends; True when the session had come up."""
        where = self._where
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                reader, writer = await asyncio.open_connection(
                    where.host,
                    where.port,
                    ssl=where.tls,
                    server_hostname=(where.server_name or where.host) if where.tls else None,
                )
        except (OSError, TimeoutError) as error:
            self._on_down(str(error) or "no answer from the CSTA port")
            return False
        return await self._converse(reader, writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        self._writer = writer
        self._link = StreamLink(self._dialect.style, mirror=True)
        came_up, why = False, ""
        try:
            self._carry_out(self._session.connected(self._now()))
            while data := await reader.read(READ):
                for received in self._link.feed(data):
                    self._take_safely(received)
                came_up = came_up or self._session.phase is Phase.UP
            if self._writer is not None:  # else it was said when we closed it
                why = "closed by the PBX"
        except OSError as error:
            why = str(error) if self._writer is not None else ""
        except Exception:
            log.exception("csta link failed")
            why = INTERNAL
        finally:
            self._writer = None
            writer.transport.abort()
            self._carry_out(self._session.closed(self._now()))
            self._stop_timer()
        with contextlib.suppress(OSError, ssl.SSLError):
            await writer.wait_closed()
        if why:
            self._on_down(why)
        return came_up

    def _take_safely(self, received: Received) -> None:
        """One message that nobody can digest must not end the news of all lines."""
        try:
            self._take(received)
        except Exception:
            log.exception("csta message not taken")
            self._carry_out(self._session.resync_all(self._now()))

    def _take(self, received: Received) -> None:
        now = self._now()
        match received:
            case Incoming(invoke_id, message):
                self._carry_out(self._session.receive(invoke_id, message, now))
            case Garbled(invoke_id, reason, name):
                log.warning("csta message not understood", message=name, reason=reason)
                self._carry_out(self._session.garbled(invoke_id, now))
            case FramingFault(reason):
                self._close(f"not CSTA: {reason}")

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
        writer = self._writer
        if writer is None:
            return
        try:
            writer.write(self._link.encode(action.invoke_id, action.message))
        except LocalError as error:
            log.error("csta message not written", reason=str(error))
            return
        if writer.transport.get_write_buffer_size() > MOST_UNSENT:
            self._close("the PBX reads nothing any more")

    def cut(self) -> None:
        """End the connection; a new one is made by itself."""
        self._close("cut on demand")

    def _close(self, reason: str) -> None:
        """The reader sees the end and tells the session."""
        if self._writer is not None:
            self._on_down(reason)
            self._writer.transport.abort()
            self._writer = None

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
        if deadline is not None and self._writer is not None:
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
