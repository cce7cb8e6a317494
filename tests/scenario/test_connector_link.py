"""The link to the gateway: registration, keys, loss, configuration, status, shutdown."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from connector.status import Layer, State
from connector.uplink import backoff
from media.engine import Side, SilenceEvent
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.useragent import UserAgent
from tests.support.connector_rig import (
    DOMAIN,
    LINES,
    SITE,
    FakeGateway,
    FakePbx,
    Recorder,
    Rig,
    rig,
)
from tests.support.fake_media import sdp
from tests.support.pki import TestCa


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests wait for events; only the back-off between attempts is shortened."""
    monkeypatch.setattr(backoff, "FIRST_DELAY", 0.05)


def layer(r: Rig, which: Layer) -> State:
    return r.connector.uplink.report.of(which).state


async def test_two_flows_register_as_architecture_says(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.until(lambda: len(r.gateway.flows) == 2)
        first = r.gateway.registers[0]
        assert first.uri == f"sip:{DOMAIN}"
        assert str(first.to.uri) == f"sip:{SITE}@{DOMAIN}"
        assert str(first.from_.uri) == f"sip:{SITE}@{DOMAIN}"
        assert first.expires == 300
        assert first.headers.get("Authorization") == "Bearer token-1"
        assert "outbound" in first.supported
        instances = {request.contacts[0].param("+sip.instance") for request in r.gateway.registers}
        assert len(instances) == 1
        assert next(iter(instances)).startswith("<urn:uuid:")
        assert {request.contacts[0].param("reg-id") for request in r.gateway.registers} == {
            "1",
            "2",
        }
        assert r.gateway.sessions == 1  # one token serves both


async def test_a_refused_token_is_renewed_once(tmp_path: Path) -> None:
    def outdated(gateway: FakeGateway, pbx: FakePbx) -> None:
        real = gateway._session

        async def session(request):  # type: ignore[no-untyped-def]
            response = await real(request)
            if gateway.sessions == 1:
                # what the edge accepts changes right after the first token went out
                gateway.token = "token-2"
            return response

        gateway._session = session  # type: ignore[method-assign]

    async with rig(tmp_path, before_start=outdated) as r:
        await r.until(lambda: len(r.gateway.flows) == 2)
        assert r.gateway.sessions == 2
        assert layer(r, Layer.KEY) is State.WORKING


async def test_a_refused_key_names_the_layer_and_is_tried_again(tmp_path: Path) -> None:
    def wrong(gateway: FakeGateway, pbx: FakePbx) -> None:
        gateway.key = "gwc_other"

    async with rig(tmp_path, wrong, wait_ready=False) as r:
        await r.until(lambda: layer(r, Layer.KEY) is State.DOWN)
        failing = r.connector.uplink.report.first_failing
        assert failing is not None
        assert failing.layer is Layer.KEY
        assert "The key was refused" in failing.detail
        r.gateway.key = "gwc_test_key"
        async with asyncio.timeout(10):
            await r.connector.ready()
        assert r.connector.uplink.report.first_failing is None


async def test_an_edge_of_a_foreign_ca_gets_no_token(tmp_path: Path) -> None:
    """Whoever sits on the way to the edge learns nothing: no REGISTER, so no Bearer token."""
    elsewhere = tmp_path / "foreign"
    elsewhere.mkdir()

    def impostor(gateway: FakeGateway, pbx: FakePbx) -> None:
        gateway._ca = TestCa(elsewhere)

    async with rig(tmp_path, before_start=impostor, wait_ready=False) as r:
        await r.until(lambda: layer(r, Layer.TLS) is State.DOWN)
        assert r.gateway.registers == []


async def test_a_second_installation_is_told(tmp_path: Path) -> None:
    def taken(gateway: FakeGateway, pbx: FakePbx) -> None:
        gateway.refuse_register = 403

    async with rig(tmp_path, taken, wait_ready=False) as r:
        await r.until(lambda: layer(r, Layer.REGISTRATION) is State.DOWN)
        assert "403" in r.connector.uplink.report.of(Layer.REGISTRATION).detail


async def test_a_lost_flow_comes_back_and_the_other_carries_on(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.until(lambda: len(r.gateway.flows) == 2)
        r.gateway.flows[1].close("cable cut")
        await r.until(lambda: r.connector.uplink.flow is not None)
        caller = Recorder()
        r.pbx.call("6101", caller)
        incoming, _ = await r.gateway.next_call()  # over the second flow
        incoming.reject(486)
        await caller.wait("failure 486")
        await r.until(lambda: r.gateway.flows[1].alive)
        await r.until(lambda: layer(r, Layer.REGISTRATION) is State.WORKING)


async def test_a_call_outlives_its_flow(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        await r.until(lambda: len(r.gateway.flows) == 2)
        user = Recorder()
        r.gateway.call("710", user)
        phone, phone_seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await phone_seen.wait("established")
        link, broken = r.connector.uplink, r.connector.uplink.flow
        r.gateway.flows[1].close("cable cut")
        await r.until(lambda: link.flow is not broken)
        phone.hang_up()
        await user.wait("end bye")


async def test_while_the_link_is_down_the_pbx_hears_480_at_once(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        r.gateway.refuse_register = 503
        for flow in list(r.gateway.flows.values()):
            flow.close("gateway gone")
        await r.until(lambda: r.connector.uplink.flow is None)
        caller = Recorder()
        r.pbx.call("6101", caller)
        response = await caller.wait("failure 480")
        assert "cloud link is down" in response.headers.get("Warning")
        r.gateway.refuse_register = 0
        await r.until(lambda: r.connector.uplink.flow is not None)


async def test_new_lines_are_registered_and_old_ones_leave(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        other = {**LINES[1], "auth_password": "secret-102"}
        r.gateway.lines, r.gateway.config_version = [other], 2
        response = await r.gateway.ua.request(
            "NOTIFY",
            f"sip:{SITE}@{DOMAIN}",
            from_=f"<sip:gateway@{DOMAIN}>",
            headers=(("Event", "offhook-config"), ("Subscription-State", "active")),
            flow=r.gateway.flow,
        )
        assert response.status == 200
        now = asyncio.get_running_loop().time
        registered = r.pbx.registrar
        await r.until(
            lambda: (
                [aor for aor in registered.aors() if registered.bindings(aor, now())]
                == ["6102@pbx.test"]
            ),
        )
        assert list(r.connector.pbx.lines) == ["line-102"]


async def test_an_unknown_event_is_489(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        response = await r.gateway.ua.request(
            "NOTIFY",
            f"sip:{SITE}@{DOMAIN}",
            from_=f"<sip:gateway@{DOMAIN}>",
            headers=(("Event", "weather"), ("Subscription-State", "active")),
            flow=r.gateway.flow,
        )
        assert response.status == 489


async def test_status_goes_up_in_layers(tmp_path: Path) -> None:
    def two_lines(gateway: FakeGateway, pbx: FakePbx) -> None:
        gateway.lines = LINES

    async with rig(tmp_path, two_lines) as r:

        def told() -> bool:
            if not r.gateway.statuses:
                return False
            body = json.loads(r.gateway.statuses[-1])
            voice = next(row for row in body["layers"] if row["layer"] == "voice")
            lines = {row["line_id"]: row["registered"] for row in body["lines"]}
            return voice["state"] == "weak" and lines == {"line-101": True, "line-102": False}

        await r.until(told)


async def test_the_pbx_does_not_answer(tmp_path: Path) -> None:
    """The registered line's call fails within the transaction's time, with the reason told."""
    async with rig(tmp_path) as r:
        user = Recorder()
        await r.pbx.endpoint.aclose()
        r.gateway.call("710", user)
        # loopback refuses at once (ICMP port unreachable), a silent PBX would take 32 s
        response = await user.wait("failure 503")
        assert "PBX not reachable" in response.headers.get("Warning")


async def test_a_stranger_on_the_lan_is_refused(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        endpoint = SipEndpoint()
        stranger = UserAgent(endpoint)
        try:
            await endpoint.listen("UDP", "127.0.0.9")
            seen = Recorder()
            flow = await endpoint.connect("UDP", *r.connector.pbx.local)
            assert flow.local.host == "127.0.0.9"
            stranger.invite(
                target=r.pbx.contact("6101"),
                from_="<sip:evil@127.0.0.9>",
                sdp=sdp(7000).encode(),
                flow=flow,
                listener=seen,
            )
            await seen.wait("failure 403")
            assert r.gateway.incoming.empty()
        finally:
            await stranger.aclose()
            await endpoint.aclose()


async def test_stopping_ends_calls_on_both_sides_and_deregisters(tmp_path: Path) -> None:
    user = Recorder()
    async with rig(tmp_path) as r:
        r.gateway.call("710", user)
        phone, phone_seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await phone_seen.wait("established")
        pbx = r.pbx
        await r.connector.aclose()
        await phone_seen.wait("end bye")
        await user.wait("end bye")
        now = asyncio.get_running_loop().time()
        assert pbx.registrar.bindings("6101@pbx.test", now) == []
        assert r.gateway.registers[-1].expires == 0


async def test_a_gateway_that_came_back_without_the_call_ends_it_at_the_pbx(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        call = r.gateway.call("710", user)
        phone, phone_seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await phone_seen.wait("established")
        call.abandon()  # the gateway's memory of the call is gone
        for flow in list(r.gateway.flows.values()):
            flow.close("gateway restarted")
        await phone_seen.wait("end bye")


async def test_without_link_and_audio_a_call_ends(tmp_path: Path) -> None:
    async with rig(tmp_path) as r:
        user = Recorder()
        r.gateway.call("710", user)
        phone, phone_seen = await r.pbx.next_call()
        phone.accept(sdp(7100).encode())
        await user.wait("answer")
        await phone_seen.wait("established")
        hears = r.engine.sessions[0].listener
        hears(SilenceEvent(Side.DEVICE, "link", 30.0))  # the link lives: the gateway is asked
        r.gateway.refuse_register = 503
        for flow in list(r.gateway.flows.values()):
            flow.close("gateway gone")
        await r.until(lambda: r.connector.uplink.flow is None)
        hears(SilenceEvent(Side.DEVICE, "link", 5.0))
        assert phone.state == "confirmed"
        hears(SilenceEvent(Side.DEVICE, "link", 30.0))
        await phone_seen.wait("end bye")
