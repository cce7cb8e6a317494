"""Why it rang, or did not: what each device did in an incoming Call, kept with its journal entry.

Support's timeline (``owner.note``) is for engineers and goes with the process; this is for the user
and stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TrailCode = Literal[
    "rang",
    "rings_later",  # detail: after so many seconds
    "kept_silent",  # the user lets only the desk phone ring
    "silenced",
    "went_away",
    "answered",
    "answer_failed",
    "declined",
    "busy",
    "do_not_disturb",
    "too_many_calls",
    "no_device",
]

#: A device whose connection flaps must not make the entry grow: its beginning is what explains.
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class TrailStep:
    at: float
    code: TrailCode
    device_id: str | None = None
    detail: str = ""
