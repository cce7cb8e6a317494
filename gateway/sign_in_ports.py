"""Where the ways of proving who one is meet: typing Protocols and what they pass to each other.

As with :mod:`gateway.ports`: features know these and never each other; ``gateway/main.py`` wires.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from gateway.http.shapes import DeviceInfo
from gateway.ports import Actor, UserKey
from gateway.storage.models import User
from gateway.storage.storage import TenantSession

#: How a session began. What begins with a second factor has it after a plus.
Method = Literal["password", "passkey", "sso", "ldap", "password+totp", "ldap+totp"]
SecondMethod = Literal["totp", "recovery_code"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A session, opened or prolonged."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    actor: Actor
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class ProvenPassword:
    """Which of a user's passwords was right: by the time of its last change."""

    changed_at: datetime | None

    def to_json(self) -> dict[str, str | None]:
        return {"changed_at": self.changed_at.isoformat() if self.changed_at else None}

    @classmethod
    def from_json(cls, data: Mapping[str, str | None]) -> ProvenPassword:
        text = data["changed_at"]
        return cls(datetime.fromisoformat(text) if text else None)


class SessionOpener(Protocol):
    async def open(
        self,
        user: UserKey,
        device: DeviceInfo,
        client_ip: str,
        method: Method,
        password: ProvenPassword | None = None,
        proven_at: datetime | None = None,
    ) -> Grant:
        """For somebody who has proven to be the user, ``proven_at`` or just now.

        Raises :class:`gateway.ports.Problem`:
        403 ``tenant_suspended``, 401 ``bad_credentials`` for a user who is gone or disabled, or
        whose ``password``, where it was the proof, is another one by now."""


class Sessions(Protocol):
    """What the owner of sessions may do with them."""

    async def revoke(self, tenant_id: str, session_id: str, reason: str) -> None: ...

    async def revoke_user(self, user: UserKey, reason: str, *, but: str | None = None) -> None:
        """All sessions of a user, but for one."""

    async def proven(self, actor: Actor) -> datetime:
        """The session's holder has just proven again who they are; until when this counts."""

    async def require_fresh(self, actor: Actor) -> None:
        """403 ``step_up_required`` unless the proof is recent."""


class SecondFactors(Protocol):
    async def methods(self, db: TenantSession, user: User) -> tuple[SecondMethod, ...]:
        """What the user can be asked for; empty: nothing was set up."""

    async def use(self, db: TenantSession, user_id: str, method: SecondMethod, code: str) -> bool:
        """Is it right? Then it is used up, in this (writing) transaction."""


class Passkeys(Protocol):
    async def verify(self, credential: Mapping[str, Any], user: UserKey | None = None) -> UserKey:
        """Whose passkey signed a challenge of ours (``user``: nobody else's will do); uses the
        challenge up. 401 ``passkey_refused``."""

    def creation_options(
        self, tenant_id: str, user_id: str, email: str, name: str, known: tuple[bytes, ...] = ()
    ) -> dict[str, Any]:
        """For ``navigator.credentials.create()``."""

    async def register(
        self, db: TenantSession, user_id: str, credential: Mapping[str, Any], name: str
    ) -> str:
        """The new passkey's id; 422 ``passkey_refused``."""


class DirectorySignIn(Protocol):
    """Passwords that a directory of the tenant checks."""

    async def verify(self, email: str, password: str) -> UserKey | None:
        """The user whose password it is, made just now if the tenant wants that; ``None``: wrong,
        or no directory is asked for this address. 503 ``directory_unreachable``."""


class NoDirectory:
    """Implements :class:`DirectorySignIn` where there is none."""

    async def verify(self, email: str, password: str) -> UserKey | None:
        return None
