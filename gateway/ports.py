"""Where features and call control meet: typing Protocols, no implementation.

``gateway/main.py`` and ``gateway/wiring`` alone wire implementations to these ports. A feature
imports this module and ``gateway.calls`` names, never another feature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UserKey:
    """Who owns calls, journal and presence. Both ids are UUIDv7 strings."""

    tenant_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """An authenticated caller of a command: made by the session layer, never from client data."""

    user: UserKey
    session_id: str
    device_id: str
    #: This and the name as they were a moment ago at most; they tell no two actors apart.
    role: str = field(default="user", compare=False)
    name: str = field(default="", compare=False)
    #: All that this session may do is to set up the second factor that the tenant demands.
    setup_only: bool = field(default=False, compare=False)
    #: A program that acts for the user: nobody is at the device, which has to be told.
    remote: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The three forms of a number (calls.md 9)."""

    dialled: str
    canonical: str
    display: str


@dataclass(frozen=True, slots=True)
class Line:
    """A user's extension at a site, as the connector registers it."""

    tenant_id: str
    site_id: str
    line_id: str
    user_id: str
    number: str  # canonical at the site: the extension's digits or +E.164
    desk_number: str
    mailbox_number: str | None = None


@dataclass(frozen=True, slots=True)
class SiteProfile:
    tenant_id: str
    site_id: str
    profile: str  # business | voice | os4000
    country: str  # ISO 3166 alpha-2, lower case
    area_code: str
    extension_digits: int
    codecs: tuple[str, ...] = ("PCMA", "PCMU")
    #: Extensions of other lengths: (first, last), both of the same length.
    extension_ranges: tuple[tuple[str, str], ...] = ()
    #: The site's own numbers from outside, without the extension: ``+498955501``; "" for none.
    number_block: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str | None
    name: str


class Problem(Exception):
    """A refusal in the API's words (RFC 9457): ``code`` is stable, ``title`` is for people."""

    def __init__(
        self, status: int, code: str, title: str, detail: str = "", **extra: object
    ) -> None:
        super().__init__(f"{status} {code}: {title}")
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.extra = extra

    def to_json(self) -> JsonObject:
        body: JsonObject = {
            "type": f"urn:offhook:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            body["detail"] = self.detail
        body.update(self.extra)
        return body


def second_factor_missing() -> Problem:
    return Problem(
        403, "second_factor_setup_required", "Your company wants a second factor: set one up first"
    )


class LineDirectory(Protocol):
    """Lines, each with the site it belongs to, read from storage in one step: a call waits."""

    async def home_line(self, user: UserKey) -> tuple[Line, SiteProfile] | None: ...

    async def line(
        self, tenant_id: str, site_id: str, line_id: str
    ) -> tuple[Line, SiteProfile] | None:
        """By the tenant and site that the flow proved, never by a claim in a message."""


class NumberNormaliser(Protocol):
    """Between what people type or the link carries and the three forms (pure, no IO)."""

    def normalise(self, typed: str, site: SiteProfile) -> Numbers:
        """What a user typed, pasted or clicked; raises :class:`Problem` 422 ``number_invalid``."""

    def from_wire(self, user_part: str, site: SiteProfile) -> Numbers:
        """The user part of a URI on the link. Never raises: odd input is kept as it is."""


class DirectoryLookup(Protocol):
    """``reader``: whose own contacts count as well."""

    async def name_of(
        self, tenant_id: str, canonical: str, reader: str | None = None
    ) -> Person | None:
        """Who has this number; ``None`` if nobody knows. Must answer within 100 ms."""

    async def names_of(
        self, tenant_id: str, canonicals: AbstractSet[str], reader: str | None = None
    ) -> Mapping[str, str]:
        """The names behind those of these numbers that somebody has, asked for at once."""


@dataclass(frozen=True, slots=True)
class CutOff:
    """An entry of a call that went on when a node of ours ended."""

    call_id: str
    started_at: datetime
    answered_at: datetime | None


class JournalWriter(Protocol):
    """Facts first: each method returns after the commit (calls.md 7)."""

    async def open(
        self,
        user: UserKey,
        call_id: str,
        *,
        direction: str,  # "in" | "out"
        numbers: Numbers,
        name: str | None,
        started_at: datetime,
        diverted_by: str | None = None,
        original_called: str | None = None,
        pbx_call: str | None = None,
    ) -> str:
        """Insert the entry in state ``pending``; returns the entry id. Idempotent by call_id."""

    async def at_pbx(self, user: UserKey, call_id: str, pbx_call: str) -> None:
        """What the PBX calls this call now, for :meth:`take_up`."""

    async def take_up(
        self, user: UserKey, pbx_call: str, canonical: str, since: datetime
    ) -> CutOff | None:
        """The call still runs that a node of ours left: its entry is ``pending`` again. The number
        of the far end is asked for too, and the call's age, because a PBX uses its ids again."""

    async def answered(
        self, user: UserKey, call_id: str, *, device_id: str | None, at: datetime
    ) -> None: ...

    async def settle(
        self,
        user: UserKey,
        call_id: str,
        *,
        kind: str,  # answered missed declined forwarded answered_by failed no_answer ...
        reason: str,  # ended.reason of calls.md 1
        name: str | None,  # may have become known after the entry was opened
        device_id: str | None,
        ended_at: datetime,
        duration_ms: int,
        answered_on: str | None = None,  # app | desk_phone | elsewhere
        answered_by: str | None = None,  # who, if it was somebody else
        forwarded_to: str | None = None,
        trail: Sequence[JsonObject] = (),
        numbers: Numbers | None = None,  # whose call was fetched, if it was
    ) -> None:
        """Settle once; a second call has no effect.

        ``trail``: why each device rang or did not, as ``at``, ``code``, ``device_id``, ``detail``.
        """

    async def unread(self, user: UserKey) -> int: ...


@dataclass(frozen=True, slots=True)
class RingRule:
    """What the user wants to happen on their own devices when somebody calls.

    The PBX rings the desk phone by itself: this is about the apps alone.
    """

    #: ``later``: after ``delay`` seconds; ``never``: shown, and silent.
    apps: Literal["now", "later", "never"] = "now"
    delay: float = 0.0
    #: This device takes calls by itself, ``auto_answer_after`` seconds after it began to ring.
    auto_answer_device: str | None = None
    auto_answer_after: float = 0.0
    #: While the user talks: a second call, or busy.
    when_busy: Literal["second_call", "busy"] = "second_call"


RING_EVERYWHERE = RingRule()


class RoutingRules(Protocol):
    async def ring_rule(self, user: UserKey) -> RingRule:
        """Must answer within 100 ms: a caller waits."""


class RingsEverywhere:
    """Implements :class:`RoutingRules` where no feature keeps wishes."""

    async def ring_rule(self, user: UserKey) -> RingRule:
        return RING_EVERYWHERE


class DeviceRegistry(Protocol):
    """Who is reachable now: devices with a live socket (leases and legs point at devices)."""

    def online(self, user: UserKey) -> Sequence[str]:
        """Device ids of the user with a live socket."""

    def named(self, user: UserKey) -> Sequence[tuple[str, str]]:
        """The same, each with the name that its user gave it."""


class EventSink(Protocol):
    """The way events leave for clients. ``publish`` never blocks and never raises."""

    def to_user(self, user: UserKey, event: str, payload: Mapping[str, Any]) -> None: ...

    def to_device(
        self, user: UserKey, device_id: str, event: str, payload: Mapping[str, Any]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class CommandResult:
    """``call`` is the Call resource as JSON when one exists."""

    call: Mapping[str, Any] | None = None
    extra: JsonObject = field(default_factory=dict)


class CallService(Protocol):
    """The one implementation behind both doors, REST and Socket.IO (api.md)."""

    async def execute(
        self, actor: Actor, verb: str, body: Mapping[str, Any], command_id: str
    ) -> CommandResult:
        """Validate and enqueue within 200 ms; raises :class:`Problem`. Never awaits progress.

        Verbs of api.md plus ``media.offer``, ``media.candidate``, ``media.close``. The same
        ``command_id`` from the same user gives the same result again.
        """

    def calls_of(self, user: UserKey) -> Sequence[Mapping[str, Any]]:
        """Snapshot: the user's live calls as JSON."""

    def desk_phone_of(self, user: UserKey) -> Mapping[str, Any] | None:
        """Snapshot: how the user's desk phone is; None: the PBX told of none."""

    def pickups_of(self, user: UserKey) -> Sequence[Mapping[str, Any]]:
        """Snapshot: what rings in the user's pickup group."""

    def device_online(self, user: UserKey, device_id: str) -> None: ...

    def device_offline(self, user: UserKey, device_id: str) -> None:
        """A socket went away. Never ends a call."""

    def active(self) -> int:
        """Live calls of all tenants: a draining gateway waits until it is 0."""

    def live_in(self, tenant_id: str) -> int:
        """Live calls of one tenant."""

    def drain(self) -> None:
        """No new calls; what runs goes on."""

    async def shutdown(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ConnectorStatus:
    """One row per layer: network tls key registration voice control audio (architecture 4)."""

    site_id: str
    state: str  # not_set_up | connecting | working | weak | down | refused | unknown
    layers: tuple[tuple[str, str, str], ...] = ()  # (layer, state, since RFC 3339)
    version: str = ""
    #: What lines of the site's PBX may ask for beside their calls, as the connector says.
    offers: tuple[str, ...] = ()

    @property
    def registered(self) -> bool:
        """The connector itself is there, whatever it can say of the PBX."""
        states = {layer: state for layer, state, _ in self.layers}
        return states.get("registration") in ("working", "weak")


class ConnectorDirectory(Protocol):
    """Live state of connectors, for the snapshot and the admin page."""

    def status(self, tenant_id: str, site_id: str) -> ConnectorStatus: ...

    def subscribe(self, listener: Callable[[str, ConnectorStatus], None]) -> None:
        """``listener(tenant_id, status)`` on every change."""


class AlternativeNumbers(Protocol):
    """Another phone of the user, reached by a number of its own."""

    async def alternative_number(self, user: UserKey) -> Numbers | None: ...


class NoAlternativeNumbers:
    """Implements :class:`AlternativeNumbers` where no feature keeps them."""

    async def alternative_number(self, user: UserKey) -> Numbers | None:
        return None


class ConnectorTokens(Protocol):
    """Issued by POST /api/v1/connector/session, presented as Bearer in REGISTER (RFC 8898)."""

    async def verify(self, token: str) -> ConnectorIdentity | None: ...

    def on_revoked(self, listener: Callable[[str, str], None]) -> None:
        """``listener(site_id, key_id)`` as soon as a key is revoked: its flows close at once."""


@dataclass(frozen=True, slots=True)
class ConnectorIdentity:
    tenant_id: str
    site_id: str
    key_id: str
    instance: str  # UUID of the installation
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Lamp:
    """A user's voicemail lamp. Not every PBX counts the messages."""

    waiting: bool
    new: int | None = None
    old: int | None = None


class LampNews(Protocol):
    """Takes what the link says of lamps."""

    async def lamp_told(
        self, tenant_id: str, site_id: str, line_id: str, lamp: Lamp | None
    ) -> bool:
        """``None``: nobody knows how it is. False: the site has no such line."""


class NobodyAsksForLamps:
    """Implements :class:`LampNews` where no feature wants to know."""

    async def lamp_told(
        self, tenant_id: str, site_id: str, line_id: str, lamp: Lamp | None
    ) -> bool:
        return False


#: ``tell(stage, seconds)``: a stage of a call's set-up is over; see ``gateway.calls.stages``.
SetupStage = Callable[[str, float], None]


def untold(stage: str, seconds: float) -> None:
    """For whoever keeps no figures."""


@dataclass(frozen=True, slots=True)
class CallPorts:
    """All that call control and the connectors need from the platform, handed over by main."""

    lines: LineDirectory
    directory: DirectoryLookup
    numbers: NumberNormaliser
    journal: JournalWriter
    devices: DeviceRegistry
    events: EventSink
    tokens: ConnectorTokens
    setup_stage: SetupStage = untold
    #: Do not disturb that the PBX does not hold: the user's calls are refused here.
    refuses_calls: Callable[[UserKey], bool] = lambda _: False
    #: Puts an event on the bus.
    announce: Callable[[object], None] = lambda _: None
    routing: RoutingRules = field(default_factory=RingsEverywhere)
    alternative: AlternativeNumbers = field(default_factory=NoAlternativeNumbers)
    lamps: LampNews = field(default_factory=NobodyAsksForLamps)
    #: Live calls that a tenant may have at one time.
    most_calls: Callable[[str], int] = lambda _: 200


@dataclass(frozen=True, slots=True)
class KeyIdentity:
    """What a valid API key proves. ``site_id`` is empty for keys of the whole tenant."""

    tenant_id: str
    site_id: str
    key_id: str
    scopes: tuple[str, ...] = ("connector",)
    name: str = ""


class Authenticator(Protocol):
    """Access token -> actor, used by both doors. Raises :class:`Problem` 401."""

    async def authenticate(self, token: str) -> Actor: ...

    async def session_live(self, tenant_id: str, session_id: str) -> bool:
        """Not signed out, not revoked, not expired, user not disabled."""

    async def live_sessions(self, tenant_id: str, session_ids: AbstractSet[str]) -> set[str]:
        """The live ones among these, asked of the storage at once."""

    async def require_fresh(self, actor: Actor) -> None:
        """403 ``step_up_required`` unless the person has proven of late who they are."""


class ApiKeyVerifier(Protocol):
    async def verify(self, text: str) -> KeyIdentity | None: ...

    async def still_valid(self, identity: KeyIdentity) -> bool: ...


class TurnIssuer(Protocol):
    def issue(self, name: str) -> JsonObject:
        """``{urls, username, credential, ttl}``; ``name`` is an opaque id, never an address."""
