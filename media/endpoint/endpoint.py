"""The endpoint: one UDP socket, one offer/answer session, one stream each way.

Source rules (as the media engine's towards a PBX): RTP is taken from the address of the peer's SDP
only; its port may be learnt once from that address (symmetric RTP, RFC 4961), never against the
described one; with SDES the first packet that authenticates settles it. A late packet of who was
the peer before a re-INVITE is heard, but teaches nothing: two ends on one host that were brought
together would both go on sending to their former peers, and never hear of each other.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from media.endpoint.keys import SUITES, SrtpPair
from media.endpoint.pacer import LoopPacer, Pacer
from media.endpoint.sinks import Sink
from media.endpoint.sources import Silence, Source
from media.endpoint.stream import Incoming, Outgoing
from protocols.rtp.dtmf import ReceivedDigit
from protocols.sdp import Direction, SdpError, SessionDescription
from protocols.sdp.crypto import make_lines
from protocols.sdp.negotiate import AudioSession, LocalAudio, Negotiated, Srtp

OnDigit = Callable[[ReceivedDigit], None]


@dataclass(frozen=True, slots=True)
class EndpointStats:
    packets_in: int
    packets_out: int
    lost: int
    dropped: int
    auth_failures: int
    wrong_source: int


class _Socket(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._received = received
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        self._received(data, (str(addr[0]), int(addr[1])))

    def error_received(self, exc: Exception) -> None:
        """ICMP unreachable: the peer's socket is not there (yet); media goes on."""

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.closed.done():
            self.closed.set_result(None)


class RtpEndpoint:
    """Open with :meth:`open`, describe with :meth:`offer`/:meth:`answer`/:meth:`accept`, close with
    :meth:`aclose`. ``source`` and ``sinks`` may be changed at any time."""

    def __init__(self, local: LocalAudio, pacer: Pacer) -> None:
        self.session = AudioSession(local, int.from_bytes(os.urandom(5), "big"), os.urandom)
        self.source: Source = Silence()
        #: Off: nothing is sent whatever was negotiated (a phone that rings is silent).
        self.sending = True
        #: Asked for each packet: True loses it on the way out (fault injection).
        self.loses: Callable[[], bool] | None = None
        self.sinks: list[Sink] = []
        self.on_digit: OnDigit | None = None
        self._pacer = pacer
        self._transport: asyncio.DatagramTransport | None = None
        self._socket: _Socket | None = None
        self._ticking = False
        self._srtp: SrtpPair | None = None
        self._srtp_keys: tuple[object, object] = (None, None)
        self._described: tuple[str, int] | None = None  # as the peer's SDP says
        self._remote: tuple[str, int] | None = None  # where packets go
        self._former: tuple[str, int] | None = None  # where they went before the last re-INVITE
        self._learnt = False
        self._auth_failures = self._wrong_source = 0
        seed = int.from_bytes(os.urandom(10), "big")
        self._out = Outgoing(seed & 0xFFFFFFFF, (seed >> 32) & 0x7FFF, (seed >> 48) & 0xFFFFFFFF)
        self._in = Incoming({})

    @classmethod
    async def open(
        cls,
        address: str,
        *,
        bind: str | None = None,
        ports: tuple[int, int] | None = None,
        codecs: tuple[str, ...] = ("PCMA", "PCMU"),
        srtp: Srtp = Srtp.OFF,
        telephone_event: bool = True,
        pacer: Pacer | None = None,
    ) -> RtpEndpoint:
        """Bind a socket. ``address`` is what the SDP says, ``bind`` where to listen (the same by
        default), ``ports`` the inclusive range to search (any free port by default)."""
        crypto = make_lines(os.urandom, SUITES) if srtp is not Srtp.OFF else ()
        local = LocalAudio(
            address, 0, codecs=codecs, telephone_event=telephone_event, srtp=srtp, crypto=crypto
        )
        endpoint = cls(local, pacer or LoopPacer())
        await endpoint._bind(bind or address, ports)
        return endpoint

    async def _bind(self, host: str, ports: tuple[int, int] | None) -> None:
        loop = asyncio.get_running_loop()
        candidates: list[int] = [0]
        if ports is not None:
            start = ports[0] + (ports[0] & 1)  # RFC 3550 11: RTP on the even port
            candidates = list(range(start, ports[1] + 1, 2))
            turn = int.from_bytes(os.urandom(4), "big") % max(1, len(candidates))
            candidates = candidates[turn:] + candidates[:turn]
        for port in candidates:
            try:
                transport, socket = await loop.create_datagram_endpoint(
                    lambda: _Socket(self._received), local_addr=(host, port)
                )
            except OSError:
                continue
            self._transport, self._socket = transport, socket
            bound = transport.get_extra_info("sockname")[1]
            self.session.local = replace(self.session.local, port=bound)
            return
        raise OSError(f"no free RTP port on {host} in {ports}")

    @property
    def port(self) -> int:
        return self.session.local.port

    @property
    def negotiated(self) -> Negotiated | None:
        return self.session.negotiated

    @property
    def closed(self) -> bool:
        return self._transport is None

    @property
    def stats(self) -> EndpointStats:
        return EndpointStats(
            self._in.packets,
            self._out.packets,
            self._in.lost,
            self._in.dropped,
            self._auth_failures,
            self._wrong_source,
        )

    # -- descriptions ------------------------------------------------------------------------

    def offer(self, direction: Direction | None = None) -> bytes:
        if direction is not None:
            self.session.local = replace(self.session.local, direction=direction)
        return self.session.offer().to_bytes()

    def answer(self, offer: bytes, direction: Direction | None = None) -> bytes:
        """Answer and apply. Raises :class:`SdpError`; then nothing has changed."""
        if direction is not None:
            self.session.local = replace(self.session.local, direction=direction)
        answer = self.session.answer(SessionDescription.parse(offer)).to_bytes()
        self._apply()
        return answer

    def accept(self, answer: bytes) -> None:
        """Apply the answer to our offer. Raises :class:`SdpError`."""
        self.session.accept(SessionDescription.parse(answer))
        self._apply()

    def _apply(self) -> None:
        found = self.session.negotiated
        if found is None:
            raise SdpError("nothing negotiated")
        remote = (found.remote_address, found.remote_port)
        if found.remote_address not in ("0.0.0.0", "::") and remote != self._described:  # noqa: S104
            self._former = self._remote
            self._described = self._remote = remote
            self._learnt = False
        out, incoming = self._out, self._in
        out.codec, out.payload_type = found.codec.name.upper(), found.send_pt
        out.event_payload_type = found.send_event_pt
        out.frame = 160
        # Both laws are understood whatever was agreed: some phones switch without asking.
        incoming.codecs = {0: "PCMU", 8: "PCMA", found.receive_pt: found.codec.name.upper()}
        incoming.event_payload_type = found.receive_event_pt
        ours, theirs = found.local_crypto, found.remote_crypto
        if (ours, theirs) != self._srtp_keys:
            self._srtp = SrtpPair(ours, theirs) if ours and theirs else None
            self._srtp_keys = (ours, theirs)
        if not self._ticking and self._transport is not None:
            self._pacer.add(self._tick)
            self._ticking = True

    # -- media -------------------------------------------------------------------------------

    def send_digits(self, digits: str, duration_ms: int = 100, gap_ms: int = 70) -> bool:
        """Queue RFC 4733 digits; False when the peer does not take them."""
        if self._out.event_payload_type is None:
            return False
        self._out.queue_digits(digits, duration_ms, gap_ms)
        return True

    @property
    def sending_digits(self) -> bool:
        return self._out.sending_digits

    def _tick(self) -> None:
        found = self.session.negotiated
        if self._transport is None or found is None or self._remote is None:
            return
        if not self.sending or not found.direction.sends or not self._remote[1]:
            self._out.skip()
            return
        packet = self._out.next(self.source)
        if self.loses is not None and self.loses():
            return
        if self._srtp is not None:
            packet = self._srtp.protect(packet)
        self._transport.sendto(packet, self._remote)

    def _received(self, data: bytes, source: tuple[str, int]) -> None:
        if self.session.negotiated is None or len(data) < 12 or 192 <= data[1] <= 223:
            return  # nothing agreed yet, or RTCP on the shared port (RFC 5761 4)
        if self._remote is None or source[0] != self._remote[0]:
            if self._srtp is None or self._learnt:
                self._wrong_source += 1
                return
        elif source not in (self._remote, self._described) and self._learnt:
            self._wrong_source += 1
            return
        if self._srtp is not None:
            plain = self._srtp.unprotect(data)
            if plain is None:
                self._auth_failures += 1
                return
            data = plain
        late = self._srtp is None and source == self._former and source != self._described
        if not late:
            self._remote, self._learnt = source, True
        self._hear(data)

    def _hear(self, data: bytes) -> None:
        found = self.session.negotiated
        heard = self._in.receive(data)
        if heard.digits and self.on_digit is not None:
            for digit in heard.digits:
                self.on_digit(digit)
        if heard.pcm and found is not None and found.direction.receives:
            for sink in list(self.sinks):
                sink.write(heard.pcm)

    async def aclose(self) -> None:
        """Stop and free the port; harmless when repeated."""
        if self._ticking:
            self._pacer.remove(self._tick)
            self._ticking = False
        if self._transport is not None and self._socket is not None:
            transport, self._transport = self._transport, None
            transport.close()
            await self._socket.closed
