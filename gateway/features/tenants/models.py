"""JSON of /operator/tenants and /admin/tenant."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel

Language = Literal["en", "de", "fr", "es", "it", "nl", "ca"]
Status = Literal["invited", "active", "suspended", "deleting"]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Email = Annotated[str, StringConstraints(min_length=3, max_length=254, strip_whitespace=True)]
Why = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class AdminInvitation(RequestModel):
    """``name`` may be missing: they say it themselves when they accept."""

    email: Email
    name: Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)] = ""


class NewTenant(RequestModel):
    name: Name
    language: Language = "en"
    admin: AdminInvitation
    licences: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class ListQuery(RequestModel):
    q: str = Field(default="", max_length=100, description="part of the name")
    status: Status | None = None
    cursor: str = Field(default="", max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


class PlatformTenant(ReplyModel):
    """What an operator sees: figures, and nobody's name."""

    id: str
    name: str
    kind: Literal["customer", "platform"]
    status: Status
    language: str
    created_at: datetime
    users: int = Field(description="not disabled")
    licences: int | None
    quotas: dict[str, int] = Field(description="what differs from the platform's")
    terms_version: str
    terms_accepted_at: datetime | None
    suspended_at: datetime | None
    suspended_why: str
    delete_after: datetime | None
    version: int


class TenantPage(ReplyModel):
    items: list[PlatformTenant]
    next_cursor: str | None
    total: int


class Invited(ReplyModel):
    tenant: PlatformTenant
    mail: Literal["queued", "not_configured"]


class Suspension(RequestModel):
    why: Why = ""


class Deletion(RequestModel):
    """``name``: the tenant's, typed again."""

    name: str = Field(max_length=200)


class Agreement(RequestModel):
    """What was agreed with a tenant. A quota that is missing is the platform's."""

    licences: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    calls: Annotated[int, Field(ge=1, le=100_000)] | None = None
    sockets: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    requests_per_minute: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    requests_per_minute_each: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    storage_mb: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    webhooks: Annotated[int, Field(ge=0, le=1_000)] | None = None

    def quotas(self) -> dict[str, int]:
        told = self.model_dump(exclude={"licences"})
        return {name: value for name, value in told.items() if value is not None}


class OwnTenant(ReplyModel):
    """What the tenant's own administrators see and may change in part."""

    id: str
    name: str
    status: Status
    language: str
    support_email: str
    created_at: datetime
    terms_version: str
    terms_accepted_at: datetime | None
    licences_used: int
    licences: int | None
    delete_after: datetime | None
    version: int


class OwnTenantChange(RequestModel):
    name: Name
    language: Language
    support_email: Annotated[str, StringConstraints(max_length=254, strip_whitespace=True)]


class Marked(ReplyModel):
    """It is erased then, unless the operator takes it back."""

    delete_after: datetime


class TermsQuery(RequestModel):
    language: str = Field(default="", max_length=20)


class TermsText(ReplyModel):
    """What a company's first administrator accepts."""

    version: str
    url: str = Field(description="the operator's own; else empty")
    text: str = Field(description="Markdown; empty where the operator has terms of its own")


class TermsAcceptance(RequestModel):
    """``version``: the one that was read."""

    version: str = Field(max_length=20)
