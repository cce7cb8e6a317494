"""Calls whose connection breaks: what ends, what lives on, which way requests take then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from protocols.aio.flow import Flow
from protocols.aio.useragent import UserAgent
from protocols.sip.message import Response
from tests.support.sip_calls import ANSWER, OFFER, Callee, Recorder, user_agent


class Link(NamedTuple):
    """`site` has two connections to `cloud`, as a connector has to its gateway."""

    site: UserAgent
    cloud: UserAgent
    at_site: Callee
    at_cloud: Callee
    flows: list[Flow]


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    async with user_agent("TCP") as (site, _), user_agent("TCP") as (cloud, host):
        port = int(host.split(";")[0].split(":")[1])
        flows = [await site.endpoint.connect("TCP", "127.0.0.1", port) for _ in range(2)]
        link = Link(site, cloud, Callee(site), Callee(cloud), flows)
        site.select_flow = lambda call: next((f for f in flows if f.alive), None)
        yield link
        async with asyncio.timeout(5):
            await site.idle()
            await cloud.idle()


async def established(link: Link) -> tuple[object, Recorder, object]:
    caller = Recorder()
    call = link.site.invite(
        target="sip:line@cloud.test", from_="sip:site@cloud.test", sdp=OFFER,
        flow=link.flows[0], listener=caller,
    )  # fmt: skip
    incoming = await link.at_cloud.call()
    incoming.accept(ANSWER)
    await caller.seen("answer")
    await link.at_cloud.seen("established")
    return call, caller, incoming


async def test_a_confirmed_call_outlives_its_flow(link: Link) -> None:
    call, caller, incoming = await established(link)
    link.flows[0].close("cut")
    response = await call.request("INFO")  # type: ignore[attr-defined]
    assert response.status == 200
    assert call.flow is link.flows[1]  # type: ignore[attr-defined]
    # the other side answers the way the request came, and goes on using it
    assert (await incoming.request("INFO")).status == 200  # type: ignore[attr-defined]
    incoming.hang_up()  # type: ignore[attr-defined]
    assert (await caller.seen("end"))[1] == "bye"


async def test_a_hang_up_lost_with_its_flow_goes_out_again(link: Link) -> None:
    call, _, _ = await established(link)
    link.flows[0].send = lambda data: None  # type: ignore[method-assign]  # swallowed on the way
    call.hang_up()  # type: ignore[attr-defined]
    link.flows[0].close("cut")
    assert (await link.at_cloud.seen("end"))[1] == "bye"


async def test_an_unanswered_incoming_call_ends_with_its_flow(link: Link) -> None:
    link.site.select_flow = None
    caller = Recorder()
    link.site.invite(
        target="sip:line@cloud.test", from_="sip:site@cloud.test", sdp=OFFER,
        flow=link.flows[0], listener=caller,
    )  # fmt: skip
    incoming = await link.at_cloud.call()
    incoming.ring()
    await caller.seen("progress")
    link.flows[0].close("cut")
    assert (await link.at_cloud.seen("end"))[1] == "flow_lost"
    _, status, response = await caller.seen("failure")
    assert (status, response.local) == (503, True)


async def test_requests_are_admitted_one_by_one(link: Link) -> None:
    link.cloud.authenticate = lambda request, flow: Response.for_request(request, 403)
    caller = Recorder()
    link.site.invite(
        target="sip:line@cloud.test", from_="sip:site@cloud.test", sdp=OFFER,
        flow=link.flows[0], listener=caller,
    )  # fmt: skip
    assert (await caller.seen("failure"))[1] == 403
    assert link.at_cloud.calls == []


async def test_replaces_takes_a_call_over(link: Link) -> None:
    call, caller, incoming = await established(link)
    dialog = call.dialog  # type: ignore[attr-defined]
    second = Recorder()
    replaces = f"{dialog.call_id};to-tag={dialog.remote_tag};from-tag={dialog.local_tag}"
    newcomer = link.site.invite(
        target="sip:line@cloud.test", from_="sip:other@cloud.test", sdp=OFFER,
        flow=link.flows[1], listener=second, headers=[("Replaces", replaces)],
    )  # fmt: skip
    taking_over = await link.at_cloud.call(2)
    assert taking_over.replaces is incoming
    assert link.site.find_call(dialog.call_id, dialog.local_tag) is call
    taking_over.accept(ANSWER)
    await second.seen("answer")
    assert (await caller.seen("end"))[1] == "bye"
    assert (await link.at_cloud.seen("end"))[1] == "replaced"
    newcomer.hang_up()
    await link.at_cloud.seen("end", 2)


@pytest.mark.parametrize(
    ("replaces", "status"),
    [("unknown;to-tag=1;from-tag=2", 481), ("rubbish", 400)],
)
async def test_replaces_without_a_match(link: Link, replaces: str, status: int) -> None:
    caller = Recorder()
    link.site.invite(
        target="sip:line@cloud.test", from_="sip:site@cloud.test", sdp=OFFER,
        flow=link.flows[0], listener=caller, headers=[("Replaces", replaces)],
    )  # fmt: skip
    assert (await caller.seen("failure"))[1] == status


async def test_early_only_does_not_take_a_confirmed_call(link: Link) -> None:
    call, _, _ = await established(link)
    dialog = call.dialog  # type: ignore[attr-defined]
    caller = Recorder()
    value = f"{dialog.call_id};to-tag={dialog.remote_tag};from-tag={dialog.local_tag};early-only"
    link.site.invite(
        target="sip:line@cloud.test", from_="sip:site@cloud.test", sdp=OFFER,
        flow=link.flows[0], listener=caller, headers=[("Replaces", value)],
    )  # fmt: skip
    assert (await caller.seen("failure"))[1] == 486
    call.hang_up()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "status"),
    [("OPTIONS", 200), ("BYE", 481), ("SUBSCRIBE", 405), ("PUBLISH", 405), ("DANCE", 501)],
)
async def test_requests_outside_dialogs(link: Link, method: str, status: int) -> None:
    response = await link.site.request(
        method, "sip:cloud.test", from_="sip:site@cloud.test", flow=link.flows[0]
    )
    assert response.status == status
    assert ("Allow" in response.headers) == (status != 481)


@pytest.mark.parametrize(
    ("headers", "kind", "status", "told"),
    [
        ([("Require", "magic")], "application/sdp", 420, ("Unsupported", "magic")),
        ([("Session-Expires", "20"), ("Supported", "timer")], "application/sdp", 422,
         ("Min-SE", "90")),
        ([], "application/isup", 415, ("Accept", "application/sdp")),
    ],
)  # fmt: skip
async def test_invites_that_cannot_become_calls(
    link: Link, headers: list[tuple[str, str]], kind: str, status: int, told: tuple[str, str]
) -> None:
    response = await link.site.request(
        "INVITE", "sip:line@cloud.test", from_="sip:site@cloud.test", flow=link.flows[0],
        headers=[("Contact", "<sip:site@site.test>"), *headers], body=OFFER, content_type=kind,
    )  # fmt: skip
    assert response.status == status
    assert response.headers.get(told[0]) == told[1]


async def test_an_invite_needs_a_contact(link: Link) -> None:
    response = await link.site.request(
        "INVITE", "sip:line@cloud.test", from_="sip:site@cloud.test", flow=link.flows[0]
    )
    assert response.status == 400
