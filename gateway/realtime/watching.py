"""Who looks at whom: a socket names the people whose presence its page shows.

Only they are told, so that a large tenant costs no more than what is on its screens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from gateway.ports import Problem, UserKey
from gateway.realtime.sockets import Socket
from gateway.storage.ids import is_id

WATCH, UNWATCH = "presence.watch", "presence.unwatch"
EVENTS = frozenset((WATCH, UNWATCH))
#: In one command: their ids fill most of the largest message that is taken.
MOST_AT_ONCE = 1000
MOST_PER_SOCKET = 5000


class Watchers:
    def __init__(self) -> None:
        self._sockets: dict[UserKey, dict[str, Socket]] = defaultdict(dict)
        self._watched: dict[str, set[UserKey]] = defaultdict(set)

    def watch(self, socket: Socket, user_ids: Sequence[str]) -> None:
        tenant_id = socket.actor.user.tenant_id
        # The tenant is the socket's own, whatever the ids: nobody else can be named.
        users = {UserKey(tenant_id, user_id) for user_id in user_ids if is_id(user_id)}
        watched = self._watched[socket.sid]
        if len(watched | users) > MOST_PER_SOCKET:
            raise Problem(429, "too_many_watched", "Too many people are watched at once")
        watched |= users
        for user in users:
            self._sockets[user][socket.sid] = socket

    def unwatch(self, socket: Socket, user_ids: Sequence[str]) -> None:
        for user_id in user_ids:
            self._drop(UserKey(socket.actor.user.tenant_id, user_id), socket.sid)

    def forget(self, socket: Socket) -> None:
        for user in tuple(self._watched.get(socket.sid, ())):
            self._drop(user, socket.sid)
        self._watched.pop(socket.sid, None)

    def _drop(self, user: UserKey, sid: str) -> None:
        self._watched[sid].discard(user)
        sockets = self._sockets.get(user)
        if sockets is not None:
            sockets.pop(sid, None)
            if not sockets:
                del self._sockets[user]

    def of(self, user: UserKey) -> list[Socket]:
        """Who watches, but for the user's own devices: they are told everything anyway."""
        watching = self._sockets.get(user, {}).values()
        return [socket for socket in watching if socket.actor.user != user]

    def __len__(self) -> int:
        return sum(len(sockets) for sockets in self._sockets.values())


def named(body: Mapping[str, Any]) -> list[str]:
    """The people whom a command names; raises :class:`Problem`."""
    ids = body.get("user_ids")
    if not isinstance(ids, list) or len(ids) > MOST_AT_ONCE:
        raise Problem(422, "invalid", f"user_ids: a list of at most {MOST_AT_ONCE} ids")
    return [user_id for user_id in ids if isinstance(user_id, str)]
