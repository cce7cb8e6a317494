"""What a caller hears: leaving a message, and the menu of the own mailbox.

No PIN: whoever calls from an extension opens that extension's box (the emulator is a test PBX).
"""

from __future__ import annotations

import asyncio
import time

from emulator.config import Voicemail
from emulator.phones.local_end import LocalEnd
from emulator.voicemail.recording import MessageSink
from emulator.voicemail.store import Mailbox, Message
from media.audio import tones, wav

_KEY_WAIT = 8.0
_TRIES = 3
_PAUSE = bytes(2 * 1600)


def _words(*names: str) -> bytes:
    return _PAUSE.join(wav.prompt(name) for name in names)


async def take_message(end: LocalEnd, box: Mailbox, limits: Voicemail) -> None:
    """Greeting, tone, recording. ``#`` skips the greeting and ends the message; hanging up keeps
    what was said so far."""
    end.ring()
    end.pick_up()
    await end.say(_words("voicemail-greeting"), until_digit=True)
    end.forget_digits()
    await end.say(tones.sine(1000, 0.4))
    sink = MessageSink(limits.max_seconds, limits.silence_seconds)
    try:
        await _record(end, sink, limits)
    finally:
        message = sink.message()
        if message is not None:
            caller = end.peer
            number = caller.number if caller is not None and not caller.anonymous else ""
            name = caller.name if caller is not None and not caller.anonymous else ""
            box.add(message, number, name, time.time())
    await end.say(_words("voicemail-thanks" if message is not None else "voicemail-too-short"))


async def _record(end: LocalEnd, sink: MessageSink, limits: Voicemail) -> None:
    if end.media is None:
        return
    end.media.sinks.append(sink)
    try:
        # A caller whose media stopped altogether is not waited for longer than the tape.
        async with asyncio.timeout(limits.max_seconds + 1):
            while not sink.done.is_set():
                if await end.event_or_digit(sink.done) == "#":
                    return
    except TimeoutError:
        return
    finally:
        if sink in end.media.sinks:
            end.media.sinks.remove(sink)


def count_words(count: int) -> bytes:
    """ "You have two new messages." """
    if count == 0:
        return _words("voicemail-you-have", "voicemail-no-new")
    if count == 1:
        return _words("voicemail-you-have", "voicemail-one-new")
    number = f"number-{count}" if count <= 9 else "number-many"
    return _words("voicemail-you-have", number, "voicemail-new")


async def menu(end: LocalEnd, box: Mailbox) -> None:
    """How many; then 1 listens, * leaves; after each message 1 again, 2 next, 3 deletes."""
    end.ring()
    end.pick_up()
    await asyncio.sleep(0.2)
    await end.say(count_words(len(box.new)), until_digit=True)
    if not box.messages:
        await end.say(_words("voicemail-saved", "voicemail-goodbye"))
        return
    key = await _ask(end, "voicemail-main", "1*")
    if key == "1":
        await _listen(end, box)
    await end.say(_words("voicemail-goodbye"))


async def _listen(end: LocalEnd, box: Mailbox) -> None:
    waiting = [*box.new, *box.old]
    while waiting:
        message = waiting[0]
        await end.say(box.audio(message.id) + _PAUSE, until_digit=True)
        box.mark_heard(message.id)
        key = await _ask(end, "voicemail-after", "123*")
        if key == "1":
            continue
        if key == "3":
            box.delete(message.id)
            await end.say(_words("voicemail-deleted"))
        elif key != "2":
            return
        waiting = _still_there(waiting[1:], box)
    await end.say(_words("voicemail-no-more"))


def _still_there(waiting: list[Message], box: Mailbox) -> list[Message]:
    known = {message.id for message in box.messages}
    return [message for message in waiting if message.id in known]


async def _ask(end: LocalEnd, prompt: str, keys: str) -> str | None:
    """A key of ``keys``, or None after three silent rounds."""
    for _ in range(_TRIES):
        await end.say(_words(prompt), until_digit=True)
        key = await end.read_digit(_KEY_WAIT)
        if key is not None and key in keys:
            return key
        if key is not None:
            await end.say(_words("voicemail-unknown-key"))
    return None
