"""Small payload operations of the forwarder: header clean-up and G.711 recoding by table."""

from __future__ import annotations

from media.audio.g711 import ALAW_TO_ULAW, SILENCE, ULAW_TO_ALAW
from media.worker.port import MUTE_PCMA, MUTE_PCMU, TO_PCMA, TO_PCMU
from protocols.rtp.packet import HEADER_SIZE, payload_start

LAW_TABLES: dict[int, bytes] = {
    TO_PCMU: ALAW_TO_ULAW,
    TO_PCMA: ULAW_TO_ALAW,
    MUTE_PCMU: SILENCE["PCMU"] * 256,
    MUTE_PCMA: SILENCE["PCMA"] * 256,
}
BY_TABLE = TO_PCMU | TO_PCMA | MUTE_PCMU | MUTE_PCMA


def plain_header(data: bytearray, at: int, length: int) -> int:
    """Strip CSRCs, extension and padding in place; the new length, 0 for a broken packet.

    The other leg negotiated no header extension (RFC 8285) and our SSRC is no mixer's, so none of
    these may cross the bridge.
    """
    first = data[at]
    start = payload_start(data, length, at)
    if start is None:
        return 0
    if first & 0x20:
        padding = data[at + length - 1]
        if padding == 0 or padding > length - start:
            return 0
        length -= padding
    if start != HEADER_SIZE:
        body = data[at + start : at + length]
        data[at + HEADER_SIZE : at + HEADER_SIZE + len(body)] = body
        length = HEADER_SIZE + len(body)
    data[at] = 0x80
    return length
