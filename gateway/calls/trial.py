"""A call that proves itself: placed over a site's link by the gateway, with a tone out and an ear
for what comes back.

No user's Call: it has no journal entry and no device. Its far end of the media session is a party
of our own on this machine's loopback, so that the tone passes the same workers as every call.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from gateway.calls.events import (
    Event,
    LineAnswered,
    LineEarlyMedia,
    LineEnded,
    LineFailed,
    LineOffered,
    LineRinging,
)
from gateway.calls.sip import LineLeg, LineLink
from gateway.link_ports import HeardStep, TrialEnd
from gateway.ports import Line
from media.audio import measure
from media.endpoint import Recorder, RtpEndpoint, ToneSource
from media.engine import (
    DigitEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    MediaEngine,
    MediaError,
    MediaEvent,
    MediaSession,
    Side,
    find_leg,
)
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription

logger = logging.getLogger(__name__)

#: No call progress tone of any country lies there, nor a voice for half a second.
HERTZ = 1270
LEVEL_DB = -15.0
EAR = "trial"
#: What is heard above this is sound, not the noise of a line.
SOUND_DBFS = -45.0
LINE_PROFILE = LegProfile(LegKind.WEBRTC_LITE)
EAR_PROFILE = LegProfile(LegKind.RTP)


@dataclass(frozen=True, slots=True)
class TrialLimits:
    answer: float = 40.0  # seconds that it may ring
    listen: float = 10.0  # and that we wait for sound in both directions
    hang_up: float = 5.0
    look_every: float = 0.2


DEFAULT_LIMITS = TrialLimits()


class TrialOver(Exception):
    """The call did not get as far as was hoped."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.end = TrialEnd(code, detail)


class Trials:
    """Places them, as many at a time as its caller lets."""

    def __init__(
        self, link: LineLink, engine: MediaEngine, limits: TrialLimits = DEFAULT_LIMITS
    ) -> None:
        self._link = link
        self._engine = engine
        self._limits = limits

    async def try_call(self, line: Line, number: str, heard: HeardStep, *, echo: bool) -> TrialEnd:
        trial = _Trial(self._link, self._engine, self._limits, line, heard, echo)
        try:
            async with AsyncExitStack() as stack:
                return await trial.run(number, stack)
        except TrialOver as over:
            return over.end
        except (MediaError, SdpError, OSError) as error:
            logger.warning("test call over site %s: %s", line.site_id, error)
            return TrialEnd("audio_not_set_up", str(error)[:200])


@dataclass(slots=True)
class _Heard:
    """What is known of the sound."""

    ours: bool = False  # our own tone came back
    sound: bool = False  # something was heard
    digit: bool = False  # somebody there hears us and pressed a key
    connected: bool = False  # the way between gateway and connector stands
    packets: int = 0

    @property
    def done(self) -> bool:
        return self.ours or (self.sound and self.digit)


@dataclass(slots=True)
class _Trial:
    link: LineLink
    engine: MediaEngine
    limits: TrialLimits
    line: Line
    tell: HeardStep
    echo: bool  # who is called sends back what it hears
    queue: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)
    heard: _Heard = field(default_factory=_Heard)
    over: bool = False
    _described: str = ""

    async def run(self, number: str, stack: AsyncExitStack) -> TrialEnd:
        line = self.line
        self.tell("connector", "running", "")
        if not self.link.flows(line.tenant_id, line.site_id, line.line_id):
            self.tell("connector", "failed", "")
            raise TrialOver("connector_down")
        session = await self.engine.open(
            f"trial-{uuid.uuid4().hex}", user=f"trial-{line.site_id}", listener=self._media
        )
        stack.push_async_callback(session.close)
        ear, recorder = await self._open_ear(session, stack)
        leg = LineLeg(
            self.link,
            tenant_id=line.tenant_id,
            site_id=line.site_id,
            line_id=line.line_id,
            session_id=uuid.uuid4().hex,
        )
        leg.bind(self.queue.put_nowait)
        stack.push_async_callback(self._hang_up, leg)
        leg.invite(number, await session.offer(Side.LINE, LINE_PROFILE))
        await self._until_answered(session, leg)
        ear.source = ToneSource.sine(HERTZ, LEVEL_DB)
        await self._listen(session, leg, recorder)
        return self._verdict()

    async def _open_ear(
        self, session: MediaSession, stack: AsyncExitStack
    ) -> tuple[RtpEndpoint, Recorder]:
        offer = await session.offer(Side.DEVICE, EAR_PROFILE, leg=EAR)
        # The engine names the address that it takes plain RTP at: one of this machine.
        address = _address(offer)
        ear = await RtpEndpoint.open(address)
        stack.push_async_callback(ear.aclose)
        recorder = Recorder(2)
        ear.sinks.append(recorder)
        answer = ear.answer(offer.encode()).decode()
        await session.accept(Side.DEVICE, answer, leg=EAR)
        await session.attach(EAR)
        return ear, recorder

    def _media(self, event: MediaEvent) -> None:
        match event:
            case DigitEvent(Side.LINE):
                self.heard.digit = True
            case LegEvent(Side.LINE, _, LegState.CONNECTED):
                self.heard.connected = True

    # -- signalling --------------------------------------------------------------------------------
    async def _until_answered(self, session: MediaSession, leg: LineLeg) -> None:
        try:
            async with asyncio.timeout(self.limits.answer):
                while True:
                    if await self._progress(await self.queue.get(), session, leg):
                        return
        except TimeoutError:
            self.tell("answered", "failed", "")
            raise TrialOver("no_answer") from None

    async def _progress(self, event: Event, session: MediaSession, leg: LineLeg) -> bool:
        """One thing that the far side did; True when it has answered."""
        match event:
            case LineRinging():
                self._reached()
                self.tell("ringing", "passed", "")
            case LineEarlyMedia(sdp, ringing):
                self._reached()
                await self._describe(session, sdp)
                if ringing:
                    self.tell("ringing", "passed", "")
            case LineAnswered(sdp):
                self._reached()
                if sdp is not None:
                    await self._describe(session, sdp)
                self.tell("answered", "passed", "")
                self.tell("audio_out", "running", "")
                self.tell("audio_back", "running", "")
                return True
            case LineFailed():
                self.over = True
                raise self._failed(event)
            case LineEnded():
                self.over = True
                raise TrialOver("ended_early")
            case LineOffered(sdp):
                await self._offered(session, leg, sdp)
        return False

    def _reached(self) -> None:
        self.tell("connector", "passed", "")

    async def _describe(self, session: MediaSession, sdp: str) -> None:
        if sdp != self._described:  # the answer repeats what came with the ringing
            self._described = sdp
            await session.accept(Side.LINE, sdp)

    async def _offered(self, session: MediaSession, leg: LineLeg, sdp: str | None) -> None:
        if sdp is None:
            leg.refuse_offer(488)
            return
        answer = await session.accept(Side.LINE, sdp, LINE_PROFILE)
        if answer is not None:
            leg.answer_offer(answer)

    def _failed(self, event: LineFailed) -> TrialOver:
        if event.down:
            self.tell("connector", "failed", "")
            return TrialOver("connector_down", event.text)
        self._reached()
        said = event.text or str(event.status)
        self.tell("ringing", "failed", said)
        return TrialOver(_CODES.get(event.status, "refused"), said)

    # -- sound -------------------------------------------------------------------------------------
    async def _listen(self, session: MediaSession, leg: LineLeg, recorder: Recorder) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.limits.listen
        while not self.heard.done and loop.time() < until:
            try:
                async with asyncio.timeout(self.limits.look_every):
                    event = await self.queue.get()
            except TimeoutError:
                self._look(recorder)
                continue
            if isinstance(event, LineEnded):
                self.over = True
                break
            if isinstance(event, LineOffered):
                await self._offered(session, leg, event.sdp)
        stats = find_leg(await session.stats(), "line")
        if stats is not None:
            self.heard.packets = stats.packets_in
            self.heard.connected = self.heard.connected or stats.state is LegState.CONNECTED

    def _look(self, recorder: Recorder) -> None:
        pcm = recorder.pcm(0.5)
        if len(pcm) < 8000:
            return
        if measure.find_tone(pcm, HERTZ).heard:
            self.heard.ours = self.heard.sound = True
        elif measure.level_dbfs(pcm) > SOUND_DBFS:
            self.heard.sound = True
        if self.heard.sound:
            self.tell("audio_back", "passed", "")

    def _verdict(self) -> TrialEnd:
        heard, code = self.heard, ""
        if heard.done:
            self.tell("audio_out", "passed", "key" if not heard.ours else "tone")
        elif not heard.connected:
            code = "audio_not_set_up"
            self.tell("audio_out", "failed", "")
            self.tell("audio_back", "failed", "")
        elif not heard.packets and not heard.sound:
            code = "nothing_back"
            self.tell("audio_out", "passed" if heard.digit else "unproven", "")
            self.tell("audio_back", "failed", "")
        elif self.echo:
            # It answers, and our tone is not in it: so we are not heard.
            code = "one_way_out"
            self.tell("audio_back", "passed", "")
            self.tell("audio_out", "failed", "")
        else:
            code = "out_unproven" if heard.sound else "silence"
            self.tell("audio_out", "passed" if heard.digit else "unproven", "")
            if not heard.sound:
                self.tell("audio_back", "unproven", "")
        return TrialEnd(code)

    # -- the end -----------------------------------------------------------------------------------
    async def _hang_up(self, leg: LineLeg) -> None:
        """Whatever happened, nobody is left ringing or listening."""
        if self.over:
            self.tell("hang_up", "passed", "")
            return
        self.tell("hang_up", "running", "")
        leg.hang_up("test call over")
        self.tell("hang_up", "passed", "")


_CODES = {
    404: "number_unknown",
    484: "number_unknown",
    604: "number_unknown",
    486: "busy",
    600: "busy",
    408: "no_answer",
    480: "unreachable",
    503: "unreachable",
}


def _address(sdp: str) -> str:
    address = SessionDescription.parse(sdp).media[0].connection_address
    if address is None:
        raise SdpError("no address in the description")
    return address
