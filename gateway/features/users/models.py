from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel


class UserView(ReplyModel):
    id: str
    name: str
    email: str
    role: str
    permissions: list[str] = Field(description="what the role may do to the tenant; most: nothing")


class TenantView(ReplyModel):
    id: str
    name: str
    support_email: str = Field(description="whom to ask; empty: nobody was named")


class LineView(ReplyModel):
    line_id: str
    number: str
    desk_number: str
    mailbox_number: str | None


class SiteView(ReplyModel):
    id: str
    name: str
    profile: str
    country: str
    area_code: str
    extension_digits: int


class Settings(RequestModel):
    """What a user may choose; the same on all of one's devices."""

    theme: Literal["system", "light", "dark"] = "system"
    language: str = Field(default="", max_length=20, pattern=r"^[A-Za-z0-9-]*$")
    ring_volume: int = Field(default=80, ge=0, le=100)
    notifications: bool = True


class SettingsView(ReplyModel):
    settings: Settings
    version: int


class HintView(ReplyModel):
    number: str
    name: str
    about: str = Field(description="English, for kinds that a client does not know")
    kind: str = Field(description="what is there: echo, tone, voicemail ...")


class DemoView(ReplyModel):
    hints: list[HintView]


class MeView(ReplyModel):
    user: UserView
    tenant: TenantView
    line: LineView | None
    site: SiteView | None
    device_id: str
    session_id: str
    settings: SettingsView
    demo: DemoView | None = Field(default=None, description="numbers to try, in the demo only")
