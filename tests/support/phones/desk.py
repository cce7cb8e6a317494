"""A real phone in the place of a user's desk phone at the whole chain's PBX."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.call_stack import PBX_PASSWORD, Parts, call_stack
from tests.support.device_client import Device
from tests.support.phones.baresip import Baresip
from tests.support.phones.linphone import Linphone
from tests.support.phones.phone import Phone

KINDS = {"baresip": Baresip, "linphone": Linphone}
#: What the real phone says.
PHONE_HZ = 620


class Desk(NamedTuple):
    """The whole chain, and the real phone at it; all other desk phones are the emulator's."""

    parts: Parts
    phone: Phone

    async def hears(self, device: Device, number: str, hertz: float) -> None:
        """The emulated phone of this number; ``device`` waits for it."""
        emulated = self.parts.phone(number)
        await device.until(
            lambda: (end := emulated.active) is not None and end.heard.tone(hertz, 0.5).heard,
            f"{number} hears {hertz} Hz",
        )

    @asynccontextmanager
    async def for_one_test(self, tones: Mapping[str, float]) -> AsyncIterator[None]:
        """Emulated phones that answer at once with their tone; nothing is left of it afterwards."""
        for number, hertz in tones.items():
            self.parts.phone(number).say(f"tone:{hertz}")
            self.parts.phone(number).answer_after(0)
        yield
        # Whatever the test left the phone in is over at the PBX, and forgotten.
        for call in list(self.parts.pbx.calls.values()):
            call.hang_up()
        self.phone.forget()
        await self.parts.sign_off()
        await self.parts.nothing_left()


@asynccontextmanager
async def open_desk(kind: str, folder: Path, number: str) -> AsyncIterator[Desk]:
    """The desk phone of this extension is real, registered, watched and commanded over CSTA."""
    user = f"5{number}"
    async with call_stack(folder, csta=True) as parts:
        assert parts.emulator is not None
        server = parts.emulator.addresses["sip_udp"]
        made = KINDS[kind](folder, user=user, server=server, password=PBX_PASSWORD, says=PHONE_HZ)
        async with made as phone:
            await parts.line_registered(user)
            await parts.control_works()
            yield Desk(parts, phone)
