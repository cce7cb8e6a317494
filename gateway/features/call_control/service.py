"""Finds the user whom a program names, chooses the device, writes it down, and gives the command.

The commands are those of the user's own apps. What a microphone is opened or opened wider by
(``mute``, ``unmute``, ``pull``) stays with the user.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.admin_ports import AuditLog, PeopleAdmin, Principal
from gateway.features.call_control.models import CallsOfUser, ConnectedDevice
from gateway.ports import Actor, CallService, CommandResult, DeviceRegistry, Problem, UserKey
from gateway.storage.ids import is_id
from gateway.storage.models import User
from gateway.storage.storage import Storage

#: Of calls that there are; ``dial`` makes one.
VERBS = frozenset(
    {
        "answer",
        "decline",
        "hang_up",
        "hold",
        "retrieve",
        "swap",
        "consult",
        "transfer",
        "merge",
        "drop",
        "park",
        "move",
        "dtmf",
    }
)
#: These make a device speak that nobody touched.
_SPEAK = frozenset({"answer", "consult"})


@dataclass(frozen=True, slots=True)
class Person:
    key: UserKey
    name: str
    disabled: bool


class CallControl:
    def __init__(
        self,
        storage: Storage,
        people: PeopleAdmin,
        devices: DeviceRegistry,
        calls: CallService,
        audit: AuditLog,
        admits: Callable[[str], None],
    ) -> None:
        self._storage = storage
        self._people = people
        self._devices = devices
        self._calls = calls
        self._audit = audit
        self._admits = admits

    async def calls_of(self, who: Principal, named: str) -> CallsOfUser:
        person = await self._person(who, named)
        return CallsOfUser.model_validate(
            {
                "user_id": person.key.user_id,
                "items": self._calls.calls_of(person.key),
                "devices": self._connected(person.key),
                "desk_phone": self._calls.desk_phone_of(person.key),
            }
        )

    async def dial(
        self, who: Principal, named: str, body: Mapping[str, Any], command_id: str
    ) -> CommandResult:
        self._admits("dial")
        person = await self._person(who, named)
        here = body.get("from") == "device"
        device_id = self._device(person.key, body) if here else ""
        return await self._execute(who, person, "dial", body, device_id, command_id)

    async def command(
        self,
        who: Principal,
        named: str,
        call_id: str,
        verb: str,
        body: Mapping[str, Any],
        command_id: str,
    ) -> CommandResult:
        if verb not in VERBS:
            raise Problem(404, "verb_unknown", "There is no such command")
        self._admits(verb)
        person = await self._person(who, named)
        call = next((one for one in self._calls.calls_of(person.key) if one["id"] == call_id), None)
        if call is None:
            raise Problem(404, "call_unknown", "There is no such call")
        at_desk = call["on"] == "desk_phone"
        if verb in _SPEAK and not at_desk:
            wanted = body if verb == "answer" else {"device_id": call["device_id"], **body}
            device_id = self._device(person.key, wanted)
        else:
            device_id = call["device_id"] or next(iter(self._devices.online(person.key)), "")
        sent = {**body, "call_id": call_id}
        return await self._execute(who, person, verb, sent, device_id, command_id)

    async def _person(self, who: Principal, named: str) -> Person:
        """By id or e-mail address, in the key's own tenant."""
        async with self._storage.read(who.tenant_id) as db:
            user_id: str | None = named
            if "@" in named:
                user_id = await self._people.find_by_email(db, named)
            user = await db.get(User, user_id) if is_id(user_id) and user_id else None
        if user is None:
            raise Problem(404, "person_unknown", "There is no such person")
        return Person(UserKey(who.tenant_id, user.id), user.name, user.disabled)

    def _connected(self, user: UserKey) -> list[ConnectedDevice]:
        return [ConnectedDevice(id=id, name=name) for id, name in self._devices.named(user)]

    def _device(self, user: UserKey, body: Mapping[str, Any]) -> str:
        """Never a guess: a microphone opens there."""
        online: Sequence[str] = self._devices.online(user)
        wanted = body.get("device_id")
        if wanted is not None and wanted in online:
            return str(wanted)
        if wanted is not None or not online:
            raise Problem(409, "device_offline", "No such app of this person is connected now")
        if len(online) > 1:
            raise Problem(
                409,
                "device_ambiguous",
                "Several apps of this person are connected: say which one",
                devices=[device.model_dump() for device in self._connected(user)],
            )
        return online[0]

    async def _execute(
        self,
        who: Principal,
        person: Person,
        verb: str,
        body: Mapping[str, Any],
        device_id: str,
        command_id: str,
    ) -> CommandResult:
        if person.disabled:
            raise Problem(409, "person_disabled", "This person's account is disabled")
        # Before the act: none without its entry. Whom somebody talks to the journal keeps alone.
        async with self._storage.write(who.tenant_id) as db:
            await self._audit.record(
                db,
                who,
                f"call.{verb}",
                "person",
                person.key.user_id,
                target_name=person.name,
                after={"call_id": body.get("call_id"), "device_id": device_id or None},
            )
        # The device is only named to be there; the session names the key.
        actor = Actor(person.key, f"key:{who.id}", device_id, name=who.name, remote=True)
        sent = {name: value for name, value in body.items() if name != "device_id"}
        # A key of one program must not give it the answer to another one's command.
        own_id = f"{who.id}:{command_id}"
        return await self._calls.execute(actor, verb, {**sent, "command_id": own_id}, own_id)
