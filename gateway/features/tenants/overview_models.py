"""JSON of the overview."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel

Verdict = Literal["good", "setting_up", "attention", "down"]
Severity = Literal["critical", "warning", "hint"]
Target = Literal["people", "connector", "keys", "tenant", "webhooks"]


class OverviewQuery(RequestModel):
    time_zone: str = Field(default="UTC", max_length=60, description="in which it is today")


class TenantHead(ReplyModel):
    name: str
    status: str
    language: str


class OverviewUsers(ReplyModel):
    total: int = Field(description="not disabled")
    ready: int = Field(description="active, with a number whose site's connector works")
    active: int
    invited: int
    new: int = Field(description="never invited")
    disabled: int
    without_number: int = Field(description="of those that are not disabled")


class OverviewCalls(ReplyModel):
    now: int
    today: int
    answered: int
    missed: int
    failed: int


class OverviewConnector(ReplyModel):
    site_id: str
    site: str
    state: str


class OverviewLicences(ReplyModel):
    used: int
    available: int | None
    total: int | None


class FirstSteps(ReplyModel):
    """Of a new tenant, in their order; each stays done."""

    site: bool
    key: bool = Field(description="a key for a site's connector")
    connector: bool = Field(description="one has connected")
    people: bool = Field(description="somebody has a number")
    test_call: bool = Field(description="one has passed")


class Todo(ReplyModel):
    """Something to do. ``code`` is stable: clients have the words."""

    code: str
    severity: Severity
    count: int
    names: list[str] = Field(description="the first few that it is about")
    target: Target | None


class OverviewView(ReplyModel):
    verdict: Verdict
    tenant: TenantHead
    users: OverviewUsers
    calls: OverviewCalls
    connectors: list[OverviewConnector]
    licences: OverviewLicences
    first_steps: FirstSteps
    todo: list[Todo] = Field(description="the most pressing first")
