"""What is true of users at this moment and stored nowhere: devices, calls, desk phones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.features.presence.choice import Choice
from gateway.features.presence.merge import Facts
from gateway.ports import DeviceRegistry, UserKey

#: Seconds that a user stays visible without any device: a reload is no leaving.
LINGER = 10.0
#: Phases of a Call in which its user does not speak or wait for somebody.
_NOT_BUSY = ("ringing_in", "ended")

CallsOf = Callable[[UserKey], Sequence[Mapping[str, Any]]]


class LiveFacts:
    """``changed(user)`` is called when a user has been without a device for long enough."""

    def __init__(
        self, devices: DeviceRegistry, changed: Callable[[UserKey], None], linger: float = LINGER
    ) -> None:
        self._devices = devices
        self._changed = changed
        self._linger = linger
        self._lingering: dict[UserKey, asyncio.TimerHandle] = {}
        self._desk_phones: set[UserKey] = set()
        #: Handed over when call control runs.
        self.calls_of: CallsOf = lambda user: ()

    def facts(self, user: UserKey, choice: Choice) -> Facts:
        calls = self.calls_of(user)
        return Facts(
            status=choice.status,
            do_not_disturb=choice.dnd.on,
            in_call=any(call["phase"] not in _NOT_BUSY for call in calls),
            device=self.signed_in(user),
            desk_phone=user in self._desk_phones,
        )

    def signed_in(self, user: UserKey) -> bool:
        return user in self._lingering or bool(self._devices.online(user))

    def devices_changed(self, user: UserKey) -> None:
        waiting = self._lingering.pop(user, None)
        if waiting is not None:
            waiting.cancel()
        if not self._devices.online(user):
            loop = asyncio.get_running_loop()
            self._lingering[user] = loop.call_later(self._linger, self._gone, user)

    def _gone(self, user: UserKey) -> None:
        self._lingering.pop(user, None)
        self._changed(user)

    def desk_phone(self, user: UserKey, in_service: bool) -> None:
        if in_service:
            self._desk_phones.add(user)
        else:
            self._desk_phones.discard(user)

    def close(self) -> None:
        for waiting in self._lingering.values():
            waiting.cancel()
        self._lingering.clear()
