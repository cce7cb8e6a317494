"""The interface every media engine offers to call control.

One :class:`MediaSession` is one bridged call with exactly two sides: ``LINE`` (towards the PBX) and
``DEVICE`` (towards the user's device). The line side has one leg. The device side may have several
legs at once, named by the caller (several devices pre-arm while a call rings); exactly one of them,
or none, is *attached*, that is bridged to the line.

In the gateway the device legs are browsers (``WEBRTC_LITE``) and the line is the connector
(``WEBRTC_LITE``, we offer ``a=setup:actpass``). In the connector the device side is the gateway
(``WEBRTC_FULL``: controlling ICE, DTLS client) and the line is the PBX (``RTP`` or ``SDES``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Side(StrEnum):
    """Which end of the bridge a leg belongs to."""

    LINE = "line"
    DEVICE = "device"


class LegKind(StrEnum):
    """How a leg reaches its peer."""

    WEBRTC_LITE = "webrtc_lite"  # ICE-lite, DTLS server: browsers and connectors come to us
    WEBRTC_FULL = "webrtc_full"  # controlling ICE, DTLS client: the connector goes to the gateway
    RTP = "rtp"  # plain RTP/AVP (RFC 3550)
    SDES = "sdes"  # RTP/SAVP keyed by a=crypto (RFC 4568)


@dataclass(frozen=True, slots=True)
class LegProfile:
    """What a leg may negotiate.

    ``codecs``: encoding names in order of preference, ``PCMA PCMU G722 opus``; telephone-event is
    always offered beside them with the clock of the first codec (RFC 4733 2.1).
    """

    kind: LegKind
    codecs: tuple[str, ...] = ("PCMA", "PCMU")
    telephone_event: bool = True
    ptime_ms: int = 20


class LegState(StrEnum):
    NEW = "new"  # local description made, nothing heard yet
    CONNECTING = "connecting"  # a STUN check or a first packet was seen
    CONNECTED = "connected"  # keys verified, media can flow (RTP: address known)
    LOST = "lost"  # closed by the peer (close_notify) or silent beyond the limit
    CLOSED = "closed"  # ended by us


@dataclass(frozen=True, slots=True)
class LegEvent:
    """A leg changed state. ``leg`` is the caller's name; the line's leg is named ``"line"``."""

    side: Side
    leg: str
    state: LegState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SilenceEvent:
    """No valid packet from ``leg`` for ``seconds`` (0.5, 3, 5, 30); 0.0 = heard again."""

    side: Side
    leg: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DigitEvent:
    """A DTMF digit arrived on ``leg``, once per (SSRC, timestamp) (RFC 4733 2.5.2.2)."""

    side: Side
    leg: str
    digit: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class FirstAudioEvent:
    """The first audio packet from ``leg`` was forwarded."""

    side: Side
    leg: str


@dataclass(frozen=True, slots=True)
class LocalSdpChanged:
    """The engine needs a new offer/answer on ``side``: re-INVITE the line, ask the device."""

    side: Side
    leg: str


@dataclass(frozen=True, slots=True)
class EngineLost:
    """The worker or node that carried this session died."""

    reason: str


MediaEvent = LegEvent | SilenceEvent | DigitEvent | FirstAudioEvent | LocalSdpChanged | EngineLost
MediaListener = Callable[[MediaEvent], None]


class ToneName(StrEnum):
    """Call progress tones (ITU-T E.180 supplement 2 cadences of the site's country)."""

    RINGBACK = "ringback"
    BUSY = "busy"
    REORDER = "reorder"
    COMFORT = "comfort"  # "please hold, reconnecting"


@dataclass(frozen=True, slots=True)
class PlayTone:
    tone: ToneName
    country: str = "de"
    seconds: float | None = None  # None: until stopped


@dataclass(frozen=True, slots=True)
class PlayFile:
    """A WAV file, 8 kHz mono 16 bit. ``loop`` repeats it until stopped."""

    path: str
    loop: bool = False


Playback = PlayTone | PlayFile


@dataclass(frozen=True, slots=True)
class LegStats:
    """Counters of one leg since it was made; rates are left to the reader."""

    side: Side
    leg: str
    state: LegState
    codec: str = ""
    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    lost_in: int = 0  # by sequence gaps, RFC 3550 A.3
    jitter_ms: float = 0.0  # RFC 3550 A.8
    rtt_ms: float | None = None  # from RTCP LSR/DLSR, None = no data
    remote_lost_fraction: float | None = None  # from the peer's last RR, None = no data
    auth_failures: int = 0
    dropped: int = 0
    last_packet_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class SessionStats:
    legs: tuple[LegStats, ...] = field(default_factory=tuple)


class MediaError(Exception):
    """The engine refused: bad SDP (``code='sdp'``), no port, unknown leg, worker gone."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@runtime_checkable
class MediaSession(Protocol):
    """One bridged call. All methods raise :class:`MediaError`; ``close`` never raises."""

    session_id: str

    async def offer(self, side: Side, profile: LegProfile, *, leg: str = "line") -> str:
        """Make (or renew) the local leg and return the SDP offer for it."""

    async def accept(
        self, side: Side, sdp: str, profile: LegProfile | None = None, *, leg: str = "line"
    ) -> str | None:
        """Apply a remote description: an answer to our offer gives ``None``, an offer our answer.

        Whether it is an offer or an answer follows from the leg's own offer/answer state
        (RFC 3264): an answer when our offer is open, else an offer. With a ``profile`` it is an
        offer in any case, and an offer of ours that is still open is withdrawn: it was refused. An
        offer with new ICE credentials is an ICE restart, the DTLS association is kept.
        """

    async def attach(self, leg: str | None) -> None:
        """Bridge device leg ``leg`` to the line, atomically; ``None`` bridges nothing.

        The line's SSRC, sequence numbers and timestamps go on without a jump.
        """

    async def drop(self, leg: str) -> None:
        """Close one leg and free its resources."""

    async def play(self, side: Side, what: Playback, *, leg: str | None = None) -> None:
        """Play towards ``side`` instead of bridged audio, until done or :meth:`stop`."""

    async def stop(self, side: Side) -> None:
        """Stop what :meth:`play` started on ``side``."""

    async def dtmf(
        self, side: Side, digits: str, *, duration_ms: int = 100, gap_ms: int = 70
    ) -> None:
        """Send RFC 4733 events towards ``side``, three end packets each, audio paused meanwhile."""

    async def direction(self, side: Side, send: bool, receive: bool) -> None:
        """Hold: stop sending to, or forwarding from, ``side``."""

    async def mute(self, muted: bool) -> None:
        """Silence to the line instead of what the device says, whichever device is attached."""

    async def stats(self) -> SessionStats: ...

    async def close(self) -> None: ...


@runtime_checkable
class MediaEngine(Protocol):
    """A pool of workers (or rtpengine nodes) that carries sessions."""

    capabilities: frozenset[str]

    async def start(self) -> None: ...

    async def open(self, session_id: str, *, user: str, listener: MediaListener) -> MediaSession:
        """Open a session. All sessions of one ``user`` sit on one worker. ``listener`` is called
        on the event loop and must not block."""

    async def aclose(self) -> None: ...


def find_leg(stats: SessionStats, leg: str) -> LegStats | None:
    """The statistics of one leg by name."""
    legs: Sequence[LegStats] = stats.legs
    return next((row for row in legs if row.leg == leg), None)
