from __future__ import annotations

from typing import Literal

from gateway.http.endpoint import ReplyModel

Offer = Literal[
    "park",
    "unpark",
    "pickup",
    "hide_number",
    "do_not_disturb",
    "forwarding",
    "hunt_groups",
    "alternative_number",
    "dial_desk_phone",
    "dial_alternative",
]


class OffersView(ReplyModel):
    """A client shows a control that belongs to no call only for what is listed."""

    offers: list[Offer]
