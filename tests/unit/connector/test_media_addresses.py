"""Which address the PBX is told for audio: never one on which nobody listens."""

from __future__ import annotations

import pytest

from connector.config import Media
from connector.main import engine_config

PBX_FACING = "192.0.2.10"


@pytest.mark.parametrize(
    ("media", "told"),
    [
        (Media(), PBX_FACING),
        (Media(bind="::"), PBX_FACING),
        (Media(bind="198.51.100.7"), ""),  # the address of the bound socket
        (Media(bind="198.51.100.7", advertise=("203.0.113.9",)), "203.0.113.9"),
    ],
)
def test_the_pbx_is_told_where_we_listen(media: Media, told: str) -> None:
    assert engine_config(media, PBX_FACING).rtp_advertise == told
