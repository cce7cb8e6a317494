"""Serial arithmetic of RFC 3550 A and the key layouts of RFC 5764."""

from __future__ import annotations

import pytest

from protocols.rtp.codecs import G722, PCMA, codec_by_name, telephone_event
from protocols.rtp.sequence import (
    LossInterval,
    cumulative_lost,
    sequence_delta,
    timestamp_delta,
)
from protocols.rtp.srtp import (
    AEAD_AES_128_GCM,
    AES128_CM_SHA1_80,
    exporter_length,
    keys_from_exporter,
    profile_by_dtls_name,
    profile_by_sdes_name,
)


@pytest.mark.parametrize(
    ("new", "old", "delta"),
    [(1, 0, 1), (0, 65535, 1), (65535, 0, -1), (0, 32768, -32768), (7, 7, 0)],
)
def test_sequence_delta(new: int, old: int, delta: int) -> None:
    assert sequence_delta(new, old) == delta


def test_timestamp_delta_wraps() -> None:
    assert timestamp_delta(80, 0xFFFFFFB0) == 160
    assert timestamp_delta(0xFFFFFFB0, 80) == -160


def test_loss_fraction_between_reports() -> None:
    interval = LossInterval()
    assert interval.fraction(100, 90) == pytest.approx(0.1)
    assert interval.fraction(200, 190) == 0.0
    assert interval.fraction(300, 320) == 0.0  # duplicates
    assert interval.fraction(300, 320) == 0.0  # nothing expected
    assert cumulative_lost(10, 20) == -10
    assert cumulative_lost(2**30, 0) == 0x7FFFFF


def test_exporter_gives_each_side_the_others_key() -> None:
    for profile in (AEAD_AES_128_GCM, AES128_CM_SHA1_80):
        material = bytes(range(exporter_length(profile)))
        client = keys_from_exporter(material, profile, client=True)
        server = keys_from_exporter(material, profile, client=False)
        assert (client.local, client.remote) == (server.remote, server.local)
        # RFC 5764 4.2: both keys come before both salts.
        assert client.local[: profile.key_length] == material[: profile.key_length]
        assert client.local[profile.key_length :] == material[32 : 32 + profile.salt_length]
    with pytest.raises(ValueError, match="wrong length"):
        keys_from_exporter(b"short", AEAD_AES_128_GCM, client=True)


def test_names() -> None:
    assert profile_by_dtls_name("SRTP_AEAD_AES_128_GCM") is AEAD_AES_128_GCM
    assert profile_by_sdes_name("AES_CM_128_HMAC_SHA1_80") is AES128_CM_SHA1_80
    assert profile_by_dtls_name("SRTP_NULL_SHA1_80") is None
    assert codec_by_name("pcma") is PCMA
    assert codec_by_name("g729") is None
    assert G722.clock == 8000  # RFC 3551 4.5.2
    assert telephone_event(48000).rtpmap == "telephone-event/48000"
