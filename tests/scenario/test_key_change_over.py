"""A connector's key is changed while people talk: nobody notices. Then it is revoked, and the link
is cut at once. Every part is real."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.status import Layer, State
from gateway.admin_ports import system
from gateway.bus import SiteConfigChanged
from gateway.credentials import api_key
from gateway.features.api_keys.models import NewKey
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, Site
from tests.support.call_stack import ANNA, BERTA, PATIENCE, Parts, call_stack
from tests.support.device_client import Device

CARLA = "carla@example.test"
CUT_WITHIN = 5.0
#: Each with a tone of their own; the far end is an echo or speaks a tone itself.
TALKS = ((ANNA, "711", 700), (BERTA, "711", 800), (CARLA, "711", 900))


async def who_may(parts: Parts) -> tuple[Any, str]:
    """Who acts on the demo's tenant, and its site."""
    key = await parts.gateway.features.keys.verify(read_key(parts))
    assert key is not None
    return system(key.tenant_id, "test"), key.site_id


def key_file(parts: Parts) -> Path:
    file = parts.connector_config.gateway.api_key_file
    assert file is not None
    return file


def read_key(parts: Parts) -> str:
    return key_file(parts).read_text().strip()


def put_key(parts: Parts, text: str) -> None:
    """As an administrator would: whole, or not at all."""
    new = key_file(parts).with_suffix(".new")
    new.write_text(text + "\n")
    new.replace(key_file(parts))


def keys_in_use(parts: Parts, site: str, tenant: str) -> tuple[str, ...]:
    found: tuple[str, ...] = parts.edge.picture(tenant, site).key_ids
    return found


async def talk(parts: Parts) -> list[tuple[Device, str, int]]:
    """Five calls, of three people: two of them have a second one, on another device."""
    talks = []
    for email, number, hertz in (*TALKS, (ANNA, "711", 1000), (BERTA, "711", 1100)):
        device = await parts.device(email, hertz=hertz)
        call_id = await device.dial(number)
        await device.phase(call_id, "connected")
        await device.hears(call_id, hertz)
        talks.append((device, call_id, hertz))
    return talks


async def all_go_on(talks: list[tuple[Device, str, int]]) -> None:
    for device, call_id, hertz in talks:
        assert device.calls[call_id]["phase"] == "connected"
        await device.hears(call_id, hertz)


async def test_regenerate_while_five_people_talk_then_revoke(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    async with call_stack(tmp_path) as parts:
        keys = parts.gateway.features.keys
        who, site = await who_may(parts)
        old = api_key.key_id_of(read_key(parts))
        assert old is not None
        talks = await talk(parts)
        flows = parts.link_flows()
        assert len(flows) == 2 and keys_in_use(parts, site, who.tenant_id) == (old,)

        new, text = await keys.regenerate(who, old, 24)
        await all_go_on(talks)
        assert keys_in_use(parts, site, who.tenant_id) == (old,), "the old one still works"

        put_key(parts, text)
        await parts._until(
            lambda: keys_in_use(parts, site, who.tenant_id) == (new.key_id,),
            "the link lives by the new key",
        )
        assert parts.link_flows() == flows, "over the same connections"
        await all_go_on(talks)

        await keys.revoke(who, old)
        assert keys_in_use(parts, site, who.tenant_id) == (new.key_id,)
        await all_go_on(talks)
        assert parts.link_flows() == flows and parts.connector_state() == "working"

        began = time.monotonic()
        await keys.revoke(who, new.key_id)
        await parts._until(lambda: not parts.edge.picture(who.tenant_id, site).flows, "cut")
        await parts._until(lambda: not any(flow.alive for flow in flows), "connections closed")
        assert time.monotonic() - began < CUT_WITHIN
        assert parts.connector_state() == "refused"
        # What runs goes on: sound needs no link.
        for device, call_id, hertz in talks:
            await device.hears(call_id, hertz)
        said = "".join(capfd.readouterr()) + caplog.text
        assert "the API key was changed" in said
        assert text.split("_")[2] not in said, "no part of the system writes a key down"


async def test_the_end_of_the_change_over_cuts_who_did_not_change(tmp_path: Path) -> None:
    """Nothing asks for the key at that moment, and yet the link ends within seconds."""
    async with call_stack(tmp_path) as parts:
        keys, who_site = parts.gateway.features.keys, await who_may(parts)
        who, site = who_site
        old = api_key.key_id_of(read_key(parts))
        assert old is not None
        await keys.regenerate(who, old, 1)
        ends = utc_now() + timedelta(seconds=1)
        async with parts.gateway.features.storage.write(who.tenant_id) as db:
            await db.update(ApiKey, ApiKey.key_id == old, expires_at=ends)
            row = await db.first(ApiKey, ApiKey.key_id == old)
        assert row is not None
        keys._watch(row)
        began = time.monotonic()
        await parts._until(lambda: not parts.edge.picture(who.tenant_id, site).flows, "cut")
        assert 0.5 < time.monotonic() - began < 1 + CUT_WITHIN
        assert parts.connector_state() == "refused"


async def test_a_wrong_key_in_the_file_does_not_end_a_link_that_works(tmp_path: Path) -> None:
    async with call_stack(tmp_path) as parts:
        who, site = await who_may(parts)
        old_text, connector = read_key(parts), parts.connector
        assert connector is not None
        old = api_key.key_id_of(old_text)
        flows = parts.link_flows()
        put_key(parts, api_key.new_key().text)

        def key_layer() -> str:
            layers = parts.edge.picture(who.tenant_id, site).layers
            return next(layer.state for layer in layers if layer.layer == "key")

        await parts._until(lambda: key_layer() == "weak", "the gateway is told")
        assert connector.uplink.report.of(Layer.KEY).state is State.WEAK
        assert parts.link_flows() == flows
        assert keys_in_use(parts, site, who.tenant_id) == (old,)
        _, text = await parts.gateway.features.keys.regenerate(who, str(old), 1)
        put_key(parts, text)
        await parts._until(lambda: key_layer() == "working", "the right key is taken")
        new = api_key.key_id_of(text)
        await parts._until(lambda: keys_in_use(parts, site, who.tenant_id) == (new,), "and used")


async def test_a_key_of_another_site_does_not_move_the_connector_there(tmp_path: Path) -> None:
    async with call_stack(tmp_path) as parts:
        who, site = await who_may(parts)
        features, flows = parts.gateway.features, parts.link_flows()
        other = Site(tenant_id=who.tenant_id, name="Other", profile="business", country="de")
        async with features.storage.write(who.tenant_id) as db:
            await db.add(other)
        wanted = NewKey(name="wrong", kind="connector", site_id=other.id)
        _, text = await features.keys.create(who, wanted)
        old = api_key.key_id_of(read_key(parts))
        put_key(parts, text)
        connector = parts.connector
        assert connector is not None
        await parts._until(
            lambda: connector.uplink.report.of(Layer.KEY).state is State.WEAK, "it is told"
        )
        assert parts.link_flows() == flows
        assert keys_in_use(parts, site, who.tenant_id) == (old,)
        assert not parts.edge.picture(who.tenant_id, other.id).flows


async def test_a_token_checked_while_its_key_is_revoked_opens_nothing(tmp_path: Path) -> None:
    """The check reads the key as it was a moment before; the REGISTER comes too late all the
    same."""
    async with call_stack(tmp_path, connector=False) as parts:
        who, site = await who_may(parts)
        key_id = api_key.key_id_of(read_key(parts))
        assert key_id is not None
        edge, checked, go_on = parts.edge, asyncio.Event(), asyncio.Event()
        verify = edge._tokens.verify

        async def slowly(token: str) -> Any:
            identity = await verify(token)
            checked.set()
            await go_on.wait()
            return identity

        edge._tokens.verify = slowly
        starting = asyncio.create_task(parts.start_connector())
        async with asyncio.timeout(PATIENCE):
            await checked.wait()
        await parts.gateway.features.keys.revoke(who, key_id)
        go_on.set()
        await parts._until(lambda: edge.counters.refused.get("token refused"), "refused")
        assert parts.edge.picture(who.tenant_id, site).flows == 0
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)


@pytest.fixture(autouse=True)
def quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key file is looked at more often than every two seconds."""
    monkeypatch.setattr("connector.uplink.key.LOOK_EVERY", 0.05)


async def test_a_changed_site_reaches_the_connector_at_once(tmp_path: Path) -> None:
    async with call_stack(tmp_path) as parts:
        who, site_id = await who_may(parts)
        features, connector = parts.gateway.features, parts.connector
        assert connector is not None
        async with features.storage.write(who.tenant_id) as db:
            site = await db.get(Site, site_id)
            assert site is not None
            site.area_code, site.config_version = "40", site.config_version + 1
        features.bus.publish(SiteConfigChanged(who.tenant_id, site_id))
        await parts._until(lambda: connector._plan.area_code == "40", "the plan of the connector")
