"""Complete calls per second through our B2BUA on one core.

The B2BUA (user agent, transactions, parser, `protocols.b2bua`) runs in a process of its own
over real UDP sockets; caller and callee are byte templates in this process, so that nearly all
work measured is the B2BUA's. A call: INVITE, 100, 180, 200, ACK, BYE, 200 on both sides.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bench.figure import Figure, Options, figure
from protocols.aio.call import Call, IncomingCall
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.listener import CallListener, RequestContext
from protocols.aio.useragent import UserAgent
from protocols.b2bua import call as b2b
from protocols.sip.message import Request, Response

HOST = "127.0.0.1"
TARGET = 100.0

SDP = (
    "v=0\r\no=- 3724394400 3724394405 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\n"
    "t=0 0\r\nm=audio 40376 RTP/AVP 8 0 9 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:9 G722/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
    "a=ptime:20\r\na=sendrecv\r\n"
)


# The B2BUA under test


class _Leg(CallListener):
    """Turns what one leg reports into events of the bridge."""

    def __init__(self, bridge: _Bridge, leg: b2b.Leg) -> None:
        self._bridge = bridge
        self._leg = leg

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._bridge.step(b2b.Progress(response.status, response.reason, _text(sdp)))

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        self._bridge.step(b2b.Answered(_text(sdp)))

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self._bridge.step(b2b.Failed(status))

    def on_established(self, call: Call) -> None:
        return

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        call.refuse_offer(488)

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        return

    def on_end(self, call: Call, cause: str, request: Request | None) -> None:
        self._bridge.step(b2b.Ended(self._leg))

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        ctx.respond(501)


class _Bridge:
    """One call; session descriptions cross as they are."""

    def __init__(self, agent: UserAgent, incoming: IncomingCall, callee: str) -> None:
        self._agent = agent
        self._callee = callee
        self._state = b2b.BridgeCall()
        self._answer: bytes | None = None
        self._legs: dict[b2b.Leg, Call] = {b2b.Leg.A: incoming.take(_Leg(self, b2b.Leg.A))}
        incoming.ring(100)
        self.step(b2b.Placed(_text(incoming.remote_sdp)))

    def step(self, event: b2b.Event) -> None:
        self._state, effects = b2b.step(self._state, event)
        for effect in effects:
            self._carry_out(effect)

    def _carry_out(self, effect: b2b.Effect) -> None:
        a = self._legs[b2b.Leg.A]
        match effect:
            case b2b.Invite(offer):
                self._legs[b2b.Leg.B] = self._agent.invite(
                    target=f"sip:callee@{self._callee}",
                    from_=str(a.invite.from_.uri),
                    sdp=None if offer is None else offer.encode(),
                    listener=_Leg(self, b2b.Leg.B),
                )
            case b2b.Apply(sdp):
                self._answer = sdp.encode()
            case b2b.Ring(status, reason, media, _):
                a.ring(status, reason or None, self._answer if media else None)
            case b2b.Accept():
                a.accept(self._answer)
            case b2b.Reject(status, _, _):
                a.reject(status)
            case b2b.HangUp(leg, _):
                self._legs[leg].hang_up()
            case b2b.Release():
                return


def _text(sdp: bytes | None) -> str | None:
    return None if sdp is None else sdp.decode()


async def serve(callee: str) -> None:
    """The B2BUA process: says its port, then its CPU time after each line it reads."""
    endpoint = SipEndpoint()
    listener = await endpoint.listen("UDP", HOST, 0)
    agent = UserAgent(endpoint)
    agent.on_invite = lambda incoming: _bridged(agent, incoming, callee)
    print(listener.port, flush=True)
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(time.process_time(), len(agent.calls), flush=True)
    await agent.aclose()
    await endpoint.aclose()


def _bridged(agent: UserAgent, incoming: IncomingCall, callee: str) -> None:
    _Bridge(agent, incoming, callee)


# Caller and callee: as little work as possible

_HEADER = re.compile(rb"\r\n(via|from|to|call-id|cseq|contact|record-route): *([^\r]*)", re.I)


def _headers(data: bytes) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for name, value in _HEADER.findall(data):
        found.setdefault(name.lower(), []).append(value)
    return found


def _uri(contact: bytes) -> bytes:
    return contact.partition(b"<")[2].partition(b">")[0] if b"<" in contact else contact


class _Port(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]

    @property
    def port(self) -> int:
        return int(self.transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        raise NotImplementedError


class Callee(_Port):
    """Answers INVITE with 100, 180, 200 and BYE with 200."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        method = data[:7]
        if method.startswith(b"INVITE"):
            for status, body in ((b"100 Trying", b""), (b"180 Ringing", b""), (b"200 OK", _SDP)):
                self.transport.sendto(self._response(data, status, body), addr)
        elif method.startswith(b"BYE"):
            self.transport.sendto(self._response(data, b"200 OK", b""), addr)

    def _response(self, request: bytes, status: bytes, body: bytes) -> bytes:
        headers = _headers(request)
        to = headers[b"to"][0]
        if b";tag=" not in to and not status.startswith(b"100"):
            to += b";tag=callee"
        lines = [b"SIP/2.0 " + status]
        lines += [b"Via: " + via for via in headers[b"via"]]
        lines += [b"From: " + headers[b"from"][0], b"To: " + to]
        lines += [b"Call-ID: " + headers[b"call-id"][0], b"CSeq: " + headers[b"cseq"][0]]
        lines.append(b"Contact: <sip:callee@%s:%d>" % (HOST.encode(), self.port))
        if body:
            lines.append(b"Content-Type: application/sdp")
        lines.append(b"Content-Length: %d" % len(body))
        return b"\r\n".join(lines) + b"\r\n\r\n" + body


_SDP = SDP.encode()


@dataclass(slots=True)
class _Placed:
    acknowledged: bool = False
    statuses: bytes = b""


class Caller(_Port):
    """Keeps `parallel` calls going until told to stop; counts the complete ones."""

    def __init__(self, b2bua: int) -> None:
        self._to = (HOST, b2bua)
        self._calls: dict[bytes, _Placed] = {}
        self._numbers = count(1)
        self._ended: Callable[[], None] | None = None
        self.complete = 0
        self.wrong: list[bytes] = []

    async def run(self, calls: int, parallel: int) -> None:
        """Place `calls` calls and wait until all of them are over."""
        done = asyncio.get_running_loop().create_future()
        self._left, self._running = calls, 0

        def ended() -> None:
            self._running -= 1
            if self._left:
                self._place()
            elif not self._running and not done.done():
                done.set_result(None)

        self._ended = ended
        for _ in range(min(parallel, calls)):
            self._place()
        async with asyncio.timeout(120):
            await done

    def _place(self) -> None:
        self._left -= 1
        self._running += 1
        number = next(self._numbers)
        call_id = b"bench-%d@caller" % number
        self._calls[call_id] = _Placed()
        self._send(b"INVITE", b"sip:callee@" + HOST.encode(), call_id, b"", b"1", _SDP)

    def _send(
        self, method: bytes, uri: bytes, call_id: bytes, to_tag: bytes, cseq: bytes, body: bytes
    ) -> None:
        local = b"%s:%d" % (HOST.encode(), self.port)
        lines = [
            method + b" " + uri + b" SIP/2.0",
            b"Via: SIP/2.0/UDP %s;rport;branch=z9hG4bK%s%s%s" % (local, method, call_id[:-7], cseq),
            b"Max-Forwards: 70",
            b"From: <sip:caller@example.com>;tag=caller",
            b"To: <sip:callee@example.com>" + (b";tag=" + to_tag if to_tag else b""),
            b"Call-ID: " + call_id,
            b"CSeq: " + cseq + b" " + method,
            b"Contact: <sip:caller@" + local + b">",
            b"Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, UPDATE, INFO, REFER, NOTIFY, MESSAGE",
            b"Supported: timer, replaces, norefersub",
            b"User-Agent: bench",
        ]
        if body:
            lines.append(b"Content-Type: application/sdp")
        lines.append(b"Content-Length: %d" % len(body))
        self.transport.sendto(b"\r\n".join(lines) + b"\r\n\r\n" + body, self._to)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        headers = _headers(data)
        call_id = headers[b"call-id"][0]
        call = self._calls.get(call_id)
        if call is None or not data.startswith(b"SIP/2.0 "):
            return
        status, cseq = data[8:11], headers[b"cseq"][0]
        if cseq == b"1 INVITE":
            call.statuses += status + b" "
            if status == b"200" and not call.acknowledged:
                call.acknowledged = True
                tag = headers[b"to"][0].rpartition(b";tag=")[2]
                target = _uri(headers[b"contact"][0])
                self._send(b"ACK", target, call_id, tag, b"1", b"")
                self._send(b"BYE", target, call_id, tag, b"2", b"")
            elif status[0:1] not in b"12":
                self._over(call_id, status)
        elif status[0:1] == b"2":
            complete = call.statuses.startswith(b"100 180 200 ")
            self._over(call_id, None if complete else call.statuses)

    def _over(self, call_id: bytes, wrong: bytes | None) -> None:
        del self._calls[call_id]
        if wrong is None:
            self.complete += 1
        else:
            self.wrong.append(wrong)
        if self._ended is not None:
            self._ended()


async def _run_once(calls: int, parallel: int) -> tuple[float, float]:
    """(calls per second of the B2BUA's CPU time, calls per second of wall time)."""
    loop = asyncio.get_running_loop()
    callee_wire, callee = await loop.create_datagram_endpoint(Callee, local_addr=(HOST, 0))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.sip_b2bua",
        f"{HOST}:{callee.port}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None and child.stdout is not None
    stdin, stdout = child.stdin, child.stdout

    async def ask() -> float:
        stdin.write(b"\n")
        return float((await stdout.readline()).split()[0])

    try:
        port = int(await stdout.readline())
        caller_wire, caller = await loop.create_datagram_endpoint(
            lambda: Caller(port), local_addr=(HOST, 0)
        )
        await caller.run(50, parallel)  # warm-up: caches, lazy imports
        cpu, wall = await ask(), time.perf_counter()
        await caller.run(calls, parallel)
        wall, cpu = time.perf_counter() - wall, await ask() - cpu
        if caller.wrong or caller.complete != calls + 50:
            raise RuntimeError(f"calls went wrong: {caller.wrong[:3]}")
        caller_wire.close()
    finally:
        callee_wire.close()
        stdin.close()
        try:
            async with asyncio.timeout(20):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()
    return calls / cpu, calls / wall


def measure(options: Options) -> list[Figure]:
    """Three runs; the gated figure is per second of one core, whatever else the machine does."""
    calls = 200 if options.quick else 1500
    runs = [asyncio.run(_run_once(calls, 16)) for _ in range(3)]
    return [
        figure(
            "sip_b2bua",
            "complete calls per core-second",
            [per_core for per_core, _ in runs],
            "calls/s",
            limit=TARGET,
            relation=">=",
            calls=calls,
            parallel=16,
        ),
        figure(
            "sip_b2bua",
            "complete calls per second of wall time, generator beside it",
            [wall for _, wall in runs],
            "calls/s",
            note="reported",
        ),
    ]


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
