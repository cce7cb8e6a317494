from __future__ import annotations

from datetime import datetime

from gateway.http.endpoint import ReplyModel
from gateway.http.shapes import DeviceKind


class DeviceView(ReplyModel):
    id: str
    kind: DeviceKind
    name: str
    online: bool
    this: bool
    last_seen: datetime


class DevicesView(ReplyModel):
    items: list[DeviceView]
