from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel

Profile = Literal["business", "voice", "os4000"]


class LinkSessionRequest(RequestModel):
    instance: UUID = Field(description="of the installation; also its +sip.instance")
    version: str = Field(min_length=1, max_length=40)
    profile: Profile


class ConfigQuery(RequestModel):
    since: Annotated[int, Field(ge=0)] | None = None


class LinkEdge(ReplyModel):
    host: str
    port: int


class LinkSite(ReplyModel):
    id: str
    country: str
    area_code: str
    exit_code: str
    trunk_number: str = Field(
        description="the site's number without country code and extension; empty: not known"
    )
    extension_digits: int
    codecs: list[str]


class LinkLine(ReplyModel):
    line_id: str
    device_id: str
    number: str
    desk_number: str
    mailbox_number: str | None
    auth_user: str
    auth_password: str = Field(repr=False)


class LinkTurn(ReplyModel):
    urls: list[str]
    username: str
    credential: str = Field(repr=False)
    ttl: int


class LinkConfig(ReplyModel):
    site: LinkSite
    service_domain: str
    edges: list[LinkEdge]
    config_version: int
    lines: list[LinkLine]
    turn: LinkTurn


class LinkSession(LinkConfig):
    token: str = Field(repr=False, description="Bearer token for REGISTER (RFC 8898)")
    expires_in: int = Field(description="seconds")
