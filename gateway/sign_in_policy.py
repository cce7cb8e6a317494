"""What a tenant demands of its people's sign-in: read from ``tenant.policy``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.credentials.passwords import MIN_LENGTH
from gateway.storage.models import Tenant

# By User.source: who else is in charge of what.
PASSWORD_ELSEWHERE = ("sso", "ldap")
EMAIL_ELSEWHERE = ("sso", "ldap", "scim")
#: A passkey of ours would outlive the account at the company's own directory.
PASSKEYS_ELSEWHERE = PASSWORD_ELSEWHERE
SECOND_FACTOR_ELSEWHERE = ("sso",)


class SignInPolicy(BaseModel):
    """``second_factor`` off: nobody can set one up, but who has one is still asked for it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    second_factor: Literal["off", "optional", "required"] = "optional"
    #: NIST SP 800-63B-4 section 3.1.1.2: 15 where a password is the only factor, 8 with another.
    password_min_length: int = Field(default=MIN_LENGTH, ge=8, le=64)
    session_days: int | None = Field(default=None, ge=1, le=90)

    @classmethod
    def of(cls, tenant: Tenant | None) -> SignInPolicy:
        try:
            return cls.model_validate({} if tenant is None else tenant.policy)
        except ValidationError:  # of a newer version: demand what we demand by default
            return cls()
