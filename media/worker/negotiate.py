"""Choosing formats for an offer or answer, and mapping payload types from one leg to another."""

from __future__ import annotations

from collections.abc import Sequence

from media.engine import LegProfile, MediaError
from media.worker.port import (
    DROP,
    EVENT,
    MUTE_PCMA,
    MUTE_PCMU,
    NOTHING,
    REGENERATE,
    TO_PCMA,
    TO_PCMU,
)
from media.worker.remote import Format
from protocols.rtp.codecs import TELEPHONE_EVENT, Codec, codec_by_name, telephone_event

_EVENT_FMTP = "0-16"
_DYNAMIC = {"opus": 111}
_EVENT_PT = {8000: 101, 48000: 110}


def offered_formats(profile: LegProfile) -> tuple[Format, ...]:
    """Our offer: the profile's codecs in order, then telephone-event with the first one's clock."""
    formats = []
    for name in profile.codecs:
        codec = codec_by_name(name)
        if codec is None:
            raise MediaError("codec", f"unknown codec {name}")
        pt = codec.static_pt if codec.static_pt is not None else _DYNAMIC[codec.name]
        formats.append(Format(pt, codec))
    if not formats:
        raise MediaError("codec", "the profile names no codec")
    if profile.telephone_event:
        # RFC 4733 2.1: an event needs the clock of the audio that it replaces.
        clock = formats[0].codec.clock
        formats.append(Format(_EVENT_PT[clock], telephone_event(clock), _EVENT_FMTP))
    return tuple(formats)


def chosen_formats(profile: LegProfile, offered: Sequence[Format]) -> tuple[Format, ...]:
    """Our answer: what both know, in our order, under the offer's numbers (RFC 3264 6.1)."""
    chosen: list[Format] = []
    for name in profile.codecs:
        codec = codec_by_name(name)
        match = next((f for f in offered if codec and _same(f.codec, codec)), None)
        if match is not None:
            chosen.append(Format(match.pt, match.codec))
    if not chosen:
        raise MediaError("codec", "no codec in common")
    if profile.telephone_event:
        event = _event_for(chosen[0].codec, offered)
        if event is not None:
            chosen.append(Format(event.pt, event.codec, event.fmtp or _EVENT_FMTP))
    return tuple(chosen)


def _event_for(audio: Codec, offered: Sequence[Format]) -> Format | None:
    """Equal clock first. Firefox offers only /8000 beside Opus; better than no digits at all."""
    events = [f for f in offered if f.codec.name.lower() == TELEPHONE_EVENT]
    equal = next((f for f in events if f.codec.clock == audio.clock), None)
    if equal is not None or audio.clock == 8000:
        return equal
    return next((f for f in events if f.codec.clock == 8000), None)


def _same(one: Codec, other: Codec) -> bool:
    return one.same_encoding(other.name, other.clock)


def accepted_formats(ours: Sequence[Format], answer: Sequence[Format]) -> tuple[Format, ...]:
    """The answer's formats that we offered, under the answer's numbers and order."""
    return tuple(f for f in answer if any(_same(f.codec, mine.codec) for mine in ours))


def audio_format(formats: Sequence[Format]) -> Format | None:
    """The codec in use: the first that is neither events nor comfort noise."""
    side = (TELEPHONE_EVENT, "cn")
    return next((f for f in formats if f.codec.name.lower() not in side), None)


def event_format(formats: Sequence[Format]) -> Format | None:
    return next((f for f in formats if f.codec.name.lower() == TELEPHONE_EVENT), None)


def forwarding(
    source: Sequence[Format], target: Sequence[Format], *, muted: bool = False
) -> list[int]:
    """The action per second octet for packets that arrive with ``source``'s numbers.

    Same encoding: the target's number. G.711 of the other law: by table. Events: the target's
    number with the same clock; with another clock they are sent anew. The rest is dropped.
    ``muted``: silence instead of sound, so that a far end that watches for media sees some; keys
    are heard all the same. What is not G.711 is dropped then.
    """
    actions = list(NOTHING)
    for fmt in source:
        if fmt.codec.name.lower() == TELEPHONE_EVENT:
            action = _event_action(fmt, source, target)
        else:
            action = (
                _muted(_audio_action(fmt, target), target) if muted else _audio_action(fmt, target)
            )
        if action == DROP:
            continue
        actions[fmt.pt] = action
        actions[fmt.pt | 0x80] = action | 0x80
    return actions


def listening(source: Sequence[Format]) -> list[int]:
    """Actions of a leg that is bridged to nothing: its digits are heard all the same."""
    return forwarding(source, [f for f in source if f.codec.name.lower() == TELEPHONE_EVENT])


def _event_action(fmt: Format, source: Sequence[Format], target: Sequence[Format]) -> int:
    """Pass when the clock is right on both sides, else send anew (RFC 4733 2.1).

    Firefox sends nothing but end packets when the event clock is not the codec's.
    """
    audio = audio_format(source)
    same = next((t for t in target if _same(t.codec, fmt.codec)), None)
    if same is not None and audio is not None and audio.codec.clock == fmt.codec.clock:
        return EVENT | same.pt
    return REGENERATE


def _muted(action: int, target: Sequence[Format]) -> int:
    """The same number towards the target, with silence in the packet."""
    if action == DROP:
        return DROP
    number = action & 0xFF
    name = next(t.codec.name.upper() for t in target if t.pt == number)
    mute = {"PCMA": MUTE_PCMA, "PCMU": MUTE_PCMU}.get(name)
    return DROP if mute is None else mute | number


def _audio_action(fmt: Format, target: Sequence[Format]) -> int:
    same = next((t for t in target if _same(t.codec, fmt.codec)), None)
    if same is not None:
        return same.pt
    other = {"PCMA": "PCMU", "PCMU": "PCMA"}.get(fmt.codec.name.upper())
    twin = next((t for t in target if t.codec.name.upper() == other), None)
    if twin is None:
        return DROP
    return (TO_PCMU if other == "PCMU" else TO_PCMA) | twin.pt


def bridgeable(source: Sequence[Format], target: Sequence[Format]) -> bool:
    """Does any audio of ``source`` have a way to ``target``?"""
    actions = forwarding(source, target)
    audio = audio_format(source)
    return audio is not None and actions[audio.pt] != DROP
