"""Both laws of G.711 against known code words of the recommendation."""

import struct

import pytest

from media.audio import g711


def test_silence_and_full_scale() -> None:
    assert g711.encode(b"\0\0", "PCMU") == b"\xff"
    assert g711.encode(b"\0\0", "PCMA") == b"\xd5"
    # ITU-T G.711 tables 2: the largest positive value is 0x80 in mu-law, 0xAA in A-law.
    assert g711.encode(struct.pack("<h", 32767), "pcmu") == b"\x80"
    assert g711.encode(struct.pack("<h", 32767), "pcma") == b"\xaa"


@pytest.mark.parametrize("law", ["PCMA", "PCMU"])
def test_every_code_word_survives_a_round_trip(law: str) -> None:
    words = bytes(range(256))
    again = g711.encode(g711.decode(words, law), law)
    # mu-law has two zeros (0x7f and 0xff) that decode alike.
    different = [w for w, a in zip(words, again, strict=True) if w != a]
    assert different == ([0x7F] if law == "PCMU" else [])


def test_transcoding_is_close() -> None:
    pcm = struct.pack("<5h", 0, 100, -1000, 8000, -30000)
    ulaw = g711.transcode(g711.encode(pcm, "PCMA"), "PCMA", "PCMU")
    for before, after in zip(
        struct.unpack("<5h", pcm), struct.unpack("<5h", g711.decode(ulaw, "PCMU")), strict=True
    ):
        assert abs(before - after) <= max(16, abs(before) * 0.08)
    assert g711.transcode(b"\xd5", "PCMA", "PCMA") == b"\xd5"


def test_odd_byte_and_unknown_law() -> None:
    assert g711.encode(b"\0\0\0", "PCMU") == b"\xff"
    with pytest.raises(g711.UnknownLaw):
        g711.decode(b"", "G722")
