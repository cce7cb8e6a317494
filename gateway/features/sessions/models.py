from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from gateway.credentials.passwords import MAX_LENGTH
from gateway.http.endpoint import ReplyModel, RequestModel


class SessionDevice(ReplyModel):
    id: str
    kind: str
    name: str


class SessionView(ReplyModel):
    id: str
    device: SessionDevice
    method: str = Field(description="password, passkey, sso, ldap; +totp: with a second factor")
    client_ip: str
    created_at: datetime
    last_used: datetime = Field(description="sign-in or last exchange of its token")
    expires_at: datetime
    this: bool


class SessionsView(ReplyModel):
    items: list[SessionView]
    next_cursor: str | None = None


class StepUpRequest(RequestModel):
    """One proof, the one that ``method`` names."""

    method: Literal["password", "totp", "recovery_code", "passkey"]
    password: str | None = Field(
        default=None, max_length=MAX_LENGTH, repr=False, examples=["seven green umbrellas"]
    )
    code: str | None = Field(default=None, max_length=40, repr=False)
    credential: dict[str, Any] | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        wanted = {"password": self.password, "passkey": self.credential}.get(self.method, self.code)
        if not wanted:
            raise ValueError("the proof that method names is missing")
        return self


class ProvenView(ReplyModel):
    proven_until: datetime


class PasswordState(ReplyModel):
    set: bool
    changed_at: datetime | None
    min_length: int


class SecondFactorState(ReplyModel):
    policy: Literal["off", "optional", "required"]
    totp: bool
    totp_since: datetime | None
    recovery_codes_left: int
    passkeys: int


class ThisSession(ReplyModel):
    method: str
    proven_until: datetime


class SecurityView(ReplyModel):
    email: str
    source: str
    managed_elsewhere: bool = Field(description="the company's own sign-in keeps the password")
    password: PasswordState
    second_factor: SecondFactorState
    session: ThisSession
