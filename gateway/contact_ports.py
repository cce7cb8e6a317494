"""Where contacts of other systems meet those of our own: the port between the two features."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Protocol

from gateway.ports import UserKey


class OutsideNames(Protocol):
    """Names behind numbers, from directories that are not ours."""

    async def name_of(self, reader: UserKey, canonical: str) -> str | None:
        """May take seconds. Whoever waits less asks again: what came meanwhile is remembered."""

    def remembered(self, reader: UserKey, canonicals: AbstractSet[str]) -> Mapping[str, str]:
        """Those of these that are known without asking anybody."""


class NoOutsideNames:
    """Implements :class:`OutsideNames` where there are no such directories."""

    async def name_of(self, reader: UserKey, canonical: str) -> str | None:
        return None

    def remembered(self, reader: UserKey, canonicals: AbstractSet[str]) -> Mapping[str, str]:
        return {}
