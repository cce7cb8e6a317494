"""Tones have the right frequency and cadence, and the meters tell them from others."""

import itertools
import random
import struct
from pathlib import Path

import pytest

from media.audio import measure, tones, wav


def envelope(pcm: bytes) -> list[bool]:
    """On or off for each 10 ms."""
    return [measure.level_dbfs(pcm[i : i + 160]) > -40 for i in range(0, len(pcm), 160)]


@pytest.mark.parametrize("country", sorted(tones.COUNTRIES))
@pytest.mark.parametrize("name", ["dial", "ringback", "busy", "reorder", "comfort"])
def test_every_tone_has_its_cadence(country: str, name: str) -> None:
    tone = tones.tone(name, country)
    pcm = tones.period(tone)
    expected = [True, False] * len(tone.cadence)
    if not tone.cadence:
        assert all(envelope(pcm))
        return
    assert len(pcm) == sum(on + off for on, off in tone.cadence) * 16
    states = envelope(pcm)
    changes = [state for state, _ in itertools.groupby(states)]
    assert changes == expected
    assert sum(states) * 10 == pytest.approx(sum(on for on, _ in tone.cadence), abs=20)


def test_german_ringback_is_425_hz_one_second_in_five() -> None:
    pcm = tones.period(tones.tone("ringback", "de"))
    assert measure.find_tone(pcm[:16000], 425).heard
    assert not measure.find_tone(pcm[:16000], 440).heard
    assert measure.dominant_frequency(pcm[:16000]) == pytest.approx(425, abs=2)
    assert measure.level_dbfs(pcm[16320:]) == measure.FLOOR_DBFS


def test_two_frequencies_share_the_power() -> None:
    pcm = tones.period(tones.tone("dial", "us"))
    assert measure.share(pcm, 350) == pytest.approx(0.5, abs=0.02)
    assert measure.share(pcm, 440) == pytest.approx(0.5, abs=0.02)


def test_a_continuous_period_has_no_seam() -> None:
    pcm = tones.period(tones.tone("dial", "de"))
    assert measure.share(pcm + pcm, 425) > 0.999


def test_unknown_country_and_tone() -> None:
    assert tones.tone("busy", "zz") == tones.COUNTRIES["eu"]["busy"]
    with pytest.raises(ValueError, match="no such tone"):
        tones.tone("siren")


@pytest.mark.parametrize("digit", tones.DTMF)
def test_dtmf_pairs(digit: str) -> None:
    low, high = tones.DTMF[digit]
    pcm = tones.dtmf(digit)
    assert measure.share(pcm, low) > 0.4 and measure.share(pcm, high) > 0.4


def test_noise_is_no_tone() -> None:
    rng = random.Random(4)
    noise = struct.pack("<8000h", *(rng.randint(-8000, 8000) for _ in range(8000)))
    assert not measure.find_tone(noise, 440).heard
    assert not measure.find_tone(bytes(16000), 440).heard
    assert measure.dominant_frequency(bytes(16000)) is None


def test_speech_correlates_with_itself_at_any_delay_and_not_with_other_speech() -> None:
    speech, other = wav.prompt("speaker"), wav.prompt("voicemail-greeting")
    part = speech[16000:48000]
    assert measure.correlation(bytes(6400) + speech, part) > 0.95
    assert measure.correlation(other, part) < 0.4
    assert measure.correlation(bytes(64000), part) == 0.0
    assert measure.correlation(part, speech) == 0.0  # shorter than what is looked for


def test_prompts_are_all_of_the_one_format_and_small() -> None:
    files = sorted(wav.PROMPTS.glob("*.wav"))
    assert len(files) >= 20
    for path in files:
        assert measure.level_dbfs(wav.read(path)) > -40, path.name
    assert sum(path.stat().st_size for path in files) < 1_500_000
    told = (wav.PROMPTS / "ORIGIN.md").read_text()
    assert "espeak-ng" in told and "sox" in told


def test_wav_round_trip_and_refusals(tmp_path: Path) -> None:
    pcm = tones.sine(440, 0.1)
    wav.write(tmp_path / "a.wav", pcm)
    assert wav.read(tmp_path / "a.wav") == pcm
    with pytest.raises(wav.WavError):
        wav.read(b"RIFF")
    with pytest.raises(wav.WavError):
        wav.read(wav.to_bytes(pcm).replace(struct.pack("<I", 8000), struct.pack("<I", 16000), 1))
    for name in ("nothing-here", "../prompts/speaker", "../../tones"):
        with pytest.raises(wav.WavError):
            wav.prompt(name)
