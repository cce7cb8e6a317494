from __future__ import annotations

from typing import Literal

from gateway.http.endpoint import ReplyModel, RequestModel


class HuntGroupView(ReplyModel):
    number: str
    name: str | None
    logged_in: bool


class HuntGroupsView(ReplyModel):
    """What the PBX told last; ``available`` false: it cannot be asked."""

    available: bool
    why_not: Literal["no_line", "not_offered", "pbx_unreachable"] | None
    groups: list[HuntGroupView]


class HuntGroupChange(RequestModel):
    logged_in: bool
