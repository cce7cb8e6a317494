"""WAV files of 8 kHz, 16 bit, mono, and the prompts that come with the product."""

from __future__ import annotations

import io
import wave
from functools import lru_cache
from pathlib import Path

RATE = 8000
PROMPTS = Path(__file__).parent / "prompts"


class WavError(ValueError):
    """Not a file of the one format that is played here."""


def read(source: Path | bytes) -> bytes:
    """The samples of a file; another rate, width or channel count is refused, not converted."""
    handle = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    try:
        with wave.open(handle, "rb") as file:
            found = (file.getframerate(), file.getsampwidth(), file.getnchannels())
            if found != (RATE, 2, 1):
                raise WavError(f"expected 8000 Hz, 16 bit, mono, found {found}")
            return file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise WavError(str(error) or "truncated WAV file") from error


def to_bytes(pcm: bytes) -> bytes:
    """A whole WAV file in memory."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return target.getvalue()


def write(path: Path, pcm: bytes) -> None:
    path.write_bytes(to_bytes(pcm))


def prompt_path(name: str) -> Path:
    """Where the prompt ``name`` lies; raises :class:`WavError` when there is none."""
    path = PROMPTS / f"{name}.wav"
    if path.parent != PROMPTS or not path.is_file():
        raise WavError(f"no prompt named {name!r}")
    return path


@lru_cache(maxsize=64)
def prompt(name: str) -> bytes:
    """The samples of a prompt, read once."""
    return read(prompt_path(name))
