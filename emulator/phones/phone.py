"""A virtual phone: one line, operated by a person at the console or by a test.

Users' desk phones ring until somebody answers; the phones behind service numbers answer by their
script, and may be used to call like any other.

```
 idle --lift--> lifted --dial--> calling --answered--> connected --hang_up--> idle
   `-- call comes --> ringing --lift/answer--> connected
```
While it is connected one more call may knock (``waiting``); answering that puts the present one on
hold. A third caller finds it busy.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from emulator.calls.end import Party
from emulator.phones.local_end import LocalEnd, OpenMedia, Script
from emulator.plan.model import Extension, Kind
from media.audio import wav
from media.endpoint import EchoSource, PcmSource, Silence, Source, ToneSource
from protocols.aio.scope import TaskScope

_PAUSE = bytes(2 * 8000)


class PhoneError(Exception):
    """The key does nothing in this state; the text says why, for the console."""


def source_named(what: str) -> Source:
    """``speech``, ``silence``, ``tone`` or ``tone:<hertz>``, ``prompt:<name>``."""
    kind, _, value = what.partition(":")
    if kind == "silence":
        return Silence()
    if kind == "tone":
        hertz = int(value) if value.isascii() and value.isdigit() else 440
        if not 50 <= hertz <= 3400:
            raise PhoneError("a tone must lie between 50 and 3400 Hz")
        return ToneSource.sine(hertz)
    if kind in ("speech", "prompt"):
        try:
            return PcmSource(wav.prompt(value or "speaker") + _PAUSE, loop=True)
        except wav.WavError as error:
            raise PhoneError(str(error)) from None
    if kind == "echo":
        return EchoSource()
    raise PhoneError(f"cannot say {what!r}: speech, silence, tone:<hertz>, prompt:<name>, echo")


def _usual_sound(extension: Extension) -> str:
    if extension.kind is Kind.TONE:
        return f"tone:{extension.frequency}"
    if extension.kind is Kind.ECHO:
        return "echo"
    return f"prompt:{extension.prompt}"


class VirtualPhone:
    """``place(end, number, offer)`` hands a call to the PBX; ``on_change`` is told of everything a
    lamp or a display would show."""

    def __init__(
        self,
        extension: Extension,
        *,
        open_media: OpenMedia,
        tasks: TaskScope,
        place: Callable[[LocalEnd, str, bytes], None],
        on_change: Callable[[VirtualPhone], None],
    ) -> None:
        self.extension = extension
        self.name = extension.desk_user if extension.kind is Kind.USER else extension.number
        self.lifted = False
        self.message_lamp = False
        self.says = _usual_sound(extension)
        self.auto_answer: float | None = None
        self.end: LocalEnd | None = None
        self.held: list[LocalEnd] = []  # calls put aside for a consultation, the last one on top
        self.waiting: LocalEnd | None = None  # knocks while another call goes on
        self.last_status: int | None = None
        self._open_media = open_media
        self._tasks = tasks
        self._place = place
        self._on_change = on_change
        self._answers: dict[LocalEnd, asyncio.Event] = {}

    @property
    def party(self) -> Party:
        return Party(self.extension.number, self.extension.name)

    @property
    def active(self) -> LocalEnd | None:
        """The end of the call in progress."""
        return self.end if self.end is not None and not self.end.over else None

    @property
    def state(self) -> str:
        end = self.active
        if end is None:
            return "lifted" if self.lifted else "idle"
        if end.state == "connected" and end.holding:
            return "holding"
        return "calling" if end.state == "idle" and self.lifted else end.state

    def new_end(self, script: Script) -> LocalEnd:
        """An end of this phone for a new call; the latest one is what the display shows."""
        self.last_status = None
        self.end = self._end(script)
        return self.end

    def _end(self, script: Script) -> LocalEnd:
        end = LocalEnd(
            self.name,
            self.party,
            open_media=self._open_media,
            tasks=self._tasks,
            script=script,
            on_change=self._changed,
        )
        self._answers[end] = asyncio.Event()
        return end

    def _changed(self, end: LocalEnd) -> None:
        if end.over:
            self._answers.pop(end, None)
            if end in self.held:
                self.held.remove(end)
            if end is self.waiting:
                self.waiting = None
                self._on_change(self)
        if end is self.end:
            if end.over:
                self.last_status = end.end_status
                self._next_call()
            self._on_change(self)

    def _next_call(self) -> None:
        """The present call is over: one that knocks rings now, else one put aside is shown; it is
        still on hold."""
        waiting, self.waiting = self.waiting, None
        self.lifted = bool(self.held) and waiting is None
        if waiting is not None:
            self.end = waiting
        elif self.held:
            self.end = self.held.pop()

    # -- called ------------------------------------------------------------------------------

    def ringing_end(self) -> LocalEnd | None:
        """An end to ring, or to knock at a call in progress; None when it can do neither."""
        active = self.active
        if active is None and not self.lifted:
            return self.new_end(self._ring_and_wait)
        if active is None or active.state != "connected" or self.waiting is not None:
            return None
        self.waiting = self._end(self._ring_and_wait)
        return self.waiting

    async def _ring_and_wait(self, end: LocalEnd) -> None:
        knocks, answer = end is self.waiting, self._answers[end]
        end.ring()
        try:
            async with asyncio.timeout(None if knocks else self.auto_answer):
                await answer.wait()
        except TimeoutError:
            pass  # auto-answer: the time of ringing is over
        self.lifted = True
        self._speak(end)
        end.pick_up()
        await end.forever()

    def _speak(self, end: LocalEnd) -> None:
        source = source_named(self.says)
        if isinstance(source, EchoSource) and end.media is not None:
            end.media.sinks.append(source)
        end.set_source(source)

    # -- keys of the phone -------------------------------------------------------------------

    def lift(self) -> None:
        """Take the handset: answers when it rings, else waits for a number."""
        end = self.active
        if end is not None and end.state == "ringing":
            self.answer()
        elif end is None and not self.lifted:
            self.lifted = True
            self._on_change(self)

    def answer(self) -> None:
        """Also a call that knocks: then the present one is put on hold."""
        end = self.waiting or self.active
        if end is None or end.state != "ringing":
            raise PhoneError("it does not ring")
        first = self.active
        if end is self.waiting and first is not None:
            if not first.holding:
                first.hold(True)
            self.held.append(first)
            self.end, self.waiting = end, None
        self._answers[end].set()

    def answer_at_once(self) -> None:
        """The PBX has this phone take what begins to ring now, unless it is in a call."""
        end = self.active
        if end is not None and end.state in ("idle", "ringing"):
            self._answers[end].set()

    def reject(self) -> None:
        """Refuse the call that knocks, or the one that rings."""
        end = self.waiting or self.active
        if end is None or end.state != "ringing":
            raise PhoneError("it does not ring")
        end.fail(486)

    async def dial(self, number: str) -> None:
        if self.active is not None:
            raise PhoneError("it is in a call")
        cleaned = "".join(c for c in number if c in "0123456789*#+")
        if not cleaned:
            raise PhoneError("no number was given")
        end = self.new_end(self._ring_and_wait)
        self.lifted = True
        offer = await end.open_offer()
        if offer is None:
            over, self.lifted = end.over, False
            raise PhoneError("it hung up before it rang" if over else "no RTP port is free")
        self._speak(end)
        self._place(end, cleaned, offer)

    def hang_up(self) -> None:
        end = self.active
        self.lifted = False
        if end is None:
            self._on_change(self)
        elif end.state == "ringing":
            end.fail(486)
        else:
            end.leave()

    def keys(self, digits: str, duration_ms: int = 100, gap_ms: int = 70) -> None:
        """Press keys in a call."""
        end = self.active
        if end is None or end.state != "connected" or end.media is None:
            raise PhoneError("keys need a call")
        wanted = digits.upper()
        if not wanted or any(c not in "0123456789*#ABCD" for c in wanted):
            raise PhoneError("keys are 0 to 9, *, #, A to D")
        end.press(wanted, duration_ms, gap_ms)

    def hold(self, on: bool) -> None:
        end = self.active
        if end is None or end.state != "connected":
            raise PhoneError("there is no call to hold")
        end.hold(on)

    async def consult(self, number: str) -> None:
        """Put the call aside and make a second one."""
        first = self.active
        if first is None or first.state != "connected":
            raise PhoneError("there is no call to put aside")
        if not first.holding:
            first.hold(True)
        self.held.append(first)
        self.end = None
        try:
            await self.dial(number)
        except PhoneError:
            if first in self.held:
                self.held.remove(first)
                self.end, self.lifted = first, True
            raise

    def swap(self) -> None:
        """The call put aside and the present one change places."""
        active, held = self.active, self.held[-1] if self.held else None
        if held is None or active is None or active.state != "connected":
            raise PhoneError("two calls are needed")
        if not active.holding:
            active.hold(True)
        held.hold(False)
        self.held[-1], self.end = active, held
        self._on_change(self)

    def say(self, what: str) -> None:
        """Choose what is said into the handset, now and in later calls."""
        source_named(what)
        self.says = what
        end = self.active
        if end is not None:
            self._speak(end)
        self._on_change(self)

    def answer_after(self, seconds: float | None) -> None:
        """Answer by itself after so much ringing, from the next call on; None = by hand."""
        self.auto_answer = seconds
        self._on_change(self)

    def settings_changed(self) -> None:
        """Of its extension; the display shows them."""
        self._on_change(self)

    def set_lamp(self, lit: bool) -> None:
        if lit != self.message_lamp:
            self.message_lamp = lit
            self._on_change(self)
