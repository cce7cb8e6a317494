"""User agents of ours that register at the kamailio of a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from protocols.aio.call import Call
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Transport
from protocols.aio.registration import RegistrationClient, RegistrationState
from protocols.aio.tls import client_context
from protocols.aio.useragent import UserAgent
from protocols.sip.auth.credentials import DigestCredentials
from tests.support.kamailio import HOST, Kamailio
from tests.support.sip_calls import OFFER, Callee, Recorder


class Phone:
    """A user agent that registers as `number`."""

    def __init__(self, proxy: Kamailio, transport: Transport, number: str, password: str) -> None:
        self.number = number
        self.proxy = proxy
        self.at = proxy.at(transport)
        endpoint = SipEndpoint(tls_client=client_context(proxy.ca_file))
        self.ua = UserAgent(endpoint)
        self.callee = Callee(self.ua)
        self.credentials = DigestCredentials(number, password, realm="pbx.test")
        self.states: asyncio.Queue[RegistrationState] = asyncio.Queue()
        self.registration = RegistrationClient(
            self.ua,
            aor=f"sip:{number}@pbx.test",
            registrar=f"sip:{self.at}",
            credentials=self.credentials,
            expires=60,
            on_state=self.states.put_nowait,
        )

    async def register(self) -> RegistrationState:
        """Start, and the first state that is not on the way."""
        self.registration.start()
        while True:
            async with asyncio.timeout(10):
                state = await self.states.get()
            if state.phase not in ("idle", "registering"):
                return state

    def dial(self, number: str) -> tuple[Call, Recorder]:
        caller = Recorder()
        call = self.ua.invite(
            target=f"sip:{number}@{self.at}",
            from_=f"sip:{self.number}@pbx.test",
            sdp=OFFER,
            credentials=self.credentials,
            listener=caller,
        )
        return call, caller

    async def aclose(self) -> None:
        await self.registration.stop()
        await self.ua.aclose()
        await self.ua.endpoint.aclose()


@asynccontextmanager
async def phones(
    proxy: Kamailio, transport: Transport, *numbers: str
) -> AsyncIterator[list[Phone]]:
    async with AsyncExitStack() as stack:
        registered = []
        for number in numbers:
            phone = Phone(proxy, transport, number, f"pw-{number}")
            stack.push_async_callback(phone.aclose)
            if transport == "UDP":
                await phone.ua.endpoint.listen("UDP", HOST, 0)
            assert (await phone.register()).phase == "registered"
            registered.append(phone)
        yield registered
        for phone in registered:
            async with asyncio.timeout(10):
                await phone.ua.idle()
            assert phone.ua.calls == []
