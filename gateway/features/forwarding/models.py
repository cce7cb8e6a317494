from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import NumberView
from gateway.pbx_ports import ForwardingKind


class ForwardingEntry(ReplyModel):
    """One kind of forwarding as the PBX reports it; one that is off may keep its target."""

    kind: ForwardingKind
    active: bool
    to: NumberView | None
    voicemail: bool = Field(description="the target is your own mailbox")


#: A PBX that cannot be asked.
WhyNot = Literal["no_line", "not_offered", "pbx_unreachable", "pbx_refused"]


class ForwardingView(ReplyModel):
    available: bool
    why_not: WhyNot | None
    kinds: list[ForwardingKind] = Field(description="what this PBX can be asked for")
    mailbox: bool = Field(description="there is one to forward to")
    entries: list[ForwardingEntry]


class ForwardingChange(RequestModel):
    """On, with a number or the own mailbox; or off."""

    active: bool
    to: str | None = Field(default=None, max_length=100)
    voicemail: bool = False
