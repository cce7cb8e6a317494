"""The PBX's own media: ports for phones and services, and music on hold."""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Callable

from emulator.calls.hold import Music
from emulator.calls.secure import SecureRelay
from emulator.config import EmulatorConfig
from emulator.faults import Faults
from media.audio import wav
from media.endpoint import LoopPacer, PcmSource, RtpEndpoint
from protocols.aio.scope import TaskScope
from protocols.sdp import Direction

logger = logging.getLogger(__name__)


class MediaPool:
    """Opens endpoints; counts them, so that a test can see that none is left."""

    def __init__(self, config: EmulatorConfig, tasks: TaskScope, faults: Faults) -> None:
        self._faults = faults
        self._config = config
        self._tasks = tasks
        self.pacer = LoopPacer()
        self._endpoints: set[RtpEndpoint] = set()
        self._relays: set[SecureRelay] = set()

    @property
    def open_ports(self) -> int:
        self._endpoints = {e for e in self._endpoints if not e.closed}
        self._relays = {r for r in self._relays if not r.closed}
        return len(self._endpoints) + 2 * len(self._relays)

    async def open(self) -> RtpEndpoint:
        endpoint = await RtpEndpoint.open(
            self._config.media_address,
            bind=self._config.sip.host,
            ports=self._config.media.ports,
            telephone_event=not self._faults.now.no_telephone_event,
            pacer=self.pacer,
        )
        endpoint.loses = self._faults.drops_packet
        self._endpoints.add(endpoint)
        return endpoint

    def relay(self) -> SecureRelay:
        """Two sockets between an SDES device and the rest. Raises ``OSError`` without ports."""
        relay = SecureRelay(self._config.media_address, self._bind_socket)
        self._relays.add(relay)
        return relay

    def _bind_socket(self) -> socket.socket:
        host, (first, last) = self._config.sip.host, self._config.media.ports
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        candidates = list(range(first + (first & 1), last + 1, 2))
        turn = secrets.randbelow(len(candidates))
        for port in candidates[turn:] + candidates[:turn]:
            face = socket.socket(family, socket.SOCK_DGRAM)
            face.setblocking(False)
            try:
                face.bind((host, port))
            except OSError:
                face.close()
                continue
            return face
        raise OSError(f"no free RTP port on {host} in {first} to {last}")

    def music(self, ready: Callable[[Music | None], None]) -> None:
        """A :class:`emulator.calls.hold.MusicSource`."""
        self._tasks.start(self._music(ready), "music on hold")

    async def _music(self, ready: Callable[[Music | None], None]) -> None:
        try:
            endpoint = await self.open()
        except OSError as error:
            logger.warning("no music on hold: %s", error)
            ready(None)
            return
        endpoint.source = PcmSource(wav.prompt("music-on-hold"), loop=True)
        ready(_Player(endpoint, self._tasks))

    async def aclose(self) -> None:
        for relay in self._relays:
            relay.close()
        for endpoint in list(self._endpoints):
            await endpoint.aclose()


class _Player:
    def __init__(self, endpoint: RtpEndpoint, tasks: TaskScope) -> None:
        self._endpoint = endpoint
        self._tasks = tasks

    def offer(self) -> bytes:
        return self._endpoint.offer(Direction.SENDONLY)

    def accept(self, answer: bytes) -> None:
        self._endpoint.accept(answer)

    def answer(self, offer: bytes) -> bytes:
        return self._endpoint.answer(offer, Direction.SENDONLY)

    def close(self) -> None:
        self._tasks.start(self._endpoint.aclose(), "close music")
