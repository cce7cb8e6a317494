"""Where the features of administration meet: typing Protocols and what they pass to each other.

As with :mod:`gateway.ports`, features know these and never each other; ``gateway/main.py`` wires.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from gateway.permissions import Permission
from gateway.ports import Actor, UserKey
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


def oneself(actor: Actor, client_ip: str) -> Principal:
    """A user who changes things of their own."""
    return Principal(
        actor.user.tenant_id, "user", actor.user.user_id, actor.name, frozenset(), client_ip
    )


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
    #: What it is about, for whoever must not post it twice. Optional.
    target_id: str | None = None
    #: One of many: letters that somebody waits for go first.
    bulk: bool = False


class Mailer(Protocol):
    #: Is there a mail server? Without one letters are kept for a week, and replies say so.
    @property
    def configured(self) -> bool: ...

    async def post(self, db: TenantSession, mail: Mail) -> str:
        """Puts the letter into the outbox in this transaction; its id. It leaves after commit."""


class Inviter(Protocol):
    async def invite_import(self, db: TenantSession, who: Principal, import_id: str) -> None:
        """Whom this import creates, once it is through. In the caller's transaction."""


class AccountLetters(Protocol):
    """Letters that let somebody set a password of their own. In the caller's transaction; the
    caller audits. 404 ``person_unknown``; 409 ``managed_elsewhere`` (signs in by SSO),
    ``person_disabled``."""

    async def invite(
        self,
        db: TenantSession,
        who: Principal,
        user_id: str,
        template: str = "invitation",
        *,
        bulk: bool = False,
    ) -> str:
        """A new invitation; older ones of this person are withdrawn. 409 ``already_active``.

        Returns the secret of its link, for an operator without mail: show it once, never keep it.
        """

    async def reset(self, db: TenantSession, who: Principal, user_id: str) -> None:
        """A link to choose a new password; the old one counts until then."""


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
    webhooks: int = 10  # set up at one time


class Quotas(Protocol):
    """Asked at the edges for each request, socket and call: answers from memory."""

    def of(self, tenant_id: str) -> TenantQuotas: ...


class PlatformQuotas:
    """The same for every tenant."""

    def __init__(self, quotas: TenantQuotas | None = None) -> None:
        self._quotas = quotas or TenantQuotas()

    def of(self, tenant_id: str) -> TenantQuotas:
        return self._quotas


@dataclass(frozen=True, slots=True)
class Fault:
    """Why somebody cannot be as wished: the ``field``, a stable ``code``, words for people."""

    field: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonWish:
    """What a file or a PBX says of somebody, who is found by e-mail. What is not said stays.

    ``said``: name, role, department, language, external_id, site (id or name), number,
    desk_number, device_id, mailbox_number, auth_user, auth_password; ``None`` takes away.
    ``template`` (id or name) says what somebody new is beside that.
    """

    email: str
    said: Mapping[str, str | None] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Filling:
    """What the template of a wish says of somebody new, where the wish itself says nothing."""

    added: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def into(self, wish: PersonWish) -> PersonWish:
        return replace(wish, said={**self.added, **wish.said}) if self.added else wish


#: (site id, number) that somebody is going to have; ``None``: the site is not said.
Promised = Callable[[], Awaitable[Collection[tuple[str | None, str]]]]


#: field -> (before, after), never a password.
Changes = Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """What a wish comes to."""

    action: Literal["create", "update", "unchanged", "error"]
    user_id: str | None
    wanted: PersonData | None
    changes: Changes = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """A plan that was carried out; ``before`` is what undoing puts back (``None``: nobody)."""

    user_id: str
    version: int
    before: Mapping[str, Any] | None


class PeopleBulk(Protocol):
    """Many people at once, by the rules of :class:`PeopleAdmin` and without its audit entries."""

    async def fill_in(
        self, db: TenantSession, wishes: Sequence[PersonWish], promised: Promised
    ) -> list[Filling]:
        """What their templates add, the next free numbers too. The caller holds the tenant's lock.
        ``promised``: what wishes that were planned before, or name their number, are going to have.

        Faults: ``template_unknown``, ``range_used_up``.
        """

    async def plan(
        self,
        db: TenantSession,
        who: Principal,
        wishes: Sequence[PersonWish],
        *,
        source: Source,
        planned: int = 0,
    ) -> list[PersonPlan]:
        """``planned``: people to be created by plans that are not carried out yet."""

    async def carry_out(
        self,
        db: TenantSession,
        who: Principal,
        wishes: Sequence[PersonWish],
        *,
        source: Source,
        expected: Sequence[Changes] | None = None,
    ) -> list[tuple[PersonPlan, Carried | None]]:
        """Plans anew under the tenant's lock and does what can be done, in few statements.

        ``expected``: the changes that were shown; where others would be made, none is.
        """

    async def undo(
        self, db: TenantSession, who: Principal, done: Sequence[Carried]
    ) -> list[Fault | None]:
        """Puts back what was; a fault where somebody was changed since."""
