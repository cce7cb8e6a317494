"""Members of groups as sets, and the roles of many people after the request."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from scim2_models import Context, InvalidValueException

from gateway.features.scim import roles
from gateway.features.scim.groups import ScimGroups
from gateway.features.scim.members import NotPlain, split
from gateway.features.scim.resources import GROUPS, POLICY
from gateway.features.scim.roles import KIND, GroupRoles
from gateway.outbox import Delivery, Outbox
from gateway.ports import Problem
from gateway.storage.folding import email_hash, search_name
from gateway.storage.ids import new_id, utc_now
from gateway.storage.models import User
from gateway.storage.tables.outbox import OutboxItem
from gateway.storage.tables.single_sign_on import ScimMember, ScimSettings
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"


def read(*operations: dict[str, Any]) -> Any:
    return GROUPS.patch.model_validate(
        {"schemas": [PATCH], "Operations": list(operations)},
        scim_ctx=Context.RESOURCE_PATCH_REQUEST,
        scim_policy=POLICY,
    )


def members(*ids: str) -> list[dict[str, str]]:
    return [{"value": one} for one in ids]


@pytest.mark.parametrize(
    ("operations", "whole", "added", "removed", "others"),
    [
        ([{"op": "Add", "path": "members", "value": members("a", "b")}], False, "ab", "", 0),
        ([{"op": "add", "value": {"members": members("a")}}], False, "a", "", 0),
        (
            [{"op": "replace", "value": {"members": members("a"), "displayName": "G"}}],
            True,
            "a",
            "",
            1,
        ),
        ([{"op": "Remove", "path": "members", "value": members("a")}], False, "", "a", 0),
        ([{"op": "remove", "path": 'members[value eq "a"]'}], False, "", "a", 0),
        ([{"op": "remove", "path": f'{GROUP}:members[value EQ "a"]'}], False, "", "a", 0),
        ([{"op": "remove", "path": "members"}], True, "", "", 0),
        (
            [
                {"op": "remove", "path": "members", "value": members("a", "b")},
                {"op": "add", "path": "members", "value": members("b", "c")},
                {"op": "replace", "path": "displayName", "value": "G"},
            ],
            False,
            "bc",
            "a",
            1,
        ),
    ],
)
def test_what_directories_say_of_members(
    operations: list[dict[str, Any]], whole: bool, added: str, removed: str, others: int
) -> None:
    change, rest = split(read(*operations).operations)
    assert (change.whole, change.added, change.removed) == (whole, set(added), set(removed))
    assert len(rest) == others


def test_what_nobody_says_is_left_to_the_library() -> None:
    path = 'members[value eq "a" or value eq "b"]'
    with pytest.raises(NotPlain):
        split(read({"op": "remove", "path": path}).operations)


def test_a_member_has_a_value() -> None:
    with pytest.raises(InvalidValueException):
        split(read({"op": "add", "path": "members", "value": [{"value": ""}]}).operations)


class Rig:
    def __init__(self, world: PeopleWorld) -> None:
        self.world = world
        self.roles = GroupRoles(world.storage, world.people, Outbox(world.secrets))
        self.groups = ScimGroups(world.storage, self.roles, "https://phone.test/scim/v2")

    async def people(self, count: int) -> list[str]:
        ids = [new_id() for _ in range(count)]
        rows = [
            {
                "id": one,
                "email": f"p{number}@x.test",
                "name": f"P {number}",
                "search_name": search_name(f"P {number}"),
                "settings": {},
                "created_at": utc_now(),
            }
            for number, one in enumerate(ids)
        ]
        async with self.world.storage.write(self.world.tenant_id) as db:
            await db.insert_all(User, rows)
            await db.insert_logins([(email_hash(r["email"]), r["id"]) for r in rows])  # type: ignore[arg-type]
        return ids

    async def group(self, name: str, ids: list[str]) -> str:
        body = {"schemas": [GROUP], "displayName": name, "members": members(*ids)}
        wanted = GROUPS.model.model_validate(
            body, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=POLICY
        )
        return str((await self.groups.create(self.world.who(), wanted)).id)

    async def patch(self, group_id: str, *operations: dict[str, Any]) -> None:
        await self.groups.patch(self.world.who(), group_id, read(*operations))

    async def map(self, **mapping: str) -> None:
        async with self.world.storage.write(self.world.tenant_id) as db:
            await db.delete(ScimSettings)
            await db.add(ScimSettings(tenant_id=self.world.tenant_id, role_by_group=mapping))

    async def members(self, group_id: str) -> set[str]:
        found = await self.groups.get(self.world.who(), group_id)
        return {one["value"] for one in found.answered_members}

    async def helpers(self) -> int:
        async with self.world.storage.read(self.world.tenant_id) as db:
            return await db.count(User, User.role == "help_desk")

    async def waiting(self) -> list[Delivery]:
        async with self.world.storage.read(self.world.tenant_id) as db:
            items = await db.find(OutboxItem, OutboxItem.kind == KIND)
        return [
            Delivery(item.id, item.tenant_id, KIND, item.payload, "", 1, item.created_at)
            for item in items
        ]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    storage = await empty_storage(tmp_path)
    world = PeopleWorld(storage)
    await world.open()
    yield Rig(world)
    await storage.aclose()


async def test_members_come_go_and_are_replaced(rig: Rig) -> None:
    ids = await rig.people(6)
    group = await rig.group("G", ids[:3])
    await rig.patch(group, {"op": "add", "path": "members", "value": members(*ids[2:5])})
    assert await rig.members(group) == set(ids[:5])
    await rig.patch(group, {"op": "remove", "path": f'members[value eq "{ids[0]}"]'})
    path = f'members[value eq "{ids[1]}" or value eq "{ids[2]}"]'
    await rig.patch(group, {"op": "remove", "path": path})
    assert await rig.members(group) == set(ids[3:5])
    replaced = {"members": members(ids[5]), "displayName": "New"}
    await rig.patch(group, {"op": "replace", "value": replaced})
    found = await rig.groups.get(rig.world.who(), group)
    assert await rig.members(group) == {ids[5]} and found.display_name == "New"
    with pytest.raises(InvalidValueException):
        await rig.patch(group, {"op": "add", "path": "members", "value": members(new_id())})


async def test_roles_of_many_come_after_the_request_and_of_few_at_once(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "AT_ONCE", 6)
    ids = await rig.people(15)
    await rig.map(Help="help_desk")
    group = await rig.group("Help", ids[:3])
    assert await rig.helpers() == 3 and await rig.waiting() == []
    await rig.patch(group, {"op": "add", "path": "members", "value": members(*ids)})
    assert await rig.helpers() == 3
    (item,) = await rig.waiting()
    for _ in range(2):  # again, as after a lost end
        await rig.roles.deliver(item)
        assert await rig.helpers() == len(ids)
    acts = [act for act in await rig.world.acts() if act.action == "person.change"]
    assert len(acts) == len(ids) and acts[-1].actor_name == "Ada Admin"
    await rig.groups.remove(rig.world.who(), group)
    for item in await rig.waiting():
        await rig.roles.deliver(item)
    assert await rig.helpers() == 0


async def test_one_who_cannot_be_given_a_role_keeps_nobody_else_from_theirs(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "AT_ONCE", 6)
    ids = await rig.people(15)
    await rig.map(Help="help_desk")
    async with rig.world.storage.write(rig.world.tenant_id) as db:
        await db.update(User, User.id == sorted(ids)[1], email="valid when it was entered")
    await rig.group("Help", ids)
    (item,) = await rig.waiting()
    with pytest.raises(Problem):  # or nobody would hear of the one
        await rig.roles.deliver(item)
    assert await rig.helpers() == len(ids) - 1


async def test_a_big_group_costs_a_small_change_little(rig: Rig) -> None:
    ids = await rig.people(4_001)
    group = await rig.group("Everybody", ids[:-1])
    async with rig.world.storage.read(rig.world.tenant_id) as db:
        assert await db.count(ScimMember) == 4_000
    started = time.process_time()
    await rig.patch(group, {"op": "add", "path": "members", "value": members(ids[-1])})
    await rig.patch(group, {"op": "remove", "path": "members", "value": members(ids[0])})
    assert time.process_time() - started < 0.3  # it was several times that
    assert len(await rig.members(group)) == 4_000
