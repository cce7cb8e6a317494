"""The REGISTER client against the registrar core, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from protocols.aio.listener import RequestContext
from protocols.aio.registration import RegistrationClient, RegistrationState
from protocols.aio.useragent import UserAgent
from protocols.sip.auth.credentials import Credentials, DigestCredentials
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.message import Request
from protocols.sip.registration.registrar import Binding, Registrar
from protocols.sip.txn import nict
from tests.support.sip_calls import user_agent


class Pbx:
    """A registrar that asks for a password; `requests` holds all REGISTERs it got."""

    def __init__(self, ua: UserAgent, host: str) -> None:
        self.host = host
        self.registrar = Registrar(aor_of=lambda uri: uri.user_text, gruu_host=host)
        self.digest: DigestServer | None = DigestServer("pbx.test", {"100": "pw-100"}.get)
        self.token: str | None = None
        self.extra: tuple[tuple[str, str], ...] = ()  # the whole of a 200, in place of the real one
        self.silent = False
        self.requests: list[Request] = []
        self._arrived = asyncio.Event()
        ua.handle("REGISTER", self._register)

    @property
    def uri(self) -> str:
        return f"sip:{self.host}"

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def bindings(self) -> list[Binding]:
        return self.registrar.bindings("100", self.now())

    async def got(self, count: int) -> None:
        """Wait for that many REGISTERs."""
        async with asyncio.timeout(5):
            while len(self.requests) < count:
                self._arrived.clear()
                await self._arrived.wait()

    def _register(self, ctx: RequestContext) -> None:
        self.requests.append(ctx.request)
        self._arrived.set()
        if self.silent:
            return
        if self.token is not None:
            if ctx.request.headers.get("Authorization") != f"Bearer {self.token}":
                ctx.respond(401, headers=[("WWW-Authenticate", "Bearer")])
                return
        elif self.digest is not None:
            verdict = self.digest.check(ctx.request, self.now())
            if isinstance(verdict, Refused):
                ctx.send(verdict.response)
                return
        if self.extra:
            ctx.respond(200, headers=self.extra)
            return
        ctx.send(self.registrar.handle(ctx.request, ctx.flow.id, str(ctx.flow.peer), self.now()))


class States:
    def __init__(self) -> None:
        self.seen: asyncio.Queue[RegistrationState] = asyncio.Queue()

    async def until(self, phase: str) -> RegistrationState:
        async with asyncio.timeout(5):
            while True:
                state = await self.seen.get()
                if state.phase == phase:
                    return state


@pytest.fixture(params=["UDP", "TCP"])
async def sides(request: pytest.FixtureRequest) -> AsyncIterator[tuple[UserAgent, Pbx]]:
    async with AsyncExitStack() as stack:
        phone, _ = await stack.enter_async_context(user_agent(request.param))
        pbx, host = await stack.enter_async_context(user_agent(request.param))
        yield phone, Pbx(pbx, host)


def client(
    phone: UserAgent, pbx: Pbx, states: States, credentials: Credentials, **options: object
) -> RegistrationClient:
    return RegistrationClient(
        phone,
        aor="sip:100@pbx.test",
        registrar=pbx.uri,
        credentials=credentials,
        on_state=states.seen.put_nowait,
        **options,  # type: ignore[arg-type]
    )


async def test_a_deregistration_that_nobody_answers_is_not_sent_again(
    sides: tuple[UserAgent, Pbx],
) -> None:
    """RFC 3261 10.3: arriving late it would remove the binding of whoever registered since."""
    phone, pbx = sides
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"))
    registration.start()
    await states.until("registered")
    pbx.silent = True
    asked = len(pbx.requests)
    await registration.stop(within=0.05)
    await pbx.got(asked + 1)
    assert pbx.requests[-1].expires == 0
    asking = {nict.State.TRYING, nict.State.PROCEEDING}
    assert not [one for one in phone.endpoint.layer if one.machine.state in asking]


async def test_registers_refreshes_with_the_known_nonce_and_deregisters(
    sides: tuple[UserAgent, Pbx],
) -> None:
    phone, pbx = sides
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"), expires=600)
    registration.start()
    state = await states.until("registered")
    assert (state.status, state.expires, state.retry_in) == (200, 600, 300.0)
    assert [b.contact for b in pbx.bindings()] == [registration.contact_uri]
    assert len(pbx.requests) == 2  # challenged once
    registration.refresh()
    await pbx.got(3)
    assert "nc=00000002" in (pbx.requests[2].headers.get("Authorization") or "")
    assert [r.cseq.number for r in pbx.requests] == [1, 2, 3]
    await registration.stop()
    assert pbx.bindings() == []
    assert registration.state.phase == "stopped"


async def test_a_wrong_password_is_not_hammered(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "guess"))
    registration.start()
    state = await states.until("failed")
    assert state.status == 401
    assert state.retry_in is not None and state.retry_in >= 30
    assert len(pbx.requests) == 2
    await registration.stop()


async def test_a_foreign_realm_gets_no_digest(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100", realm="ours"))
    registration.start()
    await states.until("failed")
    assert all("Authorization" not in r.headers for r in pbx.requests)
    await registration.stop()


async def test_a_lost_nonce_is_replaced_silently(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"))
    registration.start()
    await states.until("registered")
    pbx.digest = DigestServer("pbx.test", {"100": "pw-100"}.get)  # restarted: new secret
    registration.refresh()
    await pbx.got(4)
    await registration.stop()
    assert registration.state.phase == "stopped"
    assert states.seen.qsize() == 2  # unregistering, stopped: never failed


async def test_min_expires_is_obeyed(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    pbx.registrar.min_expires = 900
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"), expires=60)
    registration.start()
    assert (await states.until("registered")).expires == 900
    await registration.stop()


async def test_instance_and_gruu(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    states = States()
    registration = client(
        phone,
        pbx,
        states,
        DigestCredentials("100", "pw-100"),
        instance="urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF",
        reg_id=1,
    )
    registration.start()
    state = await states.until("registered")
    assert state.pub_gruu is not None
    assert state.pub_gruu.endswith(";gr=urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF")
    assert pbx.host.split(";")[0] in state.pub_gruu
    assert pbx.bindings()[0].reg_id == 1
    await registration.stop()


class Tokens:
    """A Bearer source whose first token has expired."""

    def __init__(self) -> None:
        self.fresh = 0

    async def token(self, *, fresh: bool = False) -> str:
        self.fresh += fresh
        return f"token-{self.fresh}"


async def test_bearer_token_is_renewed_once(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    pbx.token = "token-1"
    states, tokens = States(), Tokens()
    registration = client(phone, pbx, states, tokens)
    registration.start()
    await states.until("registered")
    assert tokens.fresh == 1
    pbx.token = "token-9"
    registration.refresh()
    assert (await states.until("failed")).status == 401
    assert tokens.fresh == 2
    await registration.stop()


async def test_a_dead_registrar_is_tried_again(sides: tuple[UserAgent, Pbx]) -> None:
    phone, pbx = sides
    states = States()
    pbx.host = "127.0.0.1:1;transport=tcp"
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"))
    registration.start()
    state = await states.until("failed")
    assert state.status == 503
    assert state.retry_in is not None and state.retry_in <= 2.0
    await registration.stop()


async def test_the_end_of_its_flow_ends_a_bound_registration() -> None:
    async with user_agent("TCP") as (phone, _), user_agent("TCP") as (ua, host):
        pbx = Pbx(ua, host)
        port = int(host.split(";")[0].split(":")[1])
        flow = await phone.endpoint.connect("TCP", "127.0.0.1", port)
        states = States()
        registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"), flow=flow)
        registration.start()
        await states.until("registered")
        flow.close("test")
        assert (await states.until("failed")).retry_in is None
        await registration.stop()


async def test_a_lost_connection_is_registered_anew_at_once() -> None:
    async with user_agent("TCP") as (phone, _), user_agent("TCP") as (ua, host):
        pbx = Pbx(ua, host)
        states = States()
        registration = client(phone, pbx, states, DigestCredentials("100", "pw-100"))
        registration.start()
        await states.until("registered")
        count = len(pbx.requests)
        first = pbx.bindings()[0].flow_id
        ua.endpoint.manager.close()
        await ua.endpoint.listen("TCP", "127.0.0.1", int(host.split(";")[0].split(":")[1]))
        await pbx.got(count + 1)
        assert pbx.bindings()[0].flow_id != first
        await registration.stop()


@pytest.mark.parametrize("value", ["soon", "-1", "", "99999999999999999999"])
async def test_an_unreadable_expires_counts_as_what_was_asked(
    sides: tuple[UserAgent, Pbx], value: str
) -> None:
    phone, pbx = sides
    pbx.extra = (("Expires", value),)
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100", "pbx.test"))
    registration.start()
    state = await states.until("registered")
    assert (state.expires, state.retry_in) == (300, 150)
    await registration.stop()


async def test_an_attempt_that_breaks_is_a_failed_one_with_back_off(
    sides: tuple[UserAgent, Pbx], monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, pbx = sides
    states = States()
    registration = client(phone, pbx, states, DigestCredentials("100", "pw-100", "pbx.test"))

    def broken(*_: object) -> RegistrationState:
        raise RuntimeError("an answer nobody thought of")

    with monkeypatch.context() as patched:
        patched.setattr("protocols.aio.registration.client.registered", broken)
        registration.start()
        state = await states.until("failed")
        assert state.retry_in is not None and state.retry_in > 0
    registration.refresh()
    await states.until("registered")
    await registration.stop()
