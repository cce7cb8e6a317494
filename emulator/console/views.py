"""The PBX as JSON: what the API and the event stream show."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from emulator.calls.call import PbxCall
from emulator.calls.end import End, Party
from emulator.calls.sip_end import SipEnd
from emulator.pbx import Pbx
from emulator.phones.phone import VirtualPhone
from emulator.plan.model import Extension, Kind
from emulator.switch.features import Features
from media.audio import measure, wav


def party_view(party: Party | None) -> dict[str, Any] | None:
    if party is None:
        return None
    if party.anonymous:
        return {"number": "", "name": "Anonymous"}
    return {"number": party.number, "name": party.name}


def extension_view(pbx: Pbx, extension: Extension) -> dict[str, Any]:
    """A number with its phone, virtual or real."""
    phone = pbx.phones.get(extension.number)
    registered = pbx.registrations.registered(extension.device_users)
    view: dict[str, Any] = {
        "number": extension.number,
        "name": extension.name,
        "kind": extension.kind.value,
        "devices": list(extension.device_users),
        "desk_user": extension.desk_user if extension.kind is Kind.USER else None,
        "registered": registered,
        "virtual": phone is not None and extension.desk_user not in registered,
    }
    if extension.kind is Kind.USER:
        view["line"] = line_state(pbx, extension.number)
        view["settings"] = settings_view(pbx.features.of(extension.number))
    return view | (phone_view(phone) if phone is not None else _NO_PHONE)


def line_state(pbx: Pbx, number: str) -> str:
    """The lamp that all devices of a number share: free, ringing or busy."""
    state = "free"
    for call in pbx.calls.values():
        if any(end.party.number == number for end in call.ringing_ends):
            state = "ringing" if state == "free" else state
        if any(e is not None and e.present and e.party.number == number for e in _talkers(call)):
            state = "busy"
    return state


def _talkers(call: PbxCall) -> tuple[End | None, End | None]:
    return call.caller, call.callee


def settings_view(features: Features) -> dict[str, Any]:
    return {
        "do_not_disturb": features.do_not_disturb,
        "forwardings": [
            {"when": when.value, "origin": origin.value, "to": to}
            for (when, origin), to in features.forwardings.items()
        ],
        "target": features.target.value,
        "ringing": features.ringing.value,
        "alternative": features.alternative,
        "call_waiting": features.call_waiting,
        "left_groups": sorted(features.left_groups),
    }


_NO_PHONE: dict[str, Any] = {
    "state": "idle",
    "peer": None,
    "lamp": False,
    "says": None,
    "auto_answer": None,
    "last_status": None,
    "digits": "",
    "held": 0,
    "waiting": None,
}


def phone_view(phone: VirtualPhone) -> dict[str, Any]:
    end = phone.end
    return {
        "state": phone.state,
        "peer": party_view(end.peer) if end is not None and not end.over else None,
        "lamp": phone.message_lamp,
        "says": phone.says,
        "auto_answer": phone.auto_answer,
        "last_status": phone.last_status,
        "digits": "".join(end.digits[-32:]) if end is not None else "",
        "held": len(phone.held),
        "waiting": party_view(phone.waiting.peer) if phone.waiting is not None else None,
    }


def heard_view(
    phone: VirtualPhone, seconds: float, frequency: float | None, prompt: str | None
) -> dict[str, Any]:
    """What the latest call of a phone sounded like in its last ``seconds``.

    ``prompt`` asks how well the middle of that prompt is found in all that is kept.
    """
    end = phone.end
    pcm = end.heard.pcm(seconds) if end is not None else b""
    view: dict[str, Any] = {
        "state": phone.state,
        "seconds": len(pcm) / 16000,
        "level_dbfs": round(measure.level_dbfs(pcm), 1),
        "dominant_hz": measure.dominant_frequency(pcm),
        "tone": None,
        "correlation": None,
        "digits": "".join(end.digits) if end is not None else "",
        "stats": asdict(end.media.stats) if end is not None and end.media is not None else None,
    }
    if frequency is not None:
        report = measure.find_tone(pcm, frequency)
        view["tone"] = asdict(report) | {"heard": report.heard}
    if prompt is not None:
        words = wav.prompt(prompt)
        middle = words[len(words) // 4 & ~1 :][:32000]
        whole = end.heard.pcm() if end is not None else b""
        view["correlation"] = round(measure.correlation(whole, middle), 3)
    return view


def end_view(end: End) -> dict[str, Any]:
    return {
        "device": end.name,
        "party": party_view(end.party),
        "sip_call_id": call_id_of(end),
    }


def call_id_of(end: End) -> str | None:
    return end.call.call_id if isinstance(end, SipEnd) and end.call is not None else None


def call_view(call: PbxCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "state": call.state.value,
        "dialled": call.dialled,
        "caller": end_view(call.caller),
        "callee": end_view(call.callee) if call.callee is not None else None,
        "ringing": [end_view(end) for end in call.ringing_ends],
        "held_by": [end.name for end in call.ends if call.holding.holds(end)],
    }


def status_view(pbx: Pbx) -> dict[str, Any]:
    """What must be nothing after the last call, and who is registered."""
    return {
        "calls": len(pbx.calls),
        "dialogs": len(pbx.agent.calls),
        "media_ports": pbx.media.open_ports,
        "tasks": len(pbx.tasks),
        "registrations": {
            user: [binding.contact for binding in pbx.registrations.bindings(user)]
            for user in pbx.plan.devices()
            if pbx.registrations.bindings(user)
        },
    }
