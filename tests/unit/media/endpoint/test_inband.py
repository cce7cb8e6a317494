"""Keys heard as tones: all of them, short and long, uneven, and none in speech."""

import random
import struct

import pytest

from media.audio import g711, tones, wav
from media.endpoint.inband import InbandDigits


def heard(pcm: bytes, frame: int = 320) -> str:
    got: list[str] = []
    sink = InbandDigits(got.append)
    coded = g711.decode(g711.encode(pcm, "PCMA"), "PCMA")  # as it comes from a phone
    for start in range(0, len(coded), frame):
        sink.write(coded[start : start + frame])
    return "".join(got)


def keys(digits: str, on_ms: int, off_ms: int, level_db: float = -9.0) -> bytes:
    return b"".join(tones.dtmf(d, on_ms, level_db) + bytes(16 * off_ms) for d in digits)


@pytest.mark.parametrize(("on_ms", "off_ms"), [(80, 80), (100, 70), (300, 100), (2000, 60)])
def test_every_key_counts_once(on_ms: int, off_ms: int) -> None:
    digits = "0123456789*#ABCD"
    assert heard(keys(digits, on_ms, off_ms)) == digits


def test_the_same_key_twice() -> None:
    assert heard(keys("5555", 100, 70)) == "5555"


@pytest.mark.parametrize("level_db", [-3.0, -20.0, -30.0])
def test_loud_and_soft(level_db: float) -> None:
    assert heard(keys("159#", 100, 70, level_db)) == "159#"


@pytest.mark.parametrize("name", ["speaker", "voicemail-greeting", "voicemail-after", "echo"])
def test_speech_is_no_key(name: str) -> None:
    assert heard(wav.prompt(name)) == ""


def test_music_noise_and_other_tones_are_no_keys() -> None:
    rng = random.Random(1)
    noise = struct.pack("<16000h", *(rng.randint(-9000, 9000) for _ in range(16000)))
    assert heard(wav.prompt("music-on-hold")) == ""
    assert heard(noise) == ""
    for tone in ("dial", "busy", "ringback"):
        assert heard(tones.period(tones.tone(tone, "us")) * 2) == ""
    assert heard(tones.sine(941, 1.0)) == ""


def test_keys_that_differ_too_much_in_level_are_none() -> None:
    low = tones.sine(697, 0.2, -6.0)
    high = tones.sine(1209, 0.2, -26.0)
    mixed = struct.pack(
        f"<{len(low) // 2}h",
        *(
            a + b
            for (a,), (b,) in zip(
                struct.iter_unpack("<h", low), struct.iter_unpack("<h", high), strict=True
            )
        ),
    )
    assert heard(mixed) == ""
