"""INVITE client transaction: RFC 3261 17.1.1 as corrected by RFC 6026 section 7.2.

             START: INVITE sent
                    |
A: resend       +---v-------+  B or transport error: told to the user
    +---------->|  CALLING  |------------------------------------------+
    +-----------|           |--2xx------------------+                  |
                +-----------+                       |                  |
              1xx |      | 300-699: ACK             |                  |
            +-----v------+   |                      |                  |
    1xx +-->| PROCEEDING |---+--------------+ 2xx   |                  |
        +---|            |------------------|----+  |                  |
            +------------+  300-699: ACK    |    |  |                  |
                                      +-----v---+|  |   +----------+   |
                  300-699: ACK again  |COMPLETED|+--+-->| ACCEPTED |   |
                                      +---------+       +----------+   |
                                        D |        M |   2xx: to user  |
                                      +---v----------v-----------------v-+
                                      |           TERMINATED             |
                                      +----------------------------------+
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from protocols.sip.message import Message, Request, Response
from protocols.sip.txn.ack import ack_for
from protocols.sip.txn.effects import Effects, Failed, Finished, Send, SetTimer, StopTimer, ToUser
from protocols.sip.txn.events import CLIENT_EVENTS, Ev, Event
from protocols.sip.txn.timers import Timer, Timers


class State(enum.Enum):
    INITIAL = enum.auto()
    CALLING = enum.auto()
    PROCEEDING = enum.auto()
    COMPLETED = enum.auto()
    ACCEPTED = enum.auto()
    TERMINATED = enum.auto()

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class InviteClient:
    request: Request
    reliable: bool
    timers: Timers
    state: State = State.INITIAL
    resend_after: float = 0.0  # the running value of Timer A
    ack: Request | None = None


EVENTS: Final = (*CLIENT_EVENTS, Timer.A, Timer.B, Timer.D, Timer.M, Timer.CANCEL)
Result = tuple[InviteClient, Effects]


def _start(tx: InviteClient, _: Message | None) -> Result:
    timers = tx.timers
    effects: Effects = (Send(tx.request), SetTimer(Timer.B, timers.timeout))
    if not tx.reliable:  # 17.1.1.2: Timer A must not run over a reliable transport
        effects = (*effects, SetTimer(Timer.A, timers.t1))
    return replace(tx, state=State.CALLING, resend_after=timers.t1), effects


def _resend(tx: InviteClient, _: Message | None) -> Result:
    # 17.1.1.2: the interval doubles after each transmission, without the T2 cap.
    doubled = tx.resend_after * 2
    return replace(tx, resend_after=doubled), (Send(tx.request), SetTimer(Timer.A, doubled))


def _timeout(tx: InviteClient, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Failed("timeout"), Finished())


def _cancel_unanswered(tx: InviteClient, _: Message | None) -> Result:
    # 9.1: no final response within 64*T1 of the CANCEL: the transaction counts as cancelled.
    return replace(tx, state=State.TERMINATED), (Failed("cancelled"), Finished())


def _transport_error(tx: InviteClient, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Failed("transport"), Finished())


def _provisional(tx: InviteClient, message: Message | None) -> Result:
    # 17.1.1.2: no retransmission once any provisional response is in; Timer B is for CALLING.
    if tx.state is State.CALLING:
        stop: Effects = (StopTimer(Timer.A), StopTimer(Timer.B))
        return replace(tx, state=State.PROCEEDING), (*stop, ToUser(_response(message)))
    return tx, (ToUser(_response(message)),)


def _accept(tx: InviteClient, message: Message | None) -> Result:
    # RFC 6026 7.2: the 2xx goes up, the user acknowledges it; Timer M catches other forks.
    return replace(tx, state=State.ACCEPTED), (
        StopTimer(Timer.A),
        StopTimer(Timer.B),
        SetTimer(Timer.M, tx.timers.timeout),
        ToUser(_response(message)),
    )


def _accepted_again(tx: InviteClient, message: Message | None) -> Result:
    return tx, (ToUser(_response(message)),)


def _fail(tx: InviteClient, message: Message | None) -> Result:
    response = _response(message)
    ack = ack_for(tx.request, response)  # 17.1.1.3: by the transaction, on the same branch
    stop: Effects = (StopTimer(Timer.A), StopTimer(Timer.B), Send(ack))
    if tx.reliable:  # Timer D is zero for reliable transports
        return (
            replace(tx, state=State.TERMINATED, ack=ack),
            (*stop, ToUser(response), Finished()),
        )
    return (
        replace(tx, state=State.COMPLETED, ack=ack),
        (*stop, SetTimer(Timer.D, tx.timers.d), ToUser(response)),
    )


def _ack_again(tx: InviteClient, _: Message | None) -> Result:
    # 17.1.1.2: re-sent final responses are acknowledged but not passed up.
    return tx, ((Send(tx.ack),) if tx.ack is not None else ())


def _end(tx: InviteClient, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Finished(),)


def _response(message: Message | None) -> Response:
    if not isinstance(message, Response):
        raise AssertionError("a response event carries its response")
    return message


TABLE: Final[dict[tuple[State, Event], Callable[[InviteClient, Message | None], Result]]] = {
    (State.INITIAL, Ev.START): _start,
    (State.CALLING, Timer.A): _resend,
    (State.CALLING, Timer.B): _timeout,
    (State.CALLING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.CALLING, Ev.R1XX): _provisional,
    (State.CALLING, Ev.R2XX): _accept,
    (State.CALLING, Ev.R3_6XX): _fail,
    (State.PROCEEDING, Ev.R1XX): _provisional,
    (State.PROCEEDING, Ev.R2XX): _accept,
    (State.PROCEEDING, Ev.R3_6XX): _fail,
    # A stream that dies under a ringing call answers nothing more (RFC 5626 4.2.2 calls the
    # flow failed); telling the user at once beats waiting for a timer that is not running.
    (State.PROCEEDING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.PROCEEDING, Timer.CANCEL): _cancel_unanswered,
    (State.COMPLETED, Ev.R3_6XX): _ack_again,
    (State.COMPLETED, Timer.D): _end,
    # 17.1.1.2: the ACK could not be sent; the final response was delivered already.
    (State.COMPLETED, Ev.TRANSPORT_ERROR): _end,
    (State.ACCEPTED, Ev.R2XX): _accepted_again,
    (State.ACCEPTED, Timer.M): _end,
}


def step(tx: InviteClient, event: Event, message: Message | None = None) -> Result:
    """One event. What the table does not list is absorbed without effect."""
    handler = TABLE.get((tx.state, event))
    return handler(tx, message) if handler is not None else (tx, ())
