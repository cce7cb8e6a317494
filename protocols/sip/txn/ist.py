"""INVITE server transaction: RFC 3261 17.2.1 as corrected by RFC 6026 section 7.1.

          START: request to the user, 100 after 200 ms
                    |
INVITE: last 1xx  +-v----------+  2xx from the user
   again     +--->| PROCEEDING |-----------------+
             +----|            |                 |
                  +------------+            +----v-----+  INVITE: absorbed
          300-699 from |                    | ACCEPTED |  ACK: to the user
          the user     v                    +----------+  2xx again: sent
INVITE or G:     +-----------+                   | L
response again ->| COMPLETED |--H: told the user-|---------+
                 +-----------+                   |         |
                   ACK |                         |         |
                 +-----v-----+        I     +----v---------v--+
                 | CONFIRMED |------------->|   TERMINATED    |
                 +-----------+              +-----------------+
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
    PROCEEDING = enum.auto()
    COMPLETED = enum.auto()
    CONFIRMED = enum.auto()
    ACCEPTED = enum.auto()
    TERMINATED = enum.auto()

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class InviteServer:
    request: Request
    reliable: bool
    timers: Timers
    state: State = State.INITIAL
    last: Response | None = None  # the latest response sent
    resend_after: float = 0.0  # the running value of Timer G


EVENTS: Final = (*SERVER_EVENTS, Timer.TRYING, Timer.G, Timer.H, Timer.I, Timer.L)
Result = tuple[InviteServer, Effects]


def _start(tx: InviteServer, _: Message | None) -> Result:
    return replace(tx, state=State.PROCEEDING), (
        SetTimer(Timer.TRYING, tx.timers.trying),
        ToUser(tx.request),
    )


def _trying(tx: InviteServer, _: Message | None) -> Result:
    # 17.2.1: a 100 is due unless the user answers within 200 ms.
    if tx.last is not None:
        return tx, ()
    trying = Response.for_request(tx.request, 100)
    return replace(tx, last=trying), (Send(trying),)


def _provisional(tx: InviteServer, message: Message | None) -> Result:
    response = _response(message)
    stop: Effects = (StopTimer(Timer.TRYING),) if tx.last is None else ()
    return replace(tx, last=response), (*stop, Send(response))


def _resend_last(tx: InviteServer, _: Message | None) -> Result:
    if tx.last is None:
        # The client is retransmitting already: the 100 need not wait for its timer.
        trying = Response.for_request(tx.request, 100)
        return replace(tx, last=trying), (StopTimer(Timer.TRYING), Send(trying))
    return tx, (Send(tx.last),)


def _accept(tx: InviteServer, message: Message | None) -> Result:
    # RFC 6026 7.1: the 2xx is re-sent by the user, Timer L absorbs INVITEs until 64*T1.
    return replace(tx, state=State.ACCEPTED, last=_response(message)), (
        StopTimer(Timer.TRYING),
        SetTimer(Timer.L, tx.timers.timeout),
        Send(_response(message)),
    )


def _accept_again(tx: InviteServer, message: Message | None) -> Result:
    return tx, (Send(_response(message)),)


def _fail(tx: InviteServer, message: Message | None) -> Result:
    response = _response(message)
    effects: Effects = (
        StopTimer(Timer.TRYING),
        SetTimer(Timer.H, tx.timers.timeout),
        Send(response),
    )
    if not tx.reliable:  # Timer G runs over unreliable transports only
        effects = (*effects, SetTimer(Timer.G, tx.timers.t1))
    state = replace(tx, state=State.COMPLETED, last=response, resend_after=tx.timers.t1)
    return state, effects


def _resend_final(tx: InviteServer, _: Message | None) -> Result:
    if tx.last is None:
        raise AssertionError("COMPLETED is entered with a final response only")
    after = min(tx.resend_after * 2, tx.timers.t2)
    return replace(tx, resend_after=after), (Send(tx.last), SetTimer(Timer.G, after))


def _no_ack(tx: InviteServer, _: Message | None) -> Result:
    # 17.2.1: Timer H: the ACK was never received; the user is told of the failure.
    return replace(tx, state=State.TERMINATED), (Failed("timeout"), Finished())


def _transport_error(tx: InviteServer, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Failed("transport"), Finished())


def _transport_error_accepted(tx: InviteServer, _: Message | None) -> Result:
    # RFC 6026 7.1: the user hears of it, the transaction stays until Timer L.
    return tx, (Failed("transport"),)


def _confirm(tx: InviteServer, _: Message | None) -> Result:
    stop: Effects = (StopTimer(Timer.G), StopTimer(Timer.H))
    if tx.reliable:  # Timer I is zero for reliable transports
        return replace(tx, state=State.TERMINATED), (*stop, Finished())
    return replace(tx, state=State.CONFIRMED), (*stop, SetTimer(Timer.I, tx.timers.t4))


def _ack_to_user(tx: InviteServer, message: Message | None) -> Result:
    # RFC 6026 7.1: an ACK in ACCEPTED is for the user (an RFC 2543 client re-uses the branch).
    if not isinstance(message, Request):
        raise AssertionError("an ACK event carries its ACK")
    return tx, (ToUser(message),)


def _end(tx: InviteServer, _: Message | None) -> Result:
    return replace(tx, state=State.TERMINATED), (Finished(),)


def _response(message: Message | None) -> Response:
    if not isinstance(message, Response):
        raise AssertionError("a response event carries its response")
    return message


TABLE: Final[dict[tuple[State, Event], Callable[[InviteServer, Message | None], Result]]] = {
    (State.INITIAL, Ev.START): _start,
    (State.PROCEEDING, Timer.TRYING): _trying,
    (State.PROCEEDING, Ev.REQUEST): _resend_last,
    (State.PROCEEDING, Ev.TU_1XX): _provisional,
    (State.PROCEEDING, Ev.TU_2XX): _accept,
    (State.PROCEEDING, Ev.TU_3_6XX): _fail,
    (State.PROCEEDING, Ev.TRANSPORT_ERROR): _transport_error,
    (State.COMPLETED, Ev.REQUEST): lambda tx, _: (tx, (Send(tx.last),) if tx.last else ()),
    (State.COMPLETED, Timer.G): _resend_final,
    (State.COMPLETED, Timer.H): _no_ack,
    (State.COMPLETED, Ev.TRANSPORT_ERROR): _transport_error,
    (State.COMPLETED, Ev.ACK): _confirm,
    (State.CONFIRMED, Timer.I): _end,
    (State.ACCEPTED, Ev.ACK): _ack_to_user,
    (State.ACCEPTED, Ev.TU_2XX): _accept_again,
    (State.ACCEPTED, Ev.TRANSPORT_ERROR): _transport_error_accepted,
    (State.ACCEPTED, Timer.L): _end,
}


def step(tx: InviteServer, event: Event, message: Message | None = None) -> Result:
    """One event. What the table does not list is absorbed without effect."""
    handler = TABLE.get((tx.state, event))
    return handler(tx, message) if handler is not None else (tx, ())
