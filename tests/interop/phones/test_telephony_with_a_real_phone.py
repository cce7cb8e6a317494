"""The app's telephony with a desk phone that is not ours: Berta's (102) is a real baresip or
linphone, Anna has the app, Carla's (103) is the emulator's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from media.audio import measure, wav
from tests.scenario.test_desk_phone_holds_a_device import hears_music
from tests.support.call_stack import BERTA
from tests.support.device_client import Device
from tests.support.media_peers import BrowserPeer, goertzel_share
from tests.support.phones.baresip import Baresip
from tests.support.phones.desk import PHONE_HZ, Desk, open_desk
from tests.support.phones.linphone import Linphone

pytestmark = pytest.mark.asyncio(loop_scope="module")

CARLA = "103"
ANNA_HZ, CARLA_HZ = 900, 700
MUSIC = wav.prompt("music-on-hold")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["baresip", "linphone"])
async def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    folder = tmp_path_factory.mktemp("stack")
    async with open_desk(request.param, folder, "102") as desk:
        yield desk


@pytest_asyncio.fixture(loop_scope="module")
async def desk(opened: Desk) -> AsyncIterator[Desk]:
    async with opened.for_one_test({CARLA: CARLA_HZ}):
        yield opened


async def talking(desk: Desk) -> tuple[Device, str]:
    """Anna's app talks to the real phone."""
    anna = await desk.parts.device(hertz=ANNA_HZ)
    call_id = await anna.dial("102")
    await desk.phone.incoming()
    await desk.phone.accept()
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, PHONE_HZ)
    await desk.phone.hears(ANNA_HZ)
    return anna, call_id


async def hear_again(desk: Desk, anna: Device, call_id: str) -> None:
    await anna.hears(call_id, PHONE_HZ)
    await desk.phone.hears_on(ANNA_HZ)


async def taken_back(desk: Desk, anna: Device, call_id: str) -> None:
    """After the phone's own hold; its PBX sent it nothing meanwhile."""
    await is_held(anna, call_id, "none")
    await anna.hears(call_id, PHONE_HZ)
    if isinstance(desk.phone, Linphone):  # of baresip there is nothing to see
        await desk.phone.hears(ANNA_HZ)


async def is_held(anna: Device, call_id: str, by: str) -> None:
    await anna.until(lambda: anna.calls[call_id]["hold"] == by, f"hold {by}")


async def phone_hears(desk: Desk, device: Device, wanted: Callable[[bytes], bool]) -> None:
    """What it records, where that goes on (see ``Baresip.hears_on``)."""
    if isinstance(desk.phone, Baresip):
        await desk.phone.hears_on(0)
        return

    def heard() -> bool:
        samples = np.array(desk.phone.heard(0.6)) * 32767
        return wanted(samples.astype("<i2").tobytes())

    await device.until(heard, "the phone hears what it should")


def share(peer: BrowserPeer, hertz: float) -> float:
    last = bytes(peer.heard[-int(peer.rate * 0.5) * 2 :])
    return goertzel_share(last, hertz, peer.rate)


def is_music(pcm: bytes) -> bool:
    return bool(measure.correlation(MUSIC, pcm) > 0.8)


def is_both(pcm: bytes) -> bool:
    return all(measure.share(pcm, hertz) > 0.1 for hertz in (ANNA_HZ, CARLA_HZ))


async def transferred(anna: Device, *call_ids: str) -> None:
    for call_id in call_ids:
        assert (await anna.phase(call_id, "ended"))["reason"] == "transferred"


async def carla_and_the_phone_talk(desk: Desk, device: Device, *, anew: bool = False) -> None:
    """``anew``: it is a call that began with the two of them."""
    await (desk.phone.hears(CARLA_HZ) if anew else desk.phone.hears_on(CARLA_HZ))
    await desk.hears(device, CARLA, PHONE_HZ)


# -- hold ------------------------------------------------------------------------------------------


async def test_the_app_holds_the_phone(desk: Desk) -> None:
    anna, call_id = await talking(desk)
    await anna.do("hold", call_id=call_id)
    await is_held(anna, call_id, "local")
    await phone_hears(desk, anna, is_music)
    await anna.do("retrieve", call_id=call_id)
    await is_held(anna, call_id, "none")
    await hear_again(desk, anna, call_id)
    await desk.phone.hang_up()
    assert (await anna.phase(call_id, "ended"))["reason"] == "hung_up"


async def test_the_phone_holds_the_app(desk: Desk) -> None:
    anna, call_id = await talking(desk)
    await desk.phone.hold()
    await is_held(anna, call_id, "remote")
    await anna.until(lambda: hears_music(anna.peers[call_id]), "music")
    await desk.phone.resume()
    await taken_back(desk, anna, call_id)


# -- two calls -------------------------------------------------------------------------------------


async def test_the_app_has_two_calls_and_swaps(desk: Desk) -> None:
    anna, first = await talking(desk)
    second = await anna.dial("103")
    await anna.phase(second, "connected")
    await phone_hears(desk, anna, is_music)
    await anna.hears(second, CARLA_HZ)
    await anna.do("swap", call_id=second)
    await is_held(anna, first, "none")
    await is_held(anna, second, "local")
    await hear_again(desk, anna, first)


async def test_the_phone_takes_a_second_call_and_goes_back(desk: Desk) -> None:
    anna, call_id = await talking(desk)
    await desk.parts.phone(CARLA).dial("102")
    await desk.phone.incoming()
    await desk.phone.accept()
    await is_held(anna, call_id, "remote")
    await carla_and_the_phone_talk(desk, anna, anew=True)
    desk.parts.phone(CARLA).hang_up()
    await desk.phone.ended()
    await desk.phone.resume()
    await taken_back(desk, anna, call_id)


# -- transfer --------------------------------------------------------------------------------------


async def test_the_phone_is_transferred(desk: Desk) -> None:
    anna, call_id = await talking(desk)
    await anna.do("transfer", call_id=call_id, to="103")
    await transferred(anna, call_id)
    await carla_and_the_phone_talk(desk, anna)


async def test_a_call_is_transferred_to_the_phone(desk: Desk) -> None:
    anna = await desk.parts.device(hertz=ANNA_HZ)
    call_id = await anna.dial("103")
    await anna.phase(call_id, "connected")
    await anna.do("transfer", call_id=call_id, to="102")
    await desk.phone.incoming()
    await desk.phone.accept()
    await transferred(anna, call_id)
    await carla_and_the_phone_talk(desk, anna, anew=True)


async def test_the_phone_is_transferred_after_asking(desk: Desk) -> None:
    anna, first = await talking(desk)
    second = (await anna.do("consult", call_id=first, to="103"))["call"]["id"]
    await anna.bring_sound(second)
    await anna.phase(second, "connected")
    await anna.do("transfer", call_id=first, **{"with": second})
    await transferred(anna, first, second)
    await carla_and_the_phone_talk(desk, anna)


async def test_the_phone_is_asked_and_gets_the_call(desk: Desk) -> None:
    anna = await desk.parts.device(hertz=ANNA_HZ)
    first = await anna.dial("103")
    await anna.phase(first, "connected")
    second = (await anna.do("consult", call_id=first, to="102"))["call"]["id"]
    await anna.bring_sound(second)
    await desk.phone.incoming()
    await desk.phone.accept()
    await anna.phase(second, "connected")
    await anna.hears(second, PHONE_HZ)
    await anna.do("transfer", call_id=first, **{"with": second})
    await transferred(anna, first, second)
    await carla_and_the_phone_talk(desk, anna)


async def test_the_phone_transfers_the_app(desk: Desk) -> None:
    anna, call_id = await talking(desk)
    await desk.phone.transfer("103")
    await desk.phone.ended()
    await anna.hears(call_id, CARLA_HZ)
    await desk.hears(anna, CARLA, ANNA_HZ)
    assert anna.calls[call_id]["phase"] == "connected"


@pytest.mark.parametrize("opened", ["linphone"], indirect=True)  # baresip 1.0 knows no Replaces
async def test_the_phone_asks_and_hands_the_app_over(desk: Desk) -> None:
    anna, call_id = await talking(desk)
    assert isinstance(desk.phone, Linphone)
    await desk.phone.hold()
    await is_held(anna, call_id, "remote")
    await desk.phone.dial("103")
    await desk.hears(anna, CARLA, PHONE_HZ)
    await desk.phone.join()
    await anna.hears(call_id, CARLA_HZ)
    await desk.hears(anna, CARLA, ANNA_HZ)
    await is_held(anna, call_id, "none")


# -- conference ------------------------------------------------------------------------------------


async def test_the_app_joins_the_phone_and_carla(desk: Desk) -> None:
    anna, first = await talking(desk)
    second = (await anna.do("consult", call_id=first, to="103"))["call"]["id"]
    await anna.bring_sound(second)
    await anna.phase(second, "connected")
    await anna.until(lambda: "merge" in anna.calls[second]["actions"], "merge is offered")
    await anna.do("merge", call_id=second, **{"with": first})
    assert (await anna.phase(first, "ended"))["reason"] == "merged"
    await anna.until(lambda: anna.calls[second]["kind"] == "conference", "a conference")
    await phone_hears(desk, anna, is_both)
    await anna.until(
        lambda: all(share(anna.peers[second], hz) > 0.1 for hz in (PHONE_HZ, CARLA_HZ)),
        "the app hears both others",
    )
    desk.parts.phone(CARLA).hang_up()
    await anna.hears(second, PHONE_HZ)


# -- settings and what rings where -----------------------------------------------------------------


async def test_a_forwarded_call_rings_at_the_phone(desk: Desk) -> None:
    anna = await desk.parts.device(hertz=ANNA_HZ)
    await anna.rest("PUT", "/forwarding/immediate", json={"active": True, "to": "102"})
    await desk.parts.phone(CARLA).dial("101")
    await desk.phone.incoming()
    await desk.phone.accept()
    await carla_and_the_phone_talk(desk, anna, anew=True)
    await anna.rest("PUT", "/forwarding/immediate", json={"active": False})
    assert not [name for name, _ in anna.events if name == "ring.offer"]


async def test_the_phone_sets_forwarding_and_the_app_shows_it(desk: Desk) -> None:
    berta = await desk.parts.device(BERTA)

    def shown() -> Any:
        told = [payload for name, payload in berta.events if name == "forwarding.changed"]
        entries = {entry["kind"]: entry for entry in told[-1]["entries"]} if told else {}
        return entries.get("immediate")

    await desk.phone.dial("*11103")
    await berta.until(lambda: (e := shown()) and e["active"], "forwarding is shown")
    assert shown()["to"]["canonical"] == "103"
    await desk.phone.ended()
    anna = await desk.parts.device(hertz=ANNA_HZ)
    call_id = await anna.dial("102")
    await anna.phase(call_id, "connected")
    await anna.hears(call_id, CARLA_HZ)
    await berta.rest("PUT", "/forwarding/immediate", json={"active": False})
    await berta.until(lambda: (e := shown()) and not e["active"], "no forwarding any more")


async def test_do_not_disturb_by_the_phone_and_off_in_the_app(desk: Desk) -> None:
    berta = await desk.parts.device(BERTA)

    def quiet() -> bool:
        told = [
            payload["presence"] if name == "snapshot" else payload["own"]
            for name, payload in berta.events
            if name == "snapshot" or (name == "presence.changed" and payload["own"])
        ]
        return bool(told[-1]["do_not_disturb"]["on"])

    await desk.phone.dial("*97")
    await berta.until(quiet, "do not disturb is shown")
    await desk.phone.ended()
    anna = await desk.parts.device(hertz=ANNA_HZ)
    refused = await anna.dial("102")
    assert (await anna.phase(refused, "ended"))["reason"] == "busy"
    await berta.rest("PATCH", "/presence", json={"do_not_disturb": {"on": False}})
    call_id = await anna.dial("102")
    await desk.phone.incoming()
    await anna.hang_up(call_id)
    await desk.phone.ended()


async def test_the_phone_picks_up_what_rings_in_the_app(desk: Desk) -> None:
    anna = await desk.parts.device(hertz=ANNA_HZ)
    await desk.parts.phone(CARLA).dial("101")
    call_id = await anna.ringing()
    await desk.phone.dial("*59101")
    await carla_and_the_phone_talk(desk, anna, anew=True)
    await anna.phase(call_id, "ended")
    assert (await anna.entry(call_id))["kind"] != "missed"
