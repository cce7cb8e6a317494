"""What administrators send and get about people."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.spreadsheet import FileQuery

InvitingState = Literal["none", "running", "done", "stopped", "failed"]
State = Literal["new", "invited", "active", "disabled"]
Sort = Literal["name", "-name", "number", "-number", "last_sign_in", "-last_sign_in"]
Id = Annotated[str, StringConstraints(min_length=36, max_length=36)]
#: Whom one request can name; all who have no invitation may be more.
_INVITE_AT_ONCE = 1000


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


A_SITE = "01948a5d-ac96-774b-bcce-b302099a8057"


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
    department: str = Field(default="", max_length=200, examples=["Sales"])
    language: str = Field(default="", max_length=10)
    external_id: str | None = Field(default=None, max_length=300)
    line: LineShape | None = Field(default=None, examples=[{"site_id": A_SITE, "number": "101"}])


class NewPerson(PersonShape):
    invite: bool = Field(default=False, description="sends the invitation at once")


class Reason(RequestModel):
    why: str = Field(default="", max_length=500)


class InviteMany(RequestModel):
    """Those of ``ids``, or all."""

    ids: list[Id] = Field(default_factory=list, max_length=_INVITE_AT_ONCE)
    all_new: bool = Field(
        default=False, description="everybody who has no invitation yet", examples=[True]
    )

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if bool(self.ids) == self.all_new:
            raise ValueError("send ids or all_new")
        return self


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


class InvitingView(ReplyModel):
    """How far the invitations are that were asked for last."""

    state: InvitingState
    total: int = 0
    sent: int = Field(default=0, description="written; they leave one after the other")
    left_out: int = Field(default=0, description="active, disabled or signing in elsewhere")
    letters_waiting: int = Field(description="of all letters: not taken by the mail server yet")
    started_at: datetime | None = None
    started_by: str = ""
    ended_at: datetime | None = None
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
    name: str | None = Field(default=None, max_length=300, examples=["Anna König"])
    role: str | None = Field(default=None, max_length=20)
    department: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=10)
    external_id: str | None = Field(default=None, max_length=300)
    site: str | None = Field(
        default=None, max_length=200, description="its id or its name", examples=["Munich"]
    )
    number: str | None = Field(default=None, max_length=60, examples=["101"])
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
