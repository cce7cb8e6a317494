from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import NumberView

#: When work calls go to the alternative number.
Receive = Literal["never", "no_answer", "always"]


class AlternativeView(ReplyModel):
    """``receive`` is what the PBX says, whoever set it."""

    number: NumberView | None
    receive: Receive
    modes: list[Receive] = Field(description="what this PBX can be asked for")
    may_dial: bool = Field(description="calls can begin from there: `dial` with from alternative")
    available: bool
    why_not: Literal["no_line", "not_offered", "pbx_unreachable", "pbx_refused"] | None


class AlternativeChange(RequestModel):
    number: str | None = Field(default=None, max_length=100, description="null: none any more")
    receive: Receive = "never"
