"""Registrar core (RFC 3261 10.3, RFC 5626, RFC 3327, RFC 3608, RFC 5627): pure, clock injected."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from protocols.sip.errors import ParseError
from protocols.sip.headers import NameAddr, parse_uint
from protocols.sip.message import Request, Response
from protocols.sip.registration.gruu import matches_gruu, public_gruu
from protocols.sip.uri import SipUri, Uri, equivalent, parse_uri

_SUPPORTED = ("path", "outbound", "gruu")


@dataclass(frozen=True, slots=True)
class Binding:
    """One Contact of an address of record."""

    aor: str
    contact: str
    expires_at: float
    call_id: str
    cseq: int
    #: Id of the flow the REGISTER came by: requests to this contact go there (RFC 5626 5.3).
    flow_id: str
    #: Source address of the REGISTER ("ip:port").
    source: str
    registered_at: float = 0.0
    q: float = 1.0
    instance: str | None = None
    reg_id: int | None = None
    path: tuple[str, ...] = ()
    user_agent: str = ""
    #: The other Contact parameters, for callee capabilities (RFC 3840).
    params: tuple[tuple[str, str | None], ...] = ()

    @property
    def uri(self) -> Uri:
        return parse_uri(self.contact)


class _Refusal(Exception):
    def __init__(self, status: int, reason: str | None = None, *headers: tuple[str, str]) -> None:
        super().__init__(status)
        self.status, self.reason, self.headers = status, reason, headers


def user_at_host(uri: SipUri) -> str | None:
    """The default key of an address of record: `user@host`, parameters and port left aside."""
    return f"{uri.user_text}@{uri.host.lower()}" if uri.user else None


@dataclass(slots=True)
class Registrar:
    """Holds bindings of the address-of-record users of one domain. Authentication is the caller's
    (see `protocols.sip.auth.digest_server`): `handle` is given requests that may be served.

    `aor_of` gives the key of a To URI, None for a user we do not serve (404). `gruu_host`
    ("host[:port]" that routes back here) switches GRUUs on.
    """

    aor_of: Callable[[SipUri], str | None] = user_at_host
    min_expires: int = 60
    default_expires: int = 3600
    max_expires: int = 7200
    max_contacts: int = 10
    flow_timer: int | None = None
    service_route: Sequence[str] = ()
    gruu_host: str | None = None
    #: Called after every change with (aor, live bindings): event packages, presence.
    on_change: Callable[[str, list[Binding]], None] | None = None
    _bindings: dict[str, list[Binding]] = field(default_factory=dict)

    def handle(self, request: Request, flow_id: str, source: str, now: float) -> Response:
        """Serve one REGISTER. All its Contacts take effect, or none (RFC 3261 10.3 step 7)."""
        tag = secrets.token_hex(6)
        try:
            aor, after = self._serve(request, flow_id, source, now)
        except _Refusal as refusal:
            response = Response.for_request(request, refusal.status, refusal.reason, tag)
            response.headers.extend(refusal.headers)
            return response
        except ParseError as error:
            return Response.for_request(request, 400, error.reason, tag)
        response = Response.for_request(request, 200, to_tag=tag)
        self._describe(request, response, after, now)
        if after != self._bindings.get(aor, []):
            self._store(aor, after)
        return response

    def bindings(self, aor: str, now: float) -> list[Binding]:
        """Live bindings of the key that `aor_of` makes, best q first, newest first."""
        live = [b for b in self._bindings.get(aor, ()) if b.expires_at > now]
        return sorted(live, key=lambda b: (-b.q, -b.registered_at))

    def resolve(self, uri: SipUri, now: float) -> list[Binding]:
        """Where a request for `uri` may go: every binding of the user, or for a GRUU the newest
        of its instance (RFC 5627 section 5.1; RFC 5626 section 7: one flow at a time)."""
        aor = self.aor_of(uri.without_param("gr"))
        found = self.bindings(aor, now) if aor is not None else []
        if uri.param("gr") is None:
            return found
        return [b for b in found if matches_gruu(uri, b.instance)]

    def expire(self, now: float) -> list[Binding]:
        """Forget what ran out; gives the bindings dropped."""
        return self._drop(lambda b: b.expires_at <= now)

    def drop_flow(self, flow_id: str) -> list[Binding]:
        """A flow failed: outbound bindings live and die with theirs (RFC 5626 section 7)."""
        return self._drop(lambda b: b.flow_id == flow_id and b.reg_id is not None)

    def aors(self) -> list[str]:
        return list(self._bindings)

    def _drop(self, gone: Callable[[Binding], bool]) -> list[Binding]:
        dropped: list[Binding] = []
        for aor, bound in list(self._bindings.items()):
            kept = [b for b in bound if not gone(b)]
            if len(kept) != len(bound):
                dropped += [b for b in bound if gone(b)]
                self._store(aor, kept)
        return dropped

    def _store(self, aor: str, bindings: list[Binding]) -> None:
        if bindings:
            self._bindings[aor] = bindings
        else:
            self._bindings.pop(aor, None)
        if self.on_change is not None:
            self.on_change(aor, list(bindings))

    # -- RFC 3261 10.3, step by step -------------------------------------------------------------

    def _serve(
        self, request: Request, flow_id: str, source: str, now: float
    ) -> tuple[str, list[Binding]]:
        unknown = sorted(request.required - set(_SUPPORTED))
        if unknown:
            raise _Refusal(420, None, ("Unsupported", ", ".join(unknown)))
        to = request.to.uri
        aor = self.aor_of(to) if isinstance(to, SipUri) else None
        if aor is None:
            raise _Refusal(404)
        present = [b for b in self._bindings.get(aor, ()) if b.expires_at > now]
        if request.contact_star:
            if request.expires != 0:
                raise _Refusal(400, "Contact * needs Expires 0")
            for binding in present:
                _check_order(binding, request)
            return aor, []
        if len(request.headers.values("Contact")) > self.max_contacts:
            raise _Refusal(403, "Too Many Contacts")
        for contact in request.contacts:
            made = self._binding(aor, contact, request, flow_id, source, now)
            same = [b for b in present if _same(b, made)]
            for binding in same:
                _check_order(binding, request)
            present = [b for b in present if b not in same]
            if made.expires_at > now:
                present.append(made)
        if len(present) > self.max_contacts:
            raise _Refusal(403, "Too Many Contacts")
        return aor, present

    def _binding(
        self, aor: str, contact: NameAddr, request: Request, flow_id: str, source: str, now: float
    ) -> Binding:
        reg_id = contact.param("reg-id")
        instance = contact.param("+sip.instance") or None
        outbound = reg_id is not None and instance is not None
        path = tuple(request.headers.values("Path"))
        if outbound and _lacks_outbound(request, path):
            raise _Refusal(439)
        return Binding(
            aor=aor,
            contact=str(contact.uri),
            expires_at=now + self._lifetime(contact, request),
            call_id=request.call_id,
            cseq=request.cseq.number,
            flow_id=flow_id,
            source=source,
            registered_at=now,
            q=_q(contact),
            instance=instance,
            reg_id=parse_uint(reg_id or "", 2**31, "reg-id") if outbound else None,
            path=path,
            user_agent=request.headers.get("User-Agent") or "",
            params=contact.params,
        )

    def _lifetime(self, contact: NameAddr, request: Request) -> int:
        """Step 6: the parameter, else the header, else our default; too short is 423."""
        text = contact.param("expires")
        asked: int | None = None
        if text:
            try:
                asked = parse_uint(text, 2**32 - 1, "expires")
            except ParseError:
                asked = 3600  # RFC 3261 10.2.1.1: malformed values count as 3600
        if asked is None:
            asked = request.expires
        if asked is None:
            asked = self.default_expires
        if 0 < asked < self.min_expires:
            raise _Refusal(423, None, ("Min-Expires", str(self.min_expires)))
        return min(asked, self.max_expires)

    # -- the 200 ---------------------------------------------------------------------------------

    def _describe(
        self, request: Request, response: Response, bindings: list[Binding], now: float
    ) -> None:
        headers = response.headers
        wants_gruu = "gruu" in request.supported and self.gruu_host is not None
        outbound = False
        for binding in bindings:
            # Rounded to ms first: (now + 900) - now may be a hair above 900.
            left = math.ceil(round(binding.expires_at - now, 3))
            contact = NameAddr("", parse_uri(binding.contact), binding.params)
            contact = contact.with_param("expires", str(left))
            if wants_gruu and binding.instance is not None and self.gruu_host is not None:
                gruu = public_gruu(request.to.uri, self.gruu_host, binding.instance)
                if gruu is not None:
                    contact = contact.with_param("pub-gruu", f'"{gruu}"')
            outbound = outbound or binding.reg_id is not None
            headers.add("Contact", contact)
        for path in request.headers.all("Path"):
            headers.add("Path", path)  # RFC 3327 section 5.3
        for route in self.service_route:
            headers.add("Service-Route", route)
        headers.add("Supported", ", ".join(_SUPPORTED))
        if outbound and "outbound" in request.supported:
            headers.add("Require", "outbound")  # RFC 5626 section 6
            if self.flow_timer is not None:
                headers.add("Flow-Timer", str(self.flow_timer))


def _same(old: Binding, new: Binding) -> bool:
    """RFC 5626 section 6: instance and reg-id together name a binding; else the URI does."""
    if new.reg_id is not None and old.reg_id is not None:
        return old.instance == new.instance and old.reg_id == new.reg_id
    return equivalent(old.uri, new.uri)


def _lacks_outbound(request: Request, path: tuple[str, ...]) -> bool:
    """RFC 5626 section 6: behind an edge proxy only with `ob` in its Path."""
    if "outbound" not in request.supported or len(request.vias) == 1:
        return False
    return not path or ";ob" not in path[-1]


def _check_order(binding: Binding, request: Request) -> None:
    """Step 7: a REGISTER of the same call that is not newer must fail as a whole."""
    if binding.call_id == request.call_id and request.cseq.number <= binding.cseq:
        raise _Refusal(500, "Out of Order")


def _q(contact: NameAddr) -> float:
    try:
        value = float(contact.param("q") or "1")
    except ValueError:
        return 1.0
    return value if 0 <= value <= 1 else 1.0
