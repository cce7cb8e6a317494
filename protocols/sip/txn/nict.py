"""Non-INVITE client transaction: RFC 3261 17.1.2, timeouts as RFC 4320 reads them.

    START: request sent
           |
E: resend  v          F or transport error: told to the user
  +-->[ TRYING ]----------------------------------------+
      1xx |   | 200-699                                 |
E: resend v   |                                         |
  +-->[ PROCEEDING ]--200-699-->[ COMPLETED ]--K-->[ TERMINATED ]
              |                                         ^
              +------------F or transport error---------+
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from protocols.sip.message import Message, Request, Response
from protocols.sip.txn.effects import Effects, Failed, Finished, Send, SetTimer, StopTimer, ToUser
from protocols.sip.txn.events import CLIENT_EVENTS, Ev, Event
from protocols.sip.txn.timers import Timer, Timers


class State(enum.Enum):
    INITIAL = enum.auto()
    TRYING = enum.auto()
    PROCEEDING = enum.auto()
    COMPLETED = enum.auto()
    TERMINATED = enum.auto()

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class NonInviteClient:
    request: Request
    reliable: bool
    timers: Timers
    state: State = State.INITIAL
    resend_after: float = 0.0  # the running value of Timer E


EVENTS: Final = (*CLIENT_EVENTS, Timer.E, Timer.F, Timer.K)
Result = tuple[NonInviteClient, Effects]


def _start(tx: NonInviteClient, _: Message | None) -> Result:
    timers = tx.timers
    effects: Effects = (Send(tx.request), SetTimer(Timer.F, timers.timeout))
    if not tx.reliable:
        effects = (*effects, SetTimer(Timer.E, timers.t1))
    return replace(tx, state=State.TRYING, resend_after=timers.t1), effects


def _resend_trying(tx: NonInviteClient, _: Message | None) -> Result:
    after = min(tx.resend_after * 2, tx.timers.t2)  # 17.1.2.2: MIN(2*T1, T2)
    return replace(tx, resend_after=after), (Send(tx.request), SetTimer(Timer.E, after))


def _resend_proceeding(tx: NonInviteClient, _: Message | None) -> Result:
    # 17.1.2.2: once a provisional response is in, retransmissions slow down to T2.
    after = tx.timers.t2
    return replace(tx, resend_after=after), (Send(tx.request), SetTimer(Timer.E, after))


def _provisional(tx: NonInviteClient, message: Message | None) -> Result:
    return replace(tx, state=State.PROCEEDING), (ToUser(_response(message)),)


def _final(tx: NonInviteClient, message: Message | None) -> Result:
    stop: Effects = (StopTimer(Timer.E), StopTimer(Timer.F))
    response = _response(message)
    if tx.reliable:  # Timer K is zero for reliable transports
        return replace(tx, state=State.TERMINATED), (*stop, ToUser(response), Finished())
    return (
        replace(tx, state=State.COMPLETED),
        (*stop, SetTimer(Timer.K, tx.timers.t4), ToUser(response)),
    )


def _timeout(tx: NonInviteClient, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Failed("timeout"), Finished())


def _transport_error(tx: NonInviteClient, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Failed("transport"), Finished())


def _end(tx: NonInviteClient, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Finished(),)


def _response(message: Message | None) -> Response:
    if not isinstance(message, Response):
        raise AssertionError("a response event carries its response")
    return message


TABLE: Final[dict[tuple[State, Event], Callable[[NonInviteClient, Message | None], Result]]] = {
    (State.INITIAL, Ev.START): _start,
    (State.TRYING, Timer.E): _resend_trying,
    (State.TRYING, Timer.F): _timeout,
    (State.TRYING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.TRYING, Ev.R1XX): _provisional,
    (State.TRYING, Ev.R2XX): _final,
    (State.TRYING, Ev.R3_6XX): _final,
    (State.PROCEEDING, Timer.E): _resend_proceeding,
    (State.PROCEEDING, Timer.F): _timeout,
    (State.PROCEEDING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.PROCEEDING, Ev.R1XX): _provisional,
    (State.PROCEEDING, Ev.R2XX): _final,
    (State.PROCEEDING, Ev.R3_6XX): _final,
    (State.COMPLETED, Timer.K): _end,
}


def step(tx: NonInviteClient, event: Event, message: Message | None = None) -> Result:
    """One event. What the table does not list is absorbed without effect."""
    handler = TABLE.get((tx.state, event))
    return handler(tx, message) if handler is not None else (tx, ())
