"""Registrar core (RFC 3261 10.3, RFC 5626, RFC 3327, RFC 5627): pure, clock injected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.sip.message import Request, Response


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
    q: float = 1.0
    instance: str | None = None
    reg_id: int | None = None
    path: tuple[str, ...] = ()
    user_agent: str = ""


class Registrar:
    """Holds bindings of the address-of-record users of one domain. Authentication is the caller's
    (see `protocols.sip.auth.digest_server`): `handle` is given requests that may be served."""

    def handle(self, request: Request, flow_id: str, source: str, now: float) -> Response:
        raise NotImplementedError

    def bindings(self, aor: str, now: float) -> list[Binding]:
        """Live bindings of `user@domain` (or a full URI), best q first, newest first."""
        raise NotImplementedError
