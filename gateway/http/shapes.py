"""JSON shapes that several features share."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from gateway.http.endpoint import ReplyModel, RequestModel

DeviceKind = Literal["web", "pwa", "ios", "android", "api"]
DeviceId = Annotated[str, StringConstraints(min_length=36, max_length=36)]


class DeviceInfo(RequestModel):
    """The device that signs in. ``id``: the one given at an earlier sign-in, to stay the same."""

    id: DeviceId | None = None
    kind: DeviceKind = "web"
    name: str = Field(default="", max_length=100)


class NumberView(ReplyModel):
    """The three forms of a number: as typed, canonical, for people."""

    dialled: str
    canonical: str
    display: str


class NoBody(RequestModel):
    """Nothing needs to be said."""


class PasskeyOptions(ReplyModel):
    options: dict[str, Any] = Field(description="for navigator.credentials, as JSON (WebAuthn)")
