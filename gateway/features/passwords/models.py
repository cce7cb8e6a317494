from __future__ import annotations

from pydantic import Field

from gateway.credentials import one_time
from gateway.credentials.passwords import MAX_LENGTH
from gateway.http.endpoint import RequestModel


class PasswordChange(RequestModel):
    """``old_password`` may be missing only where no password is set."""

    old_password: str | None = Field(default=None, max_length=MAX_LENGTH, repr=False)
    new_password: str = Field(min_length=1, max_length=MAX_LENGTH, repr=False)


class ResetRequest(RequestModel):
    email: str = Field(min_length=3, max_length=254)


class ResetFinish(RequestModel):
    token: str = Field(max_length=one_time.MAX_LENGTH, repr=False)
    password: str = Field(min_length=1, max_length=MAX_LENGTH, repr=False)
