"""Where the features of administration meet: typing Protocols and what they pass to each other.

As with :mod:`gateway.ports`, features know these and never each other; ``gateway/main.py`` wires.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from gateway.permissions import Permission
from gateway.ports import UserKey
from gateway.storage.storage import TenantSession

Source = Literal["local", "import", "sso", "scim", "ldap", "pbx"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts on a tenant: made by the session layer, a verified key, the command line or a job.

    ``tenant_id`` is the tenant acted on; ``kind`` user: ``id`` is a user of it.
    """

    tenant_id: str
    kind: Literal["user", "key", "operator", "system"]
    id: str
    name: str
    permissions: frozenset[Permission] = frozenset()
    client_ip: str | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def in_tenant(self, tenant_id: str) -> Principal:
        """The same person, acting on another tenant as operator."""
        return replace(self, tenant_id=tenant_id, kind="operator")


def system(tenant_id: str, name: str) -> Principal:
    """A job of the gateway itself; ``name`` says which."""
    return Principal(tenant_id, "system", "", name)


class AuditLog(Protocol):
    async def record(
        self,
        db: TenantSession,
        who: Principal,
        action: str,
        target: str,
        target_id: str = "",
        *,
        target_name: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        why: str = "",
    ) -> None:
        """In the transaction of the act itself: both are there, or neither.

        ``action``: ``<target>.<verb>`` (``person.disable``). ``before`` and ``after`` hold what
        changed and never a secret, not even sealed.
        """


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter by template; ``values`` fill it. The language falls back to the tenant's, then en.

    ``secret``: the one value that must not rest readable in the database (a link's token); it is
    sealed until the letter has left.
    """

    to: str
    template: str
    language: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    secret: str = field(default="", repr=False)
    #: For whom: where the letter's fate (sent, bounced) is shown. Optional.
    user_id: str | None = None


class Mailer(Protocol):
    async def post(self, db: TenantSession, mail: Mail) -> str:
        """Puts the letter into the outbox in this transaction; its id. It leaves after commit."""


class SessionEnder(Protocol):
    async def revoke_user(self, user: UserKey, reason: str) -> None:
        """All sessions, their sockets within 5 s. After the commit that makes it final."""


@dataclass(frozen=True, slots=True)
class LineData:
    """A user's extension. ``auth_password`` None: keep the stored one."""

    site_id: str
    number: str
    desk_number: str = ""
    device_id: str = ""  # default: the number
    mailbox_number: str | None = None
    auth_user: str = ""  # default: the device id
    auth_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PersonData:
    """What can be said of a person, whole: a change gives all of it."""

    email: str
    name: str
    role: str = "user"
    department: str = ""
    language: str = ""
    external_id: str | None = None  # of SCIM or the PBX
    source: Source = "local"
    line: LineData | None = None


class PeopleAdmin(Protocol):
    """The one implementation behind portal, import, SCIM, sign-on just in time and the PBX's API.

    All act in the caller's transaction, check, audit, keep the sign-in index and the site's
    configuration version. Raises :class:`gateway.ports.Problem`: 409 ``email_taken``,
    ``number_taken``, ``last_admin``; 404 ``person_unknown``; 412 ``changed_meanwhile``;
    422 ``number_invalid``, ``site_unknown``; 402 ``licences_used_up``.
    """

    async def create(self, db: TenantSession, who: Principal, new: PersonData) -> str:
        """The new user's id. Without password: an invitation or sign-on follows."""

    async def change(
        self,
        db: TenantSession,
        who: Principal,
        user_id: str,
        wanted: PersonData,
        version: int | None = None,
    ) -> int:
        """The new version; ``version``: the one that was read."""

    async def set_disabled(
        self, db: TenantSession, who: Principal, user_id: str, disabled: bool, why: str = ""
    ) -> None:
        """After the commit the caller ends the sessions (:class:`SessionEnder`)."""

    async def remove(
        self, db: TenantSession, who: Principal, user_id: str, *, why: str = ""
    ) -> None:
        """Erases the person with line, devices, journal and contacts; the audit keeps the act."""

    async def find(self, db: TenantSession, user_id: str) -> PersonData | None: ...

    async def find_by_email(self, db: TenantSession, email: str) -> str | None: ...

    async def find_by_external_id(self, db: TenantSession, external_id: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class TenantQuotas:
    """What one tenant may use. The defaults are the platform's."""

    calls: int = 200  # live at one time
    sockets: int = 5_000  # open at one time
    requests_per_minute: int = 6_000  # of the API, all users and keys together
    requests_per_minute_each: int = 600  # of one user or key
    storage_mb: int = 2_048


class Quotas(Protocol):
    """Asked at the edges for each request, socket and call: answers from memory."""

    def of(self, tenant_id: str) -> TenantQuotas: ...


class PlatformQuotas:
    """The same for every tenant."""

    def __init__(self, quotas: TenantQuotas | None = None) -> None:
        self._quotas = quotas or TenantQuotas()

    def of(self, tenant_id: str) -> TenantQuotas:
        return self._quotas
