from __future__ import annotations

from datetime import datetime

from gateway.http.endpoint import ReplyModel


class DeviceView(ReplyModel):
    id: str
    kind: str
    name: str
    online: bool
    this: bool
    last_seen: datetime


class DevicesView(ReplyModel):
    items: list[DeviceView]
