"""``pull`` and ``move``: the user's Calls go to where the user wants to speak.

What there is to choose from is kept with each Call: the user's devices that are connected, and the
alternative number. Whether the desk phone takes it now, the phone system says of each Call.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.calls.book import CallBook
from gateway.calls.commands import problem
from gateway.calls.events import MoveTo, Reachable
from gateway.calls.owner import CallOwner
from gateway.calls.parties import Place
from gateway.calls.view import call_json
from gateway.ports import Actor, CommandResult, DeviceRegistry, UserKey

Body = Mapping[str, Any]


class Movement:
    def __init__(self, *, book: CallBook, devices: DeviceRegistry) -> None:
        self._book = book
        self._devices = devices

    # -- where to ----------------------------------------------------------------------------------
    def places_of(self, user: UserKey) -> tuple[Place, ...]:
        return tuple(Place(device, name) for device, name in self._devices.named(user))

    def look_again(self, user: UserKey) -> None:
        """A device came or went, or a Call is new."""
        for owner in self._book.of(user):
            owner.post(Reachable(self.places_of(user)))

    # -- commands ----------------------------------------------------------------------------------
    async def execute(self, actor: Actor, verb: str, owner: CallOwner, body: Body) -> CommandResult:
        to = actor.device_id if verb == "pull" else target_of(body)
        state = await owner.command(MoveTo(actor.device_id, to))
        return CommandResult(call_json(state))


def target_of(body: Body) -> str:
    to = body.get("to")
    if not isinstance(to, str) or not 0 < len(to) <= 64:
        raise problem(422, "place_invalid", "The command does not say where the call is to go.")
    return to
