"""Carries out dialled feature codes: a tone says it was done, 403 that it was not."""

from __future__ import annotations

from emulator.phones.local_end import LocalEnd, Script
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Kind
from emulator.switch.codes import Code, CodeTable, Dialled
from emulator.switch.features import FeatureStore, Origin, When
from emulator.switch.model import SwitchError
from media.endpoint import ToneSource

_FORWARDINGS = {
    Code.FORWARD: (When.IMMEDIATE, Origin.ANY),
    Code.FORWARD_EXTERNAL: (When.IMMEDIATE, Origin.EXTERNAL),
    Code.FORWARD_INTERNAL: (When.IMMEDIATE, Origin.INTERNAL),
    Code.FORWARD_BUSY: (When.BUSY, Origin.ANY),
    Code.FORWARD_NO_ANSWER: (When.NO_ANSWER, Origin.ANY),
}
_DONE = ToneSource.sine(425).read(8000)  # a second of it: positive acknowledgement


async def confirmed(end: LocalEnd) -> None:
    end.pick_up()
    await end.say(_DONE)


async def _refused(end: LocalEnd) -> None:
    end.fail(403)


class FeatureCodes:
    def __init__(self, plan: DialPlan, features: FeatureStore, table: CodeTable) -> None:
        self._plan = plan
        self._features = features
        self._table = table

    def find(self, dialled: str) -> Dialled | None:
        """The code in a dialled string; None for a plain number, and numbers of the plan win."""
        return None if self._plan.resolve(dialled) is not None else self._table.find(dialled)

    def code(self, code: Code) -> str | None:
        """What has to be dialled for it."""
        return self._table.text(code)

    def script(self, found: Dialled, caller: str) -> Script:
        """Carries a code out at once; what answers the call that dialled it."""
        try:
            self._carry_out(found, caller)
        except SwitchError:
            return _refused
        return confirmed

    def _carry_out(self, dialled: Dialled, caller: str) -> None:
        features, code = self._features, dialled.code
        if code in _FORWARDINGS:
            if self._plan.resolve(dialled.argument) is None:
                raise SwitchError("invalidForwardingDestination")
            when, origin = _FORWARDINGS[code]
            features.set_forwarding(caller, when, dialled.argument, origin)
        elif code is Code.FORWARD_OFF:
            for when, origin in list(features.of(caller).forwardings):
                features.set_forwarding(caller, when, None, origin)
        elif code in (Code.DND_ON, Code.DND_OFF):
            features.set_do_not_disturb(caller, code is Code.DND_ON)
        elif code in (Code.WAITING_ON, Code.WAITING_OFF):
            features.of(caller).call_waiting = code is Code.WAITING_ON
        elif code in (Code.GROUP_JOIN, Code.GROUP_LEAVE):
            self._groups(dialled, caller)
        elif code is Code.RESET:
            features.reset(caller)
        else:
            raise SwitchError("serviceNotSupported", code)

    def _groups(self, dialled: Dialled, caller: str) -> None:
        """One group, or all that the caller is a member of."""
        groups = [
            group.number
            for group in self._plan
            if group.kind is Kind.GROUP
            and caller in group.members
            and dialled.argument in ("", group.number)
        ]
        if not groups:
            raise SwitchError("invalidDeviceID", "no such group")
        for group in groups:
            self._features.set_group(caller, group, dialled.code is Code.GROUP_JOIN)
