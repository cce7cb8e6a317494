"""REGISTER client: keeps one binding alive (RFC 3261 10, RFC 5626, RFC 8898)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from protocols.aio.flow import Flow
    from protocols.aio.useragent import UserAgent
    from protocols.sip.auth.credentials import Credentials

RegistrationPhase = Literal[
    "idle", "registering", "registered", "failed", "unregistering", "stopped"
]


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


class RegistrationClient:
    """`registrar` is the Request-URI (`sip:pbx.example`); give `flow` to bind to a connection, else
    it is resolved. Refreshes at half the granted time at latest; after a failure tries again with
    back-off; a 401 with fresh nonce or `stale` is answered silently, a second 401 means `failed`
    with `retry_in` at least 30 s (no password hammering)."""

    state: RegistrationState

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
        raise NotImplementedError

    def start(self) -> None:
        raise NotImplementedError

    async def stop(self) -> None:
        """Deregister (Expires: 0), wait for the answer at most 2 s, cancel every timer."""
        raise NotImplementedError
