"""``/phone``: authenticate in CONNECT, send the snapshot, pass commands on, deliver events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import socketio
import structlog
from aiohttp import web
from pydantic import ValidationError
from socketio.exceptions import ConnectionRefusedError as Refused

from gateway.admin_ports import Quotas
from gateway.bus import (
    AnnouncementsChanged,
    Bus,
    ClientEvent,
    DevicesChanged,
    PresenceShown,
    SessionRevoked,
)
from gateway.config import RealtimeConfig
from gateway.ports import (
    Actor,
    Authenticator,
    CallService,
    JsonObject,
    Problem,
    second_factor_missing,
)
from gateway.realtime import verbs, watching
from gateway.realtime.hello import Hello
from gateway.realtime.sockets import Socket, Sockets, TokenBucket
from gateway.realtime.transport import NAMESPACE, StrictServer
from gateway.realtime.watching import Watchers
from gateway.realtime.wires import DevicePresence, PresenceReader, SnapshotSource

log = structlog.get_logger(__name__)

_EXECUTE_TIMEOUT = 5.0
_CLOSE = "\0close"


class PhoneServer:
    def __init__(
        self,
        config: RealtimeConfig,
        origins: Sequence[str],
        *,
        authenticator: Authenticator,
        devices: DevicePresence,
        snapshots: SnapshotSource,
        calls: CallService,
        presence: PresenceReader,
        bus: Bus,
        quotas: Quotas,
        monotonic: Callable[[], float],
        admits: Callable[[str], None] = lambda _verb: None,
        observe: Callable[[float], None] = lambda _seconds: None,
        body_timeout: float = 30.0,
    ) -> None:
        self._config = config
        self._authenticator = authenticator
        self._devices = devices
        self._snapshots = snapshots
        self._calls = calls
        self._presence = presence
        self._bus = bus
        self._quotas = quotas
        self._monotonic = monotonic
        self._observe = observe
        self._admits = admits  # raises Problem, e.g. for a new call while draining
        self.sockets = Sockets()
        self.watchers = Watchers()
        self._outbox: asyncio.Queue[tuple[str, str, JsonObject]] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._sio = StrictServer(config, origins, monotonic, self._after_connect, body_timeout)
        self._sio.register_namespace(_PhoneNamespace(self))
        bus.subscribe(ClientEvent, self._on_client_event)
        bus.subscribe(PresenceShown, self._on_presence)
        bus.subscribe(SessionRevoked, self._on_session_revoked)
        bus.subscribe(AnnouncementsChanged, self._on_announcements)

    def attach(self, app: web.Application) -> None:
        self._sio.attach(app, socketio_path="socket.io")

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._deliver(), name="socket-outbox"),
            asyncio.create_task(self._watch_sessions(), name="socket-sessions"),
        ]

    async def aclose(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._sio.aclose()

    # --- a socket's life ---------------------------------------------------------------------

    async def connect(self, sid: str, auth: Any) -> None:
        try:
            hello = Hello.model_validate(auth)
            actor = await self._authenticator.authenticate(hello.token)
            if actor.setup_only:
                raise second_factor_missing()
            device_id, name = await self._devices.resolve(actor, hello.device.id)
        except ValidationError:
            raise _refusal(Problem(422, "invalid", "CONNECT carries {token, device}")) from None
        except Problem as problem:
            raise _refusal(problem) from None
        if len(self.sockets.of_user(actor.user)) >= self._config.max_sockets_per_user:
            raise _refusal(Problem(429, "too_many_sockets", "Too many devices at once"))
        tenant_id = actor.user.tenant_id
        if self.sockets.by_tenant[tenant_id] >= self._quotas.of(tenant_id).sockets:
            raise _refusal(Problem(429, "too_many_sockets", "Too many devices of your company"))
        bucket = TokenBucket.full(
            self._config.events_per_second, self._config.burst, self._monotonic()
        )
        actor = Actor(actor.user, actor.session_id, device_id)
        self.sockets.add(Socket(sid, actor, bucket, device_name=name))

    async def _after_connect(self, sid: str) -> None:
        """CONNECT was answered: the snapshot first, then all that happened since it was taken."""
        socket = self.sockets.get(sid)
        if socket is None or socket.held_back is None or socket.online:
            return
        try:
            snapshot, socket.site_id = await self._snapshots.snapshot(socket.actor)
        except Problem as problem:
            self._end(socket, problem.code)
            return
        if self.sockets.get(sid) is not socket or not self._sio.is_alive(sid):
            self.disconnected(sid)  # gone while the snapshot was taken
            return
        held_back, socket.held_back = socket.held_back, None
        self._send(socket, "snapshot", snapshot)
        for event, payload in held_back:
            self._send(socket, event, payload)
        socket.online = True
        actor = socket.actor
        if self._devices.attach(actor.user, actor.device_id, sid, socket.device_name):
            self._calls.device_online(actor.user, actor.device_id)
            self._bus.publish(DevicesChanged(actor.user))

    def disconnected(self, sid: str) -> None:
        """The socket is gone. Its calls are not."""
        socket = self.sockets.remove(sid)
        if socket is not None:
            self.watchers.forget(socket)
        if socket is None or not socket.online:
            return
        actor = socket.actor
        if self._devices.detach(actor.user, actor.device_id, sid):
            self._calls.device_offline(actor.user, actor.device_id)
            self._bus.publish(DevicesChanged(actor.user))

    # --- from the client ------------------------------------------------------------------------

    async def command(self, sid: str, event: str, args: tuple[Any, ...]) -> JsonObject:
        """The ack: accepted or refused. Progress comes as events."""
        started = self._monotonic()
        try:
            call, extra = await self._command(sid, event, args)
        except Problem as problem:
            return _refused(problem)
        except TimeoutError:
            return _refused(Problem(503, "busy", "The gateway is too busy", retry_after=1))
        except Exception:  # the last net: the client learns nothing, the log everything
            log.exception("socket.command_failed", verb=event)
            return _refused(Problem(500, "internal", "Something went wrong on our side"))
        finally:
            self._observe(self._monotonic() - started)
        return {"ok": True, **extra, **({"call": call} if call is not None else {})}

    async def _command(
        self, sid: str, event: str, args: tuple[Any, ...]
    ) -> tuple[Mapping[str, Any] | None, JsonObject]:
        socket = self.sockets.get(sid)
        if socket is None:
            raise Problem(401, "not_signed_in", "Sign in first")
        if not socket.bucket.take(self._monotonic()):
            raise Problem(429, "rate_limited", "Too many commands", retry_after=1)
        if event == verbs.PING:
            return None, {}
        actor = socket.actor
        if not await self._authenticator.session_live(actor.user.tenant_id, actor.session_id):
            self._end(socket, "session_ended")
            raise Problem(401, "session_ended", "Your session has ended: sign in again")
        if event in watching.EVENTS:
            return None, self._watch(socket, event, verbs.body_of(args))
        command = verbs.parse(event, args)
        self._admits(command.verb)
        async with asyncio.timeout(_EXECUTE_TIMEOUT):
            result = await self._calls.execute(
                actor, command.verb, command.body, command.command_id
            )
        return result.call, result.extra

    def _watch(self, socket: Socket, event: str, body: Mapping[str, Any]) -> JsonObject:
        user_ids = watching.named(body)
        if self.sockets.get(socket.sid) is not socket:  # gone meanwhile: it would watch for ever
            raise Problem(401, "not_signed_in", "Sign in first")
        if event == watching.UNWATCH:
            self.watchers.unwatch(socket, user_ids)
            return {}
        self.watchers.watch(socket, user_ids)
        # Read after the watch began, and without a wait: no change can fall between.
        return {"presence": self._presence.seen(socket.actor.user, user_ids)}

    # --- to the client --------------------------------------------------------------------------

    def _on_client_event(self, event: ClientEvent) -> None:
        for socket in self.sockets.of_user(event.user, event.device_id):
            self._send(socket, event.event, event.payload)

    def _on_presence(self, event: PresenceShown) -> None:
        for socket in self.watchers.of(event.user):
            may = event.audience is None or socket.actor.user.user_id in event.audience
            seen = event.seen if may else event.hidden
            self._send(socket, "presence.changed", {"presence": seen, "own": None})

    def _on_announcements(self, event: AnnouncementsChanged) -> None:
        """Each client asks for what it may see."""
        for socket in self.sockets:
            if event.tenant_id in (None, socket.actor.user.tenant_id):
                self._send(socket, "announcement.changed", {})

    def to_site(self, tenant_id: str, site_id: str, event: str, payload: JsonObject) -> None:
        for socket in self.sockets:
            if socket.actor.user.tenant_id == tenant_id and socket.site_id == site_id:
                self._send(socket, event, payload)

    def _send(self, socket: Socket, event: str, payload: Mapping[str, Any]) -> None:
        if socket.held_back is not None:
            socket.held_back.append((event, payload))
            return
        self._outbox.put_nowait((socket.sid, event, socket.stamp(payload)))

    async def _deliver(self) -> None:
        """One task sends everything, so that no event overtakes another."""
        while True:
            sid, event, payload = await self._outbox.get()
            if self.sockets.get(sid) is None:
                continue
            try:
                if event == _CLOSE or self._sio.is_slow(sid):
                    await self._close(sid)
                else:
                    await self._sio.emit(event, payload, to=sid, namespace=NAMESPACE)
            except Exception:  # one dead socket must not silence the others
                log.exception("socket.send_failed", sent=event)

    async def _close(self, sid: str) -> None:
        eio_sid = self._sio.eio_sid(sid)
        await self._sio.disconnect(sid, namespace=NAMESPACE)
        if eio_sid is not None:
            self._sio.close_engine(eio_sid)

    # --- sessions ---------------------------------------------------------------------------------

    def _on_session_revoked(self, event: SessionRevoked) -> None:
        for socket in self.sockets.of_session(event.tenant_id, event.session_id):
            self._end(socket, event.reason)

    def _end(self, socket: Socket, reason: str) -> None:
        socket.held_back = None
        self._send(socket, "session.ended", {"reason": reason})
        self._outbox.put_nowait((socket.sid, _CLOSE, {}))

    async def _watch_sessions(self) -> None:
        """Finds what no event told us: a user disabled elsewhere, a session that ran out."""
        while True:
            await asyncio.sleep(self._config.session_check)
            for socket in self.sockets:
                if not self._sio.is_alive(socket.sid):
                    self.disconnected(socket.sid)  # the library never told us
            try:
                await self._end_dead_sessions()
            except Exception:  # the database may be away: try again, keep the sockets
                log.exception("socket.session_check_failed")

    async def _end_dead_sessions(self) -> None:
        by_tenant: dict[str, set[str]] = {}
        for socket in self.sockets:
            by_tenant.setdefault(socket.actor.user.tenant_id, set()).add(socket.actor.session_id)
        for tenant_id, sessions in by_tenant.items():
            live = await self._authenticator.live_sessions(tenant_id, sessions)
            for session_id in sessions - live:
                for socket in self.sockets.of_session(tenant_id, session_id):
                    self._end(socket, "session_ended")


def _refused(problem: Problem) -> JsonObject:
    return {"ok": False, "problem": problem.to_json()}


def _refusal(problem: Problem) -> Exception:
    """What socket.io clients get as ``connect_error``: message = code, data = the problem."""
    refused: Exception = Refused(problem.code, problem.to_json())
    return refused


class _PhoneNamespace(socketio.AsyncNamespace):  # type: ignore[misc]
    """Event names contain dots, so nothing is dispatched to methods: all goes one way."""

    def __init__(self, server: PhoneServer) -> None:
        super().__init__(NAMESPACE)
        self._phone = server

    async def trigger_event(self, event: str, *args: Any) -> Any:
        if event == "connect":
            sid, _environ, *auth = args
            await self._phone.connect(sid, auth[0] if auth else None)
            return None
        if event == "disconnect":
            self._phone.disconnected(args[0])
            return None
        return await self._phone.command(args[0], event, args[1:])
