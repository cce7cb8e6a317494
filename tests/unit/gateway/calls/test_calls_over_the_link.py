"""Call control from a client's command to SIP on the link and back: real SIP over TLS."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.gateway_ports import ANNA, soon
from tests.support.gateway_rig import Rig, gateway_rig


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


ANSWER = b"v=0\r\ns=connector answer\r\n"


async def test_dial_ring_answer_and_far_end_hangs_up(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    call = await rig.do("d1", "dial", to="710")
    assert call["phase"] == "dialling"
    leg, far = await connector.next_call()
    assert rig.journal.log == [("open", call["id"])], "the journal is first"
    assert leg.invite.uri == "sip:710@site-1.calls.offhook.test;user=phone"
    assert leg.invite.from_.user == "line-1"
    session_id = leg.invite.headers.get("Session-ID")
    assert session_id == f"{call['session_id']};remote={'0' * 32}"
    media = await rig.media("d1", call["id"])
    leg.ring()
    await rig.sink.phase("ringing_out")
    session = rig.session(call["id"])
    await soon(lambda: "play device ringback" in session.log)
    assert session.attached == media
    leg.accept(ANSWER)
    connected = await rig.sink.phase("connected")
    assert connected["media"] == "attached"
    assert connected["actions"] == ["hang_up", "mute", "dtmf", "hold", "consult", "pull"]
    await soon(lambda: far.established)
    leg.hang_up()
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert ended["reason"] == "hung_up"
    row = rig.journal.rows[call["id"]]
    assert (row["kind"], row["reason"], row["device_id"]) == ("answered", "hung_up", "d1")
    await rig.nothing_left()


async def test_dial_and_the_user_hangs_up(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    leg.accept(ANSWER)
    await rig.sink.phase("connected")
    await rig.do("d1", "hang_up", call_id=call["id"])
    await soon(lambda: far.ended == "bye")
    assert rig.journal.rows[call["id"]]["kind"] == "answered"
    await rig.nothing_left()


async def test_hang_up_while_it_rings_cancels(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="713")
    leg, far = await connector.next_call()
    leg.ring()
    await rig.sink.phase("ringing_out")
    await rig.do("d1", "hang_up", call_id=call["id"])
    await soon(lambda: far.ended == "cancel")
    assert rig.journal.rows[call["id"]]["kind"] == "cancelled"
    await rig.nothing_left()


async def test_incoming_rings_is_answered_by_one_and_stops_on_the_other(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1", "d2")
    rig.directory.names["102"] = "Berta Schulz"
    leg, far = connector.call(connector.flows[0])
    offer = await rig.sink.wait("ring.offer", "d1")
    await rig.sink.wait("ring.offer", "d2")
    call = offer["call"]
    assert offer["lease_ms"] == 6000
    assert call["remote"]["name"] == "Berta Schulz"
    assert call["remote"]["number"]["canonical"] == "102"
    await rig.media("d1", call["id"])
    await rig.media("d2", call["id"])
    await soon(lambda: 180 in dict(far.progress))
    await rig.do("d2", "answer", call_id=call["id"])
    await soon(lambda: far.answer)
    stop = await rig.sink.wait("ring.stop", "d1")
    assert (stop["reason"], stop["by"]) == ("answered_elsewhere", "d2")
    session = rig.session(call["id"])
    await soon(lambda: session.attached == "d2:2" and session.legs == {"d2:2"})
    assert rig.journal.rows[call["id"]]["device_id"] == "d2"
    leg.hang_up()
    await rig.sink.wait("call.ended")
    assert rig.journal.rows[call["id"]]["kind"] == "answered"
    await rig.nothing_left()


async def test_the_line_is_answered_only_when_the_winner_can_be_heard(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1")
    _leg, far = connector.call(connector.flows[0])
    call = (await rig.sink.wait("ring.offer", "d1"))["call"]
    await rig.do("d1", "answer", call_id=call["id"])
    media = await rig.media("d1", call["id"], connect=False)
    assert far.answer is None
    rig.session(call["id"]).connect(media)
    await soon(lambda: far.answer)
    await rig.do("d1", "hang_up", call_id=call["id"])
    await soon(lambda: far.ended == "bye")
    await rig.nothing_left()


async def test_decline_answers_486_and_stops_all(rig: Rig) -> None:
    connector = await rig.linked()
    rig.online("d1", "d2")
    _leg, far = connector.call(connector.flows[0])
    call = (await rig.sink.wait("ring.offer", "d2"))["call"]
    await rig.do("d1", "decline", call_id=call["id"])
    await soon(lambda: far.failure == 486)
    for device in ("d1", "d2"):
        assert (await rig.sink.wait("ring.stop", device))["reason"] == "declined"
    assert rig.journal.rows[call["id"]]["kind"] == "declined"
    await rig.nothing_left()


async def test_nobody_signed_in_gives_480_with_the_reason_at_once(rig: Rig) -> None:
    connector = await rig.linked()
    _leg, far = connector.call(connector.flows[0])
    await soon(lambda: far.failure == 480)
    assert "no device signed in" in (far.responses[-1].headers.get("Warning") or "")
    (row,) = rig.journal.rows.values()
    assert row["kind"] == "missed"
    assert rig.journal.log[0][0] == "open"
    await rig.nothing_left()


@pytest.mark.parametrize(
    ("reason", "kind", "ended"),
    [
        (None, "missed", "cancelled"),
        ('SIP;cause=200;text="Call completed elsewhere"', "answered", "answered_elsewhere"),
        ("Q.850;cause=26", "answered", "answered_elsewhere"),
        ("Q.850;cause=16", "missed", "cancelled"),
    ],
)
async def test_cancel_by_the_caller(rig: Rig, reason: str | None, kind: str, ended: str) -> None:
    connector = await rig.linked()
    rig.online("d1")
    leg, far = connector.call(connector.flows[0])
    call = (await rig.sink.wait("ring.offer", "d1"))["call"]
    await soon(lambda: far.progress)
    leg.hang_up(headers=() if reason is None else (("Reason", reason),))
    stop = await rig.sink.wait("ring.stop", "d1")
    assert stop["reason"] == ended
    assert (await rig.sink.wait("call.ended"))["call"]["reason"] == ended
    assert rig.journal.rows[call["id"]]["kind"] == kind
    await rig.nothing_left()


@pytest.mark.parametrize(
    ("status", "headers", "reason", "kind", "tone"),
    [
        (486, (), "busy", "busy", "busy"),
        (404, (), "unreachable", "failed", "reorder"),
        (480, (), "unreachable", "failed", "reorder"),
        (480, (("Reason", "Q.850;cause=19"),), "no_answer", "no_answer", "busy"),
        (408, (), "no_answer", "no_answer", "busy"),
        (486, (("Reason", "Q.850;cause=21"),), "declined", "declined", "busy"),
        (403, (), "blocked", "failed", "reorder"),
        (500, (), "unreachable", "failed", "reorder"),
    ],
)
async def test_refused_call_has_reason_words_tone_and_entry(
    rig: Rig, status: int, headers: tuple[tuple[str, str], ...], reason: str, kind: str, tone: str
) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="712")
    leg, _far = await connector.next_call()
    await rig.media("d1", call["id"])
    leg.reject(status, headers=headers)
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert ended["reason"] == reason
    assert ended["words"]
    assert rig.journal.rows[call["id"]]["kind"] == kind
    session = rig.session(call["id"])
    await soon(lambda: f"play device {tone}" in session.log)
    assert rig.calls.calls_of(ANNA) == []
    await rig.do("d1", "media.close", call_id=call["id"])
    await rig.nothing_left()


async def test_dial_without_a_connector_ends_at_once_in_words(rig: Rig) -> None:
    call = await rig.do("d1", "dial", to="710")
    ended = (await rig.sink.wait("call.ended"))["call"]
    assert ended["reason"] == "unreachable"
    assert "connection to your phone system is down" in ended["words"]
    assert rig.journal.rows[call["id"]]["kind"] == "failed"
    await rig.do("d1", "hang_up", call_id=call["id"])
    await rig.nothing_left()
