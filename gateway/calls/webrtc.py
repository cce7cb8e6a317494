"""The media engine's side of a Call: effects become engine commands, engine events Call events.

Commands run one after the other in a queue of the Call, so that ``accept`` before ``attach`` stays
that way; nobody waits for them, their outcome comes back as an event.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway.calls.events import (
    EngineGone,
    Event,
    LegConnected,
    LegDescribed,
    LegHeard,
    LegLost,
    LegNeedsOffer,
    LegQuiet,
    LegRefused,
    LineDescribed,
    LineHeard,
    LineQuiet,
    LineRefused,
)
from media.engine import (
    DigitEvent,
    EngineLost,
    FirstAudioEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    LocalSdpChanged,
    MediaEngine,
    MediaError,
    MediaEvent,
    MediaSession,
    PlayTone,
    SessionStats,
    Side,
    SilenceEvent,
    ToneName,
)
from protocols.sdp import Direction
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription

logger = logging.getLogger(__name__)

#: An engine that does not react within this is treated as refusing.
COMMAND_TIMEOUT = 5.0
#: A worker that died is being replaced: how long, and how often, a new session is tried.
OPEN_PATIENCE = 4.0
OPEN_AGAIN = 0.1
LINE = "line"

Post = Callable[[Event], None]
Work = Callable[[MediaSession], Awaitable[None]]


@dataclass(slots=True)
class _Job:
    work: Work
    failed: Callable[[str], Event] | None


def fingerprint_of(sdp: str) -> str:
    """What tells one PeerConnection from the next: its certificate and its session id.

    Browsers make a certificate per connection (RFC 8827 6.5 lets them share one, so the ``o=``
    session id, new per connection by RFC 8829 5.2.1, counts as well).
    """
    prints: list[str] = []
    session = ""
    for line in sdp.splitlines():
        if line.startswith("a=fingerprint:") and line not in prints:
            prints.append(line)
        elif line.startswith("o=") and not session:
            session = line.split(" ")[1] if line.count(" ") >= 2 else line
    return "|".join([session, *(line.removeprefix("a=fingerprint:") for line in prints)])


def line_codec(sdp: str) -> str | None:
    """The encoding that an answer of the line puts first: what the PBX really speaks."""
    try:
        media = next(m for m in SessionDescription.parse(sdp).media if m.kind == "audio")
        payload_type = int(media.formats[0])
    except (SdpError, StopIteration, IndexError, ValueError):
        return None
    mapping = media.rtpmaps.get(payload_type)
    if mapping is not None:
        return mapping.name
    return {0: "PCMU", 8: "PCMA", 9: "G722"}.get(payload_type)  # RFC 3551 table 4


def directed(sdp: str, *, held: bool) -> str:
    """``sdp`` as it says whether our user holds (RFC 3264 8.4).

    ``inactive`` in both cases: the phone system has the music, not we.
    """
    try:
        description = SessionDescription.parse(sdp)
    except SdpError as error:
        raise MediaError("sdp", str(error)) from error
    for media in description.media:
        if media.kind == "audio":
            media.set_direction(Direction.INACTIVE if held else Direction.SENDRECV)
    return description.to_str()


class CallMedia:
    """One Call's media session and the queue in front of it."""

    def __init__(
        self,
        engine: MediaEngine,
        *,
        call_id: str,
        user: str,
        codecs: tuple[str, ...],
        country: str,
        post: Post,
        on_codec: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._engine = engine
        self._call_id = call_id
        self._user = user
        self._profile = LegProfile(LegKind.WEBRTC_LITE, codecs)
        self._country = country
        self._post = post
        self._on_codec = on_codec
        self._queue: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._session: MediaSession | None = None
        self._sessions_made = 0
        self._closing = False
        self._muted = False

    # -- what effects ask for ----------------------------------------------------------------------
    def offer_line(self, fresh: bool, held: bool | None = None) -> None:
        async def work(session: MediaSession) -> None:
            sdp = await session.offer(Side.LINE, self._profile)
            if held is not None:
                await session.direction(Side.LINE, send=not held, receive=not held)
                sdp = directed(sdp, held=held)
            self._post(LineDescribed(sdp))

        if fresh:
            self._put(_Job(self._forget, None))
        self._put(_Job(work, LineRefused))

    def answer_line(self, sdp: str, held: bool = False) -> None:
        async def work(session: MediaSession) -> None:
            answer = await session.accept(Side.LINE, sdp, self._profile)
            if answer is None:
                raise MediaError("sdp", "no answer to the line's offer")
            self._learn_codec(answer)
            self._post(LineDescribed(directed(answer, held=True) if held else answer))

        self._put(_Job(work, LineRefused))

    def apply_line(self, sdp: str) -> None:
        async def work(session: MediaSession) -> None:
            await session.accept(Side.LINE, sdp)
            self._learn_codec(sdp)

        self._put(_Job(work, LineRefused))

    def pass_line(self, passes: bool) -> None:
        self._put(_Job(lambda session: session.direction(Side.LINE, passes, passes), None))

    def mute(self, muted: bool) -> None:
        """Also for sessions that take the place of a lost one, and before there is one."""
        self._muted = muted
        if self._task is not None:
            self._put(_Job(lambda session: session.mute(muted), None))

    def _learn_codec(self, sdp: str) -> None:
        if (codec := line_codec(sdp)) is not None:
            self._on_codec(codec)

    def accept_leg(self, leg: str, sdp: str) -> None:
        async def work(session: MediaSession) -> None:
            answer = await session.accept(Side.DEVICE, sdp, self._profile, leg=leg)
            if answer is None:
                raise MediaError("sdp", "no answer to the device's offer")
            self._post(LegDescribed(leg, answer))

        self._put(_Job(work, lambda detail: LegRefused(leg, detail)))

    def attach(self, leg: str | None) -> None:
        self._put(_Job(lambda session: session.attach(leg), None))

    def drop(self, leg: str) -> None:
        self._put(_Job(lambda session: session.drop(leg), None))

    def play(self, side: str, tone: str, seconds: float | None) -> None:
        what = PlayTone(ToneName(tone), self._country, seconds)
        self._put(_Job(lambda session: session.play(Side(side), what), None))

    def stop(self, side: str) -> None:
        self._put(_Job(lambda session: session.stop(Side(side)), None))

    def digits(self, digits: str) -> None:
        self._put(_Job(lambda session: session.dtmf(Side.LINE, digits), None))

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._queue.put_nowait(None)

    async def closed(self) -> None:
        """Wait until the session is gone; to be called after :meth:`close`."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def stats(self) -> SessionStats | None:
        return None if self._session is None else await self._session.stats()

    # -- the queue ---------------------------------------------------------------------------------
    def _put(self, job: _Job) -> None:
        if self._closing:
            return
        self._queue.put_nowait(job)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"media of call {self._call_id}")

    async def _run(self) -> None:
        try:
            while (job := await self._queue.get()) is not None:
                await self._do(job)
        finally:
            if self._session is not None:
                session, self._session = self._session, None
                await session.close()

    async def _do(self, job: _Job) -> None:
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT):
                session = self._session or await self._open()
                await job.work(session)
        except (MediaError, TimeoutError) as error:
            detail = str(error) or "the media engine did not react"
            logger.warning("call %s: media command failed: %s", self._call_id, detail)
            if job.failed is not None:
                self._post(job.failed(detail))

    async def _open(self) -> MediaSession:
        self._sessions_made += 1
        number = self._sessions_made
        name = self._call_id if number == 1 else f"{self._call_id}.{number}"

        def listen(event: MediaEvent) -> None:
            if number == self._sessions_made and not self._closing:
                self._translate(event)

        loop = asyncio.get_running_loop()
        until = loop.time() + OPEN_PATIENCE
        while True:
            try:
                self._session = await self._engine.open(name, user=self._user, listener=listen)
                if self._muted:
                    await self._session.mute(True)
                return self._session
            except MediaError as error:
                if error.code != "worker" or loop.time() >= until:
                    raise
            await asyncio.sleep(OPEN_AGAIN)

    async def _forget(self, session: MediaSession) -> None:
        """The worker behind the session is gone; the next command opens a new one."""
        self._session = None
        await session.close()

    def _translate(self, event: MediaEvent) -> None:
        match event:
            case LegEvent(Side.DEVICE, leg, LegState.CONNECTED):
                self._post(LegConnected(leg))
            case LegEvent(Side.DEVICE, leg, LegState.LOST, reason):
                self._post(LegLost(leg, reason))
            case SilenceEvent(Side.DEVICE, leg, seconds):
                self._post(LegQuiet(leg, seconds))
            case SilenceEvent(Side.LINE, _, seconds):
                self._post(LineQuiet(seconds))
            case FirstAudioEvent(Side.LINE):
                self._post(LineHeard())
            case FirstAudioEvent(Side.DEVICE, leg):
                self._post(LegHeard(leg))
            case LocalSdpChanged(Side.DEVICE, leg):
                self._post(LegNeedsOffer(leg))
            case EngineLost(reason):
                self._post(EngineGone(reason))
            case DigitEvent() | LegEvent() | LocalSdpChanged():
                logger.debug("call %s: %r", self._call_id, event)
