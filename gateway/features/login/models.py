"""What sign-in takes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gateway.credentials import one_time
from gateway.credentials.passwords import MAX_LENGTH
from gateway.http.endpoint import RequestModel
from gateway.http.shapes import DeviceId, DeviceInfo


class LoginRequest(RequestModel):
    email: str = Field(min_length=3, max_length=254)
    password: str = Field(min_length=1, max_length=MAX_LENGTH, repr=False)
    device: DeviceInfo = DeviceInfo()


class SecondStepRequest(RequestModel):
    step_token: str = Field(max_length=one_time.MAX_LENGTH, repr=False)
    method: Literal["totp", "recovery_code"]
    code: str = Field(min_length=1, max_length=40, repr=False)


class RefreshRequest(RequestModel):
    """Browsers send no token here, theirs is in the cookie."""

    refresh_token: str | None = Field(default=None, max_length=200, repr=False)
    device_id: DeviceId | None = None


class LogoutRequest(RequestModel):
    refresh_token: str | None = Field(default=None, max_length=200, repr=False)
