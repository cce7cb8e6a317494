"""Requests inside a dialog come over whichever flow of the connector (RFC 5626), and what the edge
promises about methods and extensions is what it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.connectors.edge import ALLOW
from protocols.aio.registration import RegistrationClient, RegistrationState
from protocols.aio.useragent import Call
from protocols.sip.auth.credentials import BearerSource
from protocols.sip.message import Request, Response
from tests.support.gateway_ports import INSTANCE, SITE, TIMEOUT, soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import DOMAIN, Connector, Listener

ANSWER = b"v=0\r\ns=answer\r\n"
OFFER = b"v=0\r\no=- 7 2 IN IP4 192.0.2.7\r\ns=connector offers again\r\n"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


class _Token(BearerSource):
    async def token(self, *, fresh: bool = False) -> str:
        return "token-1"


async def test_423_is_understood_by_our_own_client(rig: Rig) -> None:
    """RFC 3261 10.2.8: the client comes back with Min-Expires, and keeps to it."""
    connector = rig.connector()
    flow = await connector.connect()
    states: list[RegistrationState] = []
    client = RegistrationClient(
        connector.ua,
        aor=f"sip:{SITE}@{DOMAIN}",
        registrar=f"sip:{DOMAIN}",
        contact=f"sip:{SITE}@{DOMAIN};transport=tls;ob",
        flow=flow,
        credentials=_Token(),
        expires=5,
        instance=f"urn:uuid:{INSTANCE}",
        reg_id=1,
        on_state=states.append,
    )
    client.start()
    await soon(lambda: client.state.phase == "registered")
    assert [state.phase for state in states] == ["registering", "registered"]
    assert client.state.expires == 30
    await client.stop()


async def connected(rig: Rig, connector: Connector) -> tuple[Call, Listener]:
    await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    assert leg.flow is connector.flows[0]
    leg.accept(ANSWER)
    await rig.sink.phase("connected")
    await soon(lambda: far.established)
    return leg, far


async def test_a_reinvite_over_the_other_flow_finds_its_dialog(rig: Rig) -> None:
    """Both flows live; request, its answer and the ACK all go over the second one."""
    connector = await rig.linked(flows=2)
    leg, far = await connected(rig, connector)
    leg.flow = connector.flows[1]
    leg.offer(OFFER)
    await soon(lambda: far.progress)
    status, sdp = far.progress[-1]
    assert status == 200
    assert sdp is not None and b"answer for line" in sdp
    assert rig.calls.active() == 1
    assert connector.flows[0].alive
    # the gateway goes on by its own flow: the dialog is the site's, not a connection's
    call = rig.edge.ua.find_call(leg.call_id, leg.invite.from_.tag or "")
    assert call is not None and call.flow is not None
    await soon(lambda: call.session.unacked is None, "the ACK came over the other flow, too")


@pytest.mark.parametrize("method", ["UPDATE", "INFO"])
async def test_other_requests_over_the_other_flow_find_their_dialog(rig: Rig, method: str) -> None:
    connector = await rig.linked(flows=2)
    leg, _far = await connected(rig, connector)
    leg.flow = connector.flows[1]
    # INFO is not promised: 405 from within the dialog, where no dialog at all would be 481
    assert (await leg.request(method)).status == (200 if method == "UPDATE" else 405)


async def test_bye_over_the_other_flow_ends_the_call(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    leg, _far = await connected(rig, connector)
    leg.flow = connector.flows[1]
    leg.hang_up()
    await rig.sink.wait("call.ended")
    await rig.nothing_left()


async def test_ack_over_the_other_flow_establishes_the_call(rig: Rig) -> None:
    """The connector's INVITE came over flow 1; by the time of the 200 it speaks over flow 2."""
    connector = await rig.linked(flows=2)
    rig.online("d1")
    leg, far = connector.call(connector.flows[0])
    call_id = (await rig.sink.wait("ring.offer", "d1"))["call"]["id"]
    await rig.do("d1", "answer", call_id=call_id)
    leg.flow = connector.flows[1]
    await rig.media("d1", call_id)
    await soon(lambda: far.answer)
    call = next(iter(rig.edge.ua.calls))
    await soon(lambda: call.session.unacked is None, "the ACK found its dialog")
    leg.hang_up()
    await rig.sink.wait("call.ended")
    async with asyncio.timeout(TIMEOUT):
        await rig.nothing_left()


async def outside(connector: Connector, method: str, **headers: str) -> Response:
    return await connector.ua.request(
        method,
        f"sip:gateway@{DOMAIN}",
        from_=f"<sip:{SITE}@{DOMAIN}>",
        headers=tuple(headers.items()),
        flow=connector.flows[0],
    )


def listed(response: Response | Request, name: str) -> set[str]:
    return {value.strip() for value in response.headers.values(name)}


async def test_what_options_promises_is_what_the_edge_does(rig: Rig) -> None:
    """RFC 3261 11.2: every method in Allow is served, every tag in Supported may be required."""
    connector = await rig.linked()
    answer = await outside(connector, "OPTIONS")
    assert answer.status == 200
    allowed, supported = listed(answer, "Allow"), listed(answer, "Supported")
    assert allowed == {*ALLOW, "REGISTER", "NOTIFY"}
    for method in ("MESSAGE", "SUBSCRIBE", "REFER", "PUBLISH"):
        refused = await outside(connector, method)
        assert refused.status == 405
        assert listed(refused, "Allow") == allowed
    assert (await outside(connector, "FANCY")).status == 501
    for tag in (*sorted(supported), "replaces", "gruu"):
        _call, far = connector.call(connector.flows[0], headers=(("Require", tag),))
        await soon(lambda far=far: far.failure)
        if tag in supported:
            assert far.failure == 480, "nobody is signed in; the tag was understood"
        else:
            assert far.failure == 420
            assert listed(far.responses[-1], "Unsupported") == {tag}


async def test_the_events_of_the_link_are_named_to_who_asks(rig: Rig) -> None:
    """RFC 6665 7.2: a 489 says which events would do."""
    connector = await rig.linked()
    refused = await outside(connector, "NOTIFY", Event="presence")
    assert refused.status == 489
    assert listed(refused, "Allow-Events") == {"offhook-status"}
