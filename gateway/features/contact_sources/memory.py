"""What was asked of late: bounded in number and in age."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Forgets what is older than ``life`` seconds, and what was not used for longest."""

    def __init__(self, most: int, life: float, monotonic: Callable[[], float]) -> None:
        self._most = most
        self._life = life
        self._monotonic = monotonic
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        found = self._kept.get(key)
        if found is None:
            return None
        until, value = found
        if self._monotonic() >= until:
            del self._kept[key]
            return None
        self._kept.move_to_end(key)
        return value

    def put(self, key: K, value: V, life: float | None = None) -> None:
        self._kept.pop(key, None)
        self._kept[key] = self._monotonic() + (self._life if life is None else life), value
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        self._kept.pop(key, None)

    def drop_all(self, of: Callable[[K], bool]) -> None:
        for key in [key for key in self._kept if of(key)]:
            del self._kept[key]
