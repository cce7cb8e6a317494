"""A real phone in the place of a user's desk phone at the whole chain's PBX."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.call_stack import PBX_PASSWORD, Parts
from tests.support.phones.baresip import Baresip
from tests.support.phones.linphone import Linphone
from tests.support.phones.phone import Phone

KINDS = {"baresip": Baresip, "linphone": Linphone}


@asynccontextmanager
async def desk_phone(
    kind: str, folder: Path, parts: Parts, number: str, *, says: float
) -> AsyncIterator[Phone]:
    """The desk phone of this extension, registered; it speaks a tone into its calls."""
    assert parts.emulator is not None
    user = f"5{number}"
    server = parts.emulator.addresses["sip_udp"]
    made = KINDS[kind](folder, user=user, server=server, password=PBX_PASSWORD, says=says)
    async with made as phone:
        await parts.line_registered(user)
        yield phone


async def off_the_hook_no_more(parts: Parts, phone: Phone) -> None:
    """Whatever a test left the phone in is over at the PBX, and forgotten."""
    for call in list(parts.pbx.calls.values()):
        call.hang_up()
    phone.forget()
