"""What administrators send and get about people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.spreadsheet import FileQuery

State = Literal["new", "invited", "active", "disabled"]
Sort = Literal["name", "-name", "number", "-number", "last_sign_in", "-last_sign_in"]
Id = Annotated[str, StringConstraints(min_length=36, max_length=36)]
#: What one request can do in a few seconds, wherever the database is.
INVITE_AT_ONCE = 100


class PeopleFilter(RequestModel):
    q: str = Field(default="", max_length=100, description="words of the name, e-mail, number")
    state: State | None = None
    role: str | None = Field(default=None, max_length=20)
    site: str | None = Field(default=None, max_length=36)


class AdminPeopleQuery(PeopleFilter):
    sort: Sort = "name"
    cursor: str | None = Field(default=None, max_length=1000)
    limit: int = Field(default=50, ge=1, le=200)


class PeopleFileQuery(PeopleFilter, FileQuery):
    """Those of the list, as a file."""


class LineShape(RequestModel):
    site_id: str = Field(max_length=36)
    number: str = Field(max_length=60)
    desk_number: str = Field(default="", max_length=60)
    device_id: str = Field(default="", max_length=40, description="default: the number")
    mailbox_number: str | None = Field(default=None, max_length=60)
    auth_user: str = Field(default="", max_length=80, description="default: the device")
    auth_password: str | None = Field(
        default=None, max_length=128, repr=False, description="null: the stored one is kept"
    )


class PersonShape(RequestModel):
    """A person, whole: what is left out is empty."""

    email: str = Field(max_length=300)
    name: str = Field(max_length=300)
    role: str = Field(default="user", max_length=20)
    department: str = Field(default="", max_length=200)
    language: str = Field(default="", max_length=10)
    external_id: str | None = Field(default=None, max_length=300)
    line: LineShape | None = None


class NewPerson(PersonShape):
    invite: bool = Field(default=False, description="sends the invitation at once")


class Reason(RequestModel):
    why: str = Field(default="", max_length=500)


class InviteMany(RequestModel):
    ids: list[Id] = Field(default_factory=list, max_length=INVITE_AT_ONCE)
    all_new: bool = Field(
        default=False, description=f"everybody without invitation, {INVITE_AT_ONCE} at a time"
    )


class Leave(RequestModel):
    """How somebody leaves. The number goes first, then the person is disabled or erased."""

    then: Literal["disable", "erase"]
    number_to: Id | None = None
    why: str = Field(default="", max_length=500)


class PersonInvitationView(ReplyModel):
    sent_at: datetime
    expires_at: datetime
    expired: bool


class AdminLineView(ReplyModel):
    site_id: str
    site_name: str
    number: str
    desk_number: str
    device_id: str
    mailbox_number: str | None
    auth_user: str
    has_password: bool


class AdminPersonView(ReplyModel):
    id: str
    email: str
    name: str
    role: str
    department: str
    language: str
    state: State
    source: str
    external_id: str | None
    disabled_at: datetime | None
    disabled_why: str
    created_at: datetime
    last_sign_in: datetime | None
    invitation: PersonInvitationView | None
    second_factors: list[Literal["totp", "passkey"]]
    line: AdminLineView | None
    version: int


class Licences(ReplyModel):
    used: int
    available: int | None = Field(description="null: as many as wanted")


class PeoplePage(ReplyModel):
    items: list[AdminPersonView]
    next_cursor: str | None
    total: int | None = Field(description="of the filter; on the first page only")
    licences: Licences | None = Field(description="on the first page only")


class InvitedMany(ReplyModel):
    sent: int
    skipped: int = Field(description="active, disabled or signing in elsewhere")
    remaining: int = Field(description="without invitation still, for all_new")
    mail: Literal["queued", "not_configured"]


class Sent(ReplyModel):
    mail: Literal["queued", "not_configured"]


class Kept(ReplyModel):
    kind: str = Field(description="device, session, journal_entry, contact ...")
    count: int


class LeaverForwardingView(ReplyModel):
    kind: str
    to: str | None


class LeaverKeyView(ReplyModel):
    key_id: str
    name: str


class LeaverView(ReplyModel):
    """What is there of somebody who leaves."""

    person: AdminPersonView
    kept: list[Kept] = Field(description="erased with the person")
    forwardings: list[LeaverForwardingView] | None = Field(description="null: the PBX does not say")
    keys: list[LeaverKeyView] = Field(description="API keys this person made; they go on working")
    last_admin: bool


class ProvisionedUser(RequestModel):
    """Somebody as a PBX or a directory tells of them; what is left out stays as it is."""

    email: str = Field(max_length=300)
    name: str | None = Field(default=None, max_length=300)
    role: str | None = Field(default=None, max_length=20)
    department: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=10)
    external_id: str | None = Field(default=None, max_length=300)
    site: str | None = Field(default=None, max_length=200, description="its id or its name")
    number: str | None = Field(default=None, max_length=60)
    desk_number: str | None = Field(default=None, max_length=60)
    device_id: str | None = Field(default=None, max_length=40)
    mailbox_number: str | None = Field(default=None, max_length=60)
    auth_user: str | None = Field(default=None, max_length=80)
    auth_password: str | None = Field(default=None, max_length=128, repr=False)
    template: str | None = Field(
        default=None,
        max_length=100,
        description="its name or id: for what is left out of somebody new; not kept",
    )


class Provisioned(ReplyModel):
    outcome: Literal["created", "updated", "unchanged"]
    person: AdminPersonView


class ByEmail(RequestModel):
    email: str = Field(max_length=300)
