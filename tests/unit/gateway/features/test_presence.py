"""Presence: choices, facts, ends, and who holds do not disturb."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.bus import (
    Bus,
    BusEventSink,
    ClientEvent,
    DevicesChanged,
    PbxFeatureChanged,
    PresenceShown,
    SignedIn,
)
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.presence.models import PresenceChange
from gateway.features.presence.service import PresenceService
from gateway.features.provisioning.service import NewUser, ProvisioningService
from gateway.pbx_ports import PbxCapabilities
from gateway.ports import Problem, UserKey
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage
from tests.support.api_events import misfit
from tests.support.gateway_platform import CHEAP, empty_storage
from tests.support.gateway_ports import FakeDevices, soon


class FakePbx:
    """A PBX that keeps do not disturb; ``refuses`` is raised instead."""

    def __init__(self) -> None:
        self.can = False
        self.on: list[bool] = []
        self.refuses: Problem | None = None

    async def capabilities(self, user: UserKey) -> PbxCapabilities:
        return PbxCapabilities(reachable=self.can, do_not_disturb=self.can)

    async def set_do_not_disturb(self, user: UserKey, on: bool) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.on.append(on)


class Rig:
    def __init__(self, storage: Storage, users: list[UserKey]) -> None:
        self.storage = storage
        self.anna, self.berta, self.mallory = users
        self.bus = Bus()
        self.devices = FakeDevices()
        self.pbx: Any = FakePbx()
        self.events: list[ClientEvent] = []
        self.shown: list[PresenceShown] = []
        self.calls: dict[UserKey, list[dict[str, str]]] = {}
        self.bus.subscribe(ClientEvent, self.events.append)
        self.bus.subscribe(PresenceShown, self.shown.append)
        self.service = self.made()

    def made(self) -> PresenceService:
        made = PresenceService(
            self.storage, self.devices, BusEventSink(self.bus), self.bus, self.pbx, linger=0.02
        )
        made.follow_calls(lambda user: self.calls.get(user, []))
        return made

    async def set(self, **change: Any) -> Any:
        return await self.service.change(self.anna, PresenceChange(**change))

    def device(self, online: bool, user: UserKey | None = None) -> None:
        user = user or self.anna
        self.devices.ids[user] = ["device"] if online else []
        self.bus.publish(DevicesChanged(user))

    def call(self, phase: str | None) -> None:
        self.calls[self.anna] = [] if phase is None else [{"phase": phase}]
        self.bus.publish(ClientEvent(self.anna, None, "call.updated", {}))

    def state(self, viewer: UserKey | None = None) -> str:
        [one] = self.service.seen(viewer or self.berta, [self.anna.user_id])
        return str(one["state"])

    @property
    def dnd(self) -> Any:
        return self.service.own_view(self.anna).do_not_disturb


@asynccontextmanager
async def running(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    passwords = Passwords(hasher=CHEAP)
    provisioning = ProvisioningService(storage, Secrets.ephemeral(), passwords)
    users: list[UserKey] = []
    for company, names in (("One", ("anna", "berta")), ("Other", ("mallory",))):
        tenant = await provisioning.create_tenant(company)
        for name in names:
            new = NewUser(f"{name}@example.test", name, "a good password")
            users.append(UserKey(tenant, await provisioning.create_user(tenant, new)))
    rig = Rig(storage, users)
    await rig.service.start()
    try:
        yield rig
    finally:
        await rig.service.aclose()
        passwords.close()
        await storage.aclose()
    told = [e for e in rig.events if e.event == "presence.changed"]
    assert not [wrong for e in told if (wrong := misfit(e.event, e.payload))]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    async with running(tmp_path) as rig:
        yield rig


async def test_devices_and_calls_make_the_state(rig: Rig) -> None:
    assert rig.state() == "offline"
    rig.device(online=True)
    assert rig.state() == "available"
    rig.call("ringing_in")
    assert rig.state() == "available"
    rig.call("connected")
    assert rig.state() == "busy"
    await rig.set(do_not_disturb={"on": True})
    assert rig.state() == "busy"
    rig.call(None)
    assert rig.state() == "do_not_disturb"
    await rig.set(do_not_disturb={"on": False}, status={"value": "away"})
    assert rig.state() == "away"
    seen = [shown.seen["state"] for shown in rig.shown]
    assert seen == ["available", "busy", "do_not_disturb", "away"], "only what looks different"


async def test_a_reload_is_no_leaving(rig: Rig) -> None:
    rig.device(online=True)
    rig.device(online=False)
    rig.device(online=True)
    assert [shown.seen["state"] for shown in rig.shown] == ["available"]
    rig.device(online=False)
    assert rig.state() == "available"
    await soon(lambda: rig.state() == "offline")
    assert rig.shown[-1].seen["state"] == "offline"


async def test_a_desk_phone_in_service_makes_available(rig: Rig) -> None:
    rig.bus.publish(PbxFeatureChanged(rig.anna, desk_phone_in_service=True))
    assert rig.state() == "available"
    rig.bus.publish(PbxFeatureChanged(rig.anna, desk_phone_in_service=False))
    assert rig.state() == "offline"


async def test_a_desk_phone_of_which_nothing_is_known_any_more_makes_nobody_available(
    rig: Rig,
) -> None:
    rig.bus.publish(PbxFeatureChanged(rig.anna, desk_phone_in_service=True))
    rig.bus.publish(PbxFeatureChanged(rig.anna))
    assert rig.state() == "offline"


async def test_who_appears_offline_is_seen_so_by_others_alone(rig: Rig) -> None:
    rig.device(online=True)
    own = await rig.set(status={"value": "appear_offline"})
    assert (own.state, own.seen_as, rig.state()) == ("available", "offline", "offline")
    rig.call("connected")
    assert rig.state() == "offline"
    assert rig.service.own_view(rig.anna).state == "busy"


async def test_only_the_audience_sees_and_another_tenant_never(rig: Rig) -> None:
    rig.device(online=True)
    await rig.set(note={"text": " In Rome "})
    assert rig.state(rig.mallory) == "offline", "an id of another tenant is nobody"
    [seen] = rig.service.seen(rig.berta, [rig.anna.user_id])
    assert (seen["state"], seen["note"]) == ("available", "In Rome")
    await rig.set(visible_to={"who": "nobody"})
    [seen] = rig.service.seen(rig.berta, [rig.anna.user_id])
    assert (seen["state"], seen["note"]) == ("unknown", "")
    assert rig.state(rig.anna) == "available", "one always sees oneself"
    await rig.set(visible_to={"who": "chosen", "user_ids": [rig.berta.user_id]})
    assert rig.state() == "available"
    assert rig.shown[-1].audience == frozenset([rig.berta.user_id])
    assert rig.shown[-1].hidden["state"] == "unknown"


async def test_signing_in_makes_available_unless_another_device_is_there(rig: Rig) -> None:
    await rig.set(status={"value": "appear_offline"}, do_not_disturb={"on": True})
    rig.bus.publish(SignedIn(rig.anna))
    await soon(lambda: rig.service.own_view(rig.anna).status.value == "available")
    assert rig.dnd.on, "do not disturb is a thing of its own"
    rig.device(online=True)
    await rig.set(status={"value": "away"})
    rig.bus.publish(SignedIn(rig.anna))
    await asyncio.sleep(0)
    assert rig.service.own_view(rig.anna).status.value == "away"


async def test_what_has_an_end_ends_by_itself(rig: Rig) -> None:
    rig.device(online=True)
    soon_over = utc_now() + timedelta(seconds=0.1)
    await rig.set(
        status={"value": "away", "until": soon_over},
        do_not_disturb={"on": True, "until": soon_over + timedelta(seconds=0.05)},
        note={"text": "Lunch", "until": soon_over},
    )
    [seen] = rig.service.seen(rig.berta, [rig.anna.user_id])
    assert seen["until"] is not None and seen["state"] == "do_not_disturb"
    await soon(lambda: rig.state() == "available")
    [seen] = rig.service.seen(rig.berta, [rig.anna.user_id])
    assert (seen["note"], seen["until"]) == ("", None)
    with pytest.raises(Problem, match="until_invalid"):
        await rig.set(status={"value": "away", "until": soon_over})


async def test_choices_outlive_a_restart_and_end_after_it(rig: Rig) -> None:
    end = utc_now() + timedelta(seconds=0.2)
    await rig.set(
        status={"value": "away"},
        note={"text": "Lunch", "until": end},
        visible_to={"who": "chosen", "user_ids": [rig.berta.user_id]},
    )
    before = rig.service.own_view(rig.anna)
    await rig.service.aclose()
    rig.service = rig.made()
    await rig.service.start()
    assert rig.service.own_view(rig.anna) == before
    await soon(lambda: rig.service.own_view(rig.anna).note.text == "")


async def test_the_gateway_refuses_calls_only_when_the_pbx_cannot(rig: Rig) -> None:
    await rig.set(do_not_disturb={"on": True})
    assert rig.service.refuses_calls(rig.anna) and not rig.dnd.at_pbx
    await rig.set(do_not_disturb={"on": False})
    rig.pbx.can = True
    await rig.set(do_not_disturb={"on": True})
    assert rig.pbx.on == [True] and rig.dnd.at_pbx
    assert not rig.service.refuses_calls(rig.anna)
    later = utc_now() + timedelta(hours=1)
    await rig.set(do_not_disturb={"on": True, "until": later})
    assert rig.pbx.on == [True], "a new end is no matter of the PBX"
    await rig.set(do_not_disturb={"on": False})
    assert rig.pbx.on == [True, False] and not rig.dnd.on


@pytest.mark.parametrize("code", ["pbx_refused", "too_fast"])
async def test_a_refusal_of_the_pbx_changes_nothing(rig: Rig, code: str) -> None:
    rig.pbx.can = True
    rig.pbx.refuses = Problem(502, code, "no")
    with pytest.raises(Problem, match=code):
        await rig.set(do_not_disturb={"on": True}, status={"value": "away"})
    own = rig.service.own_view(rig.anna)
    assert not own.do_not_disturb.on and own.status.value == "available"


@pytest.mark.parametrize("code", ["pbx_refused", "too_fast"])
async def test_what_the_gateway_holds_ends_whatever_the_pbx_says(rig: Rig, code: str) -> None:
    await rig.set(do_not_disturb={"on": True})
    rig.pbx.can = True
    rig.pbx.refuses = Problem(502, code, "no")
    await rig.set(do_not_disturb={"on": False})
    assert not rig.dnd.on and not rig.service.refuses_calls(rig.anna)


async def test_only_the_pbx_can_end_what_it_holds(rig: Rig) -> None:
    rig.pbx.can = True
    await rig.set(do_not_disturb={"on": True})
    rig.pbx.can = False
    with pytest.raises(Problem, match="pbx_unreachable"):
        await rig.set(do_not_disturb={"on": False})
    assert rig.dnd.on


async def test_do_not_disturb_of_the_desk_phone_is_shown_and_ended(rig: Rig) -> None:
    rig.bus.publish(PbxFeatureChanged(rig.anna, do_not_disturb=True))
    await soon(lambda: rig.dnd.on)
    assert (rig.dnd.by, rig.dnd.at_pbx) == ("pbx", True)
    assert not rig.service.refuses_calls(rig.anna)
    rig.bus.publish(PbxFeatureChanged(rig.anna, do_not_disturb=False))
    await soon(lambda: not rig.dnd.on)
    assert rig.pbx.on == [], "nobody corrects the PBX"


async def test_what_the_pbx_repeats_overrules_nothing_newer(rig: Rig) -> None:
    rig.pbx.can = True

    async def says(on: bool) -> None:
        rig.bus.publish(PbxFeatureChanged(rig.anna, do_not_disturb=on))
        for text in ("one", "two"):  # changes queue: it is taken when the second is
            await rig.set(note={"text": text})

    for old in (False, True):
        await says(old)
        await rig.set(do_not_disturb={"on": not old})
        await says(old)
        assert rig.dnd.on is not old
        await says(not old)
        assert rig.dnd.on is not old


async def test_what_was_set_while_the_pbx_was_away_is_handed_to_it(rig: Rig) -> None:
    rig.bus.publish(PbxFeatureChanged(rig.anna, do_not_disturb=False))
    await rig.set(do_not_disturb={"on": True})
    rig.pbx.can = True
    rig.bus.publish(PbxFeatureChanged(rig.anna, do_not_disturb=False))
    await soon(lambda: rig.dnd.at_pbx)
    assert rig.pbx.on == [True] and not rig.service.refuses_calls(rig.anna)
