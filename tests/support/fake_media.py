"""A media engine without media: right offer/answer behaviour, and it remembers what it was told."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from media.engine import (
    LegProfile,
    MediaError,
    MediaListener,
    Playback,
    SessionStats,
    Side,
)

_ports = itertools.count(20000, 2)


def sdp(port: int, codecs: tuple[str, ...] = ("PCMA",), direction: str = "sendrecv") -> str:
    known = {"PCMU": 0, "PCMA": 8, "G722": 9}
    types = " ".join(str(known[c]) for c in codecs if c in known)
    maps = "".join(f"a=rtpmap:{known[c]} {c}/8000\r\n" for c in codecs if c in known)
    return (
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {port} RTP/AVP {types}\r\n{maps}a={direction}\r\n"
    )


@dataclass
class FakeSession:
    session_id: str
    listener: MediaListener
    engine: FakeEngine
    offered: dict[str, str] = field(default_factory=dict)  # open offers by leg
    remote: dict[str, list[str]] = field(default_factory=dict)
    profiles: dict[str, LegProfile] = field(default_factory=dict)
    mutes: list[bool] = field(default_factory=list)
    directions: list[tuple[Side, bool, bool]] = field(default_factory=list)
    digits: list[tuple[Side, str]] = field(default_factory=list)
    attached: str | None = None
    closed: bool = False

    async def offer(self, side: Side, profile: LegProfile, *, leg: str = "line") -> str:
        self._check()
        self.profiles[leg] = profile
        held = bool(self.directions) and self.directions[-1] == (side, True, False)
        direction = "sendonly" if held else "sendrecv"
        self.offered[leg] = sdp(next(_ports), profile.codecs, direction)
        return self.offered[leg]

    async def accept(
        self, side: Side, sdp_text: str, profile: LegProfile | None = None, *, leg: str = "line"
    ) -> str | None:
        self._check()
        if "m=audio" not in sdp_text:
            raise MediaError("sdp", "no audio")
        self.remote.setdefault(leg, []).append(sdp_text)
        ours = self.offered.pop(leg, None)
        if ours is not None and profile is None:
            return None
        if profile is not None:  # an offer: one of ours that is still open was refused
            self.profiles[leg] = profile
        return sdp(next(_ports))

    async def attach(self, leg: str | None) -> None:
        self._check()
        if leg is not None and leg not in self.profiles:
            raise MediaError("leg", f"no leg {leg}")
        self.attached = leg

    async def drop(self, leg: str) -> None:
        self._check()

    async def play(self, side: Side, what: Playback, *, leg: str | None = None) -> None:
        self._check()

    async def stop(self, side: Side) -> None:
        self._check()

    async def dtmf(
        self, side: Side, digits: str, *, duration_ms: int = 100, gap_ms: int = 70
    ) -> None:
        self._check()
        self.digits.append((side, digits))

    async def direction(self, side: Side, send: bool, receive: bool) -> None:
        self._check()
        self.directions.append((side, send, receive))

    async def mute(self, muted: bool) -> None:
        self._check()
        self.mutes.append(muted)

    async def stats(self) -> SessionStats:
        return SessionStats()

    async def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.engine.live.discard(self.session_id)

    def _check(self) -> None:
        if self.closed:
            raise MediaError("closed", "the session is closed")


class FakeEngine:
    """Satisfies `MediaEngine`. `live` must be empty when no call is left."""

    capabilities: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.live: set[str] = set()
        self.sessions: list[FakeSession] = []
        self.running = False

    async def start(self) -> None:
        self.running = True

    async def open(self, session_id: str, *, user: str, listener: MediaListener) -> FakeSession:
        session = FakeSession(session_id, listener, self)
        self.sessions.append(session)
        self.live.add(session_id)
        return session

    async def aclose(self) -> None:
        self.running = False
