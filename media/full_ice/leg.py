"""A WEBRTC_FULL leg over aioice: host, reflexive and relayed candidates, both ICE roles."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time

from aioice import Candidate, Connection, TransportPolicy
from aioice.ice import ConnectionClosed

from media.engine import LegProfile, LegState, MediaError, Side
from media.full_ice.guard import SourceGuard, send_now
from media.worker.addresses import Address
from media.worker.config import TurnServer
from media.worker.ice import Credentials
from media.worker.leg import LegHost, LegOwner
from media.worker.port import MediaPort
from media.worker.remote import RemoteDescription, read_description
from media.worker.webrtc import WebRtcLeg

log = logging.getLogger(__name__)

GATHER_TIMEOUT_S = 8.0


class _Path:
    """One ICE generation: a connection with its own credentials and candidates."""

    def __init__(self, leg: FullIceLeg, turn: TurnServer | None) -> None:
        policy = TransportPolicy.RELAY if turn and turn.relay_only else TransportPolicy.ALL
        self.connection = Connection(
            ice_controlling=True,
            turn_server=(turn.host, turn.port) if turn else None,
            turn_username=turn.username if turn else None,
            turn_password=turn.password if turn else None,
            turn_ssl=turn.tls if turn else False,
            turn_transport=turn.transport if turn else "udp",
            transport_policy=policy,
        )
        self.leg = leg
        self.guard: SourceGuard | None = None
        self.task: asyncio.Task[None] | None = None
        self.watcher: asyncio.Task[None] | None = None

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.connection.local_username, self.connection.local_password)

    async def gather(self) -> None:
        async with asyncio.timeout(GATHER_TIMEOUT_S):
            await self.connection.gather_candidates()
        self.guard = SourceGuard(self.connection, self.leg.data)

    def start(self, remote: RemoteDescription, *, controlling: bool) -> None:
        assert remote.ice is not None
        connection = self.connection
        connection.ice_controlling = controlling
        connection.remote_is_lite = remote.ice_lite
        connection.remote_username = remote.ice.ufrag
        connection.remote_password = remote.ice.pwd
        self.task = self.leg.host.loop.create_task(self._connect(remote), name="ice-connect")

    async def _connect(self, remote: RemoteDescription) -> None:
        for line in remote.candidate_lines:
            with contextlib.suppress(ValueError):  # a candidate we cannot read costs itself only
                await self.connection.add_remote_candidate(Candidate.from_sdp(line))
        await self.connection.add_remote_candidate(None)
        try:
            await self.connection.connect()
        except ConnectionError:
            self.leg.path_failed(self)
            return
        self.leg.path_connected(self)
        while not isinstance(await self.connection.get_event(), ConnectionClosed):
            continue
        self.leg.path_failed(self)  # consent ran out (RFC 7675)

    async def close(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        await self.connection.close()


class FullIceLeg(WebRtcLeg):
    lite = False

    def __init__(
        self, host: LegHost, owner: LegOwner, side: Side, name: str, profile: LegProfile
    ) -> None:
        super().__init__(host, owner, side, name, profile)
        self._turn = host.turn  # the one known when the leg was made
        self._path: _Path | None = None
        self._next_path: _Path | None = None
        self._offered_first = False
        self._closing: set[asyncio.Task[None]] = set()

    # -- description ----------------------------------------------------------------------------

    async def prepare(self, sdp: str | None) -> None:
        """Gather before a description is written: at first, and when the peer restarts ICE."""
        if self._path is None:
            self._offered_first = sdp is None
            self._path = await self._gathered()
        elif sdp is not None and self._restarts(sdp):
            if self._next_path is not None:
                self._retire(self._next_path)
            self._next_path = await self._gathered()

    def _restarts(self, sdp: str) -> bool:
        """Is this an offer with other ICE credentials than the peer's last (RFC 8839 4.4.1)?"""
        known = self.remote is not None and not self.offer_open
        return known and self.remote is not None and read_description(sdp).ice != self.remote.ice

    async def _gathered(self) -> _Path:
        path = _Path(self, self._turn)
        try:
            await path.gather()
        except (OSError, TimeoutError, ConnectionError) as error:
            await path.close()
            raise MediaError("ice", f"no candidates: {error or 'timed out'}") from error
        self.credentials = path.credentials
        return path

    def _newest(self) -> _Path:
        path = self._next_path or self._path
        assert path is not None  # prepare() came first
        return path

    def local_candidates(self) -> list[Address]:
        default = self._newest().connection.get_default_candidate(1)
        if default is None:
            raise MediaError("ice", "no candidate to describe")
        return [(default.host, default.port)]

    def candidate_lines(self) -> list[str]:
        return [c.to_sdp() for c in self._newest().connection.local_candidates]

    def use_remote(self, remote: RemoteDescription, *, answer: bool) -> None:
        path = self._newest()
        if path.task is None:
            # RFC 8445 6.1.1: the offerer controls, unless its peer is lite.
            controlling = remote.ice_lite or self._offered_first or answer
            path.start(remote, controlling=controlling)
        super().use_remote(remote, answer=answer)

    # -- path -----------------------------------------------------------------------------------

    def path_connected(self, path: _Path) -> None:
        old = None
        if path is self._next_path:
            old, self._path, self._next_path = self._path, path, None
        if old is not None:
            self._retire(old)
        self.become_connecting()
        pair = path.connection._nominated[1]
        self.on_port(self._aim)
        self.path_ready(pair.remote_addr)
        if self.state is LegState.LOST and self.port.live:
            self.become(LegState.CONNECTED, "restarted")

    def path_failed(self, path: _Path) -> None:
        if path is self._newest():
            self.become(LegState.LOST, "ice_failed" if not self.port.live else "consent_expired")

    def _aim(self, port: MediaPort) -> None:
        """Media thread: packets to the peer hop to the loop that owns aioice's sockets."""
        hop = self.host.loop.call_soon_threadsafe

        def hand_over(data: memoryview) -> int:
            hop(self._send, bytes(data))
            return len(data)

        port.fast_send = hand_over

    def _send(self, data: bytes) -> None:
        if self._path is not None:
            send_now(self._path.connection, data)

    def send_control(self, data: bytes, address: Address) -> None:
        self._send(data)

    def data(self, data: bytes, source: Address) -> None:
        """From a source that passed a check (control thread)."""
        if 19 < data[0] < 64:
            self.dtls_datagram(data, source)
        elif 127 < data[0] < 192:
            self.host.plane.post(lambda: self._inject(data))

    def _inject(self, data: bytes) -> None:
        forwarder = self.host.plane.forwarder
        slot = forwarder.free_slot()
        view = forwarder.slot_views[slot]
        if len(data) <= len(view):
            view[: len(data)] = data
            forwarder.packet(self.port, slot, len(data), time.monotonic())

    # -- end ------------------------------------------------------------------------------------

    def _retire(self, path: _Path) -> None:
        task = self.host.loop.create_task(path.close(), name="ice-close")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def release(self) -> None:
        super().release()
        for path in (self._path, self._next_path):
            if path is not None:
                self._retire(path)
