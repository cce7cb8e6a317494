"""The three small machines of a Call, as tables; the diagram in docs/calls.md is drawn from them.

Each machine has one writer, :mod:`gateway.calls.step`. An edge that is not in its table is a
mistake of our own code and raises :class:`IllegalTransition`; what a *peer* may send at the wrong
moment is absorbed earlier, by the step function.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class Phase(StrEnum):
    """Where a Call is in its life."""

    DIALLING = "dialling"
    RINGING_OUT = "ringing_out"
    EARLY = "early"
    RINGING_IN = "ringing_in"
    CONNECTED = "connected"
    ENDED = "ended"


class PhaseInput(StrEnum):
    """What moves a Call from one phase to the next."""

    RINGING = "ringing"  # the far end rings, no sound of its own
    EARLY_MEDIA = "early_media"  # the far end sends sound before it answers
    ANSWERED = "answered"
    ENDED = "ended"


class Hold(StrEnum):
    """Who holds the Call; meaningful in ``connected`` only."""

    NONE = "none"
    LOCAL = "local"
    REMOTE = "remote"
    BOTH = "both"


class HoldInput(StrEnum):
    LOCAL_HOLD = "local_hold"
    LOCAL_RETRIEVE = "local_retrieve"
    REMOTE_HOLD = "remote_hold"
    REMOTE_RETRIEVE = "remote_retrieve"


class Media(StrEnum):
    """One device leg. ``attached``: its secure path is up; whether it is in use, the Call knows."""

    NONE = "none"
    ATTACHING = "attaching"
    ATTACHED = "attached"
    LOST = "lost"


class MediaInput(StrEnum):
    OFFERED = "offered"  # the device sent an offer for a new or a repaired path
    CONNECTED = "connected"  # DTLS done, fingerprint matched
    SILENT = "silent"  # nothing heard for too long, or the device closed the path
    HEARD = "heard"
    DROPPED = "dropped"


class EndReason(StrEnum):
    """Why a Call ended."""

    HUNG_UP = "hung_up"
    DECLINED = "declined"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    CANCELLED = "cancelled"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    UNREACHABLE = "unreachable"
    FORWARDED = "forwarded"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    BLOCKED = "blocked"
    NOT_HELD = "not_held"  # another Call of the user could not be put on hold for it
    MEDIA_FAILED = "media_failed"
    NODE_FAILED = "node_failed"


PHASES: Mapping[tuple[Phase, PhaseInput], Phase] = {
    (Phase.DIALLING, PhaseInput.RINGING): Phase.RINGING_OUT,
    (Phase.DIALLING, PhaseInput.EARLY_MEDIA): Phase.EARLY,
    (Phase.DIALLING, PhaseInput.ANSWERED): Phase.CONNECTED,
    (Phase.DIALLING, PhaseInput.ENDED): Phase.ENDED,
    (Phase.RINGING_OUT, PhaseInput.EARLY_MEDIA): Phase.EARLY,
    (Phase.RINGING_OUT, PhaseInput.ANSWERED): Phase.CONNECTED,
    (Phase.RINGING_OUT, PhaseInput.ENDED): Phase.ENDED,
    (Phase.EARLY, PhaseInput.ANSWERED): Phase.CONNECTED,
    (Phase.EARLY, PhaseInput.ENDED): Phase.ENDED,
    (Phase.RINGING_IN, PhaseInput.ANSWERED): Phase.CONNECTED,
    (Phase.RINGING_IN, PhaseInput.ENDED): Phase.ENDED,
    (Phase.CONNECTED, PhaseInput.ENDED): Phase.ENDED,
}

HOLDS: Mapping[tuple[Hold, HoldInput], Hold] = {
    (Hold.NONE, HoldInput.LOCAL_HOLD): Hold.LOCAL,
    (Hold.NONE, HoldInput.REMOTE_HOLD): Hold.REMOTE,
    (Hold.LOCAL, HoldInput.LOCAL_RETRIEVE): Hold.NONE,
    (Hold.LOCAL, HoldInput.REMOTE_HOLD): Hold.BOTH,
    (Hold.REMOTE, HoldInput.LOCAL_HOLD): Hold.BOTH,
    (Hold.REMOTE, HoldInput.REMOTE_RETRIEVE): Hold.NONE,
    (Hold.BOTH, HoldInput.LOCAL_RETRIEVE): Hold.REMOTE,
    (Hold.BOTH, HoldInput.REMOTE_RETRIEVE): Hold.LOCAL,
}

MEDIA: Mapping[tuple[Media, MediaInput], Media] = {
    (Media.NONE, MediaInput.OFFERED): Media.ATTACHING,
    (Media.ATTACHING, MediaInput.OFFERED): Media.ATTACHING,
    (Media.ATTACHING, MediaInput.CONNECTED): Media.ATTACHED,
    (Media.ATTACHING, MediaInput.SILENT): Media.LOST,
    (Media.ATTACHING, MediaInput.DROPPED): Media.NONE,
    # An ICE restart keeps the association: the path is still up while it moves.
    (Media.ATTACHED, MediaInput.OFFERED): Media.ATTACHED,
    (Media.ATTACHED, MediaInput.CONNECTED): Media.ATTACHED,
    (Media.ATTACHED, MediaInput.HEARD): Media.ATTACHED,
    (Media.ATTACHED, MediaInput.SILENT): Media.LOST,
    (Media.ATTACHED, MediaInput.DROPPED): Media.NONE,
    (Media.LOST, MediaInput.OFFERED): Media.ATTACHING,
    (Media.LOST, MediaInput.CONNECTED): Media.ATTACHED,
    (Media.LOST, MediaInput.HEARD): Media.ATTACHED,
    (Media.LOST, MediaInput.SILENT): Media.LOST,
    (Media.LOST, MediaInput.DROPPED): Media.NONE,
}


class IllegalTransition(RuntimeError):
    """Our own code asked for an edge that does not exist."""

    def __init__(self, state: StrEnum, what: StrEnum) -> None:
        super().__init__(f"{type(state).__name__}: no edge {state} -- {what} -->")
        self.state = state
        self.what = what


State = TypeVar("State", bound=StrEnum)
Input = TypeVar("Input", bound=StrEnum)


def move(table: Mapping[tuple[State, Input], State], state: State, what: Input) -> State:
    """The next state, or :class:`IllegalTransition`."""
    try:
        return table[state, what]
    except KeyError:
        raise IllegalTransition(state, what) from None


def allows(table: Mapping[tuple[State, Input], State], state: State, what: Input) -> bool:
    return (state, what) in table


def diagram(table: Mapping[tuple[State, Input], State], start: tuple[State, ...]) -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", *(f"  [*] --> {state}" for state in start)]
    lines += [f"  {source} --> {target}: {what}" for (source, what), target in table.items()]
    targets = set(table.values())
    sources = {source for source, _ in table}
    lines += [f"  {state} --> [*]" for state in sorted(targets - sources)]
    return "\n".join(lines) + "\n"
