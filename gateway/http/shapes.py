"""JSON shapes that several features share."""

from __future__ import annotations

from gateway.http.endpoint import ReplyModel


class NumberView(ReplyModel):
    """The three forms of a number: as typed, canonical, for people."""

    dialled: str
    canonical: str
    display: str
