"""What is around call control of one node, and the same for all of its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.calls.journaling import Journaling
from gateway.calls.model import CallsConfig
from gateway.calls.owner import Clock
from gateway.calls.sip import LineLink
from gateway.ports import (
    DeviceRegistry,
    EventSink,
    LineDirectory,
    NumberNormaliser,
    SetupStage,
    UserKey,
)
from media.engine import MediaEngine


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``journal`` is shared by whoever carries a Call on: its writes keep their order."""

    lines: LineDirectory
    numbers: NumberNormaliser
    journal: Journaling
    devices: DeviceRegistry
    events: EventSink
    engine: MediaEngine
    link: LineLink
    setup_stage: SetupStage
    refuses_calls: Callable[[UserKey], bool]
    config: CallsConfig
    clock: Clock
    new_id: Callable[[], str]
