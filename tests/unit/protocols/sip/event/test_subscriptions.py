"""Subscriber and notifier cores face to face (RFC 6665)."""

from __future__ import annotations

import pytest

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_client import DigestClient
from protocols.sip.auth.digest_server import DigestServer, Refused
from protocols.sip.event import notifier as notifying
from protocols.sip.event import subscriber as subscribing
from protocols.sip.event.notifier import Notifier, NotifierPhase, Package
from protocols.sip.event.subscriber import SubPhase
from protocols.sip.event.values import (
    Effect,
    Ended,
    Event,
    Fired,
    GotRequest,
    GotResponse,
    Notified,
    Publish,
    Respond,
    Send,
    SetTimer,
    Stop,
    StopTimer,
    SubTimer,
)
from protocols.sip.message import Request, Response

MWI = Package("message-summary", "application/simple-message-summary", min_expires=30)


class Bench:
    """A subscriber `s` and the notifiers its SUBSCRIBE made (forks), with a wire and a clock."""

    def __init__(self, forks: int = 1, expires: int = 600, credentials: bool = False) -> None:
        self.now = 0.0
        self.told: list[Effect] = []
        self.timers: dict[tuple[str, SubTimer, str], float] = {}
        self.notifiers: dict[str, Notifier] = {}
        self.ended: list[tuple[str, Ended]] = []
        self.wire: list[tuple[str, str, int, Request | Response]] = []  # who, kind, key, message
        self.digest: DigestServer | None = None
        self._forks = forks
        auth = DigestClient.of(DigestCredentials("100", "pw")) if credentials else None
        self.s, effects = subscribing.subscribe(
            target="sip:100@pbx.test", from_="<sip:100@pbx.test>;tag=s", to="<sip:100@pbx.test>",
            call_id="c", event="message-summary", accept=MWI.content_type, expires=expires,
            auth=auth,
        )  # fmt: skip
        self._apply("s", effects)

    # the wire holds what is under way; `run` delivers it in order

    def _apply(self, who: str, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send(key, request):
                    message = request.copy()
                    message.headers.prepend("Via", f"SIP/2.0/UDP {who}.test;branch=z9hG4bK{key}")
                    message.headers.add("Contact", f"<sip:{who}@{who}.test>")
                    self.wire.append((who, "request", key, message))
                case Respond(key, response):
                    response.headers.add("Contact", f"<sip:{who}@{who}.test>")
                    self.wire.append((who, "response", key, response))
                case SetTimer(timer, delay, tag):
                    self.timers[who, timer, tag] = self.now + delay
                case StopTimer(timer, tag):
                    self.timers.pop((who, timer, tag), None)
                case Ended():
                    self.ended.append((who, effect))
                case _:
                    self.told.append(effect)

    def subscriber(self, event: Event) -> None:
        self.s, effects = subscribing.step(self.s, event, "cnonce")
        self._apply("s", effects)

    def notifier(self, tag: str, event: Event) -> None:
        self.notifiers[tag], effects = notifying.step(self.notifiers[tag], event, self.now)
        self._apply(tag, effects)

    def deliver(self, index: int = 0) -> None:
        who, kind, key, message = self.wire.pop(index)
        if kind == "response":
            assert isinstance(message, Response)
            asked = message.via.host.partition(".")[0]
            answer = GotResponse(int((message.via.branch or "")[7:]), message)
            self.subscriber(answer) if asked == "s" else self.notifier(asked, answer)
            return
        assert isinstance(message, Request)
        if who != "s":
            self.subscriber(GotRequest(key, message))
        elif message.to.tag is not None:
            self.notifier(message.to.tag, GotRequest(key, message))
        else:
            self._subscribed(key, message)

    def _subscribed(self, key: int, request: Request) -> None:
        if self.digest is not None:
            verdict = self.digest.check(request, self.now)
            if isinstance(verdict, Refused):
                self.wire.append(("pbx", "response", key, verdict.response))
                return
        for number in range(self._forks):
            tag = f"n{number}"
            refused = notifying.refusal(MWI, request, tag)
            if refused is not None:
                self.wire.append((tag, "response", key, refused))
                return
            self.notifiers[tag], effects = notifying.accept(
                MWI, request, key, tag, b"state 0", self.now
            )
            if number:  # a proxy forwards only the best response
                effects = [effect for effect in effects if not isinstance(effect, Respond)]
            self._apply(tag, effects)

    def run(self) -> None:
        while self.wire:
            self.deliver()

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [(at, key) for key, at in self.timers.items() if at <= end]:
            at, (who, timer, tag) = min(due, key=lambda item: item[0])
            self.now = at
            del self.timers[who, timer, tag]
            event = Fired(timer, tag)
            self.subscriber(event) if who == "s" else self.notifier(who, event)
            self.run()
        self.now = end

    def bodies(self) -> list[bytes]:
        return [effect.request.body for effect in self.told if isinstance(effect, Notified)]


def subscribed(**options: int) -> Bench:
    bench = Bench(**options)  # type: ignore[arg-type]
    bench.run()
    assert bench.s.phase is SubPhase.LIVE
    return bench


def test_the_present_state_comes_at_once_and_every_change_after_it() -> None:
    bench = subscribed()
    bench.notifier("n0", Publish(b"state 1"))
    bench.run()
    assert bench.bodies() == [b"state 0", b"state 1"]
    notify = bench.told[-1]
    assert isinstance(notify, Notified)
    state = notify.request.subscription_state
    assert state is not None
    assert (state.state, state.expires) == ("active", 600)


def test_notify_may_overtake_the_200() -> None:
    # section 4.1.2.4
    bench = Bench()
    bench.deliver()
    bench.deliver(1)  # the NOTIFY, before the 200
    assert bench.s.phase is SubPhase.LIVE
    bench.run()
    assert bench.bodies() == [b"state 0"]


def test_no_notify_ends_it() -> None:
    bench = Bench()
    bench.wire.clear()
    bench.advance(32)
    assert [(e.reason, e.status) for _, e in bench.ended] == [("no NOTIFY", 408)]
    assert bench.timers == {}


def test_refreshes_keep_both_sides_alive() -> None:
    bench = subscribed()
    bench.advance(3000)
    assert bench.ended == []
    assert bench.s.phase is SubPhase.LIVE
    assert bench.notifiers["n0"].phase is NotifierPhase.ACTIVE
    assert len(bench.bodies()) == 11  # a NOTIFY after each refresh, every 300 s


def test_a_subscriber_that_vanishes_is_told_the_end() -> None:
    bench = subscribed()
    bench.timers = {key: at for key, at in bench.timers.items() if key[0] != "s"}
    bench.advance(600)
    assert bench.notifiers["n0"].phase is NotifierPhase.TERMINATED
    assert [(who, e.reason) for who, e in bench.ended] == [("s", "timeout"), ("n0", "timeout")]
    last = bench.told[-1]
    assert isinstance(last, Notified) and last.state == "terminated"


def test_unsubscribing_brings_a_last_notify() -> None:
    bench = subscribed()
    bench.subscriber(Stop())
    bench.run()
    assert bench.s.phase is SubPhase.ENDED
    assert bench.notifiers["n0"].phase is NotifierPhase.TERMINATED
    assert [(who, e.retry_in) for who, e in bench.ended] == [("s", None), ("n0", None)]
    assert bench.timers == {}


def test_a_fetch_is_one_notify() -> None:
    # section 4.4.3
    bench = Bench(expires=0)
    bench.run()
    assert bench.bodies() == [b"state 0"]
    assert bench.s.phase is SubPhase.ENDED
    assert bench.notifiers["n0"].phase is NotifierPhase.TERMINATED


def test_every_fork_is_a_subscription_of_its_own() -> None:
    # section 4.1.4 and 4.1.2.4
    bench = subscribed(forks=2)
    assert len(bench.s.legs) == 2
    bench.notifier("n0", Stop("noresource"))
    bench.run()
    assert [leg.dialog.remote_tag for leg in bench.s.legs] == ["n1"]
    assert bench.s.phase is SubPhase.LIVE
    bench.notifier("n1", Publish(b"still here"))
    bench.run()
    assert bench.bodies()[-1] == b"still here"
    bench.notifier("n1", Stop("rejected"))
    bench.run()
    assert bench.ended[-2][1] == Ended("rejected", None, None)


@pytest.mark.parametrize(
    ("reason", "retry"),
    [("deactivated", 0.0), ("probation", 30.0), ("rejected", None), ("noresource", None)],
)
def test_the_reason_tells_whether_to_try_again(reason: str, retry: float | None) -> None:
    # section 4.1.3
    bench = subscribed()
    bench.notifier("n0", Stop(reason))
    bench.run()
    assert bench.ended[0] == ("s", Ended(reason, None, retry))


def test_notifies_go_one_at_a_time_with_the_newest_state() -> None:
    bench = subscribed()
    for number in range(1, 6):
        bench.notifier("n0", Publish(f"state {number}".encode()))
    assert len(bench.wire) == 1
    bench.run()
    assert bench.bodies() == [b"state 0", b"state 1", b"state 5"]


def test_a_subscriber_that_forgot_ends_the_subscription() -> None:
    # section 4.2.2: 481 to NOTIFY
    bench = subscribed()
    bench.notifier("n0", Publish(b"x"))
    _, _, key, message = bench.wire.pop()
    assert isinstance(message, Request)
    bench.notifier("n0", GotResponse(key, Response.for_request(message, 481)))
    assert bench.ended == [("n0", Ended("lost", 481))]
    assert not [key for key in bench.timers if key[0] == "n0"]


def test_notify_for_another_event_is_bad() -> None:
    bench = subscribed()
    bench.notifier("n0", Publish(b"x"))
    _, _, key, message = bench.wire.pop()
    assert isinstance(message, Request)
    message.headers.set("Event", "presence")
    bench.subscriber(GotRequest(key, message))
    answer = bench.wire[-1][3]
    assert isinstance(answer, Response) and answer.status == 489


def test_old_notifies_are_refused() -> None:
    bench = subscribed()
    bench.notifier("n0", Publish(b"x"))
    _, _, key, message = bench.wire.pop()
    assert isinstance(message, Request)
    message.headers.set("CSeq", "0 NOTIFY")
    bench.subscriber(GotRequest(key, message))
    answer = bench.wire[-1][3]
    assert isinstance(answer, Response) and answer.status == 500


def test_a_challenge_is_answered_for_first_and_for_refresh() -> None:
    bench = Bench(credentials=True)
    bench.digest = DigestServer("pbx.test", {"100": "pw"}.get)
    bench.run()
    assert bench.s.phase is SubPhase.LIVE
    bench.advance(900)
    assert bench.ended == []
    assert len(bench.s.legs) == 1


def test_a_refused_subscription_tells_the_status() -> None:
    bench = Bench(expires=20)
    bench.run()
    assert [(e.reason, e.status) for _, e in bench.ended] == [("refused", 423)]


def test_a_busy_notifier_does_not_end_what_it_granted() -> None:
    bench = subscribed()
    bench.subscriber(Fired(SubTimer.REFRESH, "n0"))
    _, _, key, message = bench.wire.pop()
    assert isinstance(message, Request)
    bench.subscriber(GotResponse(key, Response.for_request(message, 503)))
    assert bench.s.phase is SubPhase.LIVE
    bench.subscriber(Fired(SubTimer.EXPIRE, "n0"))
    assert bench.ended == [("s", Ended("expired", None, 0.0))]


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("Event", "presence", 489), ("Expires", "5", 423), ("Accept", "text/plain", 406),
     ("Event", "", 400)],
)  # fmt: skip
def test_what_a_notifier_refuses(header: str, value: str, status: int) -> None:
    bench = Bench()
    message = bench.wire.pop()[3]
    assert isinstance(message, Request)
    message.headers.set(header, value)
    refused = notifying.refusal(MWI, message, "t")
    assert refused is not None and refused.status == status
