"""The live sockets: who they speak for, what they were sent last, how fast they may talk (pure)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.ports import Actor, UserKey
from gateway.storage.ids import new_id


@dataclass(slots=True)
class TokenBucket:
    rate: float
    capacity: float
    tokens: float
    since: float

    @classmethod
    def full(cls, rate: float, capacity: float, now: float) -> TokenBucket:
        return cls(rate, capacity, capacity, now)

    def take(self, now: float) -> bool:
        elapsed = max(0.0, now - self.since)
        self.tokens = min(self.capacity, self.tokens + elapsed * self.rate)
        self.since = now
        if self.tokens < 1.0:
            return False
        self.tokens -= 1.0
        return True


@dataclass(slots=True)
class Socket:
    """One connection to ``/phone``. Its epoch begins with it; ``seq`` counts its events."""

    sid: str
    actor: Actor
    bucket: TokenBucket
    device_name: str = ""
    site_id: str | None = None
    epoch: str = field(default_factory=new_id)
    seq: int = 0
    online: bool = False
    # Until the snapshot is out, what happens is kept back, so that it comes after it.
    held_back: list[tuple[str, Mapping[str, Any]]] | None = field(default_factory=list)

    def stamp(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        self.seq += 1
        return {**payload, "epoch": self.epoch, "seq": self.seq}


class Sockets:
    def __init__(self) -> None:
        self._by_sid: dict[str, Socket] = {}
        self._by_user: dict[UserKey, dict[str, Socket]] = defaultdict(dict)
        self.by_tenant: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._by_sid)

    def __iter__(self) -> Iterator[Socket]:
        return iter(tuple(self._by_sid.values()))

    def get(self, sid: str) -> Socket | None:
        return self._by_sid.get(sid)

    def add(self, socket: Socket) -> None:
        self._by_sid[socket.sid] = socket
        self._by_user[socket.actor.user][socket.sid] = socket
        self.by_tenant[socket.actor.user.tenant_id] += 1

    def remove(self, sid: str) -> Socket | None:
        socket = self._by_sid.pop(sid, None)
        if socket is not None:
            tenant_id = socket.actor.user.tenant_id
            self.by_tenant[tenant_id] -= 1
            if not self.by_tenant[tenant_id]:
                del self.by_tenant[tenant_id]
            of_user = self._by_user[socket.actor.user]
            del of_user[sid]
            if not of_user:
                del self._by_user[socket.actor.user]
        return socket

    def of_user(self, user: UserKey, device_id: str | None = None) -> list[Socket]:
        return [
            socket
            for socket in self._by_user.get(user, {}).values()
            if device_id is None or socket.actor.device_id == device_id
        ]

    def of_session(self, tenant_id: str, session_id: str) -> list[Socket]:
        return [
            socket
            for socket in self._by_sid.values()
            if socket.actor.session_id == session_id and socket.actor.user.tenant_id == tenant_id
        ]
