"""How a Call begins: its first state, of one that is dialled and of one that comes in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from gateway.calls.arrivals import Arrival
from gateway.calls.caller import Caller
from gateway.calls.model import CallState, Limits
from gateway.calls.parties import Outgoing
from gateway.calls.sip import LineLeg
from gateway.calls.stages import SetupStages
from gateway.calls.states import Phase
from gateway.ports import Line


@dataclass(frozen=True, slots=True)
class Invitation:
    """An INVITE from a site that has proven itself, taken and not yet judged."""

    tenant_id: str
    site_id: str
    line_id: str
    caller: Caller
    leg: LineLeg
    offer: bytes | None
    stages: SetupStages


def dialled(
    line: Line,
    wanted: Outgoing,
    *,
    call_id: str,
    device_id: str,
    consults: str | None,
    waits: bool,
    now: float,
    limits: Limits,
) -> CallState:
    return CallState(
        id=call_id,
        tenant_id=line.tenant_id,
        user_id=line.user_id,
        site_id=line.site_id,
        line_id=line.line_id,
        direction="out",
        number=wanted.number,
        session_id=uuid.uuid4().hex,
        created_at=now,
        phase=Phase.DIALLING,
        limits=limits,
        device_id=device_id,
        name=wanted.name,
        original_called=wanted.meant_for,
        fetch=wanted.fetch,
        hides_number=wanted.hides_number,
        consults=consults,
        waits=waits,
    )


def arrived(
    line: Line,
    arrival: Arrival,
    *,
    call_id: str,
    session_id: str | None,
    offer: bytes,
    watched: bool,
    now: float,
    limits: Limits,
) -> CallState:
    return CallState(
        id=call_id,
        tenant_id=line.tenant_id,
        user_id=line.user_id,
        site_id=line.site_id,
        line_id=line.line_id,
        direction="in",
        number=arrival.number,
        session_id=session_id or uuid.uuid4().hex,
        created_at=now,
        phase=Phase.RINGING_IN,
        limits=limits,
        name=arrival.name,
        name_late=arrival.name_late,
        diverted_by=arrival.diverted_by,
        original_called=arrival.original_called,
        watched=watched,
        line_offer=offer.decode("utf-8", "replace"),
    )
