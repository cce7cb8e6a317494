"""Misbehaviour on demand: what a PBX does on a bad day, switched by tests and by the console.

Every switch is off in a fresh PBX. They change only what leaves us; our own state stays honest.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field


class FaultSettings(BaseModel):
    """The switches as the API shows and takes them."""

    model_config = ConfigDict(extra="forbid")

    refuse_with: int | None = Field(
        default=None, ge=400, le=699, description="status for every new call of a device"
    )
    deaf: bool = Field(default=False, description="REGISTER and INVITE get no final answer")
    answer_delay: float = Field(
        default=0.0, ge=0, le=300, description="seconds by which services answer later"
    )
    skip_ringing: bool = Field(default=False, description="200 without a 180 before it")
    no_bye: bool = Field(default=False, description="devices are not told that a call has ended")
    no_telephone_event: bool = Field(
        default=False, description="our phones neither offer nor take RFC 4733 events"
    )
    mute: bool = Field(default=False, description="our phones and services send no RTP")
    rtp_loss: float = Field(
        default=0.0, ge=0, le=1, description="share of our RTP packets that are not sent"
    )
    trunks_full: bool = Field(
        default=False, description="calls to numbers outside get 503: no circuit is free"
    )
    csta_delay: float = Field(
        default=0.0, ge=0, le=60, description="seconds by which CSTA requests are answered later"
    )
    csta_deaf: bool = Field(default=False, description="CSTA requests get no answer")
    csta_reorder: bool = Field(
        default=False, description="of every two CSTA events the second overtakes the first"
    )
    csta_garbled: float = Field(
        default=0.0, ge=0, le=1, description="share of CSTA events that cannot be read"
    )


@dataclass
class Faults:
    """The switches in force. ``drops_packet`` decides per RTP packet, reproducibly."""

    now: FaultSettings = field(default_factory=FaultSettings)
    _random: random.Random = field(default_factory=lambda: random.Random(4733))

    def garbles_event(self) -> bool:
        share = self.now.csta_garbled
        return share > 0 and self._random.random() < share

    def drops_packet(self) -> bool:
        if self.now.mute:
            return True
        return self.now.rtp_loss > 0 and self._random.random() < self.now.rtp_loss
