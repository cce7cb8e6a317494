"""The user's hold through a real connector: the PBX is asked first, then the gateway answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.sip import bridge
from media.engine import LegProfile, Side, SilenceEvent
from protocols.aio.call import Call
from tests.support.connector_rig import Recorder, Rig, rig
from tests.support.fake_media import FakeSession, sdp

HELD, TALKS = sdp(9000, direction="inactive").encode(), sdp(9000).encode()


async def talking(r: Rig) -> tuple[Call, Recorder, Call, Recorder, FakeSession]:
    user = Recorder()
    link = r.gateway.call("710", user)
    phone, seen = await r.pbx.next_call()
    phone.accept(sdp(7100).encode())
    await user.wait("answer")
    await seen.wait("established")
    return link, user, phone, seen, r.engine.sessions[0]


async def test_the_gateway_is_answered_when_the_pbx_has_agreed(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, seen, session = await talking(r)
        for ours, says, theirs in (
            (HELD, b"a=sendonly", "recvonly"),
            (TALKS, b"a=sendrecv", "sendrecv"),
        ):
            link.offer(ours)
            assert says in await seen.wait("offer")
            assert "offer result 200" not in user.names, "the PBX has not agreed yet"
            phone.answer(sdp(7100, direction=theirs).encode())
            await user.wait("offer result 200")
            user.events.clear()
            seen.events.clear()
        assert session.directions == [(Side.LINE, True, False), (Side.LINE, True, True)]
        assert session.remote["link"][-2:] == [HELD.decode(), TALKS.decode()]
        assert "offer" not in user.names, "an answer to a hold is no hold of the PBX"
        phone.hang_up()
        await user.wait("end bye")


async def test_a_pbx_that_refuses_leaves_both_sides_as_they_were(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, seen, session = await talking(r)
        link.offer(HELD)
        await seen.wait("offer")
        phone.refuse_offer(403)
        await user.wait("offer result 488")
        assert session.remote["link"][-1] != HELD.decode()
        assert session.directions[-1] == (Side.LINE, True, True)
        seen.events.clear()
        link.offer(HELD)  # and it may be asked again
        await seen.wait("offer")
        phone.answer(sdp(7100, direction="recvonly").encode())
        await user.wait("offer result 200")
        phone.hang_up()
        await user.wait("end bye")


async def test_an_offer_of_the_gateway_that_holds_nothing_stays_on_the_link(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, seen, _ = await talking(r)
        link.offer(sdp(9002).encode())
        await user.wait("offer result 200")
        assert "offer" not in seen.names
        phone.hang_up()
        await user.wait("end bye")


async def test_who_takes_back_learns_that_the_pbx_holds_meanwhile(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        link, user, phone, seen, _ = await talking(r)
        link.offer(HELD)
        await seen.wait("offer")
        phone.answer(sdp(7100, direction="inactive").encode())
        await user.wait("offer result 200")
        user.events.clear()
        seen.events.clear()
        link.offer(TALKS)
        await seen.wait("offer")
        phone.answer(sdp(7100, direction="sendonly").encode())
        await user.wait("offer result 200")
        assert b"a=sendonly" in await user.wait("offer"), "held by the PBX"
        link.answer(TALKS)
        phone.hang_up()
        await user.wait("end bye")


async def test_glare_at_the_pbx_is_settled_by_both_offers_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 3261 14.1: both get 491 and try again after different waits."""
    async with rig(tmp_path) as r:
        link, user, phone, seen, session = await talking(r)
        described = session.offer

        async def crossed(side: Side, profile: LegProfile, *, leg: str = "line") -> str:
            """The phone offers at the moment when the connector does."""
            monkeypatch.undo()
            phone.offer(sdp(7100, direction="sendonly").encode())
            return await described(side, profile, leg=leg)

        monkeypatch.setattr(session, "offer", crossed)
        link.offer(HELD)
        await seen.wait("offer", 10)
        phone.answer(sdp(7100, direction="inactive").encode())
        await user.wait("offer result 200", 10)
        await seen.wait("offer result 200", 10)
        assert b"a=sendonly" in await user.wait("offer", 10), "the gateway hears of the PBX's hold"
        link.answer(HELD)
        phone.hang_up()
        await user.wait("end bye")


@pytest.mark.parametrize("held", [True, False])
async def test_a_held_call_outlives_a_link_that_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    """No sound comes from whom holds: with the link down that is no sign of a dead gateway."""
    async with rig(tmp_path) as r:
        link, user, phone, seen, session = await talking(r)
        if held:
            link.offer(HELD)
            await seen.wait("offer")
            phone.answer(sdp(7100, direction="recvonly").encode())
            await user.wait("offer result 200")
        (call,) = r.connector.exchange.calls.values()
        monkeypatch.setattr(call, "_link_alive", lambda: False)
        session.listener(SilenceEvent(Side.DEVICE, "link", bridge.END_AFTER))
        if not held:
            await seen.wait("end bye")
            return
        phone.hang_up()
        await user.wait("end bye")
        assert "end bye" not in seen.names
