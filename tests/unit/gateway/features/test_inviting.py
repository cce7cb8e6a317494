"""Many are invited by a job: each once, whatever comes between, and told how far it is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.admin_ports import PersonData, Principal
from gateway.features.people import inviting
from gateway.features.people.models import InviteMany, InvitingView
from gateway.outbox import Dispatcher, NotNow, Policy
from gateway.permissions import Permission
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, User
from gateway.storage.storage import TenantSession
from gateway.storage.tables.outbox import OutboxItem
from tests.support.databases import empty_storage
from tests.support.people_world import PeopleWorld

ALL = InviteMany(all_new=True)


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PeopleWorld]:
    monkeypatch.setattr(inviting, "_BATCH", 4)
    storage = await empty_storage(tmp_path)
    made = PeopleWorld(storage)
    await made.open()
    yield made
    await storage.aclose()


@asynccontextmanager
async def working(world: PeopleWorld) -> AsyncIterator[Dispatcher]:
    """The gateway runs."""
    dispatcher = Dispatcher(
        world.storage, world.secrets, world.outbox, jitter=lambda: 0.0, look_every=0.05
    )
    policy = Policy(first=0.0, workers=1, batch=1, attempts=inviting.POLICY.attempts)
    dispatcher.register(inviting.KIND, world.inviting.deliver, policy)
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def once(world: PeopleWorld, fits: Callable[[InvitingView], bool]) -> InvitingView:
    async with asyncio.timeout(10):
        while True:
            view = await world.inviting.show(world.tenant_id)
            if fits(view):
                return view
            await asyncio.sleep(0.01)


async def over(world: PeopleWorld) -> InvitingView:
    return await once(world, lambda view: view.state != "running")


async def company(world: PeopleWorld, count: int) -> list[str]:
    return [await world.person(f"P{number}") for number in range(count)]


def invited(world: PeopleWorld) -> Counter[str | None]:
    return Counter(letter.user_id for letter in world.mail.letters)


async def test_everybody_is_invited_once_and_the_progress_is_told(world: PeopleWorld) -> None:
    assert (await world.inviting.show(world.tenant_id)).state == "none"
    people = await company(world, 12)
    async with world.storage.write(world.tenant_id) as db:
        await db.update(User, User.id == people[0], source="sso")
        await db.update(User, User.id == people[1], disabled=True)
    begun = await world.inviting.start(world.who(), ALL)
    assert (begun.state, begun.sent, begun.started_by) == ("running", 0, "Ada Admin")
    async with working(world):
        done = await over(world)
    assert (done.state, done.total, done.sent, done.left_out) == ("done", 10, 10, 0)
    assert invited(world) == Counter(people[2:])
    assert all(letter.bulk for letter in world.mail.letters)
    acts = Counter(entry.action for entry in await world.acts())
    assert (acts["people.invite"], acts["person.invite"]) == (1, 10)


async def test_who_asks_twice_gets_one_job_and_who_names_people_another(world: PeopleWorld) -> None:
    people = await company(world, 3)
    await world.inviting.start(world.who(), ALL)
    again = await world.inviting.start(world.who(), ALL)
    named = InviteMany(ids=[people[0], people[0], world.admin_id])
    async with working(world):
        await over(world)
        assert again.state == "running" and invited(world) == Counter(people)
        await world.inviting.start(world.who(), named)
        done = await over(world)
    # Who is invited already gets another letter; who is in is left out.
    assert (done.total, done.sent, done.left_out) == (2, 1, 1)
    assert invited(world) == Counter([*people, people[0]])
    with pytest.raises(ValueError, match="ids or all_new"):
        InviteMany()
    with pytest.raises(ValueError, match="ids or all_new"):
        InviteMany(all_new=True, ids=people)


async def test_a_few_who_are_invited_meanwhile_hide_no_job_of_all(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inviting, "_SLICE", -1.0)  # after each batch it is the other one's turn
    people = await company(world, 12)
    begun = await world.inviting.start(world.who(), ALL)
    few = await world.inviting.start(world.who(), InviteMany(ids=people[:2]))
    again = await world.inviting.start(world.who(), ALL)
    assert few.started_at == again.started_at == begun.started_at
    assert Counter(entry.action for entry in await world.acts())["people.invite"] == 2
    async with working(world):
        done = await over(world)  # of all, though the few were through before
    assert (done.state, done.total, done.sent) == ("done", 12, 12)
    assert invited(world) == Counter([*people, *people[:2]])


async def test_what_fails_halfway_goes_on_and_doubles_nothing(
    world: PeopleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await company(world, 12)
    committed: Counter[str | None] = Counter()
    real, letters = world.mail.post, 0

    async def post(db: TenantSession, mail: Any) -> str:
        nonlocal letters
        letters += 1
        if letters in (3, 9):  # in the middle of a transaction
            raise OSError("the database went away")
        db.after_commit(lambda: committed.update([mail.user_id]))
        return await real(db, mail)

    monkeypatch.setattr(world.mail, "post", post)
    await world.inviting.start(world.who(), ALL)
    async with working(world):
        done = await over(world)
    assert (done.state, done.sent) == ("done", 12)
    assert committed == Counter(people)


async def test_it_goes_on_after_a_restart(world: PeopleWorld, monkeypatch: Any) -> None:
    people = await company(world, 12)
    monkeypatch.setattr(inviting, "_SLICE", -1.0)  # one batch, then it waits for its next turn
    await world.inviting.start(world.who(), ALL)
    async with working(world):
        await once(world, lambda view: view.sent > 0)
    between = await world.inviting.show(world.tenant_id)
    assert between.state == "running" and 0 < between.sent < 12
    async with working(world):
        assert (await over(world)).sent == 12
    assert invited(world) == Counter(people)


async def test_it_is_stopped_and_can_go_on(world: PeopleWorld) -> None:
    people = await company(world, 5)
    await world.inviting.start(world.who(), ALL)
    stopped = await world.inviting.stop(world.who())
    assert (stopped.state, stopped.sent) == ("stopped", 0)
    async with working(world):
        # The stopped one would be due before it.
        await world.inviting.start(world.who(), InviteMany(ids=people[:1]))
        await over(world)
        assert invited(world) == Counter(people[:1])
        await world.inviting.start(world.who(), ALL)
        assert (await over(world)).state == "done"
    assert invited(world) == Counter(people)
    assert (await world.inviting.stop(world.who())).state == "done"  # nothing to stop any more


@pytest.mark.parametrize(
    "shut_out", [{"disabled": True}, {"role": "user"}], ids=["disabled", "deposed"]
)
async def test_nobody_is_invited_in_the_name_of_who_was_shut_out(
    world: PeopleWorld, shut_out: dict[str, Any]
) -> None:
    await company(world, 3)
    await world.inviting.start(world.who(), ALL)
    async with world.storage.write(world.tenant_id) as db:
        await db.update(User, User.id == world.admin_id, **shut_out)
    async with working(world):
        assert (await over(world)).state == "stopped"
    assert world.mail.letters == []
    last = (await world.acts())[-1]
    assert (last.action, last.actor_kind) == ("people.stop_inviting", "system")


@pytest.mark.parametrize("revoked", [False, True])
async def test_nor_in_the_name_of_a_key_that_was_revoked(world: PeopleWorld, revoked: bool) -> None:
    await company(world, 3)
    key = ApiKey(tenant_id=world.tenant_id, key_id="pbx", name="PBX", digest=b"0" * 32)
    who = Principal(world.tenant_id, "key", "pbx", "PBX", frozenset({Permission.PEOPLE_INVITE}))
    async with world.storage.write(world.tenant_id) as db:
        await db.add(key)
    await world.inviting.start(who, ALL)
    async with world.storage.write(world.tenant_id) as db:
        await db.update(ApiKey, ApiKey.id == key.id, revoked_at=utc_now() if revoked else None)
    async with working(world):
        done = await over(world)
    assert (done.state, done.sent) == (("stopped", 0) if revoked else ("done", 3))


async def test_who_is_erased_takes_their_jobs_along(world: PeopleWorld) -> None:
    """What is kept of a job has a name and an address of the network in it."""
    await company(world, 3)
    await world.admin("other@x.test")
    await world.inviting.start(world.who(), ALL)
    async with world.storage.write(world.tenant_id) as db:
        await world.people.remove(db, world.who(), world.admin_id, why="left")
    assert (await world.inviting.show(world.tenant_id)).state == "none"
    async with world.storage.read(world.tenant_id) as db:
        assert await db.count(OutboxItem) == 0


async def test_an_import_invites_whom_it_has_created(world: PeopleWorld, monkeypatch: Any) -> None:
    monkeypatch.setattr(inviting, "_LOOK_AGAIN", 0.05)
    looked: asyncio.Queue[None] = asyncio.Queue()
    wait_for_import = inviting._wait_for_import

    async def waiting(*said: Any) -> None:
        try:
            await wait_for_import(*said)
        except NotNow:
            looked.put_nowait(None)
            raise

    monkeypatch.setattr(inviting, "_wait_for_import", waiting)
    others = await company(world, 2)
    await world.create(PersonData("old@x.test", "Old"))
    made = await world.plan("email;name\nold@x.test;Older\nnew@x.test;New\nnewer@x.test;Newer\n")
    await world.imports.apply(world.who(), made.id, False, invite=True)
    async with working(world):
        async with asyncio.timeout(10):
            await looked.get()
            await looked.get()  # once more, so the first time is over
        assert world.mail.letters == []  # the import is not through
        await world.finish(made.id)
        done = await over(world)
    assert (done.state, done.total, done.sent) == ("done", 2, 2)
    assert {letter.to for letter in world.mail.letters} == {"new@x.test", "newer@x.test"}
    assert not set(others) & set(invited(world))


async def test_an_import_that_comes_to_nothing_invites_nobody(
    world: PeopleWorld, monkeypatch: Any
) -> None:
    monkeypatch.setattr(inviting, "_LOOK_AGAIN", 0.05)
    made = await world.plan("email;name\nnew@x.test;New\n")
    await world.imports.apply(world.who(), made.id, False, invite=True)
    await world.steps.fail(world.tenant_id, made.id)
    async with working(world):
        assert (await over(world)).state == "failed"
    assert world.mail.letters == []


async def test_inviting_by_an_import_needs_its_own_permission(world: PeopleWorld) -> None:
    made = await world.plan("email;name\nnew@x.test;New\n")
    who = world.who()
    key = type(who)(who.tenant_id, "key", "k", "K", frozenset({Permission.IMPORTS_WRITE}))
    with pytest.raises(Problem, match=r"people\.invite"):
        await world.imports.apply(key, made.id, False, invite=True)
    assert (await world.imports.get(world.tenant_id, made.id)).state == "planned"
