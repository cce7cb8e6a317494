"""Messages with something wrong in them, at a user agent in the middle of a call.

Whatever arrives: no exception of ours, the flow lives, OPTIONS is answered, and once the timers
have run nothing is left of it.
"""

from __future__ import annotations

import asyncio
import random

import pytest

from protocols.aio.call import IncomingCall
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Address
from protocols.aio.useragent import UserAgent
from protocols.testkit import Faults, MemoryNetwork, ScriptedUA, run_simulated
from tests.support.sip_calls import ANSWER, OFFER, Recorder

HOME = Address("10.0.0.1", 5060)
SPICE = [
    *(b"\0", b"\r", b"\n", b"\r\n", b" ", b"\t", b";", b",", b":", b"<", b">", b'"', b"\\", b"="),
    *(b"%", b"%00", b"\xff", b"\xc3\x28", b"99999999999999999999", b"-1", b"@", b"[", b"]"),
    *(b";tag=", b";branch=", b";rport=x", b";received=", b"sip:", b"SIP/2.0", b"*", b"\r\n\r\n"),
]


def messages(peer: ScriptedUA, dice: random.Random) -> list[bytes]:
    """Well-formed messages of every kind, in and out of the call with `call_id`."""
    to = f"<sip:bob@10.0.0.1>;tag={dice.choice(['known', 'unknown'])}"
    made = []
    for method in ("INVITE", "ACK", "BYE", "CANCEL", "PRACK", "UPDATE", "INFO", "NOTIFY", "REFER"):
        request = peer.request(
            method,
            "sip:bob@10.0.0.1",
            cseq=dice.randint(0, 5),
            call_id=dice.choice(["the-call", "another"]),
            to=dice.choice([to, "<sip:bob@10.0.0.1>"]),
            headers=[
                ("RAck", "1 1 INVITE"),
                ("Event", "refer"),
                ("Subscription-State", "active;expires=60"),
                ("Refer-To", "<sip:carol@10.0.0.3?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>"),
                ("Session-Expires", "1800;refresher=uac"),
                ("Replaces", "the-call;to-tag=known;from-tag=x"),
                ("Require", dice.choice(["100rel", "timer", "replaces"])),
                ("Authorization", 'Digest username="a", realm="r", nonce="n", response="0"'),
                ("Content-Type", "application/sdp"),
            ],
            body=OFFER,
        )
        made.append(request.to_bytes())
    for status in (100, 180, 200, 401, 491, 503):
        base = peer.request("INVITE", "sip:bob@10.0.0.1", call_id="the-call", to=to)
        made.append(peer_response(base.to_bytes(), status))
    return made


def peer_response(request: bytes, status: int) -> bytes:
    return request.replace(request.split(b"\r\n", 1)[0], b"SIP/2.0 %d Whatever" % status, 1)


def mutate(data: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 4)):
        at, end = sorted((dice.randrange(len(data) + 1), dice.randrange(len(data) + 1)))
        end = min(end, at + dice.choice([0, 1, 4, 40]))
        lines = data.split(b"\r\n")
        match dice.randrange(6):
            case 0:
                data = data[:at] + dice.choice(SPICE) + data[end:]
            case 1:
                data = data[:at] + data[end:]
            case 2:
                data = data[:at]
            case 3:
                lines.insert(dice.randrange(len(lines)), dice.choice(lines))
                data = b"\r\n".join(lines)
            case 4:
                del lines[dice.randrange(len(lines))]
                data = b"\r\n".join(lines)
            case 5:
                data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        if not data:
            return b"x"
    return data


class Busy:
    """Takes every call and answers it."""

    def __init__(self, ua: UserAgent) -> None:
        self.calls: list[IncomingCall] = []
        ua.on_invite = self._invited

    def _invited(self, call: IncomingCall) -> None:
        call.take(Recorder())
        self.calls.append(call)
        call.accept(ANSWER)


async def play(seed: int) -> None:
    dice = random.Random(seed)
    network = MemoryNetwork(asyncio.get_running_loop(), seed, Faults(jitter=0))
    endpoint = SipEndpoint(open_udp=network.opener(HOME.host), source_of=lambda _: HOME.host)
    await endpoint.listen("UDP", *HOME)
    agent = UserAgent(endpoint)
    busy = Busy(agent)
    peer = ScriptedUA("10.0.0.2", 5060, open_udp=network.opener("10.0.0.2"))
    peer.peer = HOME
    peer.send(peer.request("INVITE", "sip:bob@10.0.0.1", call_id="the-call", body=OFFER))
    await peer.expect_status(200, skip=(100, 180))
    for data in messages(peer, dice):
        peer.send(mutate(data, dice))
        await asyncio.sleep(dice.choice([0, 0.1]))
    await alive(endpoint, network)
    for call in busy.calls:
        call.hang_up()
    await asyncio.sleep(200)
    assert endpoint.counters["internal errors"] == 0
    assert endpoint.idle, list(endpoint.layer)
    assert agent.calls == []
    await agent.aclose()
    await endpoint.aclose()


async def alive(endpoint: SipEndpoint, network: MemoryNetwork) -> None:
    asker = ScriptedUA("10.0.0.9", 5060, open_udp=network.opener("10.0.0.9"))
    asker.send(asker.request("OPTIONS", "sip:bob@10.0.0.1"), HOME)
    await asker.expect_status(200)
    asker.close()


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_nothing_that_arrives_breaks_the_agent(
    first: int, caplog: pytest.LogCaptureFixture
) -> None:
    for seed in range(first, first + 40):
        run_simulated(play(seed))
        errors = [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
        assert errors == [], (seed, errors)
