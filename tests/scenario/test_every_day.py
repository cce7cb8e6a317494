"""What happens at a desk every day, the same on each platform: it rings everywhere, one answers, it
is in the journal, the mailbox is listened to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from emulator.switch.features import When
from media.audio.tones import sine
from tests.support.call_stack import Parts, call_stack
from tests.support.device_client import Device, Json

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, csta=True) as parts:
        yield parts


@pytest_asyncio.fixture(loop_scope="module")
async def parts(stack: Parts) -> AsyncIterator[Parts]:
    await stack.control_works()
    yield stack
    for number in ("101", "102", "103"):
        stack.phone(number).answer_after(None)
    await stack.sign_off()
    await stack.nothing_left()


async def rung(parts: Parts, device: Device, caller: str = "102") -> Json:
    """A desk phone calls Anna; the offer to ring, as this device gets it."""
    await parts.phone(caller).dial("101")
    return await device.event("ring.offer")


@asynccontextmanager
async def routing(device: Device, **wanted: object) -> AsyncIterator[None]:
    """The user's choice while the block runs, then what it is at first."""
    for rule in (wanted, {}):
        version = (await device.rest("GET", "/routing"))["version"]
        match = {"If-Match": f'"{version}"'}
        await device.rest("PUT", "/routing", json=rule, headers=match)
        if rule:
            yield


def talking_at_the_desk(device: Device) -> str | None:
    def there(call: Json) -> bool:
        return bool(call["on"] == "desk_phone" and call["phase"] == "connected")

    return next((call["id"] for call in device.calls.values() if there(call)), None)


async def test_everything_rings_and_who_answers_stops_the_others(parts: Parts) -> None:
    first, second = await parts.device(hertz=700), await parts.device(hertz=900)
    parts.phone("102").say("tone:600")
    call_id = (await rung(parts, first))["call"]["id"]
    await second.ringing()
    await parts.rings("101")

    await second.answer(call_id)
    stop = await first.event("ring.stop", call_id=call_id)
    assert (stop["reason"], stop["by"]) == ("answered_elsewhere", second.id)
    await second.hears(call_id, 600)
    heard = parts.phone("102").active.heard
    await second.until(lambda: heard.tone(900).heard, "900 Hz at the desk phone")
    assert parts.phone("101").state == "idle"
    # The call is the same on both devices, and only one has its sound.
    await first.phase(call_id, "connected")
    assert first.calls[call_id]["device_id"] == second.id

    parts.phone("102").hang_up()
    for device in (first, second):
        await device.phase(call_id, "ended")
    entry = await first.entry(call_id)
    assert (entry["kind"], entry["device_id"], entry["unread"]) == ("answered", second.id, False)


async def test_the_journal_tells_what_happened_until_it_is_deleted(parts: Parts) -> None:
    one, two = await parts.device(), await parts.device()
    await one.rest("DELETE", "/journal")
    missed = (await rung(parts, one))["call"]["id"]
    parts.phone("102").hang_up()
    entry = await one.entry(missed)
    assert (entry["kind"], entry["unread"], entry["name"]) == ("missed", True, "Berta Schulz")
    answered = await one.dial("715")
    await one.phase(answered, "connected")
    await one.hang_up(answered)
    assert (await one.entry(answered))["direction"] == "out"

    details = await one.rest("GET", f"/journal/{entry['id']}")
    rang = [step["device"]["id"] for step in details["trail"] if step["code"] == "rang"]
    assert sorted(rang) == sorted([one.id, two.id])
    found = await one.rest("GET", "/journal?q=berta&show=missed")
    assert [row["id"] for row in found["items"]] == [entry["id"]]
    _, *rows = (await one.download("/journal.csv")).splitlines()
    assert [("Berta Schulz" in row, "715" in row) for row in rows] == [(False, True), (True, False)]

    await one.rest("DELETE", f"/journal/{entry['id']}")
    await two.event("journal.removed", id=entry["id"])
    assert [row["call_id"] for row in await two.journal()] == [answered]
    await two.rest("DELETE", "/journal")
    await one.event("journal.removed", id=None)
    assert await one.journal() == []


async def test_do_not_disturb_with_an_end_ends_at_the_pbx_too(parts: Parts) -> None:
    anna = await parts.device()
    until = (datetime.now(UTC) + timedelta(seconds=1.5)).isoformat()
    wanted = {"do_not_disturb": {"on": True, "until": until}}
    await anna.rest("PATCH", "/presence", json=wanted)
    assert parts.pbx.features.of("101").do_not_disturb
    ended = await anna.until(
        lambda: next((p for n, p in anna.events[::-1] if n == "presence.changed"), None), "told"
    )
    assert ended["own"]["do_not_disturb"]["on"] is True
    await anna.until(lambda: not parts.pbx.features.of("101").do_not_disturb, "the end at the PBX")


async def test_who_is_muted_is_not_heard_whatever_the_device_sends(parts: Parts) -> None:
    anna = await parts.device(hertz=900)
    parts.phone("102").answer_after(0)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "connected")
    heard = parts.phone("102").active.heard
    await anna.until(lambda: heard.tone(900, 0.5).heard, "900 Hz")
    await anna.do("mute", call_id=call_id)
    await anna.until(lambda: heard.tone(900, 0.5).share < 0.01, "nothing of it")
    assert anna.calls[call_id]["muted"] is True
    await anna.do("unmute", call_id=call_id)
    await anna.until(lambda: heard.tone(900, 0.5).heard, "900 Hz again")
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")


async def test_who_forwarded_a_call_and_whom_it_was_for_is_told(parts: Parts) -> None:
    anna = await parts.device()
    features = parts.pbx.features
    features.set_forwarding("103", When.IMMEDIATE, "102")
    features.set_forwarding("102", When.IMMEDIATE, "101")
    try:
        await parts.phone("715").dial("103")
        call = (await anna.event("ring.offer"))["call"]
    finally:
        for number in ("102", "103"):
            features.set_forwarding(number, When.IMMEDIATE, None)
    assert call["remote"]["number"]["canonical"] == "715"
    assert (call["original_called"], call["diverted_by"]) == ("Carla Lang", "Berta Schulz")
    parts.phone("715").hang_up()
    await anna.phase(call["id"], "ended")


async def test_the_desk_phone_rings_first_and_the_apps_later_or_never(parts: Parts) -> None:
    anna = await parts.device()
    async with routing(anna, apps="later", delay_ms=1000):
        await parts.phone("102").dial("101")
        await parts.rings("101")
        began = time.monotonic()
        call_id = await anna.ringing()
        assert time.monotonic() - began > 0.8
        parts.phone("102").hang_up()
        await anna.phase(call_id, "ended")
    anna.events.clear()
    async with routing(anna, apps="never"):
        await parts.phone("102").dial("101")
        await parts.rings("101")
        parts.phone("101").answer()
        call_id = await anna.until(lambda: talking_at_the_desk(anna), "the desk phone's call")
        parts.phone("102").hang_up()
        await anna.phase(call_id, "ended")
        assert not [name for name, _ in anna.events if name == "ring.offer"]


async def test_who_wants_no_second_call_is_busy_in_the_first(parts: Parts) -> None:
    anna = await parts.device()
    async with routing(anna, when_busy="busy"):
        first = await anna.dial("715")
        await anna.phase(first, "connected")
        handled = parts.calls.book.handled
        await parts.phone("102").dial("101")
        await anna.until(lambda: parts.calls.book.handled > handled, "the gateway has said no")
        if parts.phone("102").active is not None:  # the PBX may let the desk phone ring on
            parts.phone("102").hang_up()
        entry = (await anna.event("journal.added"))["entry"]
        assert (entry["kind"], entry["number"]["canonical"]) == ("missed", "102")
        details = await anna.rest("GET", f"/journal/{entry['id']}")
        assert "busy" in [step["code"] for step in details["trail"]]
        assert not [name for name, _ in anna.events if name == "ring.offer"]
        await anna.hang_up(first)
        await anna.phase(first, "ended")


async def test_a_call_without_the_own_number(parts: Parts) -> None:
    anna = await parts.device()
    reply = await anna.do("dial", to="102", hide_number=True)
    call_id = reply["call"]["id"]
    await anna.bring_sound(call_id)
    await parts.rings("102")
    assert parts.phone("102").end.peer.anonymous
    await anna.hang_up(call_id)
    await anna.until(lambda: anna.calls[call_id]["phase"] == "ended", "the end")


async def test_the_state_of_the_desk_phone_is_told(parts: Parts) -> None:
    anna = await parts.device()

    def states() -> list[str]:
        return [p["desk_phone"]["state"] for _, p in anna.events if p.get("desk_phone")]

    await anna.until(lambda: states()[-1:] == ["free"], "free")
    await parts.phone("102").dial("101")
    await anna.until(lambda: states()[-1] == "ringing", "it rings")
    parts.phone("101").answer()
    await anna.until(lambda: states()[-1] == "in_call", "it talks")
    parts.phone("101").hang_up()
    await anna.until(lambda: states()[-1] == "free", "free again")


async def test_one_device_is_told_to_answer_by_itself_and_only_in_quiet(parts: Parts) -> None:
    anna, other = await parts.device(), await parts.device()
    by_itself = {"device_id": anna.id, "after_ms": 3000}
    async with routing(anna, auto_answer=by_itself):
        offer = await rung(parts, anna)
        assert offer["auto_answer_ms"] == 3000
        assert (await other.event("ring.offer"))["auto_answer_ms"] is None
        await anna.answer(offer["call"]["id"])
        await anna.phase(offer["call"]["id"], "connected")

        # Whoever talks decides for themselves about a second call.
        await parts.phone("103").dial("101")
        second = await anna.until(
            lambda: next((p for n, p in anna.events[::-1] if is_ring_of(n, p, "103")), None),
            "a knock",
        )
        assert second["auto_answer_ms"] is None
        for caller in ("103", "102"):
            parts.phone(caller).hang_up()
        for call_id in (offer["call"]["id"], second["call"]["id"]):
            await anna.phase(call_id, "ended")


def is_ring_of(name: str, payload: Json, number: str) -> bool:
    return name == "ring.offer" and payload["call"]["remote"]["number"]["canonical"] == number


async def test_the_mailbox_is_called_and_obeys_digits(parts: Parts) -> None:
    anna = await parts.device()
    box = parts.pbx.voicemail.boxes["101"]
    box.add(sine(500, 2.0), "102", "Berta Schulz", 0.0)
    number = (await anna.rest("GET", "/voicemail"))["number"]
    call_id = await anna.dial(number)
    await anna.phase(call_id, "connected")
    await anna.do("dtmf", call_id=call_id, digits="1")
    await anna.hears(call_id, 500)
    await anna.until(lambda: box.messages[0].heard, "heard")
    await anna.do("dtmf", call_id=call_id, digits="3")
    await anna.until(lambda: box.messages == [], "deleted")
    await anna.hang_up(call_id)
    await anna.phase(call_id, "ended")
