"""sipp as caller and callee of our user agent, over UDP and TCP (Debian's build has no TLS)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from protocols.aio.call import IncomingCall
from protocols.aio.flow import Flow
from protocols.aio.listener import RequestContext
from protocols.aio.useragent import UserAgent
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.message import Request, Response
from protocols.sip.registration.registrar import Registrar
from tests.support.ports import HOST
from tests.support.sip_calls import ANSWER, OFFER, Recorder, user_agent
from tests.support.sipp import start_sipp

CALLS = 10
SIGNED = "[authentication username=caller password=secret]"


@pytest.fixture(params=["UDP", "TCP"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def agent(transport: str) -> AsyncIterator[tuple[UserAgent, str]]:
    async with user_agent(transport) as (ua, at):
        yield ua, at.partition(";")[0]
        async with asyncio.timeout(10):
            await ua.idle()
        assert ua.calls == []


def challenge(ua: UserAgent) -> None:
    digest = DigestServer("sipp.test", {"caller": "secret"}.get, algorithms=("MD5",))

    def authenticate(request: Request, flow: Flow) -> Response | None:
        if request.method not in ("INVITE", "REGISTER"):
            return None
        verdict = digest.check(request, asyncio.get_running_loop().time())
        return verdict.response if isinstance(verdict, Refused) else None

    ua.authenticate = authenticate


class Answering(Recorder):
    """Answers every call; `then` says what to do once it is established."""

    def __init__(self, ua: UserAgent, then: Callable[[IncomingCall], None] | None = None) -> None:
        super().__init__()
        self._then = then
        self._calls: dict[str, IncomingCall] = {}
        ua.on_invite = self._invited

    def _invited(self, call: IncomingCall) -> None:
        call.take(self)
        self._calls[call.call_id] = call
        self._note("invite")
        call.ring()
        call.accept(ANSWER)

    def on_established(self, call: object) -> None:
        super().on_established(call)  # type: ignore[arg-type]
        if self._then is not None:
            self._then(call)  # type: ignore[arg-type]


async def test_caller_with_digest(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, at = agent
    challenge(ua)
    callee = Answering(ua)
    sipp = await start_sipp(
        "uac_digest",
        tmp_path,
        transport=transport,
        remote=at,
        calls=CALLS,
        field=SIGNED,
        auth_uri=f"bob@{at}",
    )
    (await sipp.verdict()).expect(CALLS)
    await callee.seen("end", CALLS)
    assert callee.names().count("established") == CALLS
    assert {event[1] for event in callee.events if event[0] == "end"} == {"bye"}


async def test_caller_with_a_wrong_password(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, at = agent
    challenge(ua)
    callee = Answering(ua)
    sipp = await start_sipp(
        "uac_wrong_password",
        tmp_path,
        transport=transport,
        remote=at,
        field=SIGNED.replace("secret", "guess"),
        auth_uri=f"bob@{at}",
    )
    (await sipp.verdict()).expect(1)
    assert callee.events == []


async def test_callee_hangs_up(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, at = agent
    Answering(ua, lambda call: call.hang_up())
    sipp = await start_sipp(
        "uac_callee_hangs_up", tmp_path, transport=transport, remote=at, calls=CALLS
    )
    (await sipp.verdict()).expect(CALLS)


async def test_caller_gives_up_while_it_rings(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, at = agent
    listener = Recorder()

    def ring(call: IncomingCall) -> None:
        call.take(listener)
        call.ring()

    ua.on_invite = ring
    sipp = await start_sipp("uac_cancel", tmp_path, transport=transport, remote=at, calls=CALLS)
    (await sipp.verdict()).expect(CALLS)
    await listener.seen("end", CALLS)
    assert {event[1] for event in listener.events} == {"cancel"}


async def test_delayed_offer(agent: tuple[UserAgent, str], transport: str, tmp_path: Path) -> None:
    ua, at = agent
    answers: list[bytes | None] = []

    def established(call: IncomingCall) -> None:
        answers.append(call.remote_sdp)
        call.hang_up()

    Answering(ua, established)
    sipp = await start_sipp("uac_delayed_offer", tmp_path, transport=transport, remote=at)
    (await sipp.verdict()).expect(1)
    assert answers[0] is not None
    assert b"o=sipp" in answers[0]


async def test_caller_demands_reliable_ringing(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    # RFC 3262: the 2xx waits for the PRACK of a 183 with a session description
    ua, at = agent
    listener = Recorder()

    def ring(call: IncomingCall) -> None:
        call.take(listener)
        call.ring(183, sdp=ANSWER)
        call.accept(ANSWER)

    ua.on_invite = ring
    sipp = await start_sipp(
        "uac_reliable_ringing", tmp_path, transport=transport, remote=at, calls=CALLS
    )
    (await sipp.verdict()).expect(CALLS)
    await listener.seen("end", CALLS)


async def test_200_is_sent_until_the_ack(tmp_path: Path) -> None:
    # RFC 3261 13.3.1.4; over UDP after 0.5 and 1.5 s
    async with user_agent("UDP") as (ua, at):
        copies: list[bytes] = []
        ua.endpoint.on_trace = lambda record: (
            copies.append(record["data"])
            if record["direction"] == "out" and record["data"].startswith(b"SIP/2.0 200")
            else None
        )
        Answering(ua, lambda call: call.hang_up())
        sipp = await start_sipp("uac_late_ack", tmp_path, remote=at)
        (await sipp.verdict()).expect(1)
        assert len(copies) == 3
        assert len(set(copies)) == 1


async def test_phone_registers_with_digest(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, at = agent
    challenge(ua)
    registrar = Registrar(aor_of=lambda uri: uri.user_text)
    bound: list[int] = []

    def register(ctx: RequestContext) -> None:
        now = asyncio.get_running_loop().time()
        response = registrar.handle(ctx.request, ctx.flow.id, ctx.flow.peer.host, now)
        bound.append(len(registrar.bindings("caller", now)))
        ctx.send(response)

    ua.handle("REGISTER", register)
    sipp = await start_sipp(
        "register", tmp_path, transport=transport, remote=at, service="caller", field=SIGNED
    )
    (await sipp.verdict()).expect(1)
    assert bound == [1, 0]


async def dial(ua: UserAgent, port: int, transport: str, **options: object) -> Recorder:
    caller = Recorder()
    ua.invite(
        target=f"sip:bob@{HOST}:{port};transport={transport.lower()}",
        from_="sip:caller@sipp.test",
        sdp=OFFER,
        listener=caller,
        **options,  # type: ignore[arg-type]
    )
    return caller


@pytest.mark.parametrize("scenario", ["uas_answers", "uas_digest", "uas_forks"])
async def test_callee_answers(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path, scenario: str
) -> None:
    ua, _ = agent
    sipp = await start_sipp(scenario, tmp_path, transport=transport)
    credentials = DigestCredentials("caller", "secret")
    caller = await dial(ua, sipp.port, transport, credentials=credentials)
    _, status, sdp = await caller.seen("answer")
    assert status == 200
    assert b"o=sipp" in sdp
    [call] = ua.calls
    call.hang_up()
    (await sipp.verdict()).expect(1)


async def test_callee_rings_reliably(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, _ = agent
    sipp = await start_sipp("uas_reliable_ringing", tmp_path, transport=transport)
    caller = await dial(ua, sipp.port, transport)
    _, status, sdp = await caller.seen("progress")
    assert status == 183
    assert b"o=sipp" in sdp
    await caller.seen("answer")
    [call] = ua.calls
    call.hang_up()
    (await sipp.verdict()).expect(1)


async def test_callee_is_busy(agent: tuple[UserAgent, str], transport: str, tmp_path: Path) -> None:
    ua, _ = agent
    sipp = await start_sipp("uas_busy", tmp_path, transport=transport)
    caller = await dial(ua, sipp.port, transport)
    assert (await caller.seen("failure"))[1] == 486
    (await sipp.verdict()).expect(1)


async def test_we_give_up_while_it_rings(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, _ = agent
    sipp = await start_sipp("uas_cancelled", tmp_path, transport=transport)
    caller = await dial(ua, sipp.port, transport)
    await caller.seen("progress")
    [call] = ua.calls
    call.hang_up()
    (await sipp.verdict()).expect(1)
    assert caller.names() == ["progress", "end"]


async def test_glare_is_tried_again(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    # RFC 3261 14.1: after 491 the owner of the Call-ID waits 2.1 to 4 s
    ua, _ = agent
    sipp = await start_sipp("uas_glare", tmp_path, transport=transport)
    caller = await dial(ua, sipp.port, transport)
    await caller.seen("answer")
    [call] = ua.calls
    call.offer(OFFER.replace(b"1 1 IN", b"1 2 IN"))
    _, status, sdp = await caller.seen("offer result", within=10)
    assert status == 200
    assert sdp is not None
    call.hang_up()
    (await sipp.verdict()).expect(1)


async def test_callee_hangs_up_on_us(
    agent: tuple[UserAgent, str], transport: str, tmp_path: Path
) -> None:
    ua, _ = agent
    sipp = await start_sipp("uas_hangs_up", tmp_path, transport=transport)
    caller = await dial(ua, sipp.port, transport)
    assert (await caller.seen("end"))[1] == "bye"
    (await sipp.verdict()).expect(1)
