"""The conference mixer: by tones, with ten parties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from media.audio import measure
from media.audio.mixer import FRAME, FRAME_BYTES, Mixer, mix_minus_one
from media.endpoint import ToneSource

FREQUENCIES = [300 + 250 * n for n in range(10)]


def test_each_of_ten_hears_all_others_and_not_itself() -> None:
    mixer = Mixer()
    ports = [mixer.add() for _ in FREQUENCIES]
    sources = [ToneSource.sine(frequency, -30) for frequency in FREQUENCIES]
    heard = [bytearray() for _ in ports]
    for _ in range(60):
        for port, source in zip(ports, sources, strict=True):
            port.write(source.read(FRAME))
        mixer.tick()
        for port, ear in zip(ports, heard, strict=True):
            ear += port.read(FRAME)
    for own, ear in enumerate(heard):
        samples = np.frombuffer(bytes(ear[-8000:]), "<i2").astype(float)
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
        for other, frequency in enumerate(FREQUENCIES):
            strength = spectrum[round(frequency * len(samples) / 8000)]
            assert (strength > 20 * np.median(spectrum)) is np.True_ or other == own
            if other == own:
                assert strength < 0.02 * spectrum.max(), f"{own} hears itself"


@given(st.lists(st.lists(st.integers(-32768, 32767), min_size=4, max_size=4), max_size=6))
def test_the_sum_is_exact_and_clipped(parties: list[list[int]]) -> None:
    frames = [np.array(samples, "<i2").tobytes() for samples in parties]
    mixed = mix_minus_one(frames)
    for own, frame in enumerate(mixed):
        for place, value in enumerate(np.frombuffer(frame, "<i2").tolist()):
            total = sum(p[place] for other, p in enumerate(parties) if other != own)
            assert value == max(-32768, min(32767, total))


def test_bursts_pauses_and_a_party_that_does_not_listen() -> None:
    mixer = Mixer()
    one, two = mixer.add(), mixer.add()
    loud = ToneSource.sine(500)
    one.write(loud.read(FRAME))
    mixer.tick()
    assert two.read(FRAME) == bytes(FRAME_BYTES)  # a single frame is not heard yet
    one.write(loud.read(3 * FRAME))
    for _ in range(4):
        mixer.tick()
    assert measure.level_dbfs(two.read(FRAME)) > -30
    for _ in range(50):
        one.write(loud.read(FRAME))
        mixer.tick()
    assert len(two.read(50 * FRAME).rstrip(b"\0")) <= 3 * FRAME_BYTES  # no half second of delay
    mixer.remove(one)
    mixer.tick()
    assert mixer.ports == [two]
