"""What both ends hear while a call moves: how long neither hears the other.

The far end is Berta's desk phone. At our end two clients of Anna, her desk phone and her other
number say different tones; whichever has the call must be heard there, and must hear Berta's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
import pytest_asyncio

from tests.support.call_stack import ANNA, PASSWORD, Parts, call_stack
from tests.support.far_end import SLACK_S, pause_s
from tests.support.hearing import Timeline, longest_pause_s
from tests.support.mobile_client import MobileClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMIT_S = 0.3
#: Anna's clients, her desk phone and her alternative number (103); Berta's desk phone.
MOBILE, OTHER, DESK, ALTERNATIVE, BERTA = 900, 700, 1200, 1500, 500
#: So much is listened to before and after a move.
LISTEN_S = 0.3


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
    for number, hertz in (("101", DESK), ("102", BERTA), ("103", ALTERNATIVE)):
        stack.phone(number).say(f"tone:{hertz}")
        stack.phone(number).answer_after(0)
    yield stack
    await stack.sign_off()
    await stack.nothing_left()


@pytest_asyncio.fixture(loop_scope="module")
async def clients(parts: Parts) -> AsyncIterator[tuple[MobileClient, MobileClient]]:
    async with (
        MobileClient(parts.url, hertz=MOBILE) as mobile,
        MobileClient(parts.url, hertz=OTHER, kind="ios") as other,
    ):
        for client in (mobile, other):
            await client.sign_in(ANNA, PASSWORD)
        yield mobile, other


class PhoneEar(Timeline):
    """All that a desk phone hears, in whatever call, and when it was connected last."""

    def __init__(self) -> None:
        super().__init__()
        self.connected_at: float | None = None


@contextmanager
def ear_of_phone(parts: Parts, number: str) -> Iterator[PhoneEar]:
    ear = PhoneEar()

    def listen(*_: object) -> None:
        end = parts.phone(number).active
        if end is None or end.media is None:
            return
        if ear not in end.media.sinks:
            end.media.sinks.append(ear)
            ear.connected_at = None
        if end.state == "connected" and ear.connected_at is None:
            ear.connected_at = time.monotonic()

    parts.pbx.watchers.append(listen)
    listen()
    try:
        yield ear
    finally:
        parts.pbx.watchers.remove(listen)


async def heard_from(ear: Timeline, hertz: int) -> None:
    """The tone is there, and was long enough for a pause behind it to be seen."""
    async with asyncio.timeout(10):
        while len(ear.times_of([hertz])) < LISTEN_S * 50:  # noqa: ASYNC110 - sound has no event
            await asyncio.sleep(0.05)


async def measured_s(
    parts: Parts,
    clients: tuple[MobileClient, MobileClient],
    move: Callable[[], Awaitable[None]],
    *,
    what: str,
    comes_to: int,
) -> float:
    """The pause at whichever end it was longer, from before ``move`` until after it."""
    near = [Timeline() for _ in clients]
    for client, ear in zip(clients, near, strict=True):
        client.sinks.append(ear)
    with ear_of_phone(parts, "102") as far, ear_of_phone(parts, "101") as at_the_desk:
        near.append(at_the_desk)
        await asyncio.sleep(LISTEN_S)
        await move()
        await heard_from(far, comes_to)
    for client in clients:
        client.sinks.pop()
    at_far = longest_pause_s([far], [MOBILE, OTHER, DESK])
    at_near = longest_pause_s(near, [BERTA])
    print(f"{what}: {at_far * 1000:.0f} ms at the far end, {at_near * 1000:.0f} ms at ours")
    return max(at_far, at_near)


async def test_between_two_clients(
    parts: Parts, clients: tuple[MobileClient, MobileClient]
) -> None:
    mobile, other = clients

    async def there_and_back() -> float:
        call_id = await mobile.dial("102")
        await mobile.phase(call_id, "connected")
        await mobile.hears(call_id, BERTA)
        pulled = await measured_s(
            parts,
            clients,
            lambda: other.pull(call_id),
            what="pulled from another client",
            comes_to=OTHER,
        )
        moved = await measured_s(
            parts,
            clients,
            lambda: other.do("move", call_id=call_id, to=mobile.id),
            what="moved to another client",
            comes_to=MOBILE,
        )
        await mobile.hang_up(call_id)
        await mobile.phase(call_id, "ended")
        return max(pulled, moved)

    assert await pause_s(there_and_back, LIMIT_S, "between two clients") <= LIMIT_S + SLACK_S


async def test_to_the_desk_phone_and_from_it(
    parts: Parts, clients: tuple[MobileClient, MobileClient]
) -> None:
    mobile, other = clients

    async def there_and_back() -> float:
        call_id = await mobile.dial("102")
        await mobile.phase(call_id, "connected")
        await mobile.hears(call_id, BERTA)
        await mobile.until(
            lambda: "desk_phone" in [place["to"] for place in mobile.calls[call_id]["moves"]],
            "the desk phone is offered",
        )
        pushed = await measured_s(
            parts,
            clients,
            lambda: mobile.do("move", call_id=call_id, to="desk_phone"),
            what="pushed to the desk phone",
            comes_to=DESK,
        )
        await other.until(lambda: "pull" in other.calls[call_id]["actions"], "pull is offered")
        pulled = await measured_s(
            parts,
            clients,
            lambda: other.pull(call_id),
            what="pulled from the desk phone",
            comes_to=OTHER,
        )
        await other.hang_up(call_id)
        await other.phase(call_id, "ended")
        return max(pushed, pulled)

    assert await pause_s(there_and_back, LIMIT_S, "the desk phone") <= LIMIT_S + SLACK_S


async def test_to_the_alternative_number(
    parts: Parts, clients: tuple[MobileClient, MobileClient]
) -> None:
    """The far end hears music while that number rings; who answers there must be heard at once."""
    mobile, _ = clients
    number = {"number": "103", "receive": "never"}
    await mobile.session.request("PUT", "/alternative-number", number)

    async def away() -> float:
        call_id = await mobile.dial("102")
        await mobile.phase(call_id, "connected")
        await mobile.hears(call_id, BERTA)
        await mobile.until(
            lambda: "alternative" in [place["to"] for place in mobile.calls[call_id]["moves"]],
            "the alternative number is offered",
        )
        with ear_of_phone(parts, "102") as far, ear_of_phone(parts, "103") as there:
            await asyncio.sleep(LISTEN_S)
            await mobile.do("move", call_id=call_id, to="alternative")
            await heard_from(far, ALTERNATIVE)
            await heard_from(there, BERTA)
        assert there.connected_at is not None
        at_far = longest_pause_s([far])
        at_near = there.times_of([BERTA])[0] - there.connected_at
        print(f"alternative: {at_far * 1000:.0f} ms at the far end, {at_near * 1000:.0f} ms there")
        parts.phone("103").hang_up()
        await mobile.phase(call_id, "ended")
        return max(at_far, at_near)

    assert await pause_s(away, LIMIT_S, "the alternative number") <= LIMIT_S + SLACK_S
    await mobile.session.request("PUT", "/alternative-number", {"number": None})
