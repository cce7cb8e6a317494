"""Presence as clients see it. Pure."""

from __future__ import annotations

from datetime import datetime

from gateway.features.presence.choice import Choice
from gateway.features.presence.merge import Facts, Shown, seen_by_others, true_state
from gateway.features.presence.models import (
    OwnAudience,
    OwnDoNotDisturb,
    OwnNote,
    OwnPresence,
    OwnStatus,
    PersonPresence,
)
from gateway.ports import JsonObject


def own(choice: Choice, facts: Facts) -> OwnPresence:
    dnd = choice.dnd
    return OwnPresence(
        state=true_state(facts),
        seen_as=seen_by_others(facts),
        status=OwnStatus(value=choice.status, until=choice.status_until),
        do_not_disturb=OwnDoNotDisturb(
            on=dnd.on, until=dnd.until, since=dnd.since, by=dnd.by, at_pbx=dnd.at_pbx
        ),
        note=OwnNote(text=choice.note, until=choice.note_until),
        visible_to=OwnAudience(who=choice.audience, user_ids=sorted(choice.viewers)),
    )


def person(user_id: str, choice: Choice, facts: Facts) -> JsonObject:
    """For those who may see it."""
    state = seen_by_others(facts)
    return PersonPresence(
        user_id=user_id,
        state=state,
        until=_until(state, choice),
        note=choice.note,
        note_until=choice.note_until,
    ).model_dump(mode="json")


def hidden(user_id: str) -> JsonObject:
    """For everybody else: neither the state nor that there is one to hide."""
    return PersonPresence(
        user_id=user_id, state=Shown.UNKNOWN, until=None, note="", note_until=None
    ).model_dump(mode="json")


def _until(state: Shown, choice: Choice) -> datetime | None:
    """Never of a choice that does not show: it would tell of it."""
    if state is Shown.DO_NOT_DISTURB:
        return choice.dnd.until
    return choice.status_until if state is Shown.AWAY else None
