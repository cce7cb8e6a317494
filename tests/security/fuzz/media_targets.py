"""What arrives on media ports, and rtpengine's answers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from tests.security.fuzz.registry import Run, target

RTP = bytes.fromhex("8008000100000002000000 03".replace(" ", "")) + bytes(160)
RTP_EXTENDED = bytes.fromhex("b1e500010000000200000003 00000009 bede0001 10ff0000".replace(" ", ""))
RTCP = bytes.fromhex(
    "81c80000 00000003 00000001 00000002 00000003 00000004 00000005"
    "81ca0003 00000003 0102 6162 00000000 81cb0001 00000003".replace(" ", "")
)


def _stun() -> Iterable[bytes]:
    from aioice import stun

    message = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.REQUEST,
        transaction_id=bytes(12),
    )
    message.attributes["USERNAME"] = "abcdefgh:peer"
    message.attributes["PRIORITY"] = 1
    message.attributes["ICE-CONTROLLING"] = 7
    message.attributes["USE-CANDIDATE"] = None
    yield bytes(message)
    message.add_message_integrity(b"x" * 24)
    yield bytes(message)
    message.attributes["XOR-MAPPED-ADDRESS"] = ("2001:db8::1", 4000)
    message.attributes["ERROR-CODE"] = (487, "Role Conflict")
    yield bytes(message)


@target(_stun, max_len=1500)
def stun() -> Run:
    from media.worker.ice import Credentials, answer_check, parse
    from media.worker.stun_gate import StunGate

    mine = Credentials("abcdefgh", "x" * 24)

    def run(data: bytes) -> None:
        gate = StunGate(50, 50)
        gate.add(object(), mine)
        gate.admit(data, ("192.0.2.1", 4000), 1.0)
        message = parse(data)
        if message is not None:
            answer_check(message, ("192.0.2.1", 4000), mine)

    return run


@target(lambda: [RTP, RTP_EXTENDED, RTCP, RTCP * 3], max_len=1500)
def rtp() -> Run:
    from protocols.rtp.errors import RtpError
    from protocols.rtp.packet import RtpPacket, payload_start
    from protocols.rtp.rtcp import parse_compound

    def run(data: bytes) -> None:
        if len(data) >= 12:  # the media loop drops what is shorter before
            start = payload_start(data, len(data))
            assert start is None or 12 <= start <= len(data)
        with contextlib.suppress(RtpError):
            RtpPacket.parse(data).to_bytes()
        with contextlib.suppress(RtpError):
            for packet in parse_compound(data):
                packet.to_bytes()

    return run


@target(lambda: [RTP, RTP_EXTENDED, RTCP, RTP[:12]], max_len=1500)
def srtp() -> Run:
    """libsrtp with the key that we give it, and packets that another context sealed."""
    from media.worker.srtp import SlotPointers, SrtpContext
    from protocols.rtp.srtp import MasterKeys, profile_by_dtls_name

    profile = profile_by_dtls_name("SRTP_AES128_CM_SHA1_80")
    assert profile is not None
    key = bytes(range(profile.master_length))

    def run(data: bytes) -> None:
        sender = SrtpContext(MasterKeys(profile, key, key))
        receiver = SrtpContext(MasterKeys(profile, key, key))
        slots = SlotPointers(bytearray(4096), 2, 2048)
        for sealed in (False, True):
            slots.view[: len(data)] = data
            length = sender.protect(slots, 0, len(data)) if sealed else len(data)
            assert receiver.unprotect(slots, 0, length) in (0, len(data) if sealed else 0)
        assert receiver.unprotect_rtcp(data) is None
        sealed_rtcp = sender.protect_rtcp(data)
        assert sealed_rtcp is None or receiver.unprotect_rtcp(sealed_rtcp) == data

    return run


@target(lambda: [bytes.fromhex("050a00a0 058a0320 058a0320".replace(" ", ""))], max_len=400)
def dtmf() -> Run:
    """Events in any order: a digit has a name and is reported once per (SSRC, timestamp)."""
    from protocols.rtp.dtmf import DIGITS, DtmfReceiver

    def run(data: bytes) -> None:
        receiver = DtmfReceiver(8000)
        keys: set[tuple[int, int]] = set()
        digits = []
        for at in range(0, len(data), 6):
            packet = data[at : at + 6]
            key = (packet[0] & 1, packet[-1])
            keys.add(key)
            digits += receiver.receive(*key, packet[1:-1])
        digits += receiver.flush()
        assert all(found.digit in DIGITS for found in digits)
        if len(keys) <= 8:
            assert len(digits) <= len(keys)

    return run


NG = (
    b"d6:result2:ok3:sdp5:v=0\r\ne",
    b"d6:result2:ok4:tagsd1:ad6:mediasld7:streamsld5:statsd7:packetsi5eeee5:codec4:PCMAeeee"
    b"6:totalsd3:RTPd7:packetsi1eeee",
    b"li-1ei0eli2eee",
)


@target(lambda: NG)
def bencode() -> Run:
    from media.rtpengine.bencode import BencodeError, decode, encode
    from media.rtpengine.query import figures_of

    def run(data: bytes) -> None:
        try:
            value = decode(data)
        except BencodeError:
            return
        encode(value)
        if isinstance(value, dict):
            figures_of(value, "a")

    return run
