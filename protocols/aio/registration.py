"""REGISTER client: keeps one binding alive (RFC 3261 10, RFC 5626, RFC 8898)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from protocols.aio.exchange import Exchange
from protocols.aio.flow import Flow
from protocols.aio.scope import TaskScope
from protocols.sip.auth.credentials import Credentials
from protocols.sip.dialog import build_request
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request, Response
from protocols.sip.registration import client
from protocols.sip.registration.client import RegistrationPhase, RegistrationState
from protocols.sip.uri import parse_uri

if TYPE_CHECKING:
    from protocols.aio.useragent import UserAgent

__all__ = ["RegistrationClient", "RegistrationPhase", "RegistrationState"]

logger = logging.getLogger(__name__)

DEREGISTER_WAIT = 2.0


class RegistrationClient:
    """`registrar` is the Request-URI (`sip:pbx.example`); give `flow` to bind to a connection, else
    it is resolved. Refreshes at half the granted time, and at once when its connection ends; after
    a failure tries again with back-off; a refused password waits at least 30 s. With `flow`, its
    end stops the client (`failed`, `retry_in` None): the owner makes a new one for a new flow."""

    def __init__(
        self,
        ua: UserAgent,
        *,
        aor: str,
        registrar: str,
        contact: str | None = None,
        flow: Flow | None = None,
        credentials: Credentials | None = None,
        expires: int = 300,
        instance: str | None = None,
        reg_id: int | None = None,
        on_state: Callable[[RegistrationState], None] | None = None,
    ) -> None:
        self.state = RegistrationState("idle")
        self.contact_uri: str | None = contact
        self._ua = ua
        self._aor = NameAddr.parse(aor)
        self._registrar = registrar
        self._given_contact = contact
        self._flow = flow
        self._expires = expires
        self._instance = instance
        self._reg_id = reg_id
        self._on_state = on_state
        self._exchange = Exchange(ua, credentials, flow, self._contact)
        self._from = str(self._aor.with_tag(ua.new_tag()))
        self._call_id = ua.new_dialog_id()
        self._scope = TaskScope("registration")
        self._task: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._watched: Flow | None = None
        #: The flow of the last accepted REGISTER: where the registrar is now.
        self.registered_over: Flow | None = None
        self._told_over: Flow | None = None

    def start(self) -> None:
        """Register now and keep registered. Harmless when running."""
        if self._task is None:
            self._task = self._scope.start(self._run(), str(self._aor.uri))
            self._watch(self._flow)

    def refresh(self) -> None:
        """Register again at once (the network changed, or the PBX is back)."""
        self._again.set()

    async def stop(self, within: float = DEREGISTER_WAIT) -> None:
        """Deregister (Expires: 0), wait for the answer at most 2 s, cancel every timer. With less
        time than that wait as long; with none do not ask, and let the binding run out."""
        if self._task is None:
            self._report(RegistrationState("stopped"))
            return
        had_binding = self.state.phase == "registered" or self._exchange.cseq > 0
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if had_binding and within > 0 and (self._flow is None or self._flow.alive):
            self._report(RegistrationState("unregistering"))
            try:
                async with asyncio.timeout(min(within, DEREGISTER_WAIT)):
                    await self._exchange.run(self._request(0))
            except TimeoutError:
                logger.info("%s: no answer to the deregistration", self._aor.uri)
            except Exception:
                # the binding runs out; whoever stops us has more to do
                logger.exception("%s: the deregistration broke", self._aor.uri)
        await self._scope.aclose()
        self._report(RegistrationState("stopped"))

    async def _run(self) -> None:
        failures = 0
        while True:
            self._again.clear()  # what is asked for from now on, this attempt may not have seen
            if self.state.phase != "registered":
                self._report(RegistrationState("registering"))
            state = await self._try(failures + 1)
            failures = 0 if state.phase == "registered" else failures + 1
            self._report(state)
            if state.retry_in is None:
                return
            await self._wait(state.retry_in)

    async def _try(self, attempt: int) -> RegistrationState:
        """One attempt; `attempt` counts the failures in a row if this is another one."""
        try:
            response = await self._register()
            if 200 <= response.status < 300:
                self.registered_over = self._exchange.last_flow
                self._watch(self._exchange.last_flow)
                contact = parse_uri(self.contact_uri or self._registrar)
                return client.registered(response, contact, self._expires)
        except Exception:
            # Whatever a registrar answers, the line must not stay off until the next start.
            logger.exception("%s: an attempt to register broke", self._aor.uri)
            response = Response(500, "Unusable answer", local=True)
        if self._flow is not None and not self._flow.alive:
            return RegistrationState("failed", response.status, "flow lost")
        return client.failed(response, attempt, self._ua.rng)

    async def _register(self) -> Response:
        response = await self._exchange.run(self._request(self._expires))
        floor = client.min_expires(response) if response.status == 423 else None
        if floor is not None and floor > self._expires:
            self._expires = floor
            response = await self._exchange.run(self._request(floor))
        return response

    def _watch(self, flow: Flow | None) -> None:
        """Register again as soon as the connection is gone: calls come in over it."""
        if flow is not None and flow is not self._watched:
            self._watched = flow
            self._ua.watch_flow(flow, self.refresh)

    async def _wait(self, delay: float) -> None:
        try:
            async with asyncio.timeout(delay):
                await self._again.wait()
        except TimeoutError:
            pass

    def _request(self, expires: int) -> Request:
        supported = ["path", "gruu"] + (["outbound"] if self._reg_id is not None else [])
        return build_request(
            "REGISTER",
            self._registrar,
            from_=self._from,
            to=str(self._aor),
            call_id=self._call_id,
            cseq=self._exchange.cseq + 1,
            headers=(
                ("Expires", str(expires)),
                ("Supported", ", ".join(supported)),
                ("Allow", ", ".join(self._ua.settings.allow)),
                ("User-Agent", self._ua.settings.user_agent),
            ),
        )

    def _contact(self, flow: Flow) -> str:
        """The Contact header for this flow, with instance and reg-id (RFC 5626 section 4.2)."""
        uri = self._given_contact or self._ua.contact_for(flow, self._aor.user or None)
        self.contact_uri = uri
        contact = f"<{uri}>"
        if self._instance is not None:
            contact += f';+sip.instance="<{self._instance}>"'
            if self._reg_id is not None:
                contact += f";reg-id={self._reg_id}"
        return contact

    def _report(self, state: RegistrationState) -> None:
        """Tell news: another state, or the same one given by a registrar that is elsewhere now."""
        if state == self.state and self.registered_over is self._told_over:
            return
        self._told_over = self.registered_over
        logger.debug("%s: %s -> %s", self._aor.uri, self.state.phase, state.phase)
        self.state = state
        if self._on_state is not None:
            try:
                self._on_state(state)
            except Exception:
                # the owner's fault must not end the registration
                logger.exception("%s: on_state failed", self._aor.uri)
