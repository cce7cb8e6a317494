"""A proven domain is looked for again: gone for two weeks, it opens nothing any more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.features.sso.domain_watch import AGAIN_AFTER, GRACE, DomainWatch
from gateway.features.sso.domains import Domains
from gateway.features.sso.models import DomainView
from gateway.ports import Problem
from gateway.storage.tables.single_sign_on import SignInDomain
from tests.support.databases import empty_storage
from tests.support.letters import KeptMail
from tests.support.people_world import PeopleWorld

DAY = timedelta(days=1)


class Rig:
    def __init__(self, world: PeopleWorld) -> None:
        self.world = world
        self.at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
        self.records: Sequence[str] | None = []
        self.asked = self.at_once = 0
        self.hold: asyncio.Event | None = None
        self.mail = KeptMail()
        self.domains = Domains(world.storage, world.audit, self._txt, lambda: self.at)
        self.watch = DomainWatch(
            world.storage, self.domains, world.audit, self.mail, lambda: self.at
        )

    async def _txt(self, name: str) -> Sequence[str] | None:
        self.asked += 1
        if self.hold is not None:
            self.at_once += 1
            if self.at_once == 3:
                self.hold.set()
            await self.hold.wait()
        if "broken" in name:
            raise RuntimeError("a fault of ours")
        return self.records

    async def prove(self) -> DomainView:
        made = await self.domains.add(self.world.who(), "example.test", None)
        self.records = [made.dns_value]
        return await self.domains.check(self.world.who(), made.id)

    async def look(self, after: timedelta = AGAIN_AFTER) -> DomainView:
        self.at += after
        await self.watch.look_at_all()
        (shown,) = await self.domains.all(self.world.who())
        return shown

    async def leads_here(self) -> bool:
        return await self.domains.tenant_of("anna@example.test") is not None

    @property
    def letters(self) -> list[str]:
        return [letter.template for letter in self.mail.letters]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    world = PeopleWorld(storage)
    await world.open()
    yield Rig(world)
    await storage.aclose()


async def test_a_record_that_is_gone_is_told_and_ends_the_domain_after_the_grace(rig: Rig) -> None:
    await rig.prove()
    assert (await rig.look()).missing_since is None and rig.letters == []
    rig.records = ["v=spf1 -all"]
    shown = await rig.look()
    assert shown.missing_since == rig.at and await rig.leads_here()
    letter = rig.mail.last("domain_missing")
    assert letter.to == "ada@x.test" and shown.dns_value in letter.values["record"]
    assert letter.values["at"] == (rig.at + GRACE).isoformat(timespec="seconds")
    shown = await rig.look(GRACE - DAY)
    assert shown.state == "proven" and await rig.leads_here()
    shown = await rig.look(DAY)
    assert shown.state == "waiting" and not await rig.leads_here()
    assert rig.letters == ["domain_missing", "domain_lost"]
    acts = [(act.action, act.target_name) for act in await rig.world.acts()]
    assert acts[-1] == ("sign_in_domain.lose", "example.test")
    # Whoever has the record back has the domain back.
    rig.records = [shown.dns_value]
    again = await rig.domains.check(rig.world.who(), shown.id)
    assert again.state == "proven" and again.missing_since is None and await rig.leads_here()


async def test_another_tenant_can_have_it_then(rig: Rig) -> None:
    await rig.prove()
    other = PeopleWorld(rig.world.storage, rig.world.secrets)
    await other.open(admin="eve@other.test")
    wanted = await rig.domains.add(other.who(), "example.test", None)
    rig.records = [wanted.dns_value]
    with pytest.raises(Problem) as taken:
        await rig.domains.check(other.who(), wanted.id)
    assert taken.value.code == "domain_taken"
    await rig.look()
    await rig.look(GRACE)
    assert (await rig.domains.check(other.who(), wanted.id)).state == "proven"
    found = await rig.domains.tenant_of("anna@example.test")
    assert found is not None and found.tenant_id == other.tenant_id


async def test_name_servers_that_are_away_prove_nothing(rig: Rig) -> None:
    await rig.prove()
    rig.records = None
    for _ in range(3):
        assert (await rig.look(GRACE)).missing_since is None
    assert rig.letters == [] and await rig.leads_here()


async def test_back_in_time_it_begins_anew_and_nobody_is_asked_twice_a_day(rig: Rig) -> None:
    proven = await rig.prove()
    rig.records = []
    await rig.look()
    rig.records = [proven.dns_value]
    assert (await rig.look(DAY)).missing_since is None
    asked = rig.asked
    await rig.look(timedelta(hours=1))
    assert rig.asked == asked
    rig.records = []
    assert (await rig.look(GRACE)).state == "proven"
    assert rig.letters == ["domain_missing", "domain_missing"]


async def test_what_an_operator_confirmed_is_not_for_dns(rig: Rig) -> None:
    await rig.domains.add(rig.world.who(), "example.test", None)
    who = rig.world.who()
    await rig.domains.confirm(who, rig.world.tenant_id, "example.test", "a contract")
    asked = rig.asked
    assert (await rig.look(GRACE)).state == "proven"
    assert rig.asked == asked


async def test_a_slow_name_server_and_one_that_fails_hold_up_no_other_domain(rig: Rig) -> None:
    await rig.prove()
    for name in ("slow.test", "broken.test"):
        await rig.domains.add(rig.world.who(), name, None)
    async with rig.world.storage.write(rig.world.tenant_id) as db:
        await db.update(SignInDomain, proven_at=rig.at, proven_by="dns", checked_at=rig.at)
    rig.records, rig.hold = [], asyncio.Event()
    rig.at += AGAIN_AFTER
    async with asyncio.timeout(5):  # each of the three waits for the other two
        await rig.watch.look_at_all()
    found = {one.domain: one.missing_since for one in await rig.domains.all(rig.world.who())}
    assert found == {"example.test": rig.at, "slow.test": rig.at, "broken.test": None}
