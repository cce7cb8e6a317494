"""What can happen to a transaction. A fired timer is an event too: the `Timer` member itself."""

from __future__ import annotations

import enum
from typing import Final

from protocols.sip.txn.timers import Timer


class Ev(enum.Enum):
    """Events of all four machines; each machine's module names those it can meet."""

    START = enum.auto()  # client: send the request; server: the request arrived
    R1XX = enum.auto()  # client: provisional response received
    R2XX = enum.auto()
    R3_6XX = enum.auto()
    REQUEST = enum.auto()  # server: the same request again
    ACK = enum.auto()  # server INVITE: an ACK that matches
    TU_1XX = enum.auto()  # server: the user answers
    TU_2XX = enum.auto()
    TU_3_6XX = enum.auto()
    TRANSPORT_ERROR = enum.auto()

    __hash__ = object.__hash__


Event = Ev | Timer

CLIENT_EVENTS: Final = (Ev.START, Ev.R1XX, Ev.R2XX, Ev.R3_6XX, Ev.TRANSPORT_ERROR)
SERVER_EVENTS: Final = (
    Ev.START,
    Ev.REQUEST,
    Ev.ACK,
    Ev.TU_1XX,
    Ev.TU_2XX,
    Ev.TU_3_6XX,
    Ev.TRANSPORT_ERROR,
)


def received(status: int) -> Ev:
    """The client-side event for a response of this status."""
    if status < 200:
        return Ev.R1XX
    return Ev.R2XX if status < 300 else Ev.R3_6XX


def answered(status: int) -> Ev:
    """The server-side event for a response of this status given by the user."""
    if status < 200:
        return Ev.TU_1XX
    return Ev.TU_2XX if status < 300 else Ev.TU_3_6XX
