from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from gateway.credentials import one_time
from gateway.credentials.passwords import MAX_LENGTH
from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import DeviceInfo


class InvitationToken(RequestModel):
    token: str = Field(max_length=one_time.MAX_LENGTH, repr=False)


class InvitingTenant(ReplyModel):
    name: str


class TermsView(ReplyModel):
    version: str
    url: str = Field(description="where they can be read; empty: the operator has none")
    required: bool = Field(description="this person accepts them for the company")


class InvitationView(ReplyModel):
    email: str
    name: str
    tenant: InvitingTenant
    terms: TermsView
    second_factor: Literal["off", "optional", "required"]
    password_min_length: int
    expires_at: datetime


class Acceptance(RequestModel):
    """With a password or a passkey."""

    token: str = Field(max_length=one_time.MAX_LENGTH, repr=False)
    password: str | None = Field(
        default=None, max_length=MAX_LENGTH, repr=False, examples=["seven green umbrellas"]
    )
    passkey: dict[str, Any] | None = Field(
        default=None, repr=False, description="PublicKeyCredential.toJSON()"
    )
    terms_version: str | None = Field(default=None, max_length=20, description="what was accepted")
    device: DeviceInfo = DeviceInfo()

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (self.password is None) == (self.passkey is None):
            raise ValueError("send password or passkey")
        return self
