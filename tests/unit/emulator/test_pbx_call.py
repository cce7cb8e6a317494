"""The back-to-back call with ends that only write down what they were told."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.calls.call import ELSEWHERE, CallState, PbxCall
from emulator.calls.end import End, Headers, Party
from emulator.calls.hold import Music
from protocols.sdp import Direction, SessionDescription
from protocols.sdp.negotiate import AudioSession, LocalAudio

OFFER = AudioSession(LocalAudio("192.0.2.1", 4000), 1).offer().to_bytes()


class FakeEnd(End):
    def __init__(self, name: str) -> None:
        self.name = name
        self.party = Party(name, name.upper())
        self.did: list[tuple[str, object]] = []

    def take(self, verb: str) -> object:
        """The argument of the only command of that name so far; it is forgotten then."""
        found = [args for name, args in self.did if name == verb]
        assert len(found) == 1, (verb, self.did)
        self.did = [entry for entry in self.did if entry[0] != verb]
        return found[0]

    def invite(self, offer: bytes | None, caller: Party, dialled: str, headers: Headers) -> None:
        self.did.append(("invite", offer))

    def acknowledge(self, sdp: bytes) -> None:
        self.did.append(("acknowledge", sdp))

    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None:
        self.did.append(("progress", (status, sdp)))

    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None:
        self.did.append(("accept", sdp))
        self.told = sdp

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        self.did.append(("refuse", status))

    def hang_up(self, headers: Headers = ()) -> None:
        self.did.append(("hang_up", tuple(headers)))

    def offer(self, sdp: bytes) -> None:
        self.did.append(("offer", sdp))
        self.told = sdp

    def answer(self, sdp: bytes) -> None:
        self.did.append(("answer", sdp))
        self.told = sdp

    def refuse_offer(self, status: int) -> None:
        self.did.append(("refuse_offer", status))

    def send_info(self, content_type: str, body: bytes) -> None:
        self.did.append(("info", body))


class FakeMusic:
    def __init__(self) -> None:
        self.session = AudioSession(LocalAudio("192.0.2.9", 9000, direction=Direction.SENDONLY), 9)
        self.closed = False

    def offer(self) -> bytes:
        return self.session.offer().to_bytes()

    def accept(self, answer: bytes) -> None:
        self.session.accept(SessionDescription.parse(answer))

    def answer(self, offer: bytes) -> bytes:
        return self.session.answer(SessionDescription.parse(offer)).to_bytes()

    def close(self) -> None:
        self.closed = True


class Switch:
    """A call between ``a`` and some others, and what its owner was told."""

    def __init__(self, offer: bytes | None = OFFER) -> None:
        self.a = FakeEnd("a")
        self.music: list[FakeMusic] = []
        self.exhausted: list[int] = []
        self.states: list[str] = []
        self.call = PbxCall(
            self.a,
            "102",
            offer,
            music=self.open_music,
            on_exhausted=self.nobody_left,
            on_change=lambda call: self.states.append(call.state),
        )

    def open_music(self, ready: Callable[[Music | None], None]) -> None:
        self.music.append(FakeMusic())
        ready(self.music[-1])

    def nobody_left(self, call: PbxCall, status: int) -> None:
        self.exhausted.append(status)

    def ring(self, *names: str) -> list[FakeEnd]:
        ends = [FakeEnd(name) for name in names]
        self.call.ring(list(ends))
        return ends

    def connect(self) -> tuple["Phone", "Phone"]:
        """Both parties as sessions that answer by the book."""
        (end,) = self.ring("b")
        a, b = Phone(self.call, self.a, 1), Phone(self.call, end, 2)
        a.session.offer()
        answer = b.session.answer(SessionDescription.parse(end.take("invite"))).to_bytes()
        self.call.answered(end, answer, ())
        a.session.accept(SessionDescription.parse(self.a.take("accept")))
        return a, b


class Phone:
    """A party with a real offer/answer session behind a fake end."""

    def __init__(self, call: PbxCall, end: FakeEnd, number: int) -> None:
        self.call, self.end = call, end
        self.session = AudioSession(LocalAudio(f"192.0.2.{number}", 4000), number)

    @property
    def direction(self) -> Direction:
        assert self.session.negotiated is not None
        return self.session.negotiated.direction

    @property
    def hears(self) -> str:
        assert self.session.negotiated is not None
        return self.session.negotiated.remote_address

    def offers(self, direction: Direction) -> None:
        self.session.local = replace(self.session.local, direction=direction)
        self.call.offered(self.end, self.session.offer().to_bytes())

    def gets_answer(self) -> None:
        self.session.accept(SessionDescription.parse(self.end.take("answer")))

    def answers_offer(self) -> None:
        answer = self.session.answer(SessionDescription.parse(self.end.take("offer")))
        self.call.offer_result(self.end, 200, answer.to_bytes())


def test_first_answer_wins_and_the_others_learn_that_it_was_answered_elsewhere() -> None:
    switch = Switch()
    b, c, d = switch.ring("b", "c", "d")
    for end in (b, c, d):
        assert end.take("invite") == OFFER
    switch.call.answered(c, OFFER, ())
    assert b.take("hang_up") == d.take("hang_up") == tuple(ELSEWHERE)
    assert c.did == []
    assert switch.a.take("accept") == OFFER
    assert switch.call.state is CallState.CONNECTED


def test_a_late_second_answer_is_hung_up() -> None:
    switch = Switch()
    b, c = switch.ring("b", "c")
    switch.call.answered(b, OFFER, ())
    c.did.clear()
    switch.call.answered(c, OFFER, ())
    assert c.take("hang_up") == ()
    assert switch.call.callee is b


def test_the_caller_is_told_once_that_it_rings() -> None:
    switch = Switch()
    b, c = switch.ring("b", "c")
    switch.call.ringing(b, 180, None)
    switch.call.ringing(c, 180, None)
    switch.call.ringing(c, 183, OFFER)  # two ring: no early media of one of them
    assert switch.a.take("progress") == (180, None)


def test_early_media_of_a_single_end_passes_and_is_not_taken_back() -> None:
    switch = Switch()
    (b,) = switch.ring("b")
    switch.call.ringing(b, 183, OFFER)
    switch.call.ringing(b, 180, None)
    assert switch.a.take("progress") == (183, OFFER)
    switch.call.answered(b, None, ())  # the 200 need not repeat the answer (RFC 3262 5)
    assert switch.a.take("accept") == OFFER


@pytest.mark.parametrize(
    ("failures", "heard"),
    [([480, 486], 486), ([404, 480], 404), ([603, 480], 486), ([488, 408], 488), ([503], 503)],
)
def test_when_all_fail_the_owner_hears_the_telling_status(failures: list[int], heard: int) -> None:
    switch = Switch()
    ends = switch.ring(*(f"d{i}" for i in range(len(failures))))
    for end, status in zip(ends, failures, strict=True):
        assert switch.exhausted == []
        switch.call.failed(end, status, "")
    assert switch.exhausted == [heard]
    switch.call.refuse(heard)
    assert switch.a.take("refuse") == heard
    assert switch.call.state is CallState.ENDED


def test_the_caller_gives_up() -> None:
    switch = Switch()
    b, c = switch.ring("b", "c")
    reason = (("Reason", "SIP;cause=487"),)
    switch.call.ended(switch.a, reason)
    assert b.take("hang_up") == c.take("hang_up") == reason
    assert switch.states[-1] == "ended" and switch.a.did == []


def test_going_on_to_another_destination_rings_anew() -> None:
    switch = Switch()
    (b,) = switch.ring("b")
    switch.call.ringing(b, 180, None)
    switch.a.did.clear()
    (mailbox,) = switch.ring("mailbox")
    assert b.take("hang_up") == ()
    switch.call.ringing(mailbox, 180, None)
    assert switch.a.take("progress") == (180, None)
    switch.call.failed(b, 487, "")
    assert switch.exhausted == []


@pytest.mark.parametrize("side", ["caller", "callee"])
def test_either_side_ends_the_call(side: str) -> None:
    switch = Switch()
    a, b = switch.connect()
    one, two = (a, b) if side == "caller" else (b, a)
    switch.call.ended(one.end, (("Reason", "Q.850;cause=16"),))
    assert two.end.take("hang_up") == (("Reason", "Q.850;cause=16"),)
    switch.call.ended(two.end, ())
    assert two.end.did == [] and switch.states.count("ended") == 1


def test_an_offer_in_the_answer_is_completed_by_the_ack() -> None:
    switch = Switch(offer=None)
    (b,) = switch.ring("b")
    assert b.take("invite") is None
    switch.call.answered(b, OFFER, ())
    assert switch.a.take("accept") == OFFER and switch.call.awaits_ack(switch.a)
    switch.a.described = b"answer in the ACK"
    switch.call.established(switch.a)
    assert b.take("acknowledge") == b"answer in the ACK"
    assert not switch.call.awaits_ack(switch.a)


def test_an_ack_without_the_answer_ends_the_call() -> None:
    switch = Switch(offer=None)
    (b,) = switch.ring("b")
    switch.call.answered(b, OFFER, ())
    switch.a.described = None
    switch.call.established(switch.a)
    assert switch.call.state is CallState.ENDED
    assert b.take("hang_up") == () and switch.a.take("hang_up") == ()


def test_an_answer_without_any_description_cannot_be_bridged() -> None:
    switch = Switch()
    (b,) = switch.ring("b")
    switch.call.answered(b, None, ())
    assert switch.a.take("refuse") == 488
    assert b.take("hang_up") == ()


def test_hold_gives_music_and_resume_takes_it_away() -> None:
    switch = Switch()
    a, b = switch.connect()
    a.offers(Direction.SENDONLY)
    a.gets_answer()
    b.answers_offer()
    assert a.direction is Direction.INACTIVE
    assert (b.hears, b.direction) == ("192.0.2.9", Direction.RECVONLY)
    assert switch.call.holding.holds(a.end)
    a.offers(Direction.SENDRECV)
    assert switch.music[0].closed
    b.answers_offer()
    a.gets_answer()
    assert (a.hears, a.direction) == ("192.0.2.2", Direction.SENDRECV)
    assert (b.hears, b.direction) == ("192.0.2.1", Direction.SENDRECV)
    assert not switch.call.holding.holds(a.end)


def test_a_resume_that_overtakes_the_music_is_answered_by_the_peer_itself() -> None:
    switch = Switch()
    a, b = switch.connect()
    a.offers(Direction.SENDONLY)
    a.gets_answer()
    a.offers(Direction.SENDRECV)
    switch.call.offer_result(b.end, 200, b"what it says to the music")
    assert [verb for verb, _ in a.end.did] == []
    switch.call.offer_result(b.end, 200, OFFER)
    assert a.end.take("answer") == OFFER


def test_both_hold_and_one_resumes_to_music() -> None:
    switch = Switch()
    a, b = switch.connect()
    a.offers(Direction.INACTIVE)
    a.gets_answer()
    b.answers_offer()
    b.offers(Direction.SENDONLY)
    b.gets_answer()
    assert switch.music[0].closed and b.direction is Direction.INACTIVE
    a.offers(Direction.SENDRECV)
    a.gets_answer()
    assert (a.hears, a.direction) == ("192.0.2.9", Direction.RECVONLY)
    b.offers(Direction.SENDRECV)
    a.answers_offer()
    b.gets_answer()
    assert (a.hears, b.hears) == ("192.0.2.2", "192.0.2.1")
    assert a.direction is b.direction is Direction.SENDRECV
    assert all(music.closed for music in switch.music)


def test_a_refresh_is_answered_from_memory() -> None:
    switch = Switch()
    a, b = switch.connect()
    told = a.end.told
    a.session._open = a.session.described
    switch.call.offered(a.end, a.session.described.to_bytes())
    assert a.end.take("answer") == told
    switch.call.offered(a.end, None)
    assert a.end.take("answer") == told
    assert b.end.did == []


def test_a_refused_offer_goes_back_to_who_made_it() -> None:
    switch = Switch()
    a, b = switch.connect()
    a.session.local = LocalAudio("192.0.2.1", 4002)
    a.offers(Direction.SENDRECV)
    b.end.take("offer")
    switch.call.offer_result(b.end, 488, None)
    assert a.end.take("refuse_offer") == 488
    assert switch.call.state is CallState.CONNECTED


def test_rubbish_is_refused_and_an_offer_before_the_answer_too() -> None:
    switch = Switch()
    (b,) = switch.ring("b")
    switch.call.offered(switch.a, OFFER)
    assert switch.a.take("refuse_offer") == 488
    switch.call.answered(b, OFFER, ())
    switch.call.offered(b, b"rubbish")
    assert b.take("refuse_offer") == 488


def test_no_music_when_it_is_refused_or_the_call_is_over() -> None:
    switch = Switch()
    a, b = switch.connect()
    a.offers(Direction.SENDONLY)
    a.gets_answer()
    switch.call.offer_result(b.end, 488, None)
    assert switch.music[0].closed
    held: list[Callable[[Music | None], None]] = []
    switch.call.holding._source = held.append
    b.offers(Direction.SENDONLY)
    a.offers(Direction.SENDRECV)
    switch.call.hang_up()
    late = FakeMusic()
    held[0](late)
    assert late.closed and a.end.did[-1] == ("refuse_offer", 488)


def test_keys_pass_by_info() -> None:
    switch = Switch()
    a, b = switch.connect()
    switch.call.info(a.end, "application/dtmf-relay", b"Signal=1")
    assert b.end.take("info") == b"Signal=1"
    switch.call.hang_up()
    switch.call.info(a.end, "application/dtmf-relay", b"Signal=1")
    assert [name for name, _ in b.end.did] == ["hang_up"]


VERBS = ("ringing", "answered", "failed", "ended", "offered", "refused", "caller gone", "hang up")


@given(st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 2)), max_size=14))
def test_whatever_happens_every_party_is_let_go_exactly_once(
    story: list[tuple[str, int]],
) -> None:
    switch = Switch()
    ends = switch.ring("b", "c", "d")
    gone: set[str] = set()
    for verb, number in story:
        end = ends[number]
        if end.name in gone:
            continue
        match verb:
            case "ringing":
                switch.call.ringing(end, 180, None)
            case "answered":
                switch.call.answered(end, OFFER, ())
            case "failed" if switch.call.callee is not end:
                gone.add(end.name)
                switch.call.failed(end, 486, "")
            case "ended":
                gone.add(end.name)
                switch.call.ended(end, ())
            case "offered":
                switch.call.offered(end, OFFER)
            case "refused":
                switch.call.offer_result(end, 488, None)
            case "caller gone" if "a" not in gone:
                gone.add("a")
                switch.call.ended(switch.a, ())
            case "hang up":
                switch.call.hang_up()
        if switch.exhausted and switch.call.state is not CallState.ENDED:
            switch.call.refuse(switch.exhausted[-1])
        gone |= {e.name for e in (switch.a, *ends) if "hang_up" in [v for v, _ in e.did]}
    switch.call.hang_up()
    for end in ends:
        left = [verb for verb, _ in end.did if verb == "hang_up"]
        assert len(left) <= 1 or switch.call.callee is not end
        assert left or end.name in gone
    finals = [verb for verb, _ in switch.a.did if verb in ("refuse", "hang_up")]
    assert len(finals) == (0 if "a" in gone and not finals else 1)
    assert switch.states.count("ended") == 1
    assert all(music.closed for music in switch.music)
