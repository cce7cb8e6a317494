"""What sign-in takes and gives."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from gateway.credentials.passwords import MAX_LENGTH
from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import DeviceKind

NATIVE_KINDS = ("ios", "android", "api")
DeviceId = Annotated[str, StringConstraints(min_length=36, max_length=36)]


class DeviceInfo(RequestModel):
    """The device that signs in. ``id``: the one given at an earlier sign-in, to stay the same."""

    id: DeviceId | None = None
    kind: DeviceKind = "web"
    name: str = Field(default="", max_length=100)


class LoginRequest(RequestModel):
    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=MAX_LENGTH, repr=False)
    device: DeviceInfo = DeviceInfo()


class RefreshRequest(RequestModel):
    """Browsers send no token here, theirs is in the cookie."""

    refresh_token: str | None = Field(default=None, max_length=200, repr=False)
    device_id: DeviceId | None = None


class LogoutRequest(RequestModel):
    refresh_token: str | None = Field(default=None, max_length=200, repr=False)


class TokenReply(ReplyModel):
    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a scheme's name
    expires_in: int = Field(description="seconds")
    session_id: str
    device_id: str
    refresh_token: str | None = Field(
        default=None, repr=False, description="native clients only; browsers get a cookie"
    )
