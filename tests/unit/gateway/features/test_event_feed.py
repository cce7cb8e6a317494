"""The feed of a tenant's events: places, coming back, slow readers, what nobody reads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from gateway.admin_ports import Principal
from gateway.bus import ApiKeyRevoked, Bus, ClientEvent, PresenceShown
from gateway.features.event_stream.buffer import Buffer
from gateway.features.event_stream.models import StreamQuery
from gateway.features.event_stream.service import EventFeed
from gateway.ports import KeyIdentity, Problem, UserKey
from tests.support.gateway_ports import soon

TENANT, OTHER = "tenant-1", "tenant-2"
ANNA, BERTA = UserKey(TENANT, "anna"), UserKey(TENANT, "berta")
ALL = StreamQuery()


class Keys:
    def __init__(self) -> None:
        self.valid = True

    async def verify(self, text: str) -> KeyIdentity | None:
        raise NotImplementedError

    async def still_valid(self, identity: KeyIdentity) -> bool:
        return self.valid


class Reader:
    """What a client sees of the stream, comments left out."""

    def __init__(self, parts: AsyncGenerator[bytes, None]) -> None:
        self._parts = parts
        self._seen: list[dict[str, str]] = []

    async def next(self) -> dict[str, str] | None:
        """None: the stream is over."""
        async with asyncio.timeout(5):
            while not self._seen:
                part = await anext(self._parts, None)
                if part is None:
                    return None
                for said in part.decode().split("\n\n"):
                    fields = dict(line.split(": ", 1) for line in said.splitlines() if line != ":")
                    if "event" in fields:
                        self._seen.append(fields)
        return self._seen.pop(0)

    async def aclose(self) -> None:
        await self._parts.aclose()


class World:
    def __init__(self, **options: Any) -> None:
        self.bus, self.keys = Bus(), Keys()
        self.feed = EventFeed(self.bus, self.keys, options.pop("look_every", 60.0), **options)

    def reader(
        self,
        query: StreamQuery = ALL,
        last: str | None = None,
        key: str = "k1",
        tenant: str = TENANT,
    ) -> Reader:
        return Reader(self.feed.open(Principal(tenant, "key", key, "a key"), query, last))

    def call(self, user: UserKey, event: str = "call.created", id: str = "c") -> None:
        self.bus.publish(ClientEvent(user, None, event, {"call": {"id": id}}))


async def begun(reader: Reader) -> str:
    first = await reader.next()
    assert first is not None and first["event"] == "ready"
    return first["id"]


async def calls(reader: Reader, count: int) -> list[str]:
    found = [await reader.next() for _ in range(count)]
    return [json.loads(one["data"])["call"]["id"] for one in found if one is not None]


async def test_events_come_in_order_with_whom_they_are_about() -> None:
    world = World()
    reader = world.reader()
    await begun(reader)
    world.call(ANNA, id="1")
    world.bus.publish(PresenceShown(BERTA, {"state": "busy"}, {"state": "unknown"}, None))
    world.feed.connector_changed(TENANT, "site", {"state": "down", "layers": []})
    first, second, third = [await reader.next() for _ in range(3)]
    assert first is not None and second is not None and third is not None
    assert (first["event"], json.loads(first["data"])["user_id"]) == ("call.created", "anna")
    assert json.loads(second["data"])["presence"] == {"state": "busy"}
    assert json.loads(third["data"])["site_id"] == "site"
    numbers = [int(one["id"].split("-")[1]) for one in (first, second, third)]
    assert numbers == [1, 2, 3]
    await reader.aclose()


async def test_who_hides_from_colleagues_is_hidden_from_programs() -> None:
    world = World()
    reader = world.reader()
    await begun(reader)
    seen, hidden = {"state": "busy"}, {"state": "unknown"}
    world.bus.publish(PresenceShown(BERTA, seen, hidden, frozenset({"anna"})))
    event = await reader.next()
    assert event is not None and json.loads(event["data"])["presence"] == hidden
    await reader.aclose()


async def test_nothing_of_another_tenant_and_nothing_for_one_device_alone() -> None:
    world = World()
    reader, other = world.reader(), world.reader(tenant=OTHER)
    await begun(reader)
    await begun(other)
    world.call(UserKey(OTHER, "mallory"), id="theirs")
    world.bus.publish(ClientEvent(ANNA, "d1", "call.created", {"call": {"id": "one device"}}))
    world.bus.publish(ClientEvent(ANNA, None, "media.answer", {"sdp": "v=0"}))
    world.call(ANNA, id="ours")
    assert await calls(reader, 1) == ["ours"]
    assert await calls(other, 1) == ["theirs"]
    await reader.aclose()
    await other.aclose()


async def test_a_filter_leaves_out_the_rest() -> None:
    world = World()
    query = StreamQuery(types="call.ended", user_id="anna")
    reader = world.reader(query)
    await begun(reader)
    world.call(ANNA, "call.created", "created")
    world.call(BERTA, "call.ended", "not hers")
    world.call(ANNA, "call.ended", "hers")
    assert await calls(reader, 1) == ["hers"]
    await reader.aclose()


async def test_who_comes_back_goes_on_where_it_was() -> None:
    world = World()
    reader = world.reader()
    await begun(reader)
    world.call(ANNA, id="1")
    first = await reader.next()
    assert first is not None
    await reader.aclose()
    world.call(ANNA, id="2")
    world.call(ANNA, id="3")
    again = world.reader(last=first["id"])
    assert await begun(again) == first["id"]
    assert await calls(again, 2) == ["2", "3"]
    await again.aclose()


@pytest.mark.parametrize("last", ["", "x", "x-1", "{epoch}-99", "{epoch}-", "{epoch}-1", "\u0663"])
async def test_a_place_that_is_not_kept_is_a_reset(last: str) -> None:
    world = World(buffer=lambda: Buffer(most_events=2))
    reader = world.reader()
    epoch = (await begun(reader)).split("-")[0]
    for number in range(4):
        world.call(ANNA, id=str(number))
    again = world.reader(last=last.replace("{epoch}", epoch))
    first = await again.next()
    assert first is not None and first["event"] == "reset"
    world.call(ANNA, id="new")
    assert await calls(again, 1) == ["new"], "it goes on from here"
    await reader.aclose()
    await again.aclose()


async def test_a_slow_reader_loses_its_place_and_nothing_grows() -> None:
    world = World(buffer=lambda: Buffer(most_events=10, most_bytes=1000))
    reader = world.reader()
    await begun(reader)
    for number in range(500):
        world.call(ANNA, id=str(number))
    buffer = world.feed._tenants[TENANT].buffer
    assert len(buffer._events) <= 10 and buffer._bytes <= 1000
    assert await reader.next() is None
    assert world.feed.readers == 0


async def test_others_events_do_not_make_a_reader_slow() -> None:
    world = World(buffer=lambda: Buffer(most_events=10))
    reader = world.reader(StreamQuery(user_id="anna"))
    await begun(reader)
    waiting = asyncio.create_task(reader.next())
    for _ in range(10):
        for _ in range(8):
            world.call(BERTA)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    world.call(ANNA, id="hers")
    event = await waiting
    assert event is not None and json.loads(event["data"])["call"]["id"] == "hers"
    await reader.aclose()


async def test_the_end_of_its_key_ends_a_reader_and_no_other() -> None:
    world = World()
    mine, others = world.reader(key="k1"), world.reader(key="k2")
    await begun(mine)
    await begun(others)
    world.bus.publish(ApiKeyRevoked(OTHER, "", "k1"))
    world.bus.publish(ApiKeyRevoked(TENANT, "", "k1"))
    end = await mine.next()
    assert end is not None and (end["event"], end["data"]) == ("end", '{"reason": "key_ended"}')
    assert await mine.next() is None
    world.call(ANNA, id="1")
    assert await calls(others, 1) == ["1"]
    await others.aclose()


async def test_a_key_that_ended_elsewhere_is_found_out() -> None:
    world = World(look_every=0.01)
    reader = world.reader()
    await begun(reader)
    world.keys.valid = False
    end = await reader.next()
    assert end is not None and end["event"] == "end"
    assert await reader.next() is None


async def test_a_tenant_reads_so_many_streams() -> None:
    world = World(most_readers=2)
    readers = [world.reader(), world.reader()]
    for reader in readers:
        await begun(reader)
    with pytest.raises(Problem) as refused:
        world.reader()
    assert (refused.value.status, refused.value.code) == (429, "too_many_streams")
    await begun(other := world.reader(tenant=OTHER))
    await readers.pop().aclose()
    await begun(again := world.reader())
    for reader in (*readers, other, again):
        await reader.aclose()


async def test_what_nobody_reads_is_not_kept() -> None:
    world = World(kept=0.0)
    world.call(ANNA)
    assert world.feed._tenants == {}
    reader = world.reader()
    await begun(reader)
    await reader.aclose()
    await soon(lambda: not world.feed._tenants)


async def test_all_end_with_the_gateway() -> None:
    world = World()
    reader = world.reader()
    await begun(reader)
    world.feed.aclose()
    end = await reader.next()
    assert end is not None and end["data"] == '{"reason": "restarting"}'
    assert await reader.next() is None
    with pytest.raises(Problem, match="restarting"):
        world.reader()


@pytest.mark.parametrize("types", ["call", "call.created,", "ring.offer", ""])
def test_unknown_types_are_refused(types: str) -> None:
    with pytest.raises(ValueError, match="only types of the list"):
        StreamQuery(types=types)


async def test_a_reader_that_wants_little_gets_on_with_what_it_does_not_want() -> None:
    world = World(look_every=0.02, buffer=lambda: Buffer(most_events=5))
    wanted = StreamQuery(user_id="berta")
    parts = world.feed.open(Principal(TENANT, "key", "k1", "a key"), wanted, None)
    place = await begun(Reader(parts))
    for number in range(20):
        world.call(ANNA, id=str(number))
        async with asyncio.timeout(5):
            while not (part := await anext(parts)).startswith(b"id:"):
                pass
        assert part.count(b"\n") == 2, "an id, and nothing that would be an event"
        place = part.decode().strip().removeprefix("id: ")
    await parts.aclose()
    assert place.endswith("-20")
    again = world.reader(wanted, place)
    await begun(again)
    await again.aclose()
