"""What the two kinds of Calls, those of our devices and those at desk phones, have in common."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from gateway.calls.service import Calls
from gateway.connectors.wiring import _control
from gateway.ports import CallPorts
from tests.support.call_script import incoming
from tests.support.gateway_ports import FakeNumbers, soon
from tests.support.gateway_rig import Rig, gateway_rig


def _ports(rig: Rig) -> CallPorts:
    return CallPorts(
        lines=rig.lines,
        directory=rig.directory,
        numbers=FakeNumbers(),
        journal=rig.journal,
        devices=rig.devices,
        events=rig.sink,
        tokens=rig.tokens,
    )


def _journal_of_the_desk(calls: Calls):
    return calls.desk._desk._journal


async def test_a_call_that_goes_on_at_the_desk_phone_keeps_the_order_of_its_writes(
    tmp_path: Path,
) -> None:
    async with gateway_rig(tmp_path) as rig, AsyncExitStack() as stack:
        _control(_ports(rig), rig.edge, rig.calls, stack)
        rig.calls.journal._retry_after = 0.01
        call = incoming()
        rig.journal.broken = True
        await rig.calls.journal.open(call)
        rig.journal.broken = False
        await _journal_of_the_desk(rig.calls).answered(call, None)
        await soon(lambda: len(rig.journal.log) == 2)
        assert rig.journal.log == [("open", call.id), ("answered", call.id)]
