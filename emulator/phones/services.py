"""What the numbers of the plan do when they are called: one script each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from emulator.phones.local_end import LocalEnd
from emulator.plan.model import Extension, Kind
from media.audio import wav
from media.endpoint import EchoSource, PcmSource, ToneSource

Service = Callable[[LocalEnd, Extension], Awaitable[None]]
_PAUSE = bytes(2 * 8000)  # a second between two rounds of speech


async def _rings(end: LocalEnd, extension: Extension) -> None:
    end.ring()
    if extension.answer_after:
        await asyncio.sleep(extension.answer_after)


async def speaker(end: LocalEnd, extension: Extension) -> None:
    """Answers and speaks, over and over."""
    await _rings(end, extension)
    end.pick_up()
    end.set_source(PcmSource(wav.prompt(extension.prompt) + _PAUSE, loop=True))
    await end.forever()


async def echo(end: LocalEnd, extension: Extension) -> None:
    """Says what it is, then says what it hears."""
    await _rings(end, extension)
    source = EchoSource(wav.prompt("echo"))
    if end.media is not None:
        end.media.sinks.append(source)
    end.set_source(source)
    end.pick_up()
    await end.forever()


async def tone(end: LocalEnd, extension: Extension) -> None:
    await _rings(end, extension)
    end.set_source(ToneSource.sine(extension.frequency))
    end.pick_up()
    await end.forever()


async def never(end: LocalEnd, extension: Extension) -> None:
    end.ring()
    await end.forever()


async def busy(end: LocalEnd, extension: Extension) -> None:
    end.fail(486)


async def unavailable(end: LocalEnd, extension: Extension) -> None:
    end.fail(480)


async def announcement(end: LocalEnd, extension: Extension) -> None:
    """Early media (RFC 3960), then the failure: the caller pays nothing to hear why."""
    end.ring(early_media=True)
    await end.say(wav.prompt(extension.prompt))
    end.fail(extension.status)


SERVICES: dict[Kind, Service] = {
    Kind.SPEAKER: speaker,
    Kind.ECHO: echo,
    Kind.TONE: tone,
    Kind.NEVER: never,
    Kind.BUSY: busy,
    Kind.UNAVAILABLE: unavailable,
    Kind.ANNOUNCEMENT: announcement,
}
