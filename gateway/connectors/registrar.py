"""Which flow belongs to which site: a registrar for connectors only. Pure.

A connector proves itself with a Bearer token in every REGISTER (RFC 8898); the token was verified
before it gets here. Trust is bound to the flow that carried the request (RFC 5626): a site may
have several flows, one per ``reg-id``, of one installation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from gateway.ports import ConnectorIdentity
from protocols.sip.errors import SipError
from protocols.sip.message import Request
from protocols.sip.uri import SipUri

MAX_EXPIRES = 300
MIN_EXPIRES = 30
FLOW_TIMER = 20
MAX_REG_ID = 8


class SiteKey(NamedTuple):
    tenant_id: str
    site_id: str


@dataclass(frozen=True, slots=True)
class Binding:
    """One accepted REGISTER: a flow that may speak for a site until ``expires_at``."""

    site: SiteKey
    instance: str
    reg_id: int
    flow_id: str
    key_id: str
    contact: str
    expires_at: float
    call_id: str
    cseq: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to a REGISTER, and flows that lost their place by it."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()
    binding: Binding | None = None
    closed_flows: tuple[str, ...] = ()
    alert: str = ""


@dataclass(frozen=True, slots=True)
class _Claim:
    site_id: str
    instance: str
    reg_id: int
    contact: str
    expires: int


class SiteRegistrar:
    """Bindings of all sites. ``two_installations``: sites that may run two connectors."""

    def __init__(
        self, service_domain: str, two_installations: frozenset[SiteKey] = frozenset()
    ) -> None:
        self._domain = service_domain.lower()
        self._two = two_installations
        self._bindings: dict[str, Binding] = {}
        self._by_site: dict[SiteKey, dict[str, Binding]] = {}

    # -- reading -----------------------------------------------------------------------------------
    def of_flow(self, flow_id: str) -> Binding | None:
        return self._bindings.get(flow_id)

    def of_site(self, site: SiteKey) -> Sequence[Binding]:
        """Lowest reg-id first."""
        found = self._by_site.get(site, {}).values()
        return sorted(found, key=lambda binding: (binding.reg_id, binding.instance))

    def of_key(self, site_id: str, key_id: str) -> Sequence[Binding]:
        return [
            binding
            for binding in self._bindings.values()
            if binding.key_id == key_id and binding.site.site_id == site_id
        ]

    # -- changing ----------------------------------------------------------------------------------
    def register(
        self, request: Request, identity: ConnectorIdentity, flow_id: str, now: float
    ) -> Verdict:
        """Judge a REGISTER whose token is genuine."""
        site = SiteKey(identity.tenant_id, identity.site_id)
        try:
            claim = self._claim(request)
            call_id, cseq = request.call_id, request.cseq.number
        except (SipError, ValueError) as error:
            return Verdict(400, str(error)[:80] or "Bad Request")
        if claim.site_id != site.site_id:
            return Verdict(403, "The key is for another site")
        if claim.instance != identity.instance.lower():
            return Verdict(403, "The token is for another installation")
        held = self._bindings.get(flow_id)
        if held is not None and held.site != site:
            return Verdict(403, "This flow belongs to another site")
        if held is not None and held.call_id == call_id and cseq <= held.cseq:
            return Verdict(500, "CSeq is out of order")  # RFC 3261 10.3 step 7
        if claim.expires == 0:
            return self._remove(flow_id)
        if claim.expires < MIN_EXPIRES:
            # RFC 3261 10.3 step 7: a registrar may shorten what was asked for, never extend it
            return Verdict(423, "Interval Too Brief", (("Min-Expires", str(MIN_EXPIRES)),))
        others = {b.instance for b in self.of_site(site)} - {claim.instance}
        if len(others) >= (2 if site in self._two else 1):
            return Verdict(
                403,
                "Another installation serves this site",
                alert=f"a second connector ({claim.instance}) tried to serve the site",
            )
        expires = min(claim.expires, MAX_EXPIRES)
        binding = Binding(
            site,
            claim.instance,
            claim.reg_id,
            flow_id,
            identity.key_id,
            claim.contact,
            now + expires,
            call_id,
            cseq,
        )
        # RFC 5626 6: same instance and reg-id replace the older binding, and its flow is stale.
        stale = tuple(
            b.flow_id
            for b in self.of_site(site)
            if b.instance == claim.instance and b.reg_id == claim.reg_id and b.flow_id != flow_id
        )
        for old in stale:
            self.drop_flow(old)
        self._bindings[flow_id] = binding
        self._by_site.setdefault(site, {})[flow_id] = binding
        headers = (
            ("Contact", f"{claim.contact};expires={expires}"),
            ("Require", "outbound"),
            ("Flow-Timer", str(FLOW_TIMER)),
        )
        return Verdict(200, "OK", headers, binding, stale)

    def _remove(self, flow_id: str) -> Verdict:
        binding = self.drop_flow(flow_id)
        if binding is None:
            return Verdict(200, "OK")
        return Verdict(200, "OK", binding=replace(binding, expires_at=0.0))

    def _claim(self, request: Request) -> _Claim:
        to, from_ = request.to.uri, request.from_.uri
        if not isinstance(to, SipUri) or not isinstance(from_, SipUri):
            raise ValueError("To and From must be SIP URIs")
        if (to.user_text, to.host.lower()) != (from_.user_text, from_.host.lower()):
            raise ValueError("To and From differ")
        if to.host.lower() != self._domain:
            raise ValueError("Unknown domain")
        if request.contact_star or len(request.contacts) != 1:
            raise ValueError("Exactly one Contact is needed")
        contact = request.contacts[0]
        instance = (contact.param("+sip.instance") or "").strip('"<>').lower()
        reg_id = contact.param("reg-id") or ""
        if not instance.startswith("urn:uuid:"):
            raise ValueError("+sip.instance is missing")
        if not reg_id.isdecimal() or not 1 <= int(reg_id) <= MAX_REG_ID:
            raise ValueError("reg-id is missing")
        expires = contact.param("expires")
        seconds = request.expires if expires is None else int(expires)
        return _Claim(
            to.user_text,
            instance.removeprefix("urn:uuid:"),
            int(reg_id),
            str(contact.without_param("expires")),
            MAX_EXPIRES if seconds is None else max(0, seconds),
        )

    def drop_flow(self, flow_id: str) -> Binding | None:
        """The flow is gone, and what it stood for."""
        binding = self._bindings.pop(flow_id, None)
        if binding is not None:
            of_site = self._by_site[binding.site]
            del of_site[flow_id]
            if not of_site:
                del self._by_site[binding.site]
        return binding

    def expired(self, now: float) -> Sequence[Binding]:
        """Take out bindings that were not refreshed."""
        over = [binding for binding in self._bindings.values() if binding.expires_at <= now]
        for binding in over:
            self.drop_flow(binding.flow_id)
        return over
