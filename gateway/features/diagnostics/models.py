from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel

Source = Literal["webapp", "portal"]


class DiagnosticsSent(RequestModel):
    """What the sender has read and agreed to."""

    source: Source
    note: str = Field(default="", max_length=500, description="what went wrong, in own words")
    bundle: dict[str, Any] = Field(
        min_length=1,
        description="free; secrets are taken out here",
        examples=[{"link": "online", "microphone": "granted"}],
    )


class DiagnosticsTaken(ReplyModel):
    id: str
    reference: str = Field(description="short, to be named to whoever helps")
    redacted: int = Field(description="places where the gateway took something out")
    kept_until: datetime


class DiagnosticsQuery(RequestModel):
    cursor: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=50, ge=1, le=100)


class DiagnosticsSender(ReplyModel):
    id: str
    name: str


class DiagnosticsView(ReplyModel):
    """One of the list; its content is a file of its own."""

    id: str
    reference: str
    source: str
    sender: DiagnosticsSender
    note: str
    size: int = Field(description="bytes")
    redacted: int
    created_at: datetime
    kept_until: datetime


class DiagnosticsPage(ReplyModel):
    items: list[DiagnosticsView]
    next_cursor: str | None


class OperatorDiagnosticsView(ReplyModel):
    """As the operator of the platform sees it, who knows no tenant's people by name."""

    id: str
    reference: str
    source: str
    size: int = Field(description="bytes")
    redacted: int
    created_at: datetime
    kept_until: datetime


class OperatorDiagnosticsPage(ReplyModel):
    items: list[OperatorDiagnosticsView]
    next_cursor: str | None
