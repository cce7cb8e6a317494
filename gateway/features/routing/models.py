from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel


class AutoAnswer(RequestModel):
    """One device takes calls by itself; never while its user talks or is not to be disturbed."""

    device_id: str = Field(max_length=36)
    after_ms: int = Field(default=3000, ge=2000, le=30_000)


class Routing(RequestModel):
    """What happens on your own devices when somebody calls. The PBX rings the desk phone."""

    apps: Literal["now", "later", "never"] = Field(
        default="now", description="never: shown, and silent"
    )
    delay_ms: int = Field(default=10_000, ge=1000, le=60_000, description="for later")
    auto_answer: AutoAnswer | None = None
    when_busy: Literal["second_call", "busy"] = "second_call"


class RoutingView(ReplyModel):
    routing: Routing
    version: int
