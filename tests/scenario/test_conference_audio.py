"""Ten people in one conference of the PBX, one of them on a mobile client: each hears all nine
others and not itself, and who leaves is no longer heard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from emulator.plan.model import Extension
from media.endpoint import ToneSource
from tests.support.call_stack import ANNA, PASSWORD, Parts, call_stack
from tests.support.hearing import tones_of
from tests.support.mobile_client import MobileClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOBILE, OWNER = "101", "102"
DESKS = [str(number) for number in range(102, 111)]
#: 300 Hz apart, and each so quiet that all of them together are not clipped.
TONES = {number: 400 + 300 * place for place, number in enumerate([MOBILE, *DESKS])}
AMPLITUDE, LEVEL_DB = 0.08, -25.0


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["business", "voice", "os4000"])
async def parts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Parts]:
    colleagues = [
        Extension(number=number, name=f"User {number}", mailbox=False) for number in DESKS[2:]
    ]
    folder = tmp_path_factory.mktemp("stack")
    async with call_stack(folder, profile=request.param, colleagues=colleagues) as parts:
        yield parts
        await parts.sign_off()
        await parts.nothing_left()


async def gather(parts: Parts, mobile: MobileClient) -> str:
    """The owner's desk phone calls one after the other, and brings all of them together."""
    owner = parts.phone(OWNER)
    for number in DESKS[1:]:
        parts.phone(number).answer_after(0)
        await (owner.consult if owner.active else owner.dial)(number)
        await mobile.until(lambda: owner.state == "connected", f"{number} answers")
        speak(parts, number)
    await owner.consult(MOBILE)
    call_id = await mobile.rings()
    await mobile.answer(call_id)
    await mobile.phase(call_id, "connected")
    await mobile.until(lambda: owner.state == "connected", "the mobile client answers")
    await owner.consult("*3")
    await mobile.until(lambda: owner.state == "connected", "the conference")
    speak(parts, OWNER)
    return call_id


def speak(parts: Parts, number: str) -> None:
    parts.phone(number).active.set_source(ToneSource.sine(TONES[number], LEVEL_DB))


async def each_hears_all_others(parts: Parts, mobile: MobileClient, present: list[str]) -> None:
    def heard(number: str) -> bytes:
        if number == MOBILE:
            (peer,) = mobile.peers.values()
            return bytes(peer.heard[-8000:])
        pcm: bytes = parts.phone(number).active.heard.pcm(0.5)
        return pcm

    all_tones = frozenset(TONES.values())
    for number in present:
        others = frozenset(TONES[other] for other in present if other != number)
        await mobile.until(
            lambda number=number, others=others: tones_of(heard(number), all_tones) == others,
            f"{number} hears {sorted(others)} Hz and nothing else",
        )


async def test_each_of_ten_hears_all_others_and_not_itself(parts: Parts) -> None:
    async with MobileClient(parts.url, hertz=TONES[MOBILE], amplitude=AMPLITUDE) as mobile:
        await mobile.sign_in(ANNA, PASSWORD)
        call_id = await gather(parts, mobile)
        present = [MOBILE, *DESKS]
        await each_hears_all_others(parts, mobile, present)
        parts.phone(OWNER).hang_up()
        present.remove(OWNER)
        await each_hears_all_others(parts, mobile, present)
        await mobile.hang_up(call_id)
        present.remove(MOBILE)
        await each_hears_all_others(parts, mobile, present)
