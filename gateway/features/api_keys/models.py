from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.permissions import KEY_SCOPES

Kind = Literal["connector", "admin"]
State = Literal["active", "expiring", "expired", "revoked"]

HOUR = 3600
TEN_YEARS = 10 * 365 * 24 * HOUR


class NewKey(RequestModel):
    """A connector's key belongs to one site and can do nothing else; an admin key has scopes."""

    name: Annotated[str, Field(min_length=1, max_length=100, description="for people")]
    kind: Kind = Field(examples=["admin"])
    site_id: str | None = Field(default=None, max_length=36, description="of a connector's key")
    scopes: list[str] = Field(
        default_factory=list,
        max_length=40,
        description="of an admin key",
        examples=[["people.read", "people.write"]],
    )
    expires_in: Annotated[int, Field(ge=HOUR, le=TEN_YEARS)] | None = Field(
        default=None, description="seconds; null: never"
    )

    @field_validator("name")
    @classmethod
    def _printable(cls, value: str) -> str:
        value = value.strip()
        if not value or not value.isprintable():
            raise ValueError("a name is one line of text")
        return value

    @field_validator("scopes")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        unknown = set(value) - {scope.value for scope in KEY_SCOPES}
        if unknown:
            raise ValueError(f"no key can be given: {', '.join(sorted(unknown))}")
        return sorted(set(value))

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "connector" and (self.site_id is None or self.scopes):
            raise ValueError("a connector's key has a site and no scopes")
        if self.kind == "admin" and (self.site_id is not None or not self.scopes):
            raise ValueError("an admin key has scopes and no site")
        return self


class Regenerate(RequestModel):
    change_over_hours: Literal[0, 1, 24] = Field(
        description="how long the old key goes on working; 0: it stops at once"
    )


class KeySite(ReplyModel):
    id: str
    name: str


class KeyAuthor(ReplyModel):
    id: str
    name: str


class KeyView(ReplyModel):
    id: str
    prefix: str = Field(description="how the key begins: enough to tell it from others")
    name: str
    kind: Kind
    scopes: list[str]
    site: KeySite | None
    created_at: datetime
    created_by: KeyAuthor | None = Field(description="null: the platform itself")
    last_used: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    replaced_by: str | None = Field(description="id of the key that was made instead")
    state: State = Field(description="expiring: it works, but not for long any more")


class KeyList(ReplyModel):
    items: list[KeyView]
    next_cursor: str | None
    scopes: list[str] = Field(description="those that an admin key may be given")


class MadeKey(ReplyModel):
    key: KeyView
    text: str = Field(repr=False, description="the key itself; it is never shown again")
