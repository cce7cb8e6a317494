"""What a reader asks for."""

from __future__ import annotations

from pydantic import Field, field_validator

from gateway.http.endpoint import RequestModel

#: In the order of the page that describes them.
TYPES = (
    "call.created",
    "call.updated",
    "call.ended",
    "presence.changed",
    "mwi.changed",
    "connector.changed",
)


class StreamQuery(RequestModel):
    types: str | None = Field(
        default=None,
        max_length=200,
        description="only these, with commas between them: " + ", ".join(TYPES),
        examples=["call.created,call.ended"],
    )
    user_id: str | None = Field(
        default=None, max_length=36, description="only what is about this user"
    )

    @field_validator("types")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        unknown = set(value.split(",")) - set(TYPES) if value is not None else set()
        if unknown:
            raise ValueError("only types of the list")
        return value

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset(TYPES if self.types is None else self.types.split(","))
