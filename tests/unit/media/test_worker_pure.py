"""The worker's pure parts: rewriting, silence, sources, ports, STUN door, formats, SDP, ICE."""

from __future__ import annotations

import itertools
import random
import struct

import pytest
from aioice import stun

from media.engine import LegKind, LegProfile, MediaError
from media.worker import ice
from media.worker.addresses import from_sockaddr, is_usable, sockaddr, v4_key
from media.worker.config import EmbeddedConfig, WorkerConfig, worker_share
from media.worker.dtls import MTU, Fingerprint, Identity, pack_records
from media.worker.ice import Credentials
from media.worker.ice_full import AgentState, ControllingAgent
from media.worker.negotiate import (
    accepted_formats,
    bridgeable,
    chosen_formats,
    event_format,
    forwarding,
    offered_formats,
)
from media.worker.outgoing import OutgoingStream
from media.worker.payload import LAW_TABLES, plain_header
from media.worker.port import DROP, EVENT, MUTE_PCMA, MUTE_PCMU, REGENERATE, TO_PCMU, MediaPort
from media.worker.ports import PortRange
from media.worker.remote import Format, read_description
from media.worker.source_rule import SourceRule
from media.worker.stun_gate import StunGate
from media.worker.watchdog import SilenceWatch
from protocols.rtp.codecs import OPUS, PCMA, PCMU, telephone_event
from protocols.rtp.packet import RtpPacket

LITE = LegProfile(LegKind.WEBRTC_LITE)


class TestOutgoing:
    def test_feeders_follow_each_other_without_a_jump(self) -> None:
        out = OutgoingStream()
        out.follow("one", 11, 65530, 4_000_000_000, 1.0)
        first = ((65530 + out.seq_offset) & 0xFFFF, (4_000_000_000 + out.ts_offset) & 0xFFFFFFFF)
        out.sent(*first, 160, 1.0)
        out.follow("two", 22, 5, 80, 1.5)
        second = ((5 + out.seq_offset) & 0xFFFF, (80 + out.ts_offset) & 0xFFFFFFFF)
        assert (second[0] - first[0]) & 0xFFFF == 1
        assert (second[1] - first[1]) & 0xFFFFFFFF == 4000  # half a second of 8 kHz
        assert out.mark

    def test_made_packets_step_exactly_and_digits_keep_their_timestamp(self) -> None:
        out = OutgoingStream()
        frames = [
            out.generate("tone", 8, b"x" * 160, 1.0 + i * 0.0213, advance=160) for i in range(3)
        ]
        heads = [struct.unpack("!BBHII", f[:12]) for f in frames]
        assert [h[1] >> 7 for h in heads] == [1, 0, 0]
        assert {(b[3] - a[3]) & 0xFFFFFFFF for a, b in itertools.pairwise(heads)} == {160}
        pinned = out.timestamp_at(2.0)
        digits = [
            out.generate("d", 101, b"1234", 2.0 + i * 0.02, timestamp=pinned) for i in range(5)
        ]
        assert {struct.unpack("!I", d[4:8])[0] for d in digits} == {pinned}
        after = out.timestamp_at(2.2)
        assert (after - pinned) & 0xFFFFFFFF == 1600  # the clock went on under the digit


class TestReception:
    def port(self) -> MediaPort:
        port = MediaPort("p", secure=False)
        port.packets_in = 1
        port.new_source(7, 100)
        return port

    def test_loss_reordering_and_wrap(self) -> None:
        port = MediaPort("p", secure=False)
        port.packets_in = 1
        port.new_source(7, 65534)
        assert port.late_or_gap(65535 + 2 & 0xFFFF)  # one is missing, over the wrap
        port.packets_in += 1
        assert (port.cycles, port.expected, port.received) == (1, 4, 2)
        assert port.late_or_gap(0)  # the missing one, late
        assert not port.late_or_gap(port.max_seq)  # a duplicate

    def test_a_packet_older_than_the_stream_is_not_forwarded(self) -> None:
        port = self.port()
        assert not port.late_or_gap(98)

    def test_a_late_packet_passes_once_and_never_across_a_take_over(self) -> None:
        port = self.port()
        assert port.late_or_gap(103)
        assert [port.late_or_gap(s) for s in (101, 101, 100)] == [True, False, False]
        port.took_over()
        assert not port.late_or_gap(102)
        for seq in range(200, 40_000, 100):  # far from the stream's start it is the same
            assert port.late_or_gap(seq)
        assert port.late_or_gap(39_850) and not port.late_or_gap(39_850)
        assert len(port.missing) < 100

    def test_a_restart_needs_two_packets_in_a_row(self) -> None:
        port = self.port()
        assert not port.late_or_gap(40000)
        assert port.late_or_gap(40001)
        assert port.base_seq == 40001

    def test_a_limit_of_sources(self) -> None:
        port = self.port()
        port.max_sources = 2
        port.new_source(8, 1)
        assert not port.room_for_source()


def test_header_extension_csrc_and_padding_do_not_cross() -> None:
    rich = RtpPacket(8, 1, 2, 3, b"p" * 20, csrc=(9,), extension=(0xBEDE, b"1234")).to_bytes()
    slot = bytearray(b"\xee" * 10 + bytes([rich[0] | 0x20]) + rich[1:] + b"\0\0\0\4" + b"\xee" * 10)
    length = plain_header(slot, 10, len(rich) + 4)
    packet = RtpPacket.parse(bytes(slot[10 : 10 + length]))
    assert packet.payload == b"p" * 20 and packet.csrc == () and packet.extension is None
    assert (packet.sequence, packet.timestamp, packet.ssrc) == (1, 2, 3)
    assert plain_header(bytearray(b"\x9f\x08" + bytes(12)), 0, 14) == 0


def test_silence_steps_are_told_once_and_the_return() -> None:
    watch = SilenceWatch(since=10.0)
    assert watch.update(0, 10.4) == []
    assert watch.update(0, 10.5) == [0.5]
    assert watch.update(0, 16.0) == [3.0, 5.0]
    assert watch.update(0, 20.0) == []
    assert watch.update(1, 21.0) == [0.0]
    assert watch.update(2, 22.0) == []
    assert watch.update(2, 52.0) == [0.5, 3.0, 5.0, 30.0]


def test_silence_is_measured_from_the_packet_not_from_the_look() -> None:
    watch = SilenceWatch(since=10.0)
    assert watch.due == 10.5
    assert watch.update(20, 10.5, heard=10.4) == [] and watch.due == 10.9
    assert watch.update(20, 10.9, heard=10.4) == [0.5]
    assert watch.due == 0.0  # it may be heard again at any time
    assert watch.update(21, 11.0, heard=10.98) == [0.0] and watch.due == 11.48


def test_rtp_is_believed_from_the_announced_address_and_one_port() -> None:
    rule = SourceRule(("192.0.2.1", 4000))
    assert not rule.admits(("192.0.2.2", 4000))
    assert rule.admits(("192.0.2.1", 5000))
    assert rule.learn(("192.0.2.1", 5000)) and not rule.settled
    assert not rule.learn(("192.0.2.1", 6000))
    assert rule.admits(("192.0.2.1", 5000)) and not rule.admits(("192.0.2.1", 6000))
    # Late packets of an earlier peer may have been learnt: the announced port wins back.
    assert rule.admits(("192.0.2.1", 4000)) and rule.learn(("192.0.2.1", 4000)) and rule.settled
    assert not rule.admits(("192.0.2.1", 5000))
    keyed = SourceRule(("192.0.2.1", 4000), authenticated=True)
    assert keyed.admits(("198.51.100.9", 1234))


def test_a_late_packet_of_the_former_peer_teaches_nothing() -> None:
    before = SourceRule(("192.0.2.1", 4000))
    before.learn(("192.0.2.1", 5000))
    rule = SourceRule(("192.0.2.1", 4100), former=before.peer)
    assert rule.admits(("192.0.2.1", 5000)) and not rule.learn(("192.0.2.1", 5000))
    assert rule.learn(("192.0.2.1", 4100)) and rule.settled
    same = SourceRule(("192.0.2.1", 5000), former=("192.0.2.1", 5000))
    assert same.learn(("192.0.2.1", 5000))  # it was announced: nothing is late


def test_ports_come_in_pairs_and_rest_after_use() -> None:
    ports = PortRange(31000, 31007, quarantine_s=5.0)
    taken = [ports.take("127.0.0.1", 0.0, pair=True) for _ in range(4)]
    numbers = {s.getsockname()[1] for s, _ in taken}
    assert numbers == {31000, 31002, 31004, 31006}
    assert all(r is not None and r.getsockname()[1] == s.getsockname()[1] + 1 for s, r in taken)
    with pytest.raises(MediaError):
        ports.take("127.0.0.1", 0.0, pair=True)
    first, second = taken[0]
    number = first.getsockname()[1]
    first.close()
    assert second is not None
    second.close()
    ports.give_back(number, 0.0)
    with pytest.raises(MediaError):
        ports.take("127.0.0.1", 4.9, pair=True)
    again, rtcp = ports.take("127.0.0.1", 5.1, pair=True)
    assert again.getsockname()[1] == number
    for sock in [again, rtcp, *(x for pair in taken[1:] for x in pair)]:
        assert sock is not None
        sock.close()


class TestAddresses:
    @pytest.mark.parametrize("address", [("192.0.2.7", 5004), ("2001:db8::9", 65535)])
    def test_round_trip(self, address: tuple[str, int]) -> None:
        assert from_sockaddr(sockaddr(address)) == address

    def test_keys_differ_by_port_and_host(self) -> None:
        keys = {v4_key(("192.0.2.1", p)) for p in (1, 2)} | {v4_key(("192.0.2.2", 1))}
        assert len(keys) == 3

    @pytest.mark.parametrize("host", ["224.0.0.1", "0.0.0.0", "::", "ff02::1", "host.example", ""])
    def test_nobody_sends_media_there(self, host: str) -> None:
        assert not is_usable(host, 4000)

    def test_port_zero(self) -> None:
        assert not is_usable("192.0.2.1", 0) and is_usable("192.0.2.1", 1)


def check(name: str, password: str, **attributes: object) -> bytes:
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = name
    message.attributes.update(attributes)
    message.add_message_integrity(password.encode())
    return bytes(message)


class TestLiteIce:
    mine = Credentials("abcd1234", "p" * 24)

    def answer(self, data: bytes):
        message = ice.parse(data)
        assert message is not None
        return ice.answer_check(message, ("192.0.2.5", 4711), self.mine)

    def test_a_good_check_is_answered_with_its_address(self) -> None:
        result = self.answer(check("abcd1234:peer", self.mine.pwd, **{"ICE-CONTROLLING": 1}))
        assert result is not None and result.valid and not result.nominated
        reply = ice.parse(result.reply)
        assert reply is not None and reply.check_message_integrity(self.mine.pwd.encode())
        assert reply.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.5", 4711)

    def test_nomination_conflict_and_forgery(self) -> None:
        nominated = self.answer(check("abcd1234:p", self.mine.pwd, **{"USE-CANDIDATE": None}))
        assert nominated is not None and nominated.nominated
        conflict = self.answer(check("abcd1234:p", self.mine.pwd, **{"ICE-CONTROLLED": 1}))
        assert conflict is not None and not conflict.valid
        error = ice.parse(conflict.reply)
        assert error is not None and error.error_code == 487
        assert self.answer(check("abcd1234:p", "another password, 24 oct")) is None

    def test_our_half_of_the_name_is_found_without_parsing(self) -> None:
        assert ice.local_ufrag(check("abcd1234:peer", "x")) == "abcd1234"
        assert ice.local_ufrag(b"\x00\x01\x00\x00" + bytes(40)) is None
        chance = random.Random(1)
        for _ in range(2000):
            data = bytearray(check("abcd1234:peer", "x"))
            for _ in range(3):
                data[chance.randrange(len(data))] = chance.randrange(256)
            ice.local_ufrag(bytes(data[: chance.randrange(len(data))]))

    def test_the_door(self) -> None:
        gate, leg = StunGate(per_source=3, failures_per_host=5), object()
        gate.add(leg, self.mine)
        data, source = check("abcd1234:peer", "x"), ("192.0.2.1", 4000)
        assert [gate.admit(data, source, 0.5) for _ in range(4)] == ["abcd1234"] * 3 + [None]
        assert gate.admit(data, ("192.0.2.2", 4000), 0.5) == "abcd1234"  # has its own share
        assert gate.admit(data, source, 1.6) == "abcd1234"
        assert gate.admit(check("stranger:peer", "x"), ("192.0.2.3", 1), 1.6) is None
        gate.retire(self.mine, at=30.0)
        gate.expire(29.0)
        assert len(gate) == 1
        gate.expire(30.0)
        assert gate.admit(data, ("192.0.2.4", 1), 31.0) is None

    def test_the_door_is_wide_for_many_calls_behind_one_address(self) -> None:
        gate = StunGate(per_source=3, failures_per_host=5)
        names = [f"leg{n:05d}" for n in range(200)]
        for name in names:
            gate.add(object(), Credentials(name, "p" * 24))
        nat = [check(f"{name}:peer", "x") for name in names]
        ports = [gate.admit(d, ("192.0.2.1", 1000 + n), 0.5) for n, d in enumerate(nat)]
        relay = [gate.admit(d, ("192.0.2.1", 3478), 0.5) for d in nat]
        assert ports == relay == names

    def test_forged_checks_close_the_door_for_unproven_ports_of_their_host(self) -> None:
        gate = StunGate(per_source=50, failures_per_host=5)
        gate.add(object(), self.mine)
        data = check("abcd1234:peer", "x")
        for port in range(9):
            if gate.admit(data, ("192.0.2.1", port), 0.5) is not None:
                gate.failed("192.0.2.1")
        assert gate.dropped == 4
        assert gate.admit(data, ("192.0.2.1", 7), 0.6, proven=True) == "abcd1234"
        assert gate.admit(data, ("192.0.2.2", 7), 0.6) == "abcd1234"
        assert gate.admit(data, ("192.0.2.1", 7), 1.6) == "abcd1234"


class TestFullIce:
    """The controlling agent against the lite answers, on a virtual clock."""

    lite, local = Credentials("litefrag", "l" * 24), Credentials("fullfrag", "f" * 24)
    gateway = ("192.0.2.1", 5000)

    def answer(self, data: bytes) -> tuple[bytes, bool]:
        message = ice.parse(data)
        assert message is not None
        result = ice.answer_check(message, ("198.51.100.1", 9), self.lite)
        assert result is not None and result.valid
        return result.reply, result.nominated

    def started(self, *candidates: tuple[str, int]) -> ControllingAgent:
        agent = ControllingAgent(self.local)
        agent.start(self.lite, candidates or (self.gateway,), 0.0)
        return agent

    def test_check_then_nominate_then_consent(self) -> None:
        agent = self.started()
        ((data, address),) = agent.poll(0.0)
        assert address == self.gateway
        reply, nominated = self.answer(data)
        assert not nominated
        first = agent.receive(reply, self.gateway, 0.01)
        assert first.verified and not first.nominated
        reply, nominated = self.answer(first.replies[0])
        assert nominated
        assert agent.receive(reply, self.gateway, 0.02).nominated
        assert agent.state is AgentState.CONNECTED and agent.selected == self.gateway
        assert agent.poll(1.0) == []
        ((data, _),) = agent.poll(4.0)
        assert not self.answer(data)[1]
        assert not agent.consent_expired(30.0) and agent.consent_expired(31.0)

    def test_lost_checks_are_repeated_soon_and_end(self) -> None:
        agent = self.started()
        sent, now = 0, 0.0
        while agent.state is AgentState.CHECKING:
            sent += len(agent.poll(now))
            delay = agent.next_timeout(now)
            now += max(delay or 0.0, 0.001)
            assert now < 30
        assert agent.state is AgentState.FAILED and sent == 8

    def test_the_second_candidate_wins_when_the_first_is_dead(self) -> None:
        other = ("203.0.113.1", 5000)
        agent = self.started(self.gateway, other)
        sends = {a: d for d, a in agent.poll(0.5)}
        first = agent.receive(self.answer(sends[other])[0], other, 0.5)
        agent.receive(self.answer(first.replies[0])[0], other, 0.6)
        assert agent.selected == other

    def test_answers_prove_nothing_from_elsewhere_or_with_a_wrong_key(self) -> None:
        agent = self.started()
        ((data, _),) = agent.poll(0.0)
        reply, _ = self.answer(data)
        assert not agent.receive(reply, ("203.0.113.9", 5000), 0.1).verified
        message = ice.parse(data)
        assert message is not None
        forged = stun.Message(
            message_method=stun.Method.BINDING,
            message_class=stun.Class.RESPONSE,
            transaction_id=message.transaction_id,
        )
        forged.add_message_integrity(b"wrong")
        assert not agent.receive(bytes(forged), self.gateway, 0.1).verified
        assert not agent.receive(b"\x01\x01rubbish", self.gateway, 0.1).verified

    def test_a_full_peers_check_is_answered(self) -> None:
        agent = self.started()
        result = agent.receive(check("fullfrag:x", self.local.pwd), self.gateway, 0.1)
        assert result.verified and len(result.replies) == 1
        assert not agent.receive(check("fullfrag:x", "wrong"), self.gateway, 0.1).verified


class TestFormats:
    chromium = (
        Format(0, PCMU), Format(8, PCMA), Format(111, OPUS),
        Format(110, telephone_event(48000)), Format(126, telephone_event(8000)),
    )  # fmt: skip
    firefox_opus = (Format(109, OPUS), Format(101, telephone_event(8000)))
    phone = (Format(8, PCMA), Format(101, telephone_event(8000)))

    def test_offer(self) -> None:
        formats = offered_formats(LITE)
        assert [(f.pt, f.codec.name) for f in formats] == [
            (8, "PCMA"), (0, "PCMU"), (101, "telephone-event"),
        ]  # fmt: skip
        opus = offered_formats(LegProfile(LegKind.RTP, codecs=("opus", "PCMA")))
        assert event_format(opus) == Format(110, telephone_event(48000), "0-16")
        with pytest.raises(MediaError):
            offered_formats(LegProfile(LegKind.RTP, codecs=("G729",)))

    def test_answer_keeps_the_offers_numbers_and_one_event_clock(self) -> None:
        answer = chosen_formats(LITE, self.chromium)
        assert [f.pt for f in answer] == [8, 0, 126]
        opus = chosen_formats(LegProfile(LegKind.WEBRTC_LITE, codecs=("opus",)), self.chromium)
        assert [f.pt for f in opus] == [111, 110]
        firefox = chosen_formats(
            LegProfile(LegKind.WEBRTC_LITE, codecs=("opus",)), self.firefox_opus
        )
        assert [f.pt for f in firefox] == [109, 101]
        with pytest.raises(MediaError):
            chosen_formats(LegProfile(LegKind.RTP, codecs=("G722",)), self.chromium)

    def test_an_answer_may_use_other_numbers(self) -> None:
        theirs = (Format(8, PCMA), Format(96, telephone_event(8000)), Format(3, OPUS))
        assert [f.pt for f in accepted_formats(offered_formats(LITE), theirs)] == [8, 96]

    def test_crossing_the_bridge(self) -> None:
        actions = forwarding(self.chromium, self.phone)
        assert actions[8] == 8 and actions[0x88] == 0x88
        assert actions[0] & ~0xFF and actions[0] & 0xFF == 8  # recoded
        assert actions[126] == EVENT | 101
        assert actions[111] == DROP and actions[77] == DROP
        to_pcmu = forwarding(self.phone, (Format(0, PCMU),))
        assert to_pcmu[8] == TO_PCMU | 0
        assert to_pcmu[101] == REGENERATE  # no events there: the session decides
        assert not bridgeable((Format(109, OPUS),), self.phone)

    def test_muted_only_keys_and_silence_cross(self) -> None:
        actions = forwarding(self.chromium, self.phone, muted=True)
        assert actions[8] == MUTE_PCMA | 8 and actions[0] == MUTE_PCMA | 8
        assert LAW_TABLES[MUTE_PCMA][0x12] == LAW_TABLES[MUTE_PCMA][0x81] == 0xD5
        assert LAW_TABLES[MUTE_PCMU][0x12] == 0xFF
        assert actions[126] == EVENT | 101
        assert forwarding((Format(111, OPUS),), (Format(96, OPUS),), muted=True)[111] == DROP

    def test_events_with_the_wrong_clock_are_sent_anew(self) -> None:
        target = (Format(111, OPUS), Format(101, telephone_event(8000)))
        assert forwarding(self.firefox_opus, target)[101] == REGENERATE


def test_dtls_records_never_span_datagrams() -> None:
    chance = random.Random(5)
    records = []
    for number in range(40):
        body = bytes(chance.randrange(1, 1100))
        records.append(
            bytes([22, 0xFE, 0xFD])
            + struct.pack("!HIH", 0, 0, number)
            + struct.pack("!H", len(body))
            + body
        )
    datagrams = pack_records(b"".join(records))
    assert b"".join(datagrams) == b"".join(records)
    assert all(len(d) <= MTU for d in datagrams)
    assert any(len(d) > 1000 for d in datagrams)


def test_fingerprints_of_all_three_digests() -> None:
    from cryptography.hazmat.primitives import hashes

    certificate = Identity().certificate
    for name, digest in (
        ("sha-256", hashes.SHA256()), ("SHA-384", hashes.SHA384()), ("sha-512", hashes.SHA512()),
    ):  # fmt: skip
        value = certificate.fingerprint(digest).hex(":").upper()
        assert Fingerprint(name, value).matches(certificate)
        assert not Fingerprint(name, "00" + value[2:]).matches(certificate) or value[:2] == "00"
    assert not Fingerprint("sha-1", "AA:BB").matches(certificate)


def test_session_level_values_of_firefox_are_read() -> None:
    remote = read_description(
        "v=0\r\no=mozilla 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=sendrecv\r\n"
        "a=fingerprint:sha-256 AA:BB\r\na=group:BUNDLE 0\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 109 8 101\r\nc=IN IP4 0.0.0.0\r\na=recvonly\r\n"
        "a=ice-ufrag:u\r\na=ice-pwd:p\r\na=mid:0\r\na=rtcp-mux\r\na=setup:actpass\r\n"
        "a=rtpmap:109 opus/48000/2\r\na=rtpmap:8 PCMA/8000\r\n"
        "a=rtpmap:101 telephone-event/8000/1\r\n"
        "a=candidate:1 1 UDP 9 x.local 5000 typ host\r\n"
        "a=candidate:1 1 UDP 9 192.0.2.9 5000 typ host\r\n"
    )
    assert remote.fingerprints == (Fingerprint("sha-256", "AA:BB"),)
    assert remote.direction.value == "recvonly" and remote.bundled
    assert remote.candidates == (("192.0.2.9", 5000),)
    assert [f.codec.name for f in remote.formats] == ["opus", "PCMA", "telephone-event"]


def test_workers_share_ports_and_survive_json() -> None:
    config = EmbeddedConfig(port=5000, workers=3, rtp_ports=(20000, 20029))
    shares = [worker_share(config, i, f"/s{i}") for i in range(3)]
    assert [s.port for s in shares] == [5000, 5001, 5002]
    ranges = [set(range(s.rtp_ports[0], s.rtp_ports[1] + 1)) for s in shares]
    assert not ranges[0] & ranges[1] and not ranges[1] & ranges[2]
    assert WorkerConfig.from_json(shares[1].to_json()) == shares[1]
    with pytest.raises(ValueError, match="too small"):
        worker_share(EmbeddedConfig(workers=9, rtp_ports=(1, 4)), 0, "")
