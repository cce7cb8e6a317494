"""Every phase against every event: who is answered, who is told, and where it leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from protocols.sip.message import Request, Response
from protocols.sip.session import Env, Phase, events, step
from protocols.sip.session.events import Timer
from tests.support.session_bench import Bench, Party, ringing, sdp, talking

# -- one party in each phase (role, phase) -------------------------------------------------------


def _calling() -> Party:
    return Bench().a


def _proceeding() -> Party:
    bench = Bench()
    bench.a.do(events.GotResponse(0, Response.for_request(bench.a.s.invite, 100)))
    return bench.a


def _cancelling() -> Party:
    bench = ringing()
    bench.a.do(events.HangUp())
    return bench.a


def _unacked() -> Party:
    bench = ringing(offer=None)
    bench.b.do(events.Accept(sdp(1, "b")))
    bench.run()
    return bench.a


def _incoming() -> Party:
    bench = Bench()
    bench.run()
    return bench.b


def _held() -> Party:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    bench.b.do(events.Accept())
    return bench.b


def _accepted() -> Party:
    bench = ringing()
    bench.b.do(events.Accept(sdp(1, "b")))
    return bench.b


def _closing() -> Party:
    party = _accepted()
    party.do(events.HangUp())
    return party


def _ended() -> Bench:
    bench = talking()
    bench.a.do(events.HangUp())
    bench.run()
    return bench


STATES: dict[str, Callable[[], Party]] = {
    "uac calling": _calling,
    "uac proceeding": _proceeding,
    "uac early": lambda: ringing().a,
    "uac cancelling": _cancelling,
    "uac unacked": _unacked,
    "uac confirmed": lambda: talking().a,
    "uac ended": lambda: _ended().a,
    "uas incoming": _incoming,
    "uas early": lambda: ringing().b,
    "uas held": _held,
    "uas accepted": _accepted,
    "uas closing": _closing,
    "uas confirmed": lambda: talking().b,
    "uas ended": lambda: _ended().b,
}


# -- events --------------------------------------------------------------------------------------


def _request(method: str, body: bytes = b"") -> Callable[[Party], events.Event]:
    """A request of the peer in the dialog `party` is in (or would be in)."""

    def make(party: Party) -> events.Event:
        fork = party.s.current
        tag = fork.dialog.remote_tag if fork is not None else "unknown"
        request = Request(
            method,
            "sip:x@x.test",
            [
                ("Via", "SIP/2.0/TCP x.test;branch=z9hG4bK99"),
                ("From", f"<sip:x@x.test>;tag={tag}"),
                ("To", f"<sip:y@y.test>;tag={party.s.local_tag}"),
                ("Call-ID", "call-1"),
                ("CSeq", f"99 {method}"),
                ("Contact", "<sip:x@x.test>"),
            ],
            body,
        )
        if body:
            request.headers.add("Content-Type", "application/sdp")
        return events.GotRequest(99, request)

    return make


def _response(status: int, body: bytes = b"") -> Callable[[Party], events.Event]:
    def make(party: Party) -> events.Event:
        response = Response.for_request(party.s.invite, status, to_tag="tag-b")
        response.headers.add("Contact", "<sip:b@b.test>")
        response.body = body
        return events.GotResponse(party.s.key, response)

    return make


def _ack(party: Party) -> events.Event:
    made = _request("ACK")(party)
    assert isinstance(made, events.GotRequest)
    made.request.headers.set("CSeq", f"{party.s.invite.cseq.number} ACK")
    return events.GotAck(made.request)


def _cancel(party: Party) -> events.Event:
    return events.GotCancel(party.s.key, party.s.invite)


def _always(event: events.Event) -> Callable[[Party], events.Event]:
    return lambda _: event


EVENTS: dict[str, Callable[[Party], events.Event]] = {
    "ring": _always(events.Ring()),
    "ring 183": _always(events.Ring(183, sdp=sdp(1, "b"))),
    "accept": _always(events.Accept(sdp(1, "b"))),
    "reject": _always(events.Reject(486)),
    "hang up": _always(events.HangUp()),
    "acknowledge": _always(events.Acknowledge(sdp(1))),
    "offer": _always(events.Offer(sdp(2))),
    "withdraw": _always(events.Withdraw()),
    "answer": _always(events.Answer(sdp(2))),
    "refuse": _always(events.Refuse()),
    "transmit": _always(events.Transmit(1, "INFO")),
    "flow lost": _always(events.FlowLost()),
    "got BYE": _request("BYE"),
    "got INVITE": _request("INVITE", sdp(5)),
    "got UPDATE": _request("UPDATE", sdp(5)),
    "got empty UPDATE": _request("UPDATE"),
    "got PRACK": _request("PRACK"),
    "got INFO": _request("INFO"),
    "got ACK": _ack,
    "got CANCEL": _cancel,
    "180": _response(180),
    "200": _response(200, sdp(1, "b")),
    "404": _response(404),
    **{f"timer {timer.name}": _always(events.Fired(timer)) for timer in Timer},
}

#: (state, event) -> final status the peer's request must get; None = the owner answers later.
_DIALOG = {"uac unacked", "uac confirmed", "uas accepted", "uas confirmed"}
_EARLY_UAS = {"uas incoming", "uas early", "uas held"}


def expected_status(state: str, event: str) -> int | None:
    method = event.split()[-1]
    if method == "BYE":
        return 481 if state in ("uac calling", "uac proceeding") else 200
    if state in ("uac calling", "uac proceeding") or state.endswith("ended"):
        return 481
    if state in ("uac cancelling", "uas closing") and method != "INVITE":
        return 481
    if method == "PRACK":
        return 481
    if method == "INFO":
        return None
    if event == "got empty UPDATE":
        return 200
    if method == "UPDATE":
        if state == "uac early":
            return 491  # the offer in our INVITE is open
        if state in ("uas incoming", "uas early", "uac unacked"):
            return 500  # theirs is
        return None
    if state in ("uac early", "uac cancelling", "uac unacked"):
        return 491
    if state in _EARLY_UAS:
        return 500
    return 487 if state == "uas closing" else None


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_event_in_every_phase(state: str, event: str) -> None:
    party = STATES[state]()
    before = party.s
    made = EVENTS[event](party)
    after, effects = step(before, made, Env(party.rng))
    told = [type(effect).__name__ for effect in effects]

    # An end is told once in a life, and nothing to the owner follows it.
    assert told.count("Ended") <= (0 if before.reported else 1)
    if "Ended" in told:
        heard = [n for n in told if n in ("Progress", "Answered", "Established", "Offered")]
        assert not heard
    # What ended stays ended; an ended session that waits for nothing may be forgotten.
    if before.phase is Phase.ENDED:
        assert after.phase is Phase.ENDED
    if after.phase is Phase.ENDED:
        assert after.reported
        assert ("Dispose" in told) == (not after.clients)
        assert after.server is after.unacked is after.wanted is None
    # A request of the peer gets exactly one answer, now or by the owner.
    if isinstance(made, events.GotRequest):
        answers = [
            e.response.status for e in effects if isinstance(e, events.Respond) if e.key == 99
        ]
        status = expected_status(state, event)
        assert answers == ([] if status is None else [status])
        if status is None:
            assert ("Received" in told) or ("Offered" in told)
    # The pure value: same input, same output.
    again, repeated = step(before, EVENTS[event](party), Env(type(party.rng)(7)))
    assert [type(e) for e in repeated] == [type(e) for e in effects]
    assert again.phase is after.phase


TRANSITIONS = {
    ("uac calling", "180"): Phase.EARLY,
    ("uac calling", "200"): Phase.CONFIRMED,
    ("uac calling", "404"): Phase.ENDED,
    ("uac calling", "hang up"): Phase.CANCELLING,
    ("uac proceeding", "180"): Phase.EARLY,
    ("uac early", "200"): Phase.CONFIRMED,
    ("uac early", "404"): Phase.ENDED,
    ("uac early", "hang up"): Phase.CANCELLING,
    ("uac early", "got BYE"): Phase.CANCELLING,
    ("uac cancelling", "200"): Phase.ENDED,
    ("uac cancelling", "404"): Phase.ENDED,
    ("uac unacked", "acknowledge"): Phase.CONFIRMED,
    ("uac unacked", "hang up"): Phase.ENDED,
    ("uac unacked", "got BYE"): Phase.ENDED,
    ("uac confirmed", "hang up"): Phase.ENDED,
    ("uac confirmed", "got BYE"): Phase.ENDED,
    ("uac confirmed", "timer EXPIRE"): Phase.ENDED,
    ("uas incoming", "ring"): Phase.EARLY,
    ("uas incoming", "accept"): Phase.ACCEPTED,
    ("uas incoming", "reject"): Phase.ENDED,
    ("uas incoming", "got CANCEL"): Phase.ENDED,
    ("uas early", "accept"): Phase.ACCEPTED,
    ("uas early", "got BYE"): Phase.ENDED,
    ("uas early", "hang up"): Phase.ENDED,
    ("uas early", "flow lost"): Phase.ENDED,
    ("uas held", "got CANCEL"): Phase.ENDED,
    ("uas held", "timer NO_PRACK"): Phase.ENDED,
    ("uas held", "reject"): Phase.ENDED,
    ("uas accepted", "got ACK"): Phase.CONFIRMED,
    ("uas accepted", "got INVITE"): Phase.CONFIRMED,
    ("uas accepted", "hang up"): Phase.CLOSING,
    ("uas accepted", "timer NO_ACK"): Phase.ENDED,
    ("uas accepted", "got CANCEL"): Phase.ACCEPTED,
    ("uas closing", "got ACK"): Phase.ENDED,
    ("uas closing", "timer NO_ACK"): Phase.ENDED,
    ("uas closing", "got BYE"): Phase.ENDED,
    ("uas confirmed", "timer EXPIRE"): Phase.ENDED,
}


@pytest.mark.parametrize(("state", "event"), TRANSITIONS)
def test_transition(state: str, event: str) -> None:
    party = STATES[state]()
    after, _ = step(party.s, EVENTS[event](party), Env(party.rng))
    assert after.phase is TRANSITIONS[state, event]
