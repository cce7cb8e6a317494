"""Turning a tone or a WAV file into encoded frames for one leg's codec."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media.audio import g711, tones, wav
from media.engine import MediaError, Playback, PlayFile, PlayTone
from media.worker.negotiate import audio_format
from media.worker.remote import Format

_FRAME_BYTES = 320  # 20 ms of 8 kHz 16 bit


@dataclass(frozen=True, slots=True)
class Frames:
    payload_type: int
    frames: tuple[bytes, ...]
    advance: int
    loop: bool
    seconds: float | None


def prepare(what: Playback, formats: Sequence[Format]) -> Frames:
    """Frames in the leg's own codec; :class:`MediaError` ``codec`` for one we cannot encode."""
    fmt = audio_format(formats)
    if fmt is None:
        raise MediaError("state", "the leg has no codec yet")
    law = fmt.codec.name.upper()
    if law not in g711.SILENCE:
        fallback = next((f for f in formats if f.codec.name.upper() in g711.SILENCE), None)
        if fallback is None:
            raise MediaError("codec", f"cannot encode {fmt.codec.name}")
        fmt, law = fallback, fallback.codec.name.upper()
    pcm, loop, seconds = _pcm(what)
    pcm += bytes(-len(pcm) % _FRAME_BYTES)
    frames = tuple(
        g711.encode(pcm[at : at + _FRAME_BYTES], law) for at in range(0, len(pcm), _FRAME_BYTES)
    )
    return Frames(fmt.pt, frames, 160, loop, seconds)


def _pcm(what: Playback) -> tuple[bytes, bool, float | None]:
    if isinstance(what, PlayTone):
        return tones.period(tones.tone(what.tone.value, what.country)), True, what.seconds
    if isinstance(what, PlayFile):
        try:
            return wav.read(Path(what.path)), what.loop, None
        except (OSError, wav.WavError) as error:
            raise MediaError("file", str(error)) from error
    raise MediaError("playback", f"cannot play {what!r}")
