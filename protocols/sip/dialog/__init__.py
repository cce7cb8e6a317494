"""Dialogs (RFC 3261 section 12): pure values."""

from protocols.sip.dialog.dialog import (
    TARGET_REFRESH,
    Dialog,
    Order,
    build_request,
    from_invitation,
    from_response,
)

__all__ = [
    "TARGET_REFRESH",
    "Dialog",
    "Order",
    "build_request",
    "from_invitation",
    "from_response",
]
