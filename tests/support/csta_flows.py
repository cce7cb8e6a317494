"""Flows F2 to F10 from the view of line 105, whose client is a SIP device of ours."""

from __future__ import annotations

from emulator.plan.model import Extension, Kind
from protocols.csta.events import call as ev
from protocols.csta.services import call_control as cc
from protocols.sip.event.refer import refer_to
from protocols.sip.headers import Replaces
from tests.support.csta_recording import NUMBER, Flow, Recorded
from tests.support.pbx_rig import DeviceCall

PLAN = (
    Extension(number="102", name="Berta", mailbox=False),
    Extension(number="103", name="Carla", mailbox=False),
    Extension(number=NUMBER, name="Eva", mailbox=False),
    Extension(number="712", name="Busy", kind=Kind.BUSY),
)
_LINE = {"business": "N<105/6105>", "voice": "<105>;ond=6105", "os4000": "<105>;ond=aux"}
_DESK = {"business": "N<105/5105>", "voice": "<105>;ond=5105", "os4000": "105"}


async def _talk(r: Recorded) -> DeviceCall:
    """The line has dialled 102, who speaks."""
    r.rig.pbx.phones["102"].answer_after(0)
    call = await r.dial("102")
    await call.seen("answer")
    await r.csta.event(NUMBER, ev.EstablishedEvent)
    return call


async def _over(r: Recorded, *calls: DeviceCall) -> None:
    for call in calls:
        call.hang_up()
    for call in calls:
        await call.seen("end")


async def dialled(r: Recorded) -> None:
    await _over(r, await _talk(r))


async def busy(r: Recorded) -> None:
    call = await r.dial("712")
    await call.seen("failure")
    await r.csta.event(NUMBER, ev.ConnectionClearedEvent)


async def _rung(r: Recorded) -> DeviceCall:
    await r.rig.pbx.phones["102"].dial(NUMBER)
    call = await r.rings()
    await r.csta.event(NUMBER, ev.DeliveredEvent, 2)
    return call


async def answered_in_the_app(r: Recorded) -> None:
    call = await _rung(r)
    call.answer()
    await r.csta.event(NUMBER, ev.EstablishedEvent)
    r.rig.pbx.phones["102"].hang_up()
    await call.seen("end")


async def answered_at_the_desk(r: Recorded) -> None:
    call = await _rung(r)
    r.rig.pbx.phones[NUMBER].answer()
    await call.seen("end")
    await r.csta.event(NUMBER, ev.EstablishedEvent)
    r.rig.pbx.phones["102"].hang_up()


async def given_up(r: Recorded) -> None:
    call = await _rung(r)
    r.rig.pbx.phones["102"].hang_up()
    await call.seen("end")


async def held(r: Recorded) -> None:
    call = await _talk(r)
    for on, event in ((True, ev.HeldEvent), (False, ev.RetrievedEvent)):
        call.hold(on)
        await call.seen("offer result")
        await r.csta.event(NUMBER, event)
    await _over(r, call)


async def _consulted(r: Recorded) -> tuple[DeviceCall, DeviceCall]:
    first = await _talk(r)
    first.hold()
    await r.csta.event(NUMBER, ev.HeldEvent)
    r.rig.pbx.phones["103"].answer_after(0)
    second = await r.dial("103")
    await second.seen("answer")
    await r.csta.event(NUMBER, ev.EstablishedEvent, 2)
    return first, second


async def handed_over_after_asking(r: Recorded) -> None:
    first, second = await _consulted(r)
    assert first.call is not None and second.call is not None
    dialog = second.call.dialog
    assert dialog is not None
    replaces = Replaces(second.call.call_id, dialog.remote_tag or "", dialog.local_tag)
    target = refer_to(r.line.uri("103"), replaces)
    await first.call.request("REFER", [("Refer-To", target)])
    await first.seen("end")
    await second.seen("end")
    await r.csta.event(NUMBER, ev.TransferredEvent)
    r.rig.pbx.phones["102"].hang_up()


async def handed_over_blindly(r: Recorded) -> None:
    call = await _talk(r)
    assert call.call is not None
    r.rig.pbx.phones["103"].answer_after(0)
    await call.call.request("REFER", [("Refer-To", refer_to(r.line.uri("103"), None))])
    await call.seen("end")
    await r.csta.event(NUMBER, ev.TransferredEvent)
    await r.rig.phone_is("103", "connected")
    r.rig.pbx.phones["102"].hang_up()


async def joined_to_three(r: Recorded) -> None:
    first, second = await _consulted(r)
    second.hold()
    await r.csta.event(NUMBER, ev.HeldEvent, 2)
    room = await r.dial("*3")
    await room.seen("answer")
    await r.csta.event(NUMBER, ev.ConferencedEvent)
    await first.seen("end")
    await second.seen("end")
    await _over(r, room)
    for number in ("102", "103"):
        if r.rig.pbx.phones[number].active is not None:
            r.rig.pbx.phones[number].hang_up()


async def pulled(r: Recorded) -> None:
    r.rig.pbx.phones["102"].answer_after(0)
    await r.rig.pbx.phones[NUMBER].dial("102")
    await r.csta.event(NUMBER, ev.EstablishedEvent)
    (call,) = r.csta.view(NUMBER).calls
    to = _LINE[r.rig.pbx.config.profile]
    await r.csta.ask(cc.SingleStepTransferCall(active_call=call.connection, transferred_to=to))
    taken = await r.rings()
    taken.answer()
    await r.csta.event(NUMBER, ev.TransferredEvent)
    r.rig.pbx.phones["102"].hang_up()
    await taken.seen("end")


async def pushed(r: Recorded) -> None:
    call = await _talk(r)
    (view,) = r.csta.view(NUMBER).calls
    to = _DESK[r.rig.pbx.config.profile]
    await r.csta.ask(cc.SingleStepTransferCall(active_call=view.connection, transferred_to=to))
    await r.rig.phone_is(NUMBER, "ringing")
    r.rig.pbx.phones[NUMBER].answer()
    await call.seen("end")
    await r.csta.event(NUMBER, ev.TransferredEvent)
    r.rig.pbx.phones["102"].hang_up()


FLOWS: dict[str, Flow] = {
    "f2_dialled": dialled,
    "f3_busy": busy,
    "f4_answered_in_the_app": answered_in_the_app,
    "f4_answered_at_the_desk": answered_at_the_desk,
    "f4_given_up": given_up,
    "f5_held": held,
    "f6_handed_over_after_asking": handed_over_after_asking,
    "f7_handed_over_blindly": handed_over_blindly,
    "f8_joined_to_three": joined_to_three,
    "f9_pulled": pulled,
    "f10_pushed": pushed,
}
