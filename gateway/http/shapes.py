"""JSON shapes that several features share."""

from __future__ import annotations

from typing import Literal

from gateway.http.endpoint import ReplyModel

DeviceKind = Literal["web", "pwa", "ios", "android", "api"]


class NumberView(ReplyModel):
    """The three forms of a number: as typed, canonical, for people."""

    dialled: str
    canonical: str
    display: str
