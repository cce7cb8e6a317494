"""What is different between two views of a device: for whoever passes it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.csta.view.model import CallView, DeviceView, Ended


@dataclass(frozen=True, slots=True)
class CallAppeared:
    call: CallView


@dataclass(frozen=True, slots=True)
class CallChanged:
    before: CallView
    call: CallView


@dataclass(frozen=True, slots=True)
class CallEnded:
    """`end.became` names the call that goes on in its place."""

    call: CallView
    end: Ended


@dataclass(frozen=True, slots=True)
class FeaturesChanged:
    view: DeviceView


Change: TypeAlias = CallAppeared | CallChanged | CallEnded | FeaturesChanged


def changes(before: DeviceView, after: DeviceView) -> list[Change]:
    found: list[Change] = []
    for call in after.calls:
        old = before.call(call.call_id)
        if old is None:
            found.append(CallAppeared(call))
        elif old != call:
            found.append(CallChanged(old, call))
    for call in before.calls:
        if after.call(call.call_id) is None:
            found.append(CallEnded(call, after.end_of(call.call_id) or Ended(call.call_id)))
    if _features(before) != _features(after):
        found.append(FeaturesChanged(after))
    return found


def _features(view: DeviceView) -> tuple[object, ...]:
    return (
        view.do_not_disturb,
        view.message_waiting,
        view.in_service,
        view.forwarding,
        view.hunt_groups,
    )
