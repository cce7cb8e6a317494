"""Two calls of one user at the link: what is held first, what is not done then, and REFER."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from protocols.sip.event.refer import ReferReport, ReferRequest
from protocols.sip.headers import Replaces
from tests.support.gateway_ports import soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import Connector

ANSWER = b"v=0\r\ns=connector answer\r\n"
FEATURES = (("Offhook-Features", "transfer, merge, park"),)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        rig.online("d1")
        yield rig


def seen(rig: Rig, call_id: str) -> dict[str, Any]:
    """The call as clients know it."""
    told = [p["call"] for _, _, p in rig.sink.events if "call" in p and p["call"]["id"] == call_id]
    return told[-1] if told else {"phase": "", "actions": []}


async def talking(rig: Rig, connector: Connector, number: str = "710"):
    call = await rig.do("d1", "dial", to=number)
    leg, far = await connector.next_call()
    leg.accept(ANSWER, FEATURES)
    await rig.media("d1", call["id"])
    await soon(lambda: far.established and seen(rig, call["id"])["phase"] == "connected")
    return call["id"], leg, far


async def test_the_second_invite_waits_for_the_hold_of_the_first(rig: Rig) -> None:
    connector = await rig.linked()
    first, _, far = await talking(rig, connector)
    second = await rig.do("d1", "dial", to="711")
    leg, _ = await connector.next_call()
    assert seen(rig, first)["hold"] == "local", "agreed before the INVITE left"
    assert len(far.offers) == 1
    leg.accept(ANSWER)
    await soon(lambda: seen(rig, second["id"])["phase"] == "connected")
    await soon(lambda: "swap" in seen(rig, first)["actions"])


async def test_a_refused_hold_leaves_the_first_call_and_dials_nobody(rig: Rig) -> None:
    connector = await rig.linked()
    first, _, far = await talking(rig, connector)
    far.refuses = 488
    second = await rig.do("d1", "dial", to="711")
    await soon(lambda: seen(rig, second["id"])["phase"] == "ended")
    ended = seen(rig, second["id"])
    assert ended["reason"] == "not_held"
    assert "on hold" in ended["words"]
    assert connector.invited.empty()
    assert (seen(rig, first)["phase"], seen(rig, first)["hold"]) == ("connected", "none")
    assert rig.journal.rows[second["id"]]["kind"] == "failed"


async def test_a_refused_hold_lets_the_second_call_ring_on(rig: Rig) -> None:
    connector = await rig.linked()
    first, _, far = await talking(rig, connector)
    far.refuses = 488
    connector.call(connector.flows[0])
    second = (await rig.sink.wait("ring.offer", "d1"))["call"]["id"]
    await rig.do("d1", "answer", call_id=second)
    notice = await rig.sink.wait("notice", "d1", 2)
    codes = {p["code"] for _, name, p in rig.sink.events if name == "notice"}
    assert codes == {"hold_refused", "not_held"}, notice
    assert seen(rig, second)["phase"] == "ringing_in"
    assert seen(rig, first)["hold"] == "none"


async def test_a_transfer_names_the_other_dialog_and_ends_both(rig: Rig) -> None:
    connector = await rig.linked()
    first, leg, far = await talking(rig, connector)
    second = (await rig.do("d1", "consult", call_id=first, to="711"))["id"]
    other, _ = await connector.next_call()
    other.accept(ANSWER, FEATURES)
    await soon(lambda: seen(rig, second)["phase"] == "connected")
    await rig.do("d1", "transfer", call_id=first, **{"with": second})
    await soon(lambda: far.requests)
    refer = ReferRequest.parse(far.requests[0])
    assert refer.uri.user_text == "711"
    dialog = other.dialog
    assert refer.replaces == Replaces(other.call_id, dialog.local_tag, dialog.remote_tag)
    headers, body = ReferReport.of(refer).report(200)[1]
    response = await leg.request(
        "NOTIFY",
        [h for h in headers if h[0] != "Content-Type"],
        dict(headers)["Content-Type"],
        body,
    )
    assert response.status == 200
    await rig.nothing_left()
    for call_id in (first, second):
        assert seen(rig, call_id)["reason"] == "transferred"
        assert rig.journal.rows[call_id]["kind"] == "answered"


async def test_a_refused_refer_gives_the_call_back(rig: Rig) -> None:
    connector = await rig.linked()
    first, _, far = await talking(rig, connector)
    far.answers = 404
    await rig.do("d1", "transfer", call_id=first, to="999")
    notice = await rig.sink.wait("notice", "d1")
    assert (notice["code"], notice["reason"]) == ("transfer_failed", "unreachable")
    await soon(lambda: seen(rig, first)["hold"] == "none" and seen(rig, first)["transfer"] is None)
    assert "hold" in seen(rig, first)["actions"]


async def test_what_a_connector_does_not_offer_is_not_listed(rig: Rig) -> None:
    connector = await rig.linked()
    call = await rig.do("d1", "dial", to="710")
    leg, _ = await connector.next_call()
    leg.accept(ANSWER)
    await rig.sink.phase("connected")
    assert not {"transfer", "park", "merge"} & set(seen(rig, call["id"])["actions"])
