"""REGISTER client rules: what a response means and when the next request is due. Pure."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from protocols.sip.errors import ParseError
from protocols.sip.headers import NameAddr, parse_retry_after, parse_uint
from protocols.sip.message import Response
from protocols.sip.uri import Uri, equivalent

RegistrationPhase = Literal[
    "idle", "registering", "registered", "failed", "unregistering", "stopped"
]

#: A wrong password is not tried again before this: registrars lock addresses that hammer.
REFUSED_WAIT = 30.0


@dataclass(frozen=True, slots=True)
class RegistrationState:
    """What `on_state` reports. `status`/`reason` are those of the last response (408 and 503 may
    be local); `retry_in` says when the next attempt comes, None = never."""

    phase: RegistrationPhase
    status: int | None = None
    reason: str = ""
    expires: int = 0
    retry_in: float | None = None
    #: From the 200: Flow-Timer (RFC 5626), Service-Route (RFC 3608), pub-gruu (RFC 5627).
    flow_timer: int | None = None
    service_route: tuple[str, ...] = ()
    pub_gruu: str | None = None


def registered(response: Response, contact: Uri, asked: int) -> RegistrationState:
    """The state a 2xx leads to; `contact` is the URI we registered."""
    ours = _ours(response, contact)
    # DEVIATION(PBXs): a value nobody can read counts as absent; the binding is there all the same
    stated = _number(response, "Expires")
    granted = asked if stated is None else stated
    gruu = None
    if ours is not None:
        text = ours.param("expires")
        try:
            granted = parse_uint(text, 2**32 - 1, "expires") if text else granted
        except ParseError:
            granted = asked
        gruu = ours.param("pub-gruu") or None
    return RegistrationState(
        "registered",
        response.status,
        response.reason,
        expires=granted,
        retry_in=refresh_in(granted),
        flow_timer=_number(response, "Flow-Timer"),
        service_route=tuple(response.headers.values("Service-Route")),
        pub_gruu=gruu,
    )


def refresh_in(granted: int) -> float:
    """Half the lifetime: a lost refresh has time for another (RFC 3261 10.2.4 leaves it to us)."""
    return max(granted / 2, 1.0)


def min_expires(response: Response) -> int | None:
    """Min-Expires of a 423 (RFC 3261 10.2.8)."""
    return _number(response, "Min-Expires")


def failed(response: Response, failures: int, rng: random.Random) -> RegistrationState:
    """After the `failures`-th failure in a row: wait 2 s doubling to 60 s with full jitter on
    the upper half, a refusal at least 30 s, and never shorter than Retry-After asks."""
    wait = min(2.0 * 2 ** min(failures - 1, 10), 60.0) * rng.uniform(0.5, 1.0)
    if response.status in (401, 403, 404, 407):
        wait = max(wait, REFUSED_WAIT)
    value = response.headers.get("Retry-After")
    if value is not None:
        try:
            wait = max(wait, float(min(parse_retry_after(value), 3600)))
        except ParseError:
            pass
    return RegistrationState("failed", response.status, response.reason, retry_in=wait)


def _ours(response: Response, contact: Uri) -> NameAddr | None:
    try:
        return next((c for c in response.contacts if equivalent(c.uri, contact)), None)
    except ParseError:
        return None


def _number(response: Response, name: str) -> int | None:
    value = response.headers.get(name)
    try:
        return None if value is None else parse_uint(value, 2**31, name)
    except ParseError:
        return None
