from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Literal, Self

import phonenumbers
from pydantic import AfterValidator, Field, field_validator, model_validator

from gateway.http.endpoint import ReplyModel, RequestModel

Profile = Literal["business", "voice", "os4000"]
Codec = Literal["PCMA", "PCMU", "G722", "opus"]
Number = Annotated[str, Field(pattern=r"^[0-9]{1,15}$")]
MOST = 1_000_000


def _one_line(text: str) -> str:
    text = text.strip()
    if not text.isprintable():
        raise ValueError("this is one line of text")
    return text


Text = Annotated[str, AfterValidator(_one_line)]


class SiteData(RequestModel):
    """What can be said of a site, whole: a change gives all of it."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    profile: Profile = Field(
        description="business: OpenScape Business, voice: OpenScape Voice, os4000: OpenScape 4000"
    )
    country: str = Field(pattern=r"^[A-Za-z]{2}$", description="ISO 3166, de for example")
    area_code: str = Field(
        default="", pattern=r"^[0-9]{0,10}$", description="without the trunk prefix: 89 for Munich"
    )
    exit_code: str = Field(
        default="0", pattern=r"^[0-9*#]{0,5}$", description="what seizes an outside line"
    )
    trunk_prefix: str = Field(
        default="0", pattern=r"^[0-9]{0,5}$", description="before national numbers, as people write"
    )
    number_block: str = Field(
        default="",
        pattern=r"^(\+[1-9][0-9]{3,13})?$",
        description="the site's own number without extension: +498955501",
    )
    extension_digits: int = Field(default=3, ge=1, le=9, description="of the longest extension")
    extension_ranges: list[tuple[Number, Number]] = Field(
        default_factory=list,
        max_length=100,
        description="first and last; empty: every number of that many digits",
    )
    codecs: list[Codec] = Field(default=["PCMA", "PCMU"], min_length=1, max_length=4)
    pbx_release: Annotated[Text, Field(max_length=40)] = Field(
        default="", description="V3R2, for example"
    )
    channels: int | None = Field(default=None, ge=1, le=MOST, description="that may talk at once")
    ip_licences: int | None = Field(
        default=None, ge=1, le=MOST, description="lines that the PBX lets register"
    )

    @field_validator("country")
    @classmethod
    def _country(cls, value: str) -> str:
        if not phonenumbers.country_code_for_region(value.upper()):
            raise ValueError(f"{value!r} is not a country with telephone numbers of its own")
        return value.lower()

    @field_validator("codecs")
    @classmethod
    def _once(cls, value: list[Codec]) -> list[Codec]:
        if len(set(value)) != len(value):
            raise ValueError("each codec can be named once")
        if not {"PCMA", "PCMU"} & set(value):
            raise ValueError("one of PCMA and PCMU is needed: every telephone system speaks it")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for first, last in self.extension_ranges:
            if len(first) != len(last) or first > last:
                raise ValueError(
                    f"{first} to {last}: both need the same number of digits, the lower one first"
                )
            if len(last) > self.extension_digits:
                raise ValueError(f"{last} is longer than {self.extension_digits} digits")
        ranges = sorted(self.extension_ranges, key=lambda pair: (len(pair[0]), pair))
        for (first, last), (following, _) in pairwise(ranges):
            if len(last) == len(following) and following <= last:
                raise ValueError(f"the range from {first} overlaps the one from {following}")
        code = phonenumbers.country_code_for_region(self.country.upper())
        if self.number_block and not self.number_block.startswith(f"+{code}"):
            raise ValueError(f"numbers of this country begin with +{code}")
        if re.fullmatch(r"0+", self.area_code):
            raise ValueError("the area code is written without the trunk prefix")
        return self


class AdminSiteView(ReplyModel):
    id: str
    name: str
    profile: Profile
    country: str
    area_code: str
    exit_code: str
    trunk_prefix: str
    number_block: str
    extension_digits: int
    extension_ranges: list[tuple[str, str]]
    codecs: list[str]
    pbx_release: str
    channels: int | None
    ip_licences: int | None
    version: int
    lines: int = Field(description="people with an extension at this site")
    connector: str = Field(
        description="its state: not_set_up, connecting, working, weak, down, refused or unknown"
    )


class AdminSiteList(ReplyModel):
    items: list[AdminSiteView]
    next_cursor: str | None
