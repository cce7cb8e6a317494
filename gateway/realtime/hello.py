"""What a client says in CONNECT."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class HelloDevice(BaseModel):
    model_config = ConfigDict(extra="ignore")  # an older gateway must not refuse a newer client

    id: str | None = Field(default=None, max_length=36)
    kind: str = Field(default="web", max_length=10)
    name: str = Field(default="", max_length=100)


class Hello(BaseModel):
    model_config = ConfigDict(extra="ignore")

    token: str = Field(min_length=1, max_length=4096, repr=False)
    device: HelloDevice = HelloDevice()
