"""The main job in Firefox ESR."""

from __future__ import annotations

from tests.support.browsers import FIREFOX_TONE_HZ, firefox
from tests.support.demo_stack import DemoStack
from tests.support.desk_phones import Console
from tests.support.softphone import open_softphone

ANNA = "anna@example.test"


async def test_firefox_dials_and_is_dialled_with_audio_both_ways(demo: DemoStack) -> None:
    async with (
        firefox() as browser,
        # Firefox over BiDi takes no permission grants; its preferences allow the microphone.
        open_softphone(browser, demo.url, permissions=()) as phone,
        Console(demo.console) as console,
    ):
        await phone.sign_in(ANNA, demo.password(ANNA))
        await phone.dial("715")
        await phone.allow_microphone()
        await phone.expect_in_call()
        await phone.expect_energy(0.02)
        await console.expect_heard("715", FIREFOX_TONE_HZ)
        await phone.hang_up()
        await phone.expect_idle(1000)
        await console.expect_state("715", "idle", within_s=1.0)

        await console.dial("715", "101")
        await phone.answer()
        await phone.expect_energy(0.02)
        await console.expect_heard("715", FIREFOX_TONE_HZ)
        await console.hang_up("715")
        await phone.expect_idle(1000)
