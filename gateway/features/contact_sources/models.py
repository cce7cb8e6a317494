"""What contact sources take and give."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from gateway.features.contact_sources.source import (
    NumberKind,
    SourceContact,
    SourceKind,
    SourceState,
)
from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import NumberView

LEAST_QUERY = 2
_ATTRIBUTE = r"[A-Za-z][A-Za-z0-9;-]{0,59}"
Attribute = Annotated[str, StringConstraints(pattern=f"^{_ATTRIBUTE}$")]
AttributeOrNone = Annotated[str, StringConstraints(pattern=f"^({_ATTRIBUTE})?$")]
Attributes = Annotated[list[Attribute], Field(max_length=5)]
Query = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=LEAST_QUERY,
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*$",
    ),
]


class SourceNumberView(ReplyModel):
    kind: NumberKind
    number: NumberView


class FoundContact(ReplyModel):
    """Read-only: it is changed where it is kept."""

    source: SourceKind
    private: bool = Field(description="the reader's own; else the company's")
    name: str
    company: str
    email: str
    numbers: list[SourceNumberView]


class SearchQuery(RequestModel):
    q: str = Field(
        default="",
        max_length=100,
        pattern=r"^[^\x00-\x1f\x7f]*$",
        description="two characters at least; nobody is asked for less",
    )


class AskedSource(ReplyModel):
    source: SourceKind
    state: Literal["working", "slow", "busy", "failing", "sign_in_again"] = Field(
        description="slow: ask again in a second or two, the answer is kept"
    )


class FoundContacts(ReplyModel):
    items: list[FoundContact]
    sources: list[AskedSource]
    next_cursor: None = None


class SourceView(ReplyModel):
    source: SourceKind
    state: SourceState
    account: str = Field(description="whose contacts they are, as the source calls it")
    connected_at: AwareDatetime | None


class SourceList(ReplyModel):
    items: list[SourceView]
    next_cursor: None = None


class ConnectStarted(ReplyModel):
    url: str = Field(description="go there in the same window")


class MicrosoftAnswer(RequestModel):
    """What Microsoft sends the browser back with; it adds what it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: str = Field(default="", max_length=200)
    code: str = Field(default="", max_length=8192, repr=False)
    error: str = Field(default="", max_length=200)
    error_description: str = Field(default="", max_length=4000)


class LdapIn(RequestModel):
    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=389, ge=1, le=65535)
    security: Literal["starttls", "ldaps"] = "starttls"
    ca_pem: str = Field(default="", max_length=20_000)
    bind_dn: str = Field(default="", max_length=500)
    bind_password: str | None = Field(
        default=None,
        max_length=500,
        repr=False,
        description="null: keep, for the same host, port and ca_pem alone; empty: there is none",
    )
    base_dn: str = Field(default="", max_length=500)
    filter: str = Field(
        default="(objectClass=person)",
        min_length=3,
        max_length=500,
        description="which entries are contacts",
    )
    name_attribute: Attribute = "cn"
    company_attribute: AttributeOrNone = "o"
    email_attribute: AttributeOrNone = "mail"
    work_attributes: Attributes = Field(default_factory=lambda: ["telephoneNumber"])
    mobile_attributes: Attributes = Field(default_factory=lambda: ["mobile"])
    home_attributes: Attributes = Field(default_factory=lambda: ["homePhone"])
    active: bool = False


class LdapView(ReplyModel):
    host: str
    port: int
    security: Literal["starttls", "ldaps"]
    ca_pem: str
    bind_dn: str
    has_bind_password: bool
    base_dn: str
    filter: str
    name_attribute: str
    company_attribute: str
    email_attribute: str
    work_attributes: list[str]
    mobile_attributes: list[str]
    home_attributes: list[str]
    active: bool
    version: int = Field(description="0: never set up")
    last_error: str = Field(description="a code; empty: the last question was answered")
    last_error_at: AwareDatetime | None


class MicrosoftIn(RequestModel):
    directory_id: str = Field(
        min_length=1, max_length=253, description="the id or a domain of the directory (tenant)"
    )
    client_id: str = Field(pattern=r"^[A-Za-z0-9-]{1,100}$")
    client_secret: str | None = Field(
        default=None,
        min_length=1,
        max_length=500,
        repr=False,
        description="null: keep, for the same directory and client alone",
    )
    secret_expires_at: AwareDatetime | None = None
    private_contacts: bool = True
    global_contacts: bool = True
    active: bool = False


class MicrosoftView(ReplyModel):
    directory_id: str
    client_id: str
    has_client_secret: bool
    secret_expires_at: AwareDatetime | None
    private_contacts: bool
    global_contacts: bool
    active: bool
    version: int = Field(description="0: never set up")
    redirect_uri: str = Field(description="to enter at Microsoft")
    permissions: list[str] = Field(description="delegated ones, to grant at Microsoft")
    connected_users: int
    last_error: str
    last_error_at: AwareDatetime | None


class LdapTest(RequestModel):
    __test__ = False

    q: Query = Field(description="what a user would type")


class SourceTest(ReplyModel):
    """What came of it; nothing is changed."""

    __test__ = False

    ok: bool
    code: str
    detail: str
    items: list[FoundContact] = Field(default_factory=list, description="the first five")


def view_of(contact: SourceContact) -> FoundContact:
    return FoundContact(
        source=contact.source,
        private=contact.private,
        name=contact.name,
        company=contact.company,
        email=contact.email,
        numbers=[
            SourceNumberView(
                kind=one.kind,
                number=NumberView(
                    dialled=one.number.dialled,
                    canonical=one.number.canonical,
                    display=one.number.display,
                ),
            )
            for one in contact.numbers
        ],
    )
