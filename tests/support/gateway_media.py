"""A media engine for tests of call control: answers at once; the test says when a leg connects."""

from __future__ import annotations

import zlib

from media.engine import (
    LegEvent,
    LegProfile,
    LegState,
    MediaError,
    MediaEvent,
    MediaListener,
    Playback,
    PlayTone,
    SessionStats,
    Side,
)


def number_of(session_id: str) -> int:
    """RFC 4566 5.2: the id in an o= line is numeric."""
    return zlib.crc32(session_id.encode())


class FakeSession:
    """A media session that answers at once; the test says when legs connect."""

    def __init__(self, engine: FakeEngine, session_id: str, listener: MediaListener) -> None:
        self.session_id = session_id
        self.engine = engine
        self.listener = listener
        self.legs: set[str] = set()
        self.attached: str | None = None
        self.log: list[str] = []
        self.closed = False
        self._line_open = False

    def say(self, event: MediaEvent) -> None:
        self.listener(event)

    def connect(self, leg: str) -> None:
        self.say(LegEvent(Side.DEVICE, leg, LegState.CONNECTED))

    async def offer(self, side: Side, profile: LegProfile, *, leg: str = "line") -> str:
        self._check(f"offer {side}")
        self._line_open = True
        return f"v=0\r\no=- {number_of(self.session_id)} 1 IN IP4 192.0.2.1\r\ns=line offer\r\n"

    async def accept(
        self, side: Side, sdp: str, profile: LegProfile | None = None, *, leg: str = "line"
    ) -> str | None:
        self._check(f"accept {side} {leg}")
        if "bad" in sdp:
            raise MediaError("sdp", "unusable")
        if side is Side.LINE and self._line_open:
            self._line_open = False
            return None
        if side is Side.DEVICE:
            self.legs.add(leg)
        origin = f"o=- {number_of(self.session_id)} 1 IN IP4 192.0.2.1"
        return f"v=0\r\n{origin}\r\ns=answer for {leg}\r\n"

    async def attach(self, leg: str | None) -> None:
        self._check(f"attach {leg}")
        self.attached = leg

    async def drop(self, leg: str) -> None:
        self._check(f"drop {leg}")
        self.legs.discard(leg)

    async def play(self, side: Side, what: Playback, *, leg: str | None = None) -> None:
        tone = what.tone.value if isinstance(what, PlayTone) else what.path
        self._check(f"play {side} {tone}")

    async def stop(self, side: Side) -> None:
        self._check(f"stop {side}")

    async def dtmf(
        self, side: Side, digits: str, *, duration_ms: int = 100, gap_ms: int = 70
    ) -> None:
        self._check(f"dtmf {side} {digits}")

    async def direction(self, side: Side, send: bool, receive: bool) -> None:
        self._check(f"direction {side} {send} {receive}")

    async def mute(self, muted: bool) -> None:
        self._check(f"mute {muted}")

    async def stats(self) -> SessionStats:
        return SessionStats()

    async def close(self) -> None:
        self.closed = True
        self.engine.sessions.pop(self.session_id, None)

    def _check(self, what: str) -> None:
        self.log.append(what)
        if self.closed:
            raise MediaError("closed", "the session is closed")
        if self.engine.broken:
            raise MediaError("port", "no port is free")


class FakeEngine:
    capabilities: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.sessions: dict[str, FakeSession] = {}
        self.made: list[FakeSession] = []
        self.broken = False

    async def start(self) -> None: ...

    async def open(self, session_id: str, *, user: str, listener: MediaListener) -> FakeSession:
        if self.broken:
            raise MediaError("port", "no port is free")
        assert session_id not in self.sessions
        session = self.sessions[session_id] = FakeSession(self, session_id, listener)
        self.made.append(session)
        return session

    async def aclose(self) -> None: ...
