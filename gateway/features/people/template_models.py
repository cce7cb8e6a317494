"""What administrators send and get about templates for new people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gateway.features.people.models import Id
from gateway.http.endpoint import ReplyModel, RequestModel

MOST_TEMPLATES = 50


def _one_line(text: str) -> str:
    text = text.strip()
    if not text.isprintable():
        raise ValueError("this is one line of text")
    return text


Text = Annotated[str, AfterValidator(_one_line)]
Digits = Annotated[str, Field(pattern=r"^[0-9]{0,15}$")]
#: ``{number}`` is needed where two people must not have the same.
_OWN_NUMBER = r"^(\+?[0-9]*\{number\}[0-9]*)?$"
_OWN_WORD = r"^([A-Za-z0-9+_.\-@]*\{number\}[A-Za-z0-9+_.\-@]*)?$"
_SHARED_NUMBER = r"^\+?[0-9]*(\{number\}[0-9]*)?$"
_WITH_NUMBER = "{number} stands for the person's own: 6{number}"


class PeopleTemplateData(RequestModel):
    """A template, whole: what is left out is left to whoever creates the person."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]
    default: bool = Field(
        default=False,
        description="counts for those who come by single sign-on, a directory or SCIM",
    )
    role: Literal["user", "help_desk", "admin"] = Field(
        default="user", description="never given to those who come by themselves"
    )
    department: Annotated[Text, Field(max_length=100)] = ""
    language: Literal["", "en", "de", "fr", "es", "it", "nl", "ca"] = ""
    site_id: Id | None = None
    first_number: Digits = Field(
        default="", description="of the extensions that are given in turn; empty: none are"
    )
    last_number: Digits = ""
    # With fifteen digits for {number} they are no longer than those of a line.
    desk_number: str = Field(
        default="", max_length=32, pattern=_OWN_NUMBER, description=_WITH_NUMBER
    )
    device_id: str = Field(default="", max_length=32, pattern=_OWN_WORD, description=_WITH_NUMBER)
    mailbox_number: str = Field(default="", max_length=32, pattern=_SHARED_NUMBER)
    auth_user: str = Field(default="", max_length=72, pattern=_OWN_WORD, description=_WITH_NUMBER)


class PeopleTemplateView(ReplyModel):
    id: str
    name: str
    default: bool
    role: str
    department: str
    language: str
    site_id: str | None
    site_name: str
    first_number: str
    last_number: str
    next_number: str | None = Field(description="the lowest that is free; null: there is none")
    desk_number: str
    device_id: str
    mailbox_number: str
    auth_user: str
    version: int


class PeopleTemplateList(ReplyModel):
    items: list[PeopleTemplateView]
    next_cursor: str | None
