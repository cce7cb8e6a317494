from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.http.shapes import DeviceInfo
from gateway.storage.tables.sign_in import Passkey


class PasskeySignIn(RequestModel):
    credential: dict[str, Any] = Field(repr=False, description="PublicKeyCredential.toJSON()")
    device: DeviceInfo = DeviceInfo()


class NewPasskeyRequest(RequestModel):
    name: str = Field(min_length=1, max_length=100)
    credential: dict[str, Any] = Field(repr=False, description="PublicKeyCredential.toJSON()")


class PasskeyName(RequestModel):
    name: str = Field(min_length=1, max_length=100)


class PasskeyView(ReplyModel):
    id: str
    name: str
    created_at: datetime
    last_used: datetime | None
    synced: bool = Field(description="kept by its maker for all devices of the person")

    @classmethod
    def of(cls, row: Passkey) -> PasskeyView:
        return cls(
            id=row.id,
            name=row.name,
            created_at=row.created_at,
            last_used=row.last_used,
            synced=row.synced,
        )


class PasskeysView(ReplyModel):
    items: list[PasskeyView]
    next_cursor: str | None = None
