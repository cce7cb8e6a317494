"""What programs send and get when they act for a user."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from gateway.calls.desk_phone import DeskPhone
from gateway.calls.view import Call
from gateway.http.endpoint import ReplyModel, RequestModel

MAX_ID = 64
DEVICE = Field(
    default=None,
    max_length=MAX_ID,
    description="one of `devices`; not needed while only one of them is connected",
)


class ConnectedDevice(ReplyModel):
    id: str
    name: str


class CallsOfUser(ReplyModel):
    user_id: str
    items: list[Call]
    devices: list[ConnectedDevice] = Field(
        description="apps of the user that are connected now: what can dial and answer"
    )
    desk_phone: DeskPhone | None = Field(description="null: the PBX told of none")


class DialForUser(RequestModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "+49 89 5550102", "from": "desk_phone"}]}
    )
    to: str = Field(min_length=1, max_length=256, description="as typed, pasted or clicked")
    speak_through: Literal["device", "desk_phone", "alternative"] = Field(
        default="device",
        alias="from",
        description="device: an app of the user, whose microphone opens; desk_phone: the call "
        "comes as an event, the reply has none; alternative: the PBX rings the user's alternative "
        "number first",
    )
    device_id: str | None = DEVICE
    hide_number: bool = Field(
        default=False, description="the other side does not see the user's number"
    )


class CommandForUser(RequestModel):
    """What the verb needs, and nothing else."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "+49 89 5550103"}]})
    device_id: str | None = DEVICE
    to: str | None = Field(
        default=None,
        max_length=256,
        description="transfer, consult: a number; move: a place of the call's `moves`",
    )
    other: str | None = Field(
        default=None,
        alias="with",
        max_length=MAX_ID,
        description="transfer, merge: the user's other call",
    )
    digits: str | None = Field(default=None, max_length=MAX_ID, description="dtmf")
    slot: str | None = Field(default=None, max_length=8, description="park")
    participant: str | None = Field(default=None, max_length=MAX_ID, description="drop")
