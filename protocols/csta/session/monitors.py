"""The devices that a client watches, and how far it is with each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from protocols.csta.message import ErrorResponse
from protocols.csta.session.actions import Failure
from protocols.csta.values import ErrorCategory

#: A PBX that has just started refuses for a moment what it will allow soon.
FIRST_RETRY = 1.0
LAST_RETRY = 300.0
#: After a snapshot that failed, for the call that it was about may just be ending.
RESYNC_DELAY = 1.0


class MonitorState(StrEnum):
    WANTED = "wanted"
    STARTING = "starting"
    ACTIVE = "active"
    REFUSED = "refused"


@dataclass(slots=True)
class Monitor:
    device: str
    state: MonitorState = MonitorState.WANTED
    cross_ref_id: str = ""
    failures: int = 0
    snapshot_pending: bool = False
    snapshot_failures: int = 0


class MonitorRegistry:
    """Wanted devices by name and by cross reference, with the times of what is due next."""

    def __init__(self) -> None:
        self._by_device: dict[str, Monitor] = {}
        self._by_cross_ref: dict[str, Monitor] = {}
        self.due: dict[str, float] = {}

    def get(self, device: str) -> Monitor | None:
        return self._by_device.get(device)

    def owner(self, cross_ref_id: str | None) -> Monitor | None:
        return None if cross_ref_id is None else self._by_cross_ref.get(cross_ref_id)

    def all(self) -> list[Monitor]:
        return list(self._by_device.values())

    def want(self, device: str) -> Monitor:
        return self._by_device.setdefault(device, Monitor(device))

    def forget(self, device: str) -> Monitor | None:
        monitor = self._by_device.pop(device, None)
        self.due.pop(device, None)
        if monitor is not None:
            self._by_cross_ref.pop(monitor.cross_ref_id, None)
        return monitor

    def activate(self, monitor: Monitor, cross_ref_id: str) -> None:
        monitor.state = MonitorState.ACTIVE
        monitor.failures = 0
        monitor.cross_ref_id = cross_ref_id
        self._by_cross_ref[cross_ref_id] = monitor

    def lose(self, monitor: Monitor) -> None:
        self._by_cross_ref.pop(monitor.cross_ref_id, None)
        monitor.state = MonitorState.WANTED
        monitor.cross_ref_id = ""
        monitor.snapshot_pending = False
        self.due.pop(monitor.device, None)

    def lose_all(self) -> None:
        for monitor in self._by_device.values():
            self.lose(monitor)

    def look_again(self, monitor: Monitor, now: float) -> None:
        """After a failed snapshot: soon, then ever later. A platform may refuse it for good."""
        wait: float = min(RESYNC_DELAY * 2**monitor.snapshot_failures, LAST_RETRY)
        monitor.snapshot_failures = min(monitor.snapshot_failures + 1, 9)
        self.due.setdefault(monitor.device, now + wait)

    def fail(self, monitor: Monitor, reason: ErrorResponse | Failure, now: float) -> float | None:
        """After a refusal: when to try again, None for never."""
        self.lose(monitor)
        if isinstance(reason, ErrorResponse) and reason.category is ErrorCategory.OPERATION:
            monitor.state = MonitorState.REFUSED  # no such device, or not to be monitored
            return None
        wait: float = min(FIRST_RETRY * 2**monitor.failures, LAST_RETRY)
        monitor.failures = min(monitor.failures + 1, 9)
        self.due[monitor.device] = now + wait
        return wait
