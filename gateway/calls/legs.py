"""Device legs: offers, attaching, taking a Call over, silence and loss.

The far end never notices any of it: the line's leg stays, device legs come and go. Losing a leg is
never a hang-up; only nobody coming back within the limit is.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.calls.effects import (
    AcceptLeg,
    Attach,
    DropLeg,
    Effect,
    LineHangUp,
    Note,
    Play,
    Publish,
    Refuse,
    SetTimer,
    StopPlaying,
    StopTimer,
    TellDevice,
)
from gateway.calls.ending import end, finish
from gateway.calls.events import (
    LegConnected,
    LegDescribed,
    LegHeard,
    LegLost,
    LegNeedsOffer,
    LegQuiet,
    LegRefused,
    MediaClosed,
    MediaOffered,
    Summoned,
    TimerName,
)
from gateway.calls.model import CallState, Leg, Result, Stage
from gateway.calls.moving import arrived, failed, has_arrived, is_awaited
from gateway.calls.ringing import connect_winner, watch_for_sound, withdraw
from gateway.calls.states import MEDIA, EndReason, Media, MediaInput, Phase, allows, move
from gateway.calls.words import WORDS_MEDIA_LOST, WORDS_MEDIA_SETUP

#: Seconds of silence after which the device is asked to repair its path.
QUIET_RESTART = 0.5
QUIET_COMFORT = 3.0
QUIET_LOST = 5.0


def media_offered(state: CallState, event: MediaOffered, now: float) -> Result:
    refusal = _offer_refusal(state, event)
    if refusal is not None:
        return state, [refusal]
    same = next(
        (leg for leg in state.legs_of(event.device_id) if leg.fingerprint == event.fingerprint),
        None,
    )
    if same is not None:
        media = move(MEDIA, same.media, MediaInput.OFFERED)
        take = same.take or event.take
        leg = replace(same, media=media, generation=event.generation, take=take)
        return state.with_leg(leg), [AcceptLeg(leg.name, event.sdp)]
    if any(leg.generation > event.generation for leg in state.legs_of(event.device_id)):
        return state, [Refuse(409, "superseded", "A newer sound path of this device exists.")]
    effects: list[Effect] = []
    for old in state.legs_of(event.device_id):
        if old.name != state.leg:  # a path that never got into use is superseded
            state = state.without_leg(old.name)
            effects.append(DropLeg(old.name))
    number = state.legs_made + 1
    leg = Leg(
        f"{event.device_id}:{number}",
        event.device_id,
        event.generation,
        event.fingerprint,
        move(MEDIA, Media.NONE, MediaInput.OFFERED),
        take=event.take,
    )
    effects.append(AcceptLeg(leg.name, event.sdp))
    return replace(state, legs_made=number).with_leg(leg), effects


def _offer_refusal(state: CallState, event: MediaOffered) -> Refuse | None:
    device_id = event.device_id
    elsewhere = Refuse(409, "on_other_device", "This call belongs to another device.")
    if state.phase is Phase.RINGING_IN:
        if device_id not in (*state.ringing, state.winner):
            return Refuse(409, "not_ringing", "This call does not ring on this device.")
    elif state.phase is not Phase.CONNECTED:
        return None if device_id == state.device_id else elsewhere
    elif not (event.take or is_awaited(state, device_id) or _may_attend(state, device_id)):
        return elsewhere
    return None


def _may_attend(state: CallState, device_id: str) -> bool:
    """Without its user's wish a device only repairs its own Call, or saves one that is lost.

    A device that missed the end of its ring must not take a talking Call by repairing its path.
    """
    return device_id == state.device_id or state.media is Media.LOST


def summoned(state: CallState, event: Summoned) -> Result:
    """A path that was laid while it rang is kept, and gets the microphone."""
    if event.device_id not in (state.device_id, state.winner):
        return state, []
    fresh = not state.legs_of(event.device_id)
    return state, [TellDevice(event.device_id, "media.renegotiate", (("fresh", fresh),))]


def media_closed(state: CallState, event: MediaClosed, now: float) -> Result:
    """The device gives its path up on purpose (not a hang-up)."""
    effects: list[Effect] = []
    if state.stage is Stage.TAIL and event.device_id == state.device_id:
        return finish(state)
    for leg in state.legs_of(event.device_id):
        state, more = leg_lost(state, LegLost(leg.name, "closed by the device"), now)
        effects += more
    return state, effects


def leg_described(state: CallState, event: LegDescribed, now: float) -> Result:
    leg = state.find_leg(event.leg)
    if leg is None:
        return state, []
    payload = (("sdp", event.sdp), ("generation", leg.generation))
    return state, [TellDevice(leg.device_id, "media.answer", payload)]


def leg_refused(state: CallState, event: LegRefused, now: float) -> Result:
    """An unusable offer. A path that is up stays up (RFC 3264: the session is as it was)."""
    leg = state.find_leg(event.leg)
    if leg is None:
        return state, []
    notice = TellDevice(
        leg.device_id, "notice", (("code", "media_refused"), ("words", WORDS_MEDIA_SETUP))
    )
    effects: list[Effect] = [Note(f"offer of {leg.name} refused: {event.detail}"), notice]
    if leg.media is Media.ATTACHED:
        return state, effects
    state, more = _drop(state, leg, now)
    return state, [*effects, *more]


def leg_connected(state: CallState, event: LegConnected, now: float) -> Result:
    leg = state.find_leg(event.leg)
    if leg is None or not allows(MEDIA, leg.media, MediaInput.CONNECTED):
        return state, []
    awaited = is_awaited(state, leg.device_id)
    if state.phase is Phase.CONNECTED and not (
        leg.take or awaited or _may_attend(state, leg.device_id)
    ):
        note = Note(f"{leg.name} came too late: the call goes on at {state.device_id}")
        state, effects = _drop(state, leg, now)
        return state, [note, *effects]
    leg = replace(leg, media=move(MEDIA, leg.media, MediaInput.CONNECTED))
    state = state.with_leg(leg)
    if state.phase is Phase.RINGING_IN:
        return connect_winner(state, now)
    if state.stage is Stage.TAIL:
        return replace(state, leg=leg.name), [Attach(leg.name)]
    if state.leg == leg.name:
        return _attended(state, leg)
    if awaited and not (leg.take or has_arrived(state, leg)):
        return state, []
    return _take_over(state, leg)


def _take_over(state: CallState, leg: Leg) -> Result:
    """Bridge ``leg`` instead of whatever was bridged; the far end hears no seam."""
    effects: list[Effect] = [Attach(leg.name)]
    previous = state.device_id
    repairs = previous == leg.device_id  # then the Call goes on to where it was on its way to
    for other in state.legs:
        goes_there = repairs and is_awaited(state, other.device_id)
        if other.name != leg.name and (other.device_id == previous or not goes_there):
            effects.append(DropLeg(other.name))
            state = state.without_leg(other.name)
    state = replace(state, leg=leg.name, device_id=leg.device_id)
    if is_awaited(state, leg.device_id):
        state, more = arrived(state)
        effects += more
    elif not repairs and not state.pushed:
        state, more = failed(state)  # the user has taken it to a third device meanwhile
        effects += more
    if previous != leg.device_id:
        effects.append(Note(f"taken over from {previous} by {leg.device_id}"))
    state, more = _attended(state, leg)
    return state, [*effects, *more]


def _attended(state: CallState, leg: Leg) -> Result:
    """The leg in use is up. Until it is heard, its microphone may still be closed."""
    if not leg.heard and state.phase is Phase.CONNECTED:
        return state, [*watch_for_sound(state), Publish("call.updated")]
    effects: list[Effect] = [StopTimer(TimerName.LOST), StopTimer(TimerName.COMFORT)]
    if state.comfort:
        effects.append(StopPlaying("line"))
    effects.append(Publish("call.updated"))
    return replace(state, comfort=False), effects


def leg_heard(state: CallState, event: LegHeard, now: float) -> Result:
    leg = state.find_leg(event.leg)
    if leg is None or leg.heard:
        return state, []
    leg = replace(leg, heard=True)
    state = state.with_leg(leg)
    if state.leg != leg.name and has_arrived(state, leg):
        return _take_over(state, leg)
    if state.leg != leg.name or state.stage is not Stage.LIVE:
        return state, []
    return _attended(state, leg)


def leg_lost(state: CallState, event: LegLost, now: float) -> Result:
    """The path was closed by its device or gave up; a reload looks exactly like this."""
    leg = state.find_leg(event.leg)
    if leg is None:
        return state, []
    if state.leg != leg.name or state.stage is Stage.TAIL:
        return _drop(state, leg, now)
    if leg.media is Media.LOST:
        return state, []
    state = state.with_leg(replace(leg, media=move(MEDIA, leg.media, MediaInput.SILENT)))
    note = Note(f"{leg.name} lost: {event.detail}")
    state, effects = gone(state, state.limits.comfort, state.limits.lost)
    return state, [note, *effects]


def gone(state: CallState, comfort_in: float, end_in: float) -> Result:
    """Nobody is at our end of the Call: tell the device, comfort the far end, wait."""
    effects: list[Effect] = [SetTimer(TimerName.LOST, end_in)]
    if state.phase is Phase.CONNECTED and not state.comfort:
        effects.append(SetTimer(TimerName.COMFORT, comfort_in))
    if state.device_id is not None:
        effects.append(TellDevice(state.device_id, "media.renegotiate", (("fresh", True),)))
    effects.append(Publish("call.updated"))
    return state, effects


def _drop(state: CallState, leg: Leg, now: float) -> Result:
    state = state.without_leg(leg.name)
    effects: list[Effect] = [DropLeg(leg.name)]
    if state.winner == leg.device_id and not state.legs_of(leg.device_id):
        state, more = withdraw(state, now, "its sound path failed")
        effects += more
    if is_awaited(state, leg.device_id) and not state.legs_of(leg.device_id):
        state, more = failed(state)
        effects += more
    return state, effects


def leg_quiet(state: CallState, event: LegQuiet, now: float) -> Result:
    leg = state.find_leg(event.leg)
    if leg is None or state.leg != leg.name or state.stage is not Stage.LIVE:
        return state, []
    if event.seconds <= 0:
        return _heard_again(state, leg)
    if not leg.speaks:
        return state, []  # not heard yet: the timers of watch_for_sound count
    if event.seconds >= QUIET_LOST:
        state = state.with_leg(replace(leg, media=move(MEDIA, leg.media, MediaInput.SILENT)))
        state, effects = gone(state, 0.0, state.limits.lost - event.seconds)
        return state, [Note(f"{leg.name} silent for {event.seconds:g} s"), *effects]
    if event.seconds >= QUIET_COMFORT:
        return comfort(state)
    if event.seconds >= QUIET_RESTART:
        return state, [TellDevice(leg.device_id, "media.restart")]
    return state, []


def _heard_again(state: CallState, leg: Leg) -> Result:
    was = leg.media
    if not allows(MEDIA, was, MediaInput.HEARD):
        return state, []
    fine = leg.speaks and not state.comfort
    leg = replace(leg, media=move(MEDIA, was, MediaInput.HEARD), heard=True)
    state = state.with_leg(leg)
    return (state, []) if fine else _attended(state, leg)


def comfort(state: CallState) -> Result:
    """The far end hears that we are reconnecting instead of nothing."""
    if state.phase is not Phase.CONNECTED or state.comfort:
        return state, []
    if state.held or state.held_here:  # the far end hears the phone system's music
        return state, []
    return replace(state, comfort=True), [
        Note("the far end hears the comfort tone"),
        Play("line", "comfort"),
    ]


def comfort_timer(state: CallState, now: float) -> Result:
    bridged = state.bridged
    if bridged is not None and bridged.speaks:
        return state, []
    return comfort(state)


def lost_timer(state: CallState, now: float) -> Result:
    return end(
        state,
        now,
        EndReason.MEDIA_FAILED,
        words=WORDS_MEDIA_LOST,
        line=LineHangUp("no sound from the user's device"),
    )


def leg_needs_offer(state: CallState, event: LegNeedsOffer, now: float) -> Result:
    leg = state.find_leg(event.leg)
    if leg is None:
        return state, []
    return state, [TellDevice(leg.device_id, "media.renegotiate", (("fresh", False),))]
