"""Who may register and call, and where registered devices are.

Requests are judged before the user agent handles them: REGISTER by 401, everything that starts a
call or a subscription by 407 (RFC 3261 22.2, 22.3), always for the device's own user. A device that
is not registered may not call.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from emulator.calls.sip_end import Route
from emulator.config import EmulatorConfig
from emulator.plan.dialplan import DialPlan
from protocols.aio.flow import Flow
from protocols.aio.useragent import RequestContext
from protocols.sip.auth.digest_server import DigestServer, Verified
from protocols.sip.errors import SipError
from protocols.sip.message import Request, Response
from protocols.sip.registration.registrar import Binding, Registrar
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

_MAX_IDLE_FLOWS = 64
_OPEN = frozenset({"OPTIONS", "ACK", "CANCEL"})


class Registrations:
    """``clock`` gives seconds; ``on_change(user)`` is told when a device came or went."""

    def __init__(
        self,
        config: EmulatorConfig,
        plan: DialPlan,
        *,
        clock: Callable[[], float],
        on_change: Callable[[str], None],
    ) -> None:
        self._plan = plan
        self._config = config
        self._clock = clock
        self._on_change = on_change
        self._flows: dict[str, Flow] = {}
        self._places: dict[str, frozenset[tuple[str, str]]] = {}
        realm = config.sip.realm
        self.registrar = self._new_registrar()
        self._www = DigestServer(realm, self._password)
        self._proxy = DigestServer(realm, self._password, proxy=True)

    def _new_registrar(self) -> Registrar:
        sip = self._config.sip
        return Registrar(
            aor_of=self._aor,
            min_expires=sip.min_expires,
            default_expires=min(3600, sip.max_expires),
            max_expires=sip.max_expires,
            on_change=self._changed,
        )

    def _password(self, user: str) -> str | None:
        known = self._plan.of_device(user) is not None or user == self._config.csta.notify_user
        return self._config.sip.password(user) if known else None

    def _algorithms(self, user: str) -> tuple[str, ...]:
        """Old desk phones give up when a second algorithm is offered; lines know better."""
        extension = self._plan.of_device(user)
        if extension is not None and user == extension.line_user:
            return self._config.sip.line_algorithms
        return self._config.sip.desk_algorithms

    # -- judging -----------------------------------------------------------------------------

    def judge(self, request: Request, flow: Flow) -> Response | None:
        """The refusal of a request, or None when it may be handled."""
        if request.method in _OPEN or request.to.tag is not None:
            return None  # RFC 3261 22.1; requests in dialogs are judged by their dialog
        try:
            user = _user(request.to if request.method == "REGISTER" else request.from_)
        except SipError:
            return Response.for_request(request, 400)
        server = self._www if request.method == "REGISTER" else self._proxy
        verdict = server.check(request, self._clock(), self._algorithms(user))
        if not isinstance(verdict, Verified):
            if verdict.reason not in ("missing", "stale"):
                logger.warning(
                    "%s: %s of %s refused: %s", flow.id, request.method, user, verdict.reason
                )
            return verdict.response
        if verdict.username != user:
            return Response.for_request(request, 403, "Not your address")
        if request.method == "REGISTER":
            return None
        if request.method == "NOTIFY" and user == self._config.csta.notify_user:
            return None  # no device: it controls them
        if not self.bindings(user):
            return Response.for_request(request, 403, "Register first")
        return None

    # -- registering -------------------------------------------------------------------------

    def handle(self, ctx: RequestContext) -> None:
        request, flow = ctx.request, ctx.flow
        self._flows[flow.id] = flow
        ctx.send(self.registrar.handle(request, flow.id, str(flow.peer), self._clock()))
        self._forget_idle_flows()

    def _aor(self, uri: SipUri) -> str | None:
        """The key of a device: its user, whatever host the phone was told to register at."""
        return uri.user_text if self._plan.of_device(uri.user_text) else None

    def _changed(self, user: str, bindings: list[Binding]) -> None:
        """The registrar stored something: a refresh is no news, another place is."""
        places = frozenset((b.contact, b.flow_id) for b in bindings)
        if places == self._places.get(user, frozenset()):
            return
        self._places[user] = places
        logger.info("%s has %d registered contacts", user, len(bindings))
        self._on_change(user)

    def _forget_idle_flows(self) -> None:
        """UDP flows never close: keep those that some binding uses."""
        if len(self._flows) > _MAX_IDLE_FLOWS:
            used = {b.flow_id for user in self._plan.devices() for b in self._all(user)}
            self._flows = {k: f for k, f in self._flows.items() if f.alive and k in used}

    def flow_closed(self, flow: Flow) -> None:
        """A connection ended: whoever registered over it cannot be reached there any more."""
        if self._flows.pop(flow.id, None) is not None:
            self.registrar.drop_flow(flow.id)
            for user in self._plan.devices():
                if any(b.flow_id == flow.id for b in self._all(user)):
                    self._on_change(user)

    def flows(self) -> list[Flow]:
        """Every flow that something registered over and that is still there."""
        return [flow for flow in self._flows.values() if flow.alive]

    def flows_of(self, user: str) -> list[Flow]:
        return [self._flows[binding.flow_id] for binding in self.bindings(user)]

    def forget_all(self) -> None:
        """As after a restart: nobody is registered."""
        self.registrar = self._new_registrar()
        known, self._places = self._places, {}
        for user in known:
            self._on_change(user)

    def _all(self, user: str) -> list[Binding]:
        return self.registrar.bindings(user, self._clock())

    def bindings(self, user: str) -> list[Binding]:
        """Reachable bindings of a device, one per instance (RFC 5626 5.3)."""
        found, seen = [], set()
        for binding in self._all(user):
            flow = self._flows.get(binding.flow_id)
            if flow is None or not flow.alive or (binding.instance and binding.instance in seen):
                continue
            if binding.instance:
                seen.add(binding.instance)
            found.append(binding)
        return found

    def routes(self, user: str) -> list[Route]:
        return [
            Route(b.contact, self._flows.get(b.flow_id), tuple(b.path)) for b in self.bindings(user)
        ]

    def registered(self, users: Iterable[str]) -> list[str]:
        return [user for user in users if self.bindings(user)]


def _user(address: object) -> str:
    uri = getattr(address, "uri", None)
    return uri.user_text if isinstance(uri, SipUri) else ""
