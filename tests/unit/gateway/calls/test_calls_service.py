"""The doors to call control: validation, idempotency, limits, tenants, a failing journal, drain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gateway.calls.journaling import MOST_STRIKES, Journaling
from gateway.calls.model import CallsConfig, Limits
from gateway.calls.repetition import REMEMBERED, Repetitions
from gateway.calls.webrtc import fingerprint_of, line_codec
from gateway.ports import Actor, CommandResult, Problem, UserKey
from tests.support.call_script import outgoing
from tests.support.gateway_ports import ANNA, TENANT, FakeJournal, soon
from tests.support.gateway_rig import Rig, gateway_rig

MALLORY = UserKey("tenant-2", "mallory")
ACTOR = Actor(ANNA, "s", "d1")


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


async def refused(rig: Rig, verb: str, body: dict[str, Any], command_id: str = "x") -> Problem:
    with pytest.raises(Problem) as caught:
        await rig.calls.execute(ACTOR, verb, body, command_id)
    return caught.value


@pytest.mark.parametrize(
    ("verb", "body", "status", "code"),
    [
        ("explode", {}, 404, "verb_unknown"),
        ("dial", {}, 422, "number_missing"),
        ("dial", {"to": "   "}, 422, "number_missing"),
        ("dial", {"to": 7}, 422, "number_missing"),
        ("dial", {"to": "hello"}, 422, "number_invalid"),
        ("dial", {"to": "1" * 200}, 422, "number_invalid"),
        ("dial", {"to": "710\udcfc"}, 422, "number_invalid"),
        ("dial", {"to": "710\0"}, 422, "number_invalid"),
        ("answer", {}, 422, "call_id_missing"),
        ("answer", {"call_id": ""}, 422, "call_id_missing"),
        ("answer", {"call_id": ["x"]}, 422, "call_id_missing"),
        ("answer", {"call_id": "nobody"}, 404, "call_unknown"),
        ("hold", {"call_id": "nobody"}, 404, "call_unknown"),
    ],
)
async def test_bad_commands_are_refused_in_words(
    rig: Rig, verb: str, body: dict[str, Any], status: int, code: str
) -> None:
    problem = await refused(rig, verb, body)
    assert (problem.status, problem.code) == (status, code)
    assert problem.title


@pytest.mark.parametrize("command_id", ["", "x" * 129])
async def test_a_command_needs_its_id(rig: Rig, command_id: str) -> None:
    assert (await refused(rig, "dial", {"to": "710"}, command_id)).code == "command_id_missing"


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("media.offer", {}, "sdp_invalid"),
        ("media.offer", {"sdp": "hello"}, "sdp_invalid"),
        ("media.offer", {"sdp": "v=0" + "x" * 40_000}, "sdp_too_large"),
        ("media.offer", {"sdp": "v=0\r\n", "generation": "1"}, "generation_invalid"),
        ("media.offer", {"sdp": "v=0\r\n", "generation": True}, "generation_invalid"),
        ("media.offer", {"sdp": "v=0\r\n", "take": "yes"}, "take_invalid"),
        ("dtmf", {"digits": "12x"}, "digits_invalid"),
        ("dtmf", {"digits": "1" * 65}, "digits_invalid"),
        ("dtmf", {}, "digits_invalid"),
        ("dtmf", {"digits": "1"}, "not_now"),
        ("answer", {}, "not_now"),
        ("decline", {}, "not_now"),
        ("hold", {}, "not_now"),
        ("transfer", {}, "not_offered"),
    ],
)
async def test_bad_commands_on_a_call(rig: Rig, verb: str, body: dict[str, Any], code: str) -> None:
    await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    problem = await refused(rig, verb, {"call_id": call["id"], **body})
    assert problem.code == code
    assert (await rig.do("d1", "mute", call_id=call["id"]))["muted"], "the call is unharmed"


async def test_the_same_command_twice_has_one_effect(rig: Rig) -> None:
    connector = await rig.linked()
    first, second = await asyncio.gather(
        rig.calls.execute(ACTOR, "dial", {"to": "710"}, "same"),
        rig.calls.execute(ACTOR, "dial", {"to": "710"}, "same"),
    )
    assert first.call is not None and second.call is not None
    assert first.call["id"] == second.call["id"]
    await connector.next_call()
    assert connector.invited.empty()
    again = await rig.calls.execute(ACTOR, "dial", {"to": "710"}, "same")
    assert again.call is not None and again.call["id"] == first.call["id"]
    assert rig.calls.active() == 1


async def test_commands_about_sound_push_no_dial_out_of_memory(rig: Rig) -> None:
    await rig.linked()
    first = await rig.calls.execute(ACTOR, "dial", {"to": "710"}, "same")
    assert first.call is not None
    body = {"call_id": first.call["id"]}
    for number in range(CallsConfig().remembered_commands + 1):
        await rig.calls.execute(ACTOR, "media.candidate", body, f"sound {number}")
    again = await rig.calls.execute(ACTOR, "dial", {"to": "710"}, "same")
    assert again.call is not None and again.call["id"] == first.call["id"]
    assert rig.calls.active() == 1


async def test_a_result_is_forgotten_after_its_time() -> None:
    now = 0.0
    repetitions = Repetitions(4, clock=lambda: now)
    done: list[str] = []

    async def work() -> CommandResult:
        done.append("work")
        return CommandResult(None)

    await repetitions.once(ANNA, "one", work)
    now = REMEMBERED
    await repetitions.once(ANNA, "one", work)
    assert len(done) == 1
    now = REMEMBERED + 1
    await repetitions.once(ANNA, "one", work)
    assert len(done) == 2


async def test_a_refusal_repeated_is_the_same_refusal(rig: Rig) -> None:
    first = await refused(rig, "dial", {"to": "hello"}, "same")
    second = await refused(rig, "dial", {"to": "hello"}, "same")
    assert first.code == second.code


async def test_a_call_of_somebody_else_does_not_exist(rig: Rig) -> None:
    await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    for user in (MALLORY, UserKey(TENANT, "berta")):
        for verb in ("hang_up", "media.offer", "dtmf", "mute"):
            with pytest.raises(Problem) as caught:
                await rig.do("d1", verb, user=user, call_id=call["id"], digits="1", sdp="v=0")
            assert caught.value.code == "call_unknown"
    assert rig.calls.calls_of(MALLORY) == []
    assert rig.calls.timeline("tenant-2", call["id"]) is None


async def test_somebody_without_a_line_cannot_dial(rig: Rig) -> None:
    with pytest.raises(Problem) as caught:
        await rig.do("d1", "dial", user=MALLORY, to="710")
    assert caught.value.code == "no_line"
    assert rig.journal.rows == {}


async def test_parallel_dials_are_limited(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, config=CallsConfig(dials_per_user=2)) as rig:
        await rig.linked()
        calls = [await rig.do("d1", "dial", to="4711") for _ in range(2)]
        problem = await refused(rig, "dial", {"to": "4711"})
        assert (problem.status, problem.code) == (429, "too_many_calls")
        await rig.do("d1", "hang_up", call_id=calls[0]["id"])
        await soon(lambda: rig.calls.active() == 1)
        await rig.do("d1", "dial", to="4711")


async def test_dials_at_the_same_moment_do_not_slip_through(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, config=CallsConfig(dials_per_user=2)) as rig:
        await rig.linked()
        results = await asyncio.gather(
            *(rig.calls.execute(ACTOR, "dial", {"to": "4711"}, f"c{i}") for i in range(20)),
            return_exceptions=True,
        )
        assert sum(isinstance(result, Problem) for result in results) == 18


async def test_one_call_too_many_is_busy_for_the_caller(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, config=CallsConfig(calls_per_user=1)) as rig:
        connector = await rig.linked()
        rig.online("d1")
        await rig.do("d1", "dial", to="710")
        _call, far = connector.call(connector.flows[0])
        await soon(lambda: far.failure == 486)
        assert [row["kind"] for row in rig.journal.rows.values()].count("missed") == 1


async def test_a_tenant_has_a_limit_too(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path) as rig:
        rig.calls.most_of_tenant = lambda _: 1
        connector = await rig.linked()
        await rig.do("d1", "dial", to="4711")
        assert (await refused(rig, "dial", {"to": "4712"})).code == "too_many_calls"
        rig.online("d1")
        _call, far = connector.call(connector.flows[0])
        await soon(lambda: far.failure == 486)


async def test_a_broken_journal_delays_nothing_and_loses_nothing(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path) as rig:
        rig.calls.journal._retry_after = 0.01
        connector = await rig.linked()
        rig.journal.broken = True
        call = await rig.do("d1", "dial", to="710")
        leg, _far = await connector.next_call()
        leg.accept(b"v=0\r\ns=answer\r\n")
        await rig.sink.phase("connected")
        await rig.do("d1", "hang_up", call_id=call["id"])
        await rig.nothing_left()
        assert rig.journal.rows == {}
        rig.journal.broken = False
        await soon(lambda: rig.calls.journal.pending == 0)
        assert [what for what, _ in rig.journal.log] == ["open", "answered", "settle"]
        assert rig.journal.rows[call["id"]]["kind"] == "answered"


async def test_the_backlog_of_the_journal_is_bounded_and_written_at_the_end() -> None:
    journal = FakeJournal()
    journal.broken = True
    writer = Journaling(journal, retry_after=3600)
    await writer.open(outgoing())
    assert writer.pending == 1
    journal.broken = False
    await writer.aclose()
    assert writer.pending == 0
    assert journal.log == [("open", "c1")]


async def test_an_unwritable_entry_holds_up_no_other_call_and_is_given_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    journal = FakeJournal()
    store = journal.open

    async def strict(user: UserKey, call_id: str, **values: Any) -> str:
        if call_id == "poison":
            raise ValueError("not storable")
        return await store(user, call_id, **values)

    journal.open = strict  # type: ignore[method-assign, assignment]
    writer = Journaling(journal, retry_after=0)
    await writer.open(outgoing(id="poison"))
    journal.broken = True
    await writer.open(outgoing(id="victim"))
    journal.broken = False
    await soon(lambda: journal.log == [("open", "victim")])
    assert writer.pending == 1, "the database works, the entry may yet be storable"
    for number in range(MOST_STRIKES):
        assert writer.pending == 1
        tried = caplog.text.count("still not writable")
        await writer.open(outgoing(id=f"next {number}"))
        await soon(lambda tried=tried: caplog.text.count("still not writable") > tried)
        if not writer.pending:
            break
    await soon(lambda: writer.pending == 0)
    assert "call poison: unwritable" in caplog.text
    await writer.aclose()


async def test_a_database_that_is_away_for_long_loses_nothing() -> None:
    journal = FakeJournal()
    journal.broken = True
    tries = 0
    check = journal._check

    def counted() -> None:
        nonlocal tries
        tries += 1
        check()

    journal._check = counted  # type: ignore[method-assign]
    writer = Journaling(journal, retry_after=0)
    for call_id in ("c1", "c2"):
        await writer.open(outgoing(id=call_id))
        await writer.settle(outgoing(id=call_id), "failed")
    await soon(lambda: tries > 4 * MOST_STRIKES)
    assert writer.pending == 4
    journal.broken = False
    await soon(lambda: writer.pending == 0)
    assert sorted(journal.log) == [
        ("open", "c1"),
        ("open", "c2"),
        ("settle", "c1"),
        ("settle", "c2"),
    ]
    await writer.aclose()


async def test_a_slow_directory_does_not_hold_up_a_call(rig: Rig) -> None:
    async def slow(tenant_id: str, canonical: str, reader: str | None = None) -> None:
        await asyncio.Event().wait()

    rig.directory.name_of = slow  # type: ignore[method-assign, assignment]
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    assert call["remote"]["name"] is None
    await connector.next_call()


async def test_without_media_workers_a_call_ends_in_words(rig: Rig) -> None:
    connector = await rig.linked()
    rig.engine.broken = True
    call = await rig.do("d1", "dial", to="710")
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert ended["reason"] == "media_failed"
    assert rig.journal.rows[call["id"]]["kind"] == "failed"
    rig.online("d1")
    _call, far = connector.call(connector.flows[0])
    await soon(lambda: far.failure == 500)
    assert connector.invited.empty()
    await rig.nothing_left()


async def test_a_bad_offer_is_told_to_its_device_and_harms_nobody(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    await rig.do("d1", "media.offer", call_id=call["id"], sdp="v=0 bad", generation=1)
    notice = await rig.sink.wait("notice", "d1")
    assert (notice["code"], notice["call_id"]) == ("media_refused", call["id"])
    leg, _ = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    await rig.media("d1", call["id"], 2)


async def test_a_lease_runs_out_when_the_socket_is_gone(tmp_path: Path) -> None:
    config = CallsConfig(limits=Limits(lease=0.05, renew=0.01))
    async with gateway_rig(tmp_path, config=config) as rig:
        connector = await rig.linked()
        rig.online("d1")
        _leg, far = connector.call(connector.flows[0])
        await rig.sink.wait("ring.renew", "d1", 3)
        rig.offline("d1")
        await soon(lambda: far.failure == 480)
        renewals = len(rig.sink.of("ring.renew"))
        await rig.nothing_left()
        assert len(rig.sink.of("ring.renew")) == renewals


async def test_a_device_that_signs_in_while_it_rings_rings_too(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    connector.call(connector.flows[0])
    await rig.sink.wait("ring.offer", "d1")
    rig.online("d2")
    await rig.sink.wait("ring.offer", "d2")


async def test_nobody_comes_back_for_a_lost_call(tmp_path: Path) -> None:
    config = CallsConfig(limits=Limits(comfort=0.01, lost=0.05))
    async with gateway_rig(tmp_path, config=config) as rig:
        connector = await rig.linked()
        call = await rig.do("d1", "dial", to="710")
        leg, far = await connector.next_call()
        leg.accept(b"v=0\r\ns=answer\r\n")
        await rig.sink.phase("connected")
        session = rig.session(call["id"])
        await soon(lambda: "play line comfort" in session.log)
        await soon(lambda: far.ended == "bye")
        assert "no sound" in (far.end_request.headers.get("Reason") or "")
        assert (await rig.sink.wait("call.ended"))["call"]["reason"] == "media_failed"
        await rig.nothing_left()


async def test_the_timeline_tells_why_a_call_rang_or_not(rig: Rig) -> None:
    connector = await rig.linked()
    _leg, far = connector.call(connector.flows[0])
    await soon(lambda: far.failure == 480)
    await rig.nothing_left()
    (call_id,) = rig.journal.rows
    story = [entry["what"] for entry in rig.calls.timeline(TENANT, call_id) or []]
    assert "did not ring: no device signed in" in story
    assert rig.calls.timeline(TENANT, "nobody") is None


async def test_a_draining_node_takes_no_new_calls_and_keeps_the_old_ones(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    call = await rig.do("d1", "dial", to="710")
    leg, _ = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    rig.calls.drain()
    assert (await refused(rig, "dial", {"to": "711"})).code == "restarting"
    _other, far = connector.call(connector.flows[0])
    await soon(lambda: far.failure == 503)
    assert [c["id"] for c in rig.calls.calls_of(ANNA)] == [call["id"]]


async def test_shutdown_ends_calls_in_order(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    await rig.calls.shutdown()
    await soon(lambda: far.ended == "bye")
    assert rig.calls.active() == 0
    assert rig.journal.rows[call["id"]]["reason"] == "node_failed"
    assert rig.engine.sessions == {}


async def test_a_withheld_number_stays_withheld(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    connector.call(
        connector.flows[0],
        caller='"Anonymous" <sip:anonymous@anonymous.invalid>',
        headers=(
            ("P-Asserted-Identity", '"Secret" <sip:4711@site.example>'),
            ("Privacy", "id"),
        ),
    )
    call = (await rig.sink.wait("ring.offer"))["call"]
    assert call["remote"] == {
        "name": None,
        "number": {"dialled": "", "canonical": "anonymous", "display": ""},
    }


async def test_identity_diversion_and_session_id_cross_the_link(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    session = "c" * 32
    connector.call(
        connector.flows[0],
        caller='"Wrong" <sip:999@site.example>',
        headers=(
            ("P-Asserted-Identity", '"Carla Lang" <sip:103@site.example>'),
            ("Diversion", '"Reception" <sip:100@site.example>;reason=no-answer'),
            ("Session-ID", f"{session};remote={'0' * 32}"),
        ),
    )
    call = (await rig.sink.wait("ring.offer"))["call"]
    assert call["remote"]["name"] == "Carla Lang"
    assert call["remote"]["number"]["canonical"] == "103"
    assert call["diverted_by"] == "Reception"
    assert call["session_id"] == session


async def test_names_from_old_systems_arrive_as_text(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    connector.call(
        connector.flows[0],
        caller='"J\udcfcrgen <img onerror=x>" <sip:102@site.example>',
    )
    call = (await rig.sink.wait("ring.offer"))["call"]
    assert call["remote"]["name"] == "Jürgen <img onerror=x>"


async def test_every_call_sends_its_own_session_id_and_learns_the_other(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    other = "b" * 32
    leg.accept(b"v=0\r\ns=a\r\n", headers=(("Session-ID", f"{other};remote={call['session_id']}"),))
    await rig.sink.phase("connected")
    await rig.do("d1", "hang_up", call_id=call["id"])
    await soon(lambda: far.ended == "bye")
    assert far.end_request.headers.get("Session-ID") == f"{call['session_id']};remote={other}"


async def test_an_offerless_invite_is_refused(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    _call, far = connector.call(connector.flows[0], sdp=None)
    await soon(lambda: far.failure == 488)
    await rig.nothing_left()


async def test_a_cancel_that_overtakes_the_set_up_is_recorded_all_the_same(rig: Rig) -> None:
    """The database is slow, the caller is quick."""
    gate = asyncio.Event()
    read = rig.lines.line

    async def slow(*ids: str) -> Any:
        await gate.wait()
        return await read(*ids)

    rig.lines.line = slow  # type: ignore[method-assign]
    connector = await rig.linked()
    rig.online("d1")
    leg, far = connector.call(connector.flows[0])
    leg.hang_up()  # queued until the 100 arrives
    await soon(lambda: far.ended)
    await soon(lambda: not [c for c in rig.edge.ua.calls if c.state != "terminated"])
    gate.set()
    await rig.sink.wait("call.ended")
    (row,) = rig.journal.rows.values()
    assert row["kind"] == "missed"
    await rig.nothing_left()


async def test_a_cancel_that_overtakes_the_answer_makes_a_missed_call(rig: Rig) -> None:
    """The database is slow while the winner is written down."""
    gate, asked = asyncio.Event(), asyncio.Event()
    write = rig.journal.answered

    async def slow(*args: Any, **values: Any) -> None:
        asked.set()
        await gate.wait()
        await write(*args, **values)

    rig.journal.answered = slow  # type: ignore[method-assign]
    connector = await rig.linked()
    rig.online("d1")
    leg, far = connector.call(connector.flows[0])
    call_id = (await rig.sink.wait("ring.offer", "d1"))["call"]["id"]
    await rig.media("d1", call_id)
    await rig.do("d1", "answer", call_id=call_id)
    await asked.wait()
    leg.hang_up()
    await soon(lambda: far.ended)
    await soon(lambda: not [c for c in rig.edge.ua.calls if c.state != "terminated"])
    gate.set()
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert (ended["reason"], ended["answered_at"]) == ("cancelled", None)
    assert rig.journal.rows[call_id]["kind"] == "missed"
    await rig.nothing_left()


async def test_the_far_end_changes_the_session(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    await soon(lambda: far.established)
    audio = b"t=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8\r\n"
    leg.offer(b"v=0\r\no=- 7 2 IN IP4 192.0.2.7\r\ns=hold\r\n" + audio + b"a=sendonly\r\n")
    await soon(lambda: any(status == 200 for status, _ in far.progress))
    assert rig.calls.calls_of(ANNA)[0]["hold"] == "remote"
    leg.offer(b"v=0\r\no=- 7 3 IN IP4 192.0.2.7\r\ns=on\r\n" + audio + b"a=sendrecv\r\n")
    await soon(lambda: rig.calls.calls_of(ANNA)[0]["hold"] == "none")
    await rig.do("d1", "hang_up", call_id=call["id"])
    await rig.nothing_left()


def test_what_makes_two_offers_the_same_connection() -> None:
    head = "v=0\r\no=- {0} {1} IN IP4 0.0.0.0\r\na=fingerprint:sha-256 {2}\r\n"
    one = fingerprint_of(head.format(1, 1, "AA"))
    assert fingerprint_of(head.format(1, 2, "AA")) == one, "a re-offer"
    assert fingerprint_of(head.format(2, 1, "AA")) != one, "another session"
    assert fingerprint_of(head.format(1, 1, "BB")) != one, "another certificate"
    assert fingerprint_of("v=0\r\no=broken\r\n") == "o=broken"


async def test_the_codec_the_pbx_chose_last_is_offered_first(rig: Rig) -> None:
    connector = await rig.linked()
    assert rig.calls._owners.codecs(rig.lines.profile) == ("PCMA", "PCMU")
    call = await rig.do("d1", "dial", to="710")
    leg, _ = await connector.next_call()
    leg.accept(
        b"v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0 8\r\n"
    )
    await rig.sink.phase("connected")
    await soon(lambda: rig.calls._owners.codecs(rig.lines.profile) == ("PCMU", "PCMA"))
    await rig.do("d1", "hang_up", call_id=call["id"])


@pytest.mark.parametrize(
    ("sdp", "codec"),
    [
        ("m=audio 9 RTP/AVP 8 0\r\n", "PCMA"),
        ("m=audio 9 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n", "opus"),
        ("m=audio 9 RTP/AVP 97\r\n", None),
        ("m=video 9 RTP/AVP 97\r\n", None),
        ("m=audio nonsense\r\n", None),
    ],
)
def test_what_an_answer_speaks(sdp: str, codec: str | None) -> None:
    head = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\n"
    assert line_codec(head + sdp) == codec


async def test_an_emergency_call_passes_every_limit(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, config=CallsConfig(dials_per_user=0)) as rig:
        connector = await rig.linked()
        assert (await refused(rig, "dial", {"to": "4711"})).code == "too_many_calls"
        await rig.do("d1", "dial", to="112")
        leg, _ = await connector.next_call()
        assert leg.invite.request_uri.user_text == "112"


async def test_a_database_that_fails_answers_the_caller_all_the_same(rig: Rig) -> None:
    async def broken(*ids: str) -> None:
        raise OSError("the database is away")

    rig.lines.line = broken  # type: ignore[method-assign]
    connector = await rig.linked()
    _call, far = connector.call(connector.flows[0])
    await soon(lambda: far.failure == 500)
    assert rig.calls.active() == 0
