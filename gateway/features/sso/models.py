"""What signing in elsewhere takes and gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel

Role = Literal["user", "help_desk", "admin"]
Group = Annotated[str, StringConstraints(min_length=1, max_length=300)]
RoleByGroup = Annotated[dict[Group, Role], Field(max_length=100)]
Domain = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=3, max_length=253),
]


class MethodsQuery(RequestModel):
    email: str = Field(default="", max_length=254)


class SsoOffer(ReplyModel):
    name: str
    start_url: str = Field(description="to go to; takes ?to=app|admin and &email=")


class MethodsReply(ReplyModel):
    """How people of an address' domain sign in. Tells nothing of the address itself."""

    password: bool = Field(description="a password box makes sense too")
    sso: SsoOffer | None


class StartQuery(RequestModel):
    to: Literal["app", "admin"] = "app"
    email: str = Field(default="", max_length=254, description="shown by the provider")
    device: str = Field(default="", max_length=36, description="as given at an earlier sign-in")
    device_name: str = Field(default="", max_length=100)
    test: str = Field(default="", max_length=500)
    fresh: bool = Field(
        default=False,
        description="have the provider ask for a proof anew: what step_up_required needs",
    )


class CallbackQuery(BaseModel):
    """Providers add what they like."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: str = Field(default="", max_length=200, repr=False)
    code: str = Field(default="", max_length=4096, repr=False)
    error: str = Field(default="", max_length=200)
    error_description: str = Field(default="", max_length=1000)
    iss: str = Field(default="", max_length=500)


class ConnectionIn(RequestModel):
    name: str = Field(min_length=1, max_length=100, description="on the button")
    issuer: str = Field(min_length=10, max_length=500)
    client_id: str = Field(min_length=1, max_length=200)
    client_secret: str | None = Field(
        default=None,
        max_length=500,
        repr=False,
        description="null: keep, for the same issuer alone; empty: there is none",
    )
    secret_expires_at: AwareDatetime | None = None
    scopes: str = Field(
        default="openid email profile", max_length=200, pattern=r"^openid( [!#-\[\]-~]+)*$"
    )
    groups_claim: str = Field(default="groups", min_length=1, max_length=60)
    role_by_group: RoleByGroup = Field(default_factory=dict)
    create_users: bool = True
    active: bool = False


class TestResult(ReplyModel):
    """What came of the last test."""

    __test__ = False

    id: str
    at: str
    ok: bool
    code: str
    detail: str
    email: str = ""
    name: str = ""
    groups: list[str] = Field(default_factory=list)
    role: str = Field(default="", description="empty: groups do not decide it")


class DomainView(ReplyModel):
    id: str
    domain: str
    connection_id: str | None = Field(description="null: of the LDAP directory")
    state: Literal["waiting", "proven"]
    proven_by: Literal["", "dns", "operator"]
    dns_name: str = Field(description="where the TXT record goes")
    dns_value: str
    missing_since: AwareDatetime | None = Field(
        description="the record is gone: two weeks later the domain is not proven any more"
    )


class ConnectionView(ReplyModel):
    id: str
    name: str
    issuer: str
    client_id: str
    has_secret: bool
    secret_expires_at: AwareDatetime | None
    scopes: str
    groups_claim: str
    role_by_group: dict[str, str]
    create_users: bool
    active: bool
    version: int
    redirect_uri: str = Field(description="to enter at the provider")
    start_url: str
    domains: list[DomainView]
    last_sign_in: AwareDatetime | None
    last_error: str = Field(description="a code; empty: the last sign-on was well")
    last_error_at: AwareDatetime | None
    last_test: TestResult | None
    warnings: list[Literal["secret_expired", "secret_expires_soon", "no_domain"]]


class ConnectionList(ReplyModel):
    items: list[ConnectionView]
    next_cursor: None = None


class TestStarted(ReplyModel):
    __test__ = False

    id: str
    url: str = Field(description="open it in a new window; the result is in last_test")


class DomainIn(RequestModel):
    domain: Domain
    connection_id: str | None = Field(default=None, max_length=36)


class DomainList(ReplyModel):
    items: list[DomainView]
    next_cursor: None = None


class ConfirmIn(RequestModel):
    """An operator has seen a proof of another kind."""

    tenant_id: str = Field(max_length=36)
    domain: Domain
    why: str = Field(min_length=1, max_length=500)


class DirectoryIn(RequestModel):
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=389, ge=1, le=65535)
    security: Literal["starttls", "ldaps"] = "starttls"
    ca_pem: str = Field(default="", max_length=20_000)
    method: Literal["search", "bind"] = "search"
    user_dn: str = Field(default="", max_length=500)
    base_dn: str = Field(default="", max_length=500)
    user_filter: str = Field(default="(mail={email})", max_length=500)
    bind_dn: str = Field(default="", max_length=500)
    bind_password: str | None = Field(
        default=None,
        max_length=500,
        repr=False,
        description="null: keep, for the same host, port and ca_pem alone; empty: there is none",
    )
    email_attribute: str = Field(default="mail", pattern=r"^[A-Za-z][A-Za-z0-9;-]{0,59}$")
    name_attribute: str = Field(default="cn", pattern=r"^[A-Za-z][A-Za-z0-9;-]{0,59}$")
    group_attribute: str = Field(default="memberOf", pattern=r"^[A-Za-z][A-Za-z0-9;-]{0,59}$")
    role_by_group: RoleByGroup = Field(default_factory=dict)
    create_users: bool = True
    active: bool = False


class DirectoryView(ReplyModel):
    host: str
    port: int
    security: Literal["starttls", "ldaps"]
    ca_pem: str
    method: Literal["search", "bind"]
    user_dn: str
    base_dn: str
    user_filter: str
    bind_dn: str
    has_bind_password: bool
    email_attribute: str
    name_attribute: str
    group_attribute: str
    role_by_group: dict[str, str]
    create_users: bool
    active: bool
    version: int = Field(description="0: never set up")
    domains: list[DomainView]
    last_sign_in: AwareDatetime | None
    last_error: str
    last_error_at: AwareDatetime | None


class DirectoryTest(RequestModel):
    """Tried once, with what is stored; kept nowhere."""

    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=200, repr=False)


def jsonable(result: dict[str, Any] | None) -> TestResult | None:
    return None if result is None else TestResult.model_validate(result)
