"""What a number can stand for."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """What answers when an extension is called."""

    USER = "user"  # desk phone and client line of a person, ringing in parallel
    SPEAKER = "speaker"  # answers after a moment and speaks
    ECHO = "echo"
    TONE = "tone"
    BUSY = "busy"
    NEVER = "never"  # rings for ever
    UNAVAILABLE = "unavailable"
    ANNOUNCEMENT = "announcement"  # an announcement as early media, then a failure
    VOICEMAIL = "voicemail"
    GROUP = "group"  # a hunt group: rings its members


class Extension(BaseModel):
    """One number of the plan.

    A ``user`` has two devices: the desk phone, which registers as ``5`` + number (a virtual one
    stands in for it while none does), and the client line, which the connector registers as
    ``6`` + number; ``more_devices`` ring with the desk phone. Callers see none of them, only
    ``number`` and ``name``; all of them share its lamp and its being busy.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: str = Field(pattern=r"^[0-9*#]{1,15}$")
    name: str = Field(max_length=64)
    kind: Kind = Kind.USER
    virtual_desk: bool = Field(default=True, description="users: stand in for a missing desk phone")
    mailbox: bool = Field(default=True, description="users: voicemail takes what nobody answers")
    prompt: str = Field(default="speaker", description="speaker, announcement: which prompt")
    frequency: int = Field(default=440, ge=50, le=3400, description="tone: in hertz")
    answer_after: float = Field(default=0.0, ge=0, le=60, description="seconds of ringing")
    status: int = Field(
        default=404, ge=400, le=699, description="announcement: the failure after it"
    )
    members: tuple[str, ...] = Field(default=(), description="group: the numbers of its members")
    ringing: Literal["serial", "parallel"] = Field(default="serial", description="group: how")
    external: bool = Field(default=False, description="its calls count as coming from outside")
    more_devices: tuple[str, ...] = Field(
        default=(), description="users: further devices, by the names they register as"
    )
    pickup_group: str | None = Field(default=None, description="users: who may pick up for whom")

    @property
    def desk_user(self) -> str:
        return f"5{self.number}"

    @property
    def line_user(self) -> str:
        return f"6{self.number}"

    @property
    def desk_users(self) -> tuple[str, ...]:
        """What rings on the desk: all but the client line."""
        return (self.desk_user, *self.more_devices)

    @property
    def device_users(self) -> tuple[str, ...]:
        if self.kind is not Kind.USER:
            return ()
        return (self.desk_user, self.line_user, *self.more_devices)
