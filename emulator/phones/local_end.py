"""An end that lives in this process: an RTP endpoint and a script that operates it.

A script (a coroutine) drives a called end: ``ring``, ``accept``, ``say``, ``read_digit``,
``hang_up``. It is cancelled when the call ends. Opening a port takes a turn of the loop, so the end
queues what arrives meanwhile; all events to the call are sent from the loop, never from inside the
call's own command.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from emulator.calls.end import End, Headers, Party
from media.audio import tones
from media.endpoint import PcmSource, Recorder, RtpEndpoint, Silence, Source
from media.endpoint.inband import InbandDigits
from protocols.aio.scope import TaskScope
from protocols.rtp.dtmf import ReceivedDigit
from protocols.sdp import Direction, SdpError
from protocols.sip.info.dtmf import InfoDigit, InfoDigitError

logger = logging.getLogger(__name__)

OpenMedia = Callable[[], Awaitable[RtpEndpoint]]
Script = Callable[["LocalEnd"], Awaitable[None]]
HEARD_SECONDS = 60.0


class Keys:
    """Keys that were pressed and not read yet; waiting for one does not take it."""

    def __init__(self) -> None:
        self._pending: deque[str] = deque()
        self._some = asyncio.Event()

    def put(self, digit: str) -> None:
        self._pending.append(digit)
        self._some.set()

    async def wait(self) -> None:
        await self._some.wait()

    @property
    def some(self) -> bool:
        return bool(self._pending)

    def clear(self) -> None:
        self._pending.clear()
        self._some.clear()

    def take(self) -> str:
        digit = self._pending.popleft()
        if not self._pending:
            self._some.clear()
        return digit


class LocalEnd(End):
    """``script`` runs when this end is called; a phone that calls uses :meth:`open_offer`."""

    def __init__(
        self,
        name: str,
        party: Party,
        *,
        open_media: OpenMedia,
        tasks: TaskScope,
        script: Script | None = None,
        on_change: Callable[[LocalEnd], None] | None = None,
    ) -> None:
        self.name = name
        self.party = party
        self.peer: Party | None = None
        self.media: RtpEndpoint | None = None
        self.heard = Recorder(HEARD_SECONDS)
        self.digits: list[str] = []
        self.state = "idle"  # idle ringing calling connected ended
        self.end_status: int | None = None
        self.holding = False
        self._open_media = open_media
        self._tasks = tasks
        self._script = script
        self._on_change = on_change
        self._loop = asyncio.get_running_loop()
        self._running: asyncio.Task[None] | None = None
        self._keys = Keys()
        self._connected = asyncio.Event()
        self._inband = InbandDigits(self._key)

    # -- for scripts and phones --------------------------------------------------------------

    @property
    def over(self) -> bool:
        return self.state == "ended"

    def ring(self, *, early_media: bool = False) -> None:
        self._set("ringing")
        sdp = self.described if early_media else None
        if early_media and self.media is not None:
            self.media.sending = True
        self._emit(lambda: self.events.ringing(self, 183 if early_media else 180, sdp))

    def pick_up(self) -> None:
        """Answer the call."""
        if self.media is None or self.over:
            return
        self.media.sending = True
        self._set("connected")
        self._connected.set()
        self._emit(lambda: self.events.answered(self, self.described, ()))

    def fail(self, status: int, reason: str = "") -> None:
        """Refuse the call."""
        self._finish()
        self._emit(lambda: self.events.failed(self, status, reason))

    def leave(self) -> None:
        """Hang up from this side."""
        if self.over:
            return
        self._finish()
        self._emit(lambda: self.events.ended(self, ()))

    def set_source(self, source: Source) -> None:
        if self.media is not None:
            self.media.source = source

    async def say(self, pcm: bytes, *, until_digit: bool = False) -> None:
        """Play to the end, or to the first digit, which stays to be read."""
        done = asyncio.Event()
        self.set_source(PcmSource(pcm, on_end=done.set))
        try:
            if until_digit:
                await self._first(done.wait(), self._keys.wait())
            else:
                await done.wait()
        finally:
            self.set_source(Silence())

    async def event_or_digit(self, event: asyncio.Event) -> str | None:
        """The next key, or None when the event came first."""
        await self._first(event.wait(), self._keys.wait())
        return self._keys.take() if self._keys.some else None

    @staticmethod
    async def _first(*work: Coroutine[Any, Any, Any]) -> None:
        waits = [asyncio.ensure_future(one) for one in work]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def forget_digits(self) -> None:
        self._keys.clear()

    async def read_digit(self, timeout: float | None = None) -> str | None:
        """The next key, or None when none came in time."""
        try:
            async with asyncio.timeout(timeout):
                await self._keys.wait()
        except TimeoutError:
            return None
        return self._keys.take()

    async def forever(self) -> None:
        """Until the call ends (which cancels the script)."""
        await self._loop.create_future()

    def press(self, digits: str, duration_ms: int, gap_ms: int) -> None:
        """Send keys: as RFC 4733 events, or as tones where the far end takes none."""
        media = self.media
        if media is None or media.send_digits(digits, duration_ms, gap_ms):
            return
        before, gap = media.source, bytes(16 * gap_ms)
        sound = b"".join(tones.dtmf(digit, duration_ms) + gap for digit in digits)

        def done() -> None:
            if media.source is keys:
                media.source = before

        keys = PcmSource(sound, on_end=done)
        media.source = keys

    def hold(self, on: bool) -> None:
        """Hold or resume from this side."""
        if self.media is None or self.state != "connected" or on == self.holding:
            return
        self.holding = on
        sdp = self.media.offer(Direction.SENDONLY if on else Direction.SENDRECV)
        self._emit(lambda: self.events.offered(self, sdp))
        self._changed()

    # -- opening -----------------------------------------------------------------------------

    async def _open(self) -> RtpEndpoint | None:
        try:
            media = await self._open_media()
        except OSError as error:
            logger.warning("%s: %s", self.name, error)
            return None
        if self.over:
            await media.aclose()
            return None
        media.sending = False
        media.sinks.append(self.heard)
        media.on_digit = self._on_digit
        self.media = media
        return media

    async def open_offer(self) -> bytes | None:
        """For a calling phone: the offer of its call."""
        media = await self._open()
        if media is None or self.over:
            return None
        self._set("calling")
        return media.offer()

    async def seat(self, offer: bytes) -> bool:
        """Take part without having been called: ``described`` is the answer to ``offer``, as if
        it had come from there. Raises ``SdpError``."""
        media = await self._open()
        if media is None:
            return False
        self.described = media.answer(offer)
        media.sending = True
        self._set("connected")
        return True

    def invite(self, offer: bytes | None, caller: Party, dialled: str, headers: Headers) -> None:
        self.peer = caller
        self._running = self._tasks.start(self._answer_with_script(offer), f"end {self.name}")

    async def _answer_with_script(self, offer: bytes | None) -> None:
        media = await self._open()
        if media is None:
            if not self.over:
                self.fail(503)
            return
        try:
            self.described = media.offer() if offer is None else media.answer(offer)
            self._listen_for_tones()
        except SdpError as error:
            logger.info("%s cannot take the offer: %s", self.name, error)
            self.fail(488)
            return
        if self._script is not None:
            await self._script(self)
            if not self.over:
                self.leave()

    # -- commands of the call ----------------------------------------------------------------

    def acknowledge(self, sdp: bytes) -> None:
        self._accept(sdp)

    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None:
        self.peer = connected or self.peer
        if self.state == "calling":
            self._set("calling")
        if sdp is not None:
            self._accept(sdp)

    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None:
        self.peer = connected or self.peer
        if sdp is None or not self._accept(sdp):
            self.leave()
            return
        if self.media is not None:
            self.media.sending = True
        self._set("connected")
        self._connected.set()
        self._emit(lambda: self.events.established(self))

    def _accept(self, sdp: bytes) -> bool:
        """An answer; after early media the final one may differ (RFC 6337 3.1.1)."""
        if self.media is None:
            return False
        try:
            self.media.session.reopen()
            self.media.accept(sdp)
        except SdpError as error:
            logger.info("%s cannot take the answer: %s", self.name, error)
            return False
        self._listen_for_tones()
        return True

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        self.end_status = status
        self._finish()

    def hang_up(self, headers: Headers = ()) -> None:
        self._finish()

    def offer(self, sdp: bytes) -> None:
        status, answer = 200, None
        try:
            answer = self.media.answer(sdp) if self.media is not None else None
            self._listen_for_tones()
        except SdpError:
            status = 488
        self._emit(lambda: self.events.offer_result(self, status, answer))

    def answer(self, sdp: bytes) -> None:
        if not self._accept(sdp):
            self.leave()

    def refuse_offer(self, status: int) -> None:
        if self.media is None or not self.media.session.offering:
            return
        self.media.session.rollback()  # all stays as it was, hold too
        self.holding = not self.holding
        direction = Direction.SENDONLY if self.holding else Direction.SENDRECV
        self.media.session.local = replace(self.media.session.local, direction=direction)
        self._changed()

    def send_info(self, content_type: str, body: bytes) -> None:
        try:
            digit = InfoDigit.parse(content_type, body).digit
        except InfoDigitError as error:
            logger.info("%s: INFO without a digit: %s", self.name, error)
            return
        if digit != "!":  # a hook flash is no key
            self._key(digit)

    def _listen_for_tones(self) -> None:
        """Keys come as tones where no telephone-event was agreed, and then only."""
        media = self.media
        if media is None or media.negotiated is None:
            return
        wanted = media.negotiated.receive_event_pt is None
        if wanted and self._inband not in media.sinks:
            media.sinks.append(self._inband)
        elif not wanted and self._inband in media.sinks:
            media.sinks.remove(self._inband)

    # -- inside ------------------------------------------------------------------------------

    def _on_digit(self, digit: ReceivedDigit) -> None:
        self._key(digit.digit)

    def _key(self, digit: str) -> None:
        self.digits.append(digit)
        self._keys.put(digit)
        self._changed()

    def _emit(self, event: Callable[[], None]) -> None:
        """Tell the call, in a turn of the loop of its own; a phone that hung up before its call was
        even placed has nobody to tell."""
        if hasattr(self, "events"):
            self._loop.call_soon(event)

    def _set(self, state: str) -> None:
        self.state = state
        self._changed()

    def _changed(self) -> None:
        if self._on_change is not None:
            self._on_change(self)

    def _finish(self) -> None:
        if self.over:
            return
        self._set("ended")
        media, running = self.media, self._running
        if running is not None and running is not asyncio.current_task():
            running.cancel()
        if media is not None:
            self._tasks.start(media.aclose(), f"close {self.name}")
