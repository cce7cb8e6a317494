"""The SIP edge over real TLS: trust before anything else, flows that come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.connectors.registrar import SiteKey
from gateway.connectors.suspicion import KeepAlive
from gateway.connectors.trust import TrustLimits
from tests.support.gateway_ports import ANNA, INSTANCE, SITE, TENANT, TIMEOUT, soon
from tests.support.gateway_rig import Rig, gateway_rig
from tests.support.scripted_connector import DOMAIN, Connector

OTHER_INSTANCE = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with gateway_rig(tmp_path) as rig:
        yield rig


def state(rig: Rig) -> str:
    return rig.edge.directory.status(TENANT, SITE).state


async def ask(connector: Connector, method: str, flow, **headers: str) -> int:
    response = await connector.ua.request(
        method,
        f"sip:gateway@{DOMAIN}",
        from_=f"<sip:{SITE}@{DOMAIN}>",
        headers=[(name.replace("_", "-"), value) for name, value in headers.items()],
        flow=flow,
    )
    return response.status


async def test_before_trust_only_register_and_options_are_answered(rig: Rig) -> None:
    connector = rig.connector()
    flow = await connector.connect()
    assert await ask(connector, "OPTIONS", flow) == 200
    for method in ("MESSAGE", "NOTIFY", "SUBSCRIBE", "REFER", "PUBLISH"):
        assert await ask(connector, method, flow) == 403
    _call, far = connector.call(flow)
    await soon(lambda: far.failure == 403)
    assert rig.calls.active() == 0
    assert state(rig) == "unknown"


async def test_register_without_and_with_a_bad_token(rig: Rig) -> None:
    connector = rig.connector()
    flow = await connector.connect()
    response = await connector.register(flow, None)
    assert response.status == 401
    assert response.headers.get("WWW-Authenticate") == f'Bearer realm="{DOMAIN}"'
    response = await connector.register(flow, "forged")
    assert response.status == 401
    assert 'error="invalid_token"' in (response.headers.get("WWW-Authenticate") or "")
    assert state(rig) == "unknown"
    assert rig.edge.link.flows(TENANT, SITE, "line-1") == []


async def test_a_proven_flow_may_speak_and_status_follows(rig: Rig) -> None:
    connector = rig.connector()
    flow = await connector.connect()
    response = await connector.register(flow)
    assert response.status == 200
    assert response.headers.get("Flow-Timer") == "20"
    assert state(rig) == "working"
    assert await ask(connector, "NOTIFY", flow, Event="presence") == 489
    assert await ask(connector, "MESSAGE", flow) == 405
    flow.close("test")
    await soon(lambda: state(rig) == "down")
    assert rig.edge.link.flows(TENANT, SITE, "line-1") == []


async def test_the_connector_reports_its_own_layers(rig: Rig) -> None:
    connector = await rig.linked()
    body = b'{"version": "1.2", "layers": [{"layer": "voice", "state": "down"}]}'
    for data, status in ((body, 200), (b"{", 400), (b"[" * 5000, 400), (b'{"layers": 1}', 400)):
        response = await connector.ua.request(
            "NOTIFY",
            f"sip:gateway@{DOMAIN}",
            from_=f"<sip:{SITE}@{DOMAIN}>",
            headers=[("Event", "offhook-status")],
            content_type="application/json",
            body=data,
            flow=connector.flows[0],
        )
        assert response.status == status
    assert state(rig) == "weak"


async def test_a_second_installation_gets_403_and_an_alert(rig: Rig) -> None:
    alerts: list[str] = []
    rig.edge.on_alert = lambda site, text: alerts.append(text)
    await rig.linked()
    rig.tokens.good["token-2"] = (TENANT, SITE, "key-1", OTHER_INSTANCE)
    second = rig.connector()
    response = await second.register(await second.connect(), "token-2", instance=OTHER_INSTANCE)
    assert response.status == 403
    assert OTHER_INSTANCE in alerts[0]
    assert state(rig) == "working"


async def test_a_token_of_another_site_is_refused(rig: Rig) -> None:
    rig.tokens.good["foreign"] = ("tenant-2", "site-2", "key-2", INSTANCE)
    connector = rig.connector()
    response = await connector.register(await connector.connect(), "foreign")
    assert response.status == 403
    assert state(rig) == "unknown"


async def test_a_flow_that_proves_nothing_in_time_is_closed(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, trust=TrustLimits(prove_within=0.05)) as rig:
        connector = rig.connector()
        flow = await connector.connect()
        await soon(lambda: not flow.alive)
        assert rig.edge.counters.refused["not proven in time"] == 1
        proven = rig.connector()
        flow = await proven.connect()
        assert (await proven.register(flow)).status == 200
        late = await rig.connector().connect()
        await soon(lambda: not late.alive)
        assert flow.alive, "a proven flow stays"


async def test_too_many_requests_without_proof_close_the_flow(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, trust=TrustLimits(requests_unproven=5)) as rig:
        connector = rig.connector()
        flow = await connector.connect()
        answers = await asyncio.gather(*(ask(connector, "OPTIONS", flow) for _ in range(8)))
        assert answers[:5] == [200] * 5
        await soon(lambda: not flow.alive)


async def test_knocking_too_often_is_not_even_given_tls(tmp_path: Path) -> None:
    trust = TrustLimits(connections=2, window=3600.0)
    async with gateway_rig(tmp_path, trust=trust) as rig:
        connector = rig.connector()
        await connector.connect()
        await connector.connect()
        with pytest.raises(OSError):
            await connector.connect()
        assert rig.edge.counters.refused["connection rate"] == 1


async def test_a_revoked_key_closes_its_flows_at_once_and_calls_live_on(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    call = await rig.do("d1", "dial", to="710")
    leg, _far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    rig.tokens.revoked[0](SITE, "key-1")
    await soon(lambda: not any(flow.alive for flow in connector.flows))
    assert state(rig) == "refused"
    assert rig.calls.calls_of(next(iter(rig.lines.home)))[0]["id"] == call["id"]
    assert not rig.session(call["id"]).closed


async def test_a_token_store_that_fails_lets_nobody_in(rig: Rig) -> None:
    async def broken(token: str) -> None:
        raise OSError("database away")

    rig.tokens.verify = broken  # type: ignore[assignment]
    connector = rig.connector()
    response = await connector.register(await connector.connect())
    assert response.status == 503
    assert response.headers.get("Retry-After") == "5"


async def test_signing_off_takes_the_trust_back(rig: Rig) -> None:
    connector = await rig.linked()
    flow = connector.flows[0]
    assert (await connector.register(flow, expires=0)).status == 200
    assert await ask(connector, "MESSAGE", flow) == 403
    assert state(rig) == "down"


async def test_a_stale_flow_with_the_same_reg_id_is_replaced(rig: Rig) -> None:
    connector = await rig.linked()
    response = await connector.register(await connector.connect())
    assert response.status == 200
    await soon(lambda: not connector.flows[0].alive)
    assert connector.flows[1].alive
    assert state(rig) == "working"


async def test_the_other_flow_takes_a_call_only_when_the_first_fails(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    await rig.do("d1", "dial", to="710")
    leg, _ = await connector.next_call()
    assert leg.flow is connector.flows[0], "reg-id 1 first"
    leg.reject(430, "Flow Failed")
    again, _ = await connector.next_call()
    assert again.flow is connector.flows[1]
    again.reject(486)
    await rig.sink.wait("call.ended")
    assert connector.invited.empty()


async def test_a_line_stays_with_the_flow_that_last_carried_it(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    rig.online("d1")
    leg, far = connector.call(connector.flows[1])
    await rig.sink.wait("ring.offer", "d1")
    leg.hang_up()
    await soon(lambda: far.ended)
    await rig.do("d1", "dial", to="710")
    down, _ = await connector.next_call()
    assert down.flow is connector.flows[1]


async def test_a_busy_answer_is_not_asked_for_twice(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    await rig.do("d1", "dial", to="712")
    leg, _ = await connector.next_call()
    leg.reject(486)
    await rig.sink.wait("call.ended")
    assert connector.invited.empty()


async def test_a_call_outlives_its_flow_and_ends_over_the_other(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    await soon(lambda: far.established)
    connector.flows[0].close("cable pulled")
    await soon(lambda: state(rig) == "weak")
    assert rig.sink.of("call.ended") == []
    await rig.do("d1", "hang_up", call_id=call["id"])
    await soon(lambda: far.ended == "bye")
    await rig.nothing_left()


async def test_a_site_cannot_end_the_call_of_another(rig: Rig) -> None:
    """Even with the right tags: dialogs belong to the site that proved itself."""
    connector = await rig.linked()
    await rig.do("d1", "dial", to="710")
    leg, _far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    rig.tokens.good["foreign"] = ("tenant-2", "site-2", "key-2", OTHER_INSTANCE)
    stranger = rig.connector()
    flow = await stranger.connect()
    registered = await stranger.register(flow, "foreign", site="site-2", instance=OTHER_INSTANCE)
    assert registered.status == 200
    leg.flow = flow  # same process, so the double can send its BYE over the stranger's flow
    leg.hang_up()
    async with asyncio.timeout(TIMEOUT):
        await soon(lambda: rig.edge.counters.refused.get("foreign dialog") == 1)
    assert rig.sink.of("call.ended") == []


@pytest.mark.parametrize("own", [True, False])
async def test_no_invite_replaces_a_call_of_the_gateway(rig: Rig, own: bool) -> None:
    """RFC 3891 by any site that knows the tags, be it the call's own."""
    connector = await rig.linked()
    rig.online("d1")
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    await soon(lambda: far.established)
    thief, flow = connector, connector.flows[0]
    if not own:
        rig.tokens.good["foreign"] = ("tenant-2", "site-2", "key-2", OTHER_INSTANCE)
        thief = rig.connector()
        flow = await thief.connect()
        done = await thief.register(flow, "foreign", site="site-2", instance=OTHER_INSTANCE)
        assert done.status == 200
    invite = leg.invite
    tags = f"to-tag={invite.from_.tag};from-tag={leg.session.local_tag}"
    headers = (("Replaces", f"{leg.call_id};{tags}"),)
    _call, result = thief.call(flow, headers=headers)
    await soon(lambda: result.failure == 481)
    assert rig.edge.counters.refused["replaces"] == 1
    assert [c["phase"] for c in rig.calls.calls_of(ANNA) if c["id"] == call["id"]] == ["connected"]
    assert not far.ended


async def test_the_edge_promises_only_what_it_does(rig: Rig) -> None:
    connector = await rig.linked()
    await rig.do("d1", "dial", to="710")
    leg, _far = await connector.next_call()
    allow = leg.invite.headers.get("Allow") or ""
    assert not {"REFER", "MESSAGE", "INFO"} & set(allow.replace(",", " ").split())
    assert "replaces" not in (leg.invite.headers.get("Supported") or "")


async def test_a_request_that_came_over_no_link_is_refused(rig: Rig) -> None:
    connector = rig.connector()
    flow = await connector.connect()
    await soon(lambda: rig.edge._flows)
    next(iter(rig.edge._flows.values())).context = None
    assert await ask(connector, "OPTIONS", flow) == 403
    assert (await connector.register(flow)).status == 403
    assert state(rig) == "unknown"


async def test_no_contact_of_a_connector_makes_the_gateway_send_elsewhere(rig: Rig) -> None:
    connector = await rig.linked()
    connector.ua._contact = lambda _: "sip:x@127.0.0.1:9;transport=udp"
    call = await rig.do("d1", "dial", to="710")
    leg, far = await connector.next_call()
    leg.accept(b"v=0\r\ns=answer\r\n")
    await rig.sink.phase("connected")
    await soon(lambda: far.established)
    connector.flows[0].close("out of sight")
    await soon(lambda: state(rig) == "down")
    await rig.do("d1", "hang_up", call_id=call["id"])
    await rig.nothing_left()
    assert not rig.edge.endpoint.manager._udp, "no socket was opened for the BYE"


async def test_invite_for_an_unknown_line_or_domain_is_404(rig: Rig) -> None:
    connector = await rig.linked()
    unknown = ("nobody", "x" * 4000, "line%ff")
    for kwargs in (*({"line": line} for line in unknown), {"domain": "elsewhere.test"}):
        _call, far = connector.call(connector.flows[0], **kwargs)
        await soon(lambda far=far: far.failure == 404)
    assert rig.journal.rows == {}
    assert rig.calls.active() == 0
    assert not rig.edge.link._carried, "nothing is remembered of lines that do not exist"


async def test_a_changed_configuration_is_announced_over_one_flow(rig: Rig) -> None:
    connector = await rig.linked(flows=2)
    heard: list[bytes] = []

    def notified(ctx) -> None:
        assert ctx.request.event.package == "offhook-config"
        heard.append(ctx.request.body)
        ctx.respond(200)

    connector.ua.handle("NOTIFY", notified)
    site = SiteKey(TENANT, SITE)
    assert await rig.edge.announce_config(site, 7)
    assert heard == [b'{"config_version": 7}']
    assert not await rig.edge.announce_config(SiteKey(TENANT, "nobody"), 7)


async def test_a_site_that_floods_with_calls_is_slowed_down(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, trust=TrustLimits(invites=3, window=3600.0)) as rig:
        connector = await rig.linked()
        fars = [connector.call(connector.flows[0])[1] for _ in range(6)]
        await soon(lambda: all(far.failure for far in fars))
        assert sorted(far.failure for far in fars) == [480] * 3 + [503] * 3
        assert rig.edge.counters.refused["invite rate"] == 3


async def test_a_site_that_floods_with_news_is_slowed_down(tmp_path: Path) -> None:
    async with gateway_rig(tmp_path, trust=TrustLimits(news=3, window=3600.0)) as rig:
        connector = await rig.linked()
        statuses = []
        for _ in range(5):
            response = await connector.ua.request(
                "NOTIFY",
                f"sip:gateway@{DOMAIN}",
                from_=f"<sip:{SITE}@{DOMAIN}>",
                headers=[("Event", "offhook-status")],
                body=b'{"layers": []}',
                flow=connector.flows[0],
            )
            statuses.append(response.status)
        assert statuses == [200, 200, 200, 503, 503]
        assert rig.edge.counters.refused["news rate"] == 2


async def test_a_flow_that_died_without_a_word_is_found_out_by_the_next_call(
    tmp_path: Path,
) -> None:
    times = KeepAlive(suspect_after=0.05, probe_pong=0.1)
    async with gateway_rig(tmp_path, keep_alive=times) as rig:
        connector = await rig.linked(flows=2)
        connector.go_deaf(connector.flows[0])
        await rig.do("d1", "dial", to="710")
        leg, _ = await connector.next_call()
        assert leg.flow is connector.flows[1]
        leg.accept(b"v=0\r\ns=answer\r\n")
        await rig.sink.phase("connected")
        assert state(rig) == "weak"


async def test_a_slow_connector_is_asked_and_keeps_its_flow(tmp_path: Path) -> None:
    times = KeepAlive(suspect_after=0.02, probe_pong=3.0)
    async with gateway_rig(tmp_path, keep_alive=times) as rig:
        connector = await rig.linked()
        connector.go_deaf(connector.flows[0])
        await rig.do("d1", "dial", to="710")
        (flow,) = rig.edge.link.flows(TENANT, SITE, "line-1")
        await soon(lambda: flow._pong is not None, "the silent flow is asked")
        connector.listen_again(connector.flows[0])
        leg, _ = await connector.next_call()
        leg.ring()
        await rig.sink.phase("ringing_out")
        assert leg.flow is connector.flows[0]
        assert connector.flows[0].alive
