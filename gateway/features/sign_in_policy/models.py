from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel


class PolicyChange(RequestModel):
    second_factor: Literal["off", "optional", "required"]
    password_min_length: int = Field(ge=8, le=64)
    session_days: int | None = Field(
        ge=1, le=90, description="a session's longest life; null: the platform's"
    )


class PolicyView(ReplyModel):
    second_factor: Literal["off", "optional", "required"]
    password_min_length: int
    session_days: int | None
    version: int
