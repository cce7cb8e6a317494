"""Non-INVITE server transaction: RFC 3261 17.2.2 with the rules of RFC 4320.

        START: request to the user
               |
           [ TRYING ]--200-699 from the user--+
               | 100                          v
           [ PROCEEDING ]--200-699--->[ COMPLETED ]--J-->[ TERMINATED ]
            request: 100 again         request: final again

RFC 4320 4.1: no provisional response but 100, and that not before a client would have
reached Timer E = T2. 4.2: a 408 is never sent, and nothing once the client gave up (Timer F).
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from protocols.sip.message import Message, Request, Response
from protocols.sip.txn.effects import Effects, Failed, Finished, Send, SetTimer, StopTimer, ToUser
from protocols.sip.txn.events import SERVER_EVENTS, Ev, Event
from protocols.sip.txn.timers import Timer, Timers


class State(enum.Enum):
    INITIAL = enum.auto()
    TRYING = enum.auto()
    PROCEEDING = enum.auto()
    COMPLETED = enum.auto()
    TERMINATED = enum.auto()

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class NonInviteServer:
    request: Request
    reliable: bool
    timers: Timers
    state: State = State.INITIAL
    last: Response | None = None


EVENTS: Final = (*SERVER_EVENTS, Timer.TRYING, Timer.F, Timer.J)
Result = tuple[NonInviteServer, Effects]


def _start(tx: NonInviteServer, _: Message | None) -> Result:
    return replace(tx, state=State.TRYING), (
        SetTimer(Timer.TRYING, tx.timers.non_invite_trying),
        SetTimer(Timer.F, tx.timers.timeout),
        ToUser(tx.request),
    )


def _trying(tx: NonInviteServer, _: Message | None) -> Result:
    trying = Response.for_request(tx.request, 100)
    return replace(tx, state=State.PROCEEDING, last=trying), (Send(trying),)


def _provisional(tx: NonInviteServer, message: Message | None) -> Result:
    response = _response(message)
    if response.status != 100:  # RFC 4320 4.1: MUST NOT; the user's wish is dropped
        return tx, ()
    if not tx.reliable and tx.state is State.TRYING:
        return tx, ()  # RFC 4320 4.1: too early over UDP, the timer will send it
    return replace(tx, state=State.PROCEEDING, last=response), (
        StopTimer(Timer.TRYING),
        Send(response),
    )


def _resend_last(tx: NonInviteServer, _: Message | None) -> Result:
    return tx, ((Send(tx.last),) if tx.last is not None else ())


def _final(tx: NonInviteServer, message: Message | None) -> Result:
    response = _response(message)
    stop: Effects = (StopTimer(Timer.TRYING), StopTimer(Timer.F))
    if response.status == 408:  # RFC 4320 4.2: a 408 is of no use to anyone by now
        return replace(tx, state=State.TERMINATED), (*stop, Finished())
    if tx.reliable:  # Timer J is zero for reliable transports
        return (
            replace(tx, state=State.TERMINATED, last=response),
            (*stop, Send(response), Finished()),
        )
    return (
        replace(tx, state=State.COMPLETED, last=response),
        (*stop, SetTimer(Timer.J, tx.timers.timeout), Send(response)),
    )


def _too_late(tx: NonInviteServer, _: Message | None) -> Result:
    # The client's Timer F has fired: a response now would only meet a dead transaction.
    return replace(tx, state=State.TERMINATED), (
        StopTimer(Timer.TRYING),
        Failed("timeout"),
        Finished(),
    )


def _transport_error(tx: NonInviteServer, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Failed("transport"), Finished())


def _end(tx: NonInviteServer, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Finished(),)


def _response(message: Message | None) -> Response:
    if not isinstance(message, Response):
        raise AssertionError("a response event carries its response")
    return message


_Handler = Callable[[NonInviteServer, Message | None], Result]

TABLE: Final[dict[tuple[State, Event], _Handler]] = {
    (State.INITIAL, Ev.START): _start,
    (State.TRYING, Timer.TRYING): _trying,
    (State.TRYING, Timer.F): _too_late,
    (State.TRYING, Ev.TU_1XX): _provisional,
    (State.TRYING, Ev.TU_2XX): _final,
    (State.TRYING, Ev.TU_3_6XX): _final,
    (State.TRYING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.PROCEEDING, Timer.F): _too_late,
    (State.PROCEEDING, Ev.REQUEST): _resend_last,
    (State.PROCEEDING, Ev.TU_1XX): _provisional,
    (State.PROCEEDING, Ev.TU_2XX): _final,
    (State.PROCEEDING, Ev.TU_3_6XX): _final,
    (State.PROCEEDING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.COMPLETED, Ev.REQUEST): _resend_last,
    (State.COMPLETED, Timer.J): _end,
    # The final answer cannot be delivered; a re-sent request would meet the same end.
    (State.COMPLETED, Ev.TRANSPORT_ERROR): _end,
}


def step(tx: NonInviteServer, event: Event, message: Message | None = None) -> Result:
    """One event. What the table does not list is absorbed without effect."""
    handler = TABLE.get((tx.state, event))
    return handler(tx, message) if handler is not None else (tx, ())
