"""Whatever a peer writes into headers and bodies, a step neither raises nor loses its answer."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.sip.message import Request, Response
from protocols.sip.session import Env, Settings, events, refusal, step
from tests.support.session_bench import Bench, Party, ringing, sdp, talking

NAMES = (
    "Contact", "Record-Route", "Allow", "Supported", "Require", "Session-Expires", "Min-SE",
    "RSeq", "RAck", "Content-Type", "Retry-After", "WWW-Authenticate", "Proxy-Authenticate",
    "Replaces", "Reason", "Event", "Content-Disposition",
)  # fmt: skip
SAMPLES = (
    "", " ", "*", "<", "<sip:", "<sip:a@b>;", "sip:a@b", "<sip:a@[::1>", "0", "-1", "99999999999",
    "90;refresher=", "100rel", "timer", "1 1 INVITE", "x y z", "Digest", 'Digest realm="x',
    'Digest realm="x", nonce="1", algorithm=SHA-256, qop="auth-int"', "multipart/mixed",
    "multipart/mixed;boundary=x", "application/sdp", "text/plain;charset", ",,,", ";;;", '"',
    "\udcff\udcfe",
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(SAMPLES), st.text(st.characters(exclude_characters="\r\n\0"), max_size=40)
)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=5)
BODIES = st.one_of(st.just(b""), st.just(sdp(9)), st.binary(max_size=60))


def _early() -> Party:
    bench = Bench()
    bench.run()
    bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
    return bench.b


def _offering() -> Party:
    bench = talking()
    bench.a.do(events.Offer(sdp(2)))
    return bench.a


STATES: tuple[Callable[[], Party], ...] = (
    lambda: Bench().a,
    lambda: ringing().a,
    _early,
    lambda: talking().a,
    lambda: talking().b,
    _offering,
)


def dress(message: Request | Response, headers: list[tuple[str, str]], body: bytes) -> None:
    for name, value in headers:
        message.headers.set(name, value)
    message.body = body


@settings(max_examples=300, deadline=None)
@given(
    state=st.sampled_from(STATES),
    method=st.sampled_from(["INVITE", "UPDATE", "PRACK", "BYE", "INFO", "REFER"]),
    headers=HEADERS,
    body=BODIES,
)
def test_requests(
    state: Callable[[], Party], method: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    party = state()
    fork = party.s.current
    request = Request(
        method,
        "sip:x",
        [
            ("Via", "SIP/2.0/UDP x.test;branch=z9hG4bK99"),
            ("From", f"<sip:x@x.test>;tag={fork.dialog.remote_tag if fork else 'none'}"),
            ("To", f"<sip:y@y.test>;tag={party.s.local_tag}"),
            ("Call-ID", "call-1"),
            ("CSeq", f"99 {method}"),
        ],
    )
    dress(request, headers, body)
    after, effects = step(party.s, events.GotRequest(99, request), Env(party.rng))
    answered = [e for e in effects if isinstance(e, events.Respond) and e.key == 99]
    asked = [e for e in effects if isinstance(e, events.Received | events.Offered)]
    assert len(answered) + len(asked) == 1
    if any(isinstance(e, events.Offered) for e in effects):
        step(after, events.Answer(sdp(3)), Env(party.rng))


@settings(max_examples=300, deadline=None)
@given(
    state=st.sampled_from(STATES),
    status=st.sampled_from([100, 180, 183, 199, 200, 302, 401, 407, 422, 481, 488, 491, 500, 603]),
    tag=st.sampled_from(["tag-b", "other", None]),
    headers=HEADERS,
    body=BODIES,
)
def test_responses(
    state: Callable[[], Party],
    status: int,
    tag: str | None,
    headers: list[tuple[str, str]],
    body: bytes,
) -> None:
    party = state()
    clients = party.s.clients
    asked = clients[0].request if clients else party.s.invite
    key = clients[0].key if clients else party.s.key
    response = Response.for_request(asked, status, to_tag=tag)
    dress(response, headers, body)
    _, effects = step(party.s, events.GotResponse(key, response), Env(party.rng))
    if status == 200 and party.s.uac and not any(isinstance(e, events.Ended) for e in effects):
        acknowledged = any(isinstance(e, events.SendAck) for e in effects)
        assert acknowledged or party.s.phase.value in ("confirmed", "ended")


@settings(max_examples=300, deadline=None)
@given(headers=HEADERS, body=BODIES)
def test_first_invites(headers: list[tuple[str, str]], body: bytes) -> None:
    invite = Bench().a.s.invite.copy()
    invite.headers.add("Contact", "<sip:a@a.test>")
    dress(invite, headers, body)
    if refusal(Settings(), invite, "t") is None:
        bench = Bench()
        bench.wire.clear()
        bench.b._take_request(invite)
        bench.b.do(events.Ring(183, sdp=sdp(1, "b")))
        bench.b.do(events.HangUp())
        assert all(bench.b.answered.values())
