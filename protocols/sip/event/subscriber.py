"""The subscriber of RFC 6665 section 4.1: pure, one value per SUBSCRIBE and all its forks.

```
 WAITING --NOTIFY--> LIVE --NOTIFY terminated / refresh failed, last fork--> ENDED
    |  Timer N, 4xx                         ^  |
    +---------------------> ENDED           +--+ NOTIFY, refresh
```
The first NOTIFY may overtake the 200 to SUBSCRIBE; each To-tag is a subscription of its own.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from protocols.sip.auth.digest_client import DigestClient, signed
from protocols.sip.dialog import Dialog, Order, build_request, from_invitation
from protocols.sip.errors import ParseError
from protocols.sip.event.values import (
    Effect,
    Ended,
    Event,
    Fired,
    GotRequest,
    GotResponse,
    Headers,
    Notified,
    Respond,
    Send,
    SetTimer,
    Stop,
    StopTimer,
    SubTimer,
)
from protocols.sip.headers import Event as EventHeader
from protocols.sip.headers import SubscriptionState
from protocols.sip.message import Request, Response
from protocols.sip.txn.timers import Timers

#: Reasons after which one may try again at once, later, or never (RFC 6665 section 4.1.3).
_RETRY: dict[str, float | None] = {
    "deactivated": 0.0,
    "timeout": 0.0,
    "probation": 30.0,
    "giveup": 30.0,
    "rejected": None,
    "noresource": None,
    "invariant": None,
}


class SubPhase(enum.Enum):
    WAITING = "waiting"
    LIVE = "live"
    LEAVING = "leaving"  # unsubscribed; the last NOTIFY is awaited
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Leg:
    """One fork: its dialog, what its notifier said last."""

    dialog: Dialog
    state: str


@dataclass(frozen=True, slots=True)
class Subscriber:
    subscribe: Request
    event: EventHeader
    expires: int
    timers: Timers = field(default_factory=Timers)
    phase: SubPhase = SubPhase.WAITING
    legs: tuple[Leg, ...] = ()
    key: int = 1  # of the first SUBSCRIBE
    next_key: int = 2
    refreshes: tuple[tuple[int, str, Request], ...] = ()  # key, tag, request
    auth: DigestClient | None = None
    rejected: bool = False

    def leg(self, tag: str) -> Leg | None:
        return next((leg for leg in self.legs if leg.dialog.remote_tag == tag), None)


def subscribe(
    *,
    target: str,
    from_: str,
    to: str,
    call_id: str,
    event: str,
    expires: int,
    accept: str | None = None,
    headers: Headers = (),
    auth: DigestClient | None = None,
    timers: Timers | None = None,
) -> tuple[Subscriber, list[Effect]]:
    """Begin: the SUBSCRIBE and Timer N. `from_` carries our tag."""
    extra = [("Event", event), ("Expires", str(expires)), *headers]
    if accept is not None:
        extra.append(("Accept", accept))
    request = build_request(
        "SUBSCRIBE", target, from_=from_, to=to, call_id=call_id, cseq=1, headers=extra
    )
    made = Subscriber(request, EventHeader.parse(event), expires, timers or Timers(), auth=auth)
    return made, [Send(1, request), SetTimer(SubTimer.NOTIFY_WAIT, made.timers.timeout)]


@dataclass(slots=True)
class _Turn:
    s: Subscriber
    cnonce: str
    effects: list[Effect] = field(default_factory=list)

    def change(self, **changes: Any) -> None:
        self.s = replace(self.s, **changes)

    def end(self, reason: str, status: int | None = None, retry: float | None = None) -> None:
        if self.s.phase is SubPhase.ENDED:
            return
        self.change(phase=SubPhase.ENDED)
        self.effects.append(StopTimer(SubTimer.NOTIFY_WAIT))
        for leg in self.s.legs:
            self.drop_timers(leg.dialog.remote_tag)
        self.effects.append(Ended(reason, status, retry))

    def drop_timers(self, tag: str) -> None:
        self.effects += [StopTimer(SubTimer.REFRESH, tag), StopTimer(SubTimer.EXPIRE, tag)]

    def keep(self, leg: Leg) -> None:
        tag = leg.dialog.remote_tag
        others = tuple(o for o in self.s.legs if o.dialog.remote_tag != tag)
        self.change(legs=(*others, leg))

    def lose(self, tag: str, reason: str, status: int | None, retry: float | None) -> None:
        """One fork is gone; without others the subscription is."""
        self.drop_timers(tag)
        self.change(legs=tuple(o for o in self.s.legs if o.dialog.remote_tag != tag))
        if not self.s.legs:
            self.end(reason, status, retry)


def step(subscriber: Subscriber, event: Event, cnonce: str = "") -> tuple[Subscriber, list[Effect]]:
    """Apply one event. `cnonce` is a fresh random string for a digest, should one be needed."""
    turn = _Turn(subscriber, cnonce)
    handler = _HANDLERS.get(type(event))
    if handler is None:
        raise ValueError(f"{type(event).__name__} is no event of a subscriber")
    handler(turn, event)
    return turn.s, turn.effects


# -- responses ---------------------------------------------------------------------------------


def _got_response(t: _Turn, event: GotResponse) -> None:
    response = event.response
    if response.status < 200:
        return
    if event.key == t.s.key:
        _first_response(t, response)
        return
    found = next((r for r in t.s.refreshes if r[0] == event.key), None)
    if found is None:
        return
    t.change(refreshes=tuple(r for r in t.s.refreshes if r is not found))
    _, tag, request = found
    leg = t.s.leg(tag)
    if response.status < 300:
        if leg is not None:
            t.keep(replace(leg, dialog=leg.dialog.refresh_target(response)))
        granted = t.s.expires if response.expires is None else response.expires
        if t.s.phase is SubPhase.LIVE:
            _run_until(t, tag, granted)
    elif leg is not None and not _answer_challenge(t, request, response, tag):
        _refresh_failed(t, tag, response)


def _refresh_failed(t: _Turn, tag: str, response: Response) -> None:
    """RFC 6665 section 4.1.2.3: 481 ends it, other refusals too; what a server or the network
    could not do leaves the time that was granted."""
    passing = response.local or response.status >= 500
    if t.s.phase is SubPhase.LIVE and passing and response.status < 600:
        return
    t.lose(tag, "refused", response.status, 0.0 if response.status == 481 else None)


def _first_response(t: _Turn, response: Response) -> None:
    if response.status < 300:
        granted = t.s.expires if response.expires is None else response.expires
        t.change(expires=min(granted, t.s.expires))  # a notifier may shorten, never extend
        return
    if _answer_challenge(t, t.s.subscribe, response, ""):
        return
    if not t.s.legs:
        t.end("refused", response.status, _retry_after(response))


def _answer_challenge(t: _Turn, request: Request, response: Response, tag: str) -> bool:
    if response.status not in (401, 407) or t.s.auth is None or response.local:
        return False
    auth = t.s.auth.challenged(request, response)
    if auth is None:
        return False
    auth, headers = auth.sign(request.method, request.uri, request.body, t.cnonce)
    again = signed(request, headers)
    key, leg = t.s.next_key, t.s.leg(tag)
    number = request.cseq.number + 1
    if leg is not None:
        number = leg.dialog.local_cseq + 1
        t.keep(replace(leg, dialog=replace(leg.dialog, local_cseq=number)))
        t.change(refreshes=(*t.s.refreshes, (key, tag, again)))
    else:
        t.change(key=key, subscribe=again)
    again.headers.set("CSeq", f"{number} SUBSCRIBE")
    t.change(auth=auth, next_key=key + 1)
    t.effects.append(Send(key, again))
    return True


def _retry_after(response: Response) -> float | None:
    value = response.headers.get("Retry-After")
    digits = (value or "").split(";")[0].split("(")[0].strip()
    return float(digits) if digits.isdecimal() and len(digits) < 7 else None


# -- NOTIFY ------------------------------------------------------------------------------------


def _got_request(t: _Turn, event: GotRequest) -> None:
    request = event.request

    def answer(status: int, *headers: tuple[str, str]) -> None:
        response = Response.for_request(request, status)
        response.headers.extend(headers)
        t.effects.append(Respond(event.key, response))

    if t.s.phase is SubPhase.ENDED:
        answer(481)
        return
    try:
        package, state = request.event, request.subscription_state
    except ParseError:
        answer(400)
        return
    if package is None or package.package != t.s.event.package or package.id != t.s.event.id:
        answer(489)
        return
    if state is None:
        answer(400)
        return
    tag = request.from_.tag or ""
    leg = t.s.leg(tag) or _new_leg(t, request)
    if leg is None:
        answer(400)
        return
    dialog, order = leg.dialog.receive(request)
    if order is Order.TOO_LOW:
        answer(500)
        return
    answer(200)
    t.keep(Leg(dialog.refresh_target(request), state.state))
    t.effects.append(StopTimer(SubTimer.NOTIFY_WAIT))
    if t.s.phase is SubPhase.WAITING:
        t.change(phase=SubPhase.LIVE)
    t.effects.append(Notified(tag, state.state, request))
    if state.state == "terminated":
        _terminated(t, tag, state)
    elif t.s.phase is SubPhase.LIVE:
        left = t.s.expires if state.expires is None else min(state.expires, t.s.expires)
        _run_until(t, tag, left)


def _new_leg(t: _Turn, request: Request) -> Leg | None:
    """A NOTIFY makes the dialog (section 4.1.2.4), before or without a response."""
    try:
        dialog = from_invitation(request, t.s.subscribe.from_.tag or "")
    except ParseError:
        return None
    return Leg(
        replace(dialog, confirmed=True, local_cseq=t.s.subscribe.cseq.number, remote_cseq=None),
        "pending",
    )


def _terminated(t: _Turn, tag: str, state: SubscriptionState) -> None:
    reason = (state.reason or "").lower()
    retry = _RETRY.get(reason, 0.0)
    if state.retry_after is not None and retry is not None and reason != "deactivated":
        retry = float(state.retry_after)
    if t.s.phase is SubPhase.LEAVING:
        retry = None
    t.lose(tag, reason or "terminated", None, retry)


# -- time --------------------------------------------------------------------------------------


def _run_until(t: _Turn, tag: str, seconds: int) -> None:
    t.effects.append(SetTimer(SubTimer.EXPIRE, float(seconds), tag))
    t.effects.append(SetTimer(SubTimer.REFRESH, max(seconds / 2, 1.0), tag))


def _fired(t: _Turn, event: Fired) -> None:
    if t.s.phase is SubPhase.ENDED:
        return
    if event.timer is SubTimer.NOTIFY_WAIT:
        if not t.s.legs or t.s.phase is SubPhase.LEAVING:
            t.end("no NOTIFY", 408, None if t.s.phase is SubPhase.LEAVING else 0.0)
    elif event.timer is SubTimer.EXPIRE:
        t.lose(event.tag, "expired", None, 0.0)
    elif t.s.phase is SubPhase.LIVE:
        _resubscribe(t, event.tag, t.s.expires)


def _resubscribe(t: _Turn, tag: str, expires: int) -> None:
    leg = t.s.leg(tag)
    if leg is None:
        return
    kept = tuple(
        (name, value)
        for name in ("Event", "Accept", "Authorization", "Proxy-Authorization")
        for value in t.s.subscribe.headers.all(name)
        if "uthorization" not in name
    )
    dialog, request = leg.dialog.request("SUBSCRIBE", (*kept, ("Expires", str(expires))))
    if t.s.auth is not None and t.s.auth.protections:
        auth, headers = t.s.auth.sign("SUBSCRIBE", request.uri, b"", t.cnonce)
        request = signed(request, headers)
        t.change(auth=auth)
    t.keep(replace(leg, dialog=dialog))
    key = t.s.next_key
    t.change(next_key=key + 1, refreshes=(*t.s.refreshes, (key, tag, request)))
    t.effects.append(Send(key, request))


def _stop(t: _Turn, _: Stop) -> None:
    """Unsubscribe (section 4.1.2.3): Expires 0 in each dialog, then one more NOTIFY each."""
    if t.s.phase in (SubPhase.ENDED, SubPhase.LEAVING):
        return
    if not t.s.legs:
        t.end("unsubscribed")
        return
    t.change(phase=SubPhase.LEAVING)
    for leg in t.s.legs:
        t.drop_timers(leg.dialog.remote_tag)
        _resubscribe(t, leg.dialog.remote_tag, 0)
    t.effects.append(SetTimer(SubTimer.NOTIFY_WAIT, t.s.timers.timeout))


_HANDLERS: dict[type, Callable[[_Turn, Any], None]] = {
    GotResponse: _got_response,
    GotRequest: _got_request,
    Fired: _fired,
    Stop: _stop,
}
