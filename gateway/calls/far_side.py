"""Who is on the other side, as another view of the Call (CTI) tells: of a conference that comes and
goes, and of a call that was fetched without knowing whose it is."""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import AskName, Publish
from gateway.calls.events import FarSide
from gateway.calls.model import CallState, Result
from gateway.calls.parties import Party
from gateway.calls.states import Phase


def told(state: CallState, event: FarSide) -> Result:
    before = state
    if event.participants and state.referral is not None and state.referral.kind == "merge":
        # who is in it then is said by the merge itself, which may not be over yet
        state = replace(state, followed=True, may_drop=event.may_drop)
    elif event.participants:
        kept = {party.number.canonical: party for party in state.participants}
        parties = tuple(_as_before(party, kept) for party in event.participants)
        state = replace(state, participants=parties, followed=True, may_drop=event.may_drop)
    elif state.followed:
        # who is left of a conference is spoken to alone
        alone = replace(state, participants=(), followed=False, may_drop=False, hosts=False)
        state = _named(alone, event)
    elif state.fetch is not None:
        state = _named(state, event)
    if state == before:
        return state, []
    unnamed = state.number != before.number and state.name is None
    return state, [*([AskName()] if unnamed else []), Publish("call.updated")]


def _as_before(party: Party, kept: dict[str, Party]) -> Party:
    """A participant keeps the id and the name that clients know."""
    known = kept.get(party.number.canonical)
    if known is None:
        return party
    return replace(known, name=known.name or party.name)


def _named(state: CallState, event: FarSide) -> CallState:
    if not event.number.canonical or event.number.canonical == state.number.canonical:
        return state
    return replace(state, number=event.number, name=event.name)


def droppable(state: CallState) -> bool:
    """The phone system lets single parties of the conference go, and it is the user's own."""
    connected = state.phase is Phase.CONNECTED and state.referral is None
    return connected and state.hosts and state.may_drop and len(state.participants) > 1
