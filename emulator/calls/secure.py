"""SRTP towards one device, plain RTP inside: what lets an SDES phone talk to any other.

A device on TLS gets SDES-SRTP (RFC 4568, which wants protected signalling); phones on the LAN,
music and services speak plain RTP. :class:`SecureRelay` stands between: it has a socket towards the
device and one towards the rest, rewrites descriptions in both directions and protects or checks
each packet. Payload types pass untouched, because both sides negotiate them with each other.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from enum import StrEnum

from media.endpoint.keys import SUITES, SrtpPair
from protocols.sdp import Connection, MediaDescription, SdpError, SessionDescription
from protocols.sdp import crypto as sdes
from protocols.sdp.crypto import CryptoLine
from protocols.sdp.negotiate import offered_direction

logger = logging.getLogger(__name__)

_OWN_TO_A_LEG = ("crypto", "rtcp", "rtcp-mux", "ssrc", "candidate", "ice-ufrag", "ice-pwd")
_MAX_PACKET = 2048


class _Round(StrEnum):
    """Whose offer is open on the device's side."""

    NONE = "none"
    THEIRS = "theirs"
    OURS = "ours"


def wants_srtp(sdp: bytes | None) -> bool:
    """Whether a description has a live RTP/SAVP audio section."""
    if sdp is None:
        return False
    try:
        audio = SessionDescription.parse(sdp).audio()
    except SdpError:
        return False
    return audio is not None and not audio.rejected and audio.proto in ("RTP/SAVP", "RTP/SAVPF")


def _sendable(media: MediaDescription) -> str | None:
    """Where a section wants its packets; None while it holds in the old way (``0.0.0.0``)."""
    connection = media.effective_connection
    if connection is None or not connection.numeric:
        raise SdpError("c= is no unicast address")
    return None if connection.is_null else connection.host


class SecureRelay:
    """``bind_port(host)`` gives a bound UDP socket (the media port range is the pool's matter)."""

    def __init__(self, address: str, bind_socket: Callable[[], socket.socket]) -> None:
        self._address = address
        self._loop = asyncio.get_running_loop()
        self._device = bind_socket()
        self._inner = bind_socket()
        self._device_peer: tuple[str, int] | None = None
        self._inner_peer: tuple[str, int] | None = None
        self._inner_said: tuple[str, int] | None = None
        self._inner_learnt = False
        self._round = _Round.NONE
        self._keys = {suite: os.urandom(sdes.SUITES[suite]) for suite in SUITES}
        self._theirs: CryptoLine | None = None
        self._ours: CryptoLine | None = None
        self._running: tuple[CryptoLine, CryptoLine] | None = None
        self._srtp: SrtpPair | None = None
        self._loop.add_reader(self._device, self._from_device)
        self._loop.add_reader(self._inner, self._from_inner)
        self.closed = False

    # -- descriptions ------------------------------------------------------------------------

    def inward(self, sdp: bytes, *, final: bool = True) -> bytes:
        """A description of the device as the rest of the PBX sees it. Raises :class:`SdpError`."""
        session = SessionDescription.parse(sdp).copy()
        for media in session.media:
            if media.rejected:
                continue
            if media.kind != "audio" or media.proto not in ("RTP/SAVP", "RTP/SAVPF"):
                raise SdpError(f"{media.kind} over {media.proto} on a secured line")
            self._learn_keys(media, final)
            host = _sendable(media)
            if host is not None:
                self._device_peer = (host, media.port)
            media.set_direction(offered_direction(media))
            media.proto = "RTP/AVP"
            self._readdress(media, self._inner)
        session.connection = Connection.of(self._address)
        return session.to_bytes()

    def _learn_keys(self, media: MediaDescription, final: bool) -> None:
        lines = sdes.parse_lines(media.attributes("crypto"))
        if self._round is _Round.OURS:
            self._ours, self._theirs = sdes.match_answer(self._lines(), lines)
            self._start()
            if final:
                self._round = _Round.NONE
            return
        chosen = sdes.choose(lines, SUITES)
        if chosen is None:
            raise SdpError("no usable a=crypto line")
        self._theirs = chosen
        self._ours = CryptoLine(chosen.tag, chosen.suite, self._keys[chosen.suite])
        self._round = _Round.THEIRS

    def outward(self, sdp: bytes, *, final: bool = True) -> bytes:
        """A description of the rest of the PBX as the device sees it."""
        session = SessionDescription.parse(sdp).copy()
        answering = self._round is _Round.THEIRS
        for media in session.media:
            if media.rejected:
                continue
            host = _sendable(media)
            if host is not None:
                self._point_inward((host, media.port))
            media.set_direction(offered_direction(media))
            media.proto = "RTP/SAVP"
            self._readdress(media, self._device)
            if answering and self._ours is not None:
                media.add_attribute("crypto", str(self._ours))
            else:
                for line in self._lines():
                    media.add_attribute("crypto", str(line))
        session.connection = Connection.of(self._address)
        if not answering:
            self._round = _Round.OURS
        else:
            self._start()
            if final:
                self._round = _Round.NONE
        return session.to_bytes()

    def _point_inward(self, said: tuple[str, int]) -> None:
        if said != self._inner_said:
            self._inner_peer = self._inner_said = said
            self._inner_learnt = False

    def rollback(self) -> None:
        """The open offer was refused: what ran before goes on running."""
        self._round = _Round.NONE
        if self._running is not None:
            self._ours, self._theirs = self._running

    def _lines(self) -> list[CryptoLine]:
        return [CryptoLine(tag, suite, self._keys[suite]) for tag, suite in enumerate(SUITES, 1)]

    def _readdress(self, media: MediaDescription, face: socket.socket) -> None:
        media.port = face.getsockname()[1]
        media.remove_lines("c")
        media.remove_attributes(*_OWN_TO_A_LEG)

    def _start(self) -> None:
        if self._ours is None or self._theirs is None:
            return
        if self._running != (self._ours, self._theirs):
            self._running = (self._ours, self._theirs)
            self._srtp = SrtpPair(self._ours, self._theirs)

    # -- packets -----------------------------------------------------------------------------

    def _from_device(self) -> None:
        for data, source in self._drain(self._device):
            plain = self._srtp.unprotect(data) if self._srtp is not None else None
            if plain is None:
                continue
            self._device_peer = source  # it authenticated: that is where the device is
            if self._inner_peer is not None:
                self._send(self._inner, plain, self._inner_peer)

    def _from_inner(self) -> None:
        for data, source in self._drain(self._inner):
            if self._inner_peer is None or source[0] != self._inner_peer[0]:
                continue
            # The port may be learnt once, but never against the described one: a late packet of
            # who was there before (music) must not lock out who is there now.
            if source not in (self._inner_peer, self._inner_said) and self._inner_learnt:
                continue
            self._inner_peer, self._inner_learnt = source, True
            if self._srtp is not None and self._device_peer is not None and self._device_peer[1]:
                self._send(self._device, self._srtp.protect(data), self._device_peer)

    @staticmethod
    def _drain(face: socket.socket) -> list[tuple[bytes, tuple[str, int]]]:
        """What is waiting, RTP only: RTCP of one side means nothing to the other (RFC 5761 4)."""
        found: list[tuple[bytes, tuple[str, int]]] = []
        for _ in range(32):
            try:
                data, source = face.recvfrom(_MAX_PACKET)
            except (BlockingIOError, InterruptedError):
                break
            except OSError as error:
                logger.debug("media socket: %s", error)
                break
            if len(data) >= 12 and not 192 <= data[1] <= 223:
                found.append((data, (source[0], source[1])))
        return found

    @staticmethod
    def _send(face: socket.socket, data: bytes, target: tuple[str, int]) -> None:
        try:
            face.sendto(data, target)
        except OSError as error:
            logger.debug("media to %s: %s", target, error)

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        for face in (self._device, self._inner):
            self._loop.remove_reader(face)
            face.close()
