from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel


class PageSite(ReplyModel):
    id: str
    name: str
    profile: str
    pbx_release: str


#: Clients have words for each.
MeasureCode = Literal[
    "round_trip_ms", "tls_version", "certificate_days", "key", "connections", "lines"
]


class Measured(ReplyModel):
    code: MeasureCode
    value: float | str
    of: float | None = Field(description="of how many, if it is a count")


class Advice(ReplyModel):
    code: str = Field(description="stable; clients have words for it")
    text: str = Field(description="the same in English")


class PageLayer(ReplyModel):
    layer: Literal["network", "tls", "key", "registration", "voice", "control", "audio"]
    state: Literal["working", "weak", "down", "refused", "unknown"]
    since: datetime | None
    last_proof: datetime | None = Field(description="when it was last seen to work")
    detail: str = Field(description="as the part that saw it says, in English")
    measured: list[Measured]
    advice: Advice | None


class PageRelease(ReplyModel):
    offhook: str = Field(description="the release of Offhook")
    release: str
    state: Literal["tested", "expected", "unsupported"]
    note: str


class PageVersions(ReplyModel):
    gateway: str
    connector: str = Field(description="empty: none has ever connected")
    pbx_release: str
    compatibility: Literal["tested", "expected", "unsupported", "unknown"]
    note: str
    releases: list[PageRelease] = Field(
        description="which releases of this telephone system go with which of Offhook, newest first"
    )
    newer_connector: bool = Field(description="the gateway is of a newer release")


class PageCertificate(ReplyModel):
    of: Literal["edge", "portal"]
    not_after: datetime
    days_left: int
    state: Literal["ok", "soon", "expired"]


class PageTrouble(ReplyModel):
    at: datetime
    layer: str
    code: str
    detail: str


class PageCapacity(ReplyModel):
    calls: int = Field(description="through this site now")
    channels: int | None
    lines: int
    registered: int
    ip_licences: int | None
    warnings: list[str] = Field(
        description="channels_80, channels_full, ip_licences_80, ip_licences_exceeded"
    )


class PageInstallation(ReplyModel):
    instance: str
    version: str
    last_seen: datetime
    connected: bool


class PageKey(ReplyModel):
    id: str
    name: str
    expires_at: datetime | None
    in_use: bool = Field(description="the link lives by it now")


class PageLine(ReplyModel):
    number: str
    name: str
    detail: str


class ConnectorPage(ReplyModel):
    site: PageSite
    state: Literal["not_set_up", "connecting", "working", "weak", "down", "refused", "unknown"]
    layers: list[PageLayer]
    versions: PageVersions
    certificates: list[PageCertificate]
    errors: list[PageTrouble] = Field(description="the latest first, fifty at most")
    capacity: PageCapacity
    installations: list[PageInstallation]
    keys: list[PageKey] = Field(description="live ones")
    unregistered: list[PageLine] = Field(description="twenty at most")


class Installation(ReplyModel):
    command: str = Field(description="one line for the shell of the connector's machine")
    file_name: str
    config: str = Field(description="the configuration file, without the key")
