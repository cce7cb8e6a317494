from __future__ import annotations

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from gateway.http.endpoint import ReplyModel, RequestModel


def _address(text: str) -> str:
    try:
        return validate_email(
            text, check_deliverability=False, allow_smtputf8=False, test_environment=True
        ).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


class NewAddress(RequestModel):
    email: Annotated[str, AfterValidator(_address)] = Field(min_length=3, max_length=254)


class CodeSent(ReplyModel):
    expires_in: int = Field(description="seconds")


class Confirmation(RequestModel):
    code: str = Field(pattern=r"^[0-9]{6}$", repr=False)


class AddressView(ReplyModel):
    email: str
