"""Doubles of the ports of call control: they answer at once and remember everything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.ports import (
    ConnectorIdentity,
    CutOff,
    Line,
    Numbers,
    Person,
    Problem,
    SiteProfile,
    UserKey,
)
from tests.support.api_events import misfit

TENANT, SITE, LINE = "tenant-1", "site-1", "line-1"
INSTANCE = "00000000-0000-4000-8000-000000000001"
ANNA = UserKey(TENANT, "anna")
TIMEOUT = 5.0


async def soon(condition: Callable[[], object], what: str = "condition") -> Any:
    """Wait for something that the loop brings about by itself."""
    async with asyncio.timeout(TIMEOUT):
        # Many sources (SIP, media, sockets) and no common event: look again after each turn.
        while not (value := condition()):  # noqa: ASYNC110
            await asyncio.sleep(0.001)
    assert value, what
    return value


class FakeLines:
    def __init__(self) -> None:
        self.lines = {LINE: Line(TENANT, SITE, LINE, ANNA.user_id, "101", "5101", "199")}
        self.home = {ANNA: LINE}
        self.profile = SiteProfile(TENANT, SITE, "business", "de", "89", 3)

    async def home_line(self, user: UserKey) -> tuple[Line, SiteProfile] | None:
        line = self.lines.get(self.home.get(user, ""))
        return None if line is None else (line, self.profile)

    async def line(
        self, tenant_id: str, site_id: str, line_id: str
    ) -> tuple[Line, SiteProfile] | None:
        line = self.lines.get(line_id)
        if line is None or (line.tenant_id, line.site_id) != (tenant_id, site_id):
            return None
        return line, self.profile


class FakeNumbers:
    def normalise(self, typed: str, site: SiteProfile) -> Numbers:
        digits = "".join(char for char in typed if char in "0123456789+*#")
        if not digits:
            raise Problem(422, "number_invalid", "This is not a number.")
        return Numbers(digits, digits, digits)

    def from_wire(self, user_part: str, site: SiteProfile) -> Numbers:
        return Numbers(user_part, user_part, user_part)


class FakeDirectory:
    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    async def name_of(
        self, tenant_id: str, canonical: str, reader: str | None = None
    ) -> Person | None:
        name = self.names.get(canonical)
        return None if name is None else Person(None, name)

    async def names_of(
        self, tenant_id: str, canonicals: AbstractSet[str], reader: str | None = None
    ) -> Mapping[str, str]:
        return {number: self.names[number] for number in canonicals & self.names.keys()}


class FakeJournal:
    """Keeps rows as the real journal would; ``broken`` makes every write fail."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.log: list[tuple[str, str]] = []
        self.broken = False

    def _check(self) -> None:
        if self.broken:
            raise OSError("the database is away")

    async def open(self, user: UserKey, call_id: str, **values: Any) -> str:
        self._check()
        self.log.append(("open", call_id))
        self.rows.setdefault(call_id, {"kind": "pending", "user": user, **values})
        return call_id

    async def at_pbx(self, user: UserKey, call_id: str, pbx_call: str) -> None:
        self._check()
        self.rows[call_id]["pbx_call"] = pbx_call

    async def take_up(
        self, user: UserKey, pbx_call: str, canonical: str, since: datetime
    ) -> CutOff | None:
        self._check()
        for call_id, row in self.rows.items():
            wanted = (row.get("pbx_call"), row["numbers"].canonical, row.get("reason"))
            found = wanted == (pbx_call, canonical, "node_failed") and row["user"] == user
            if found and row["started_at"] >= since:
                row |= {"kind": "pending", "reason": None}
                return CutOff(call_id, row["started_at"], row.get("answered_at"))
        return None

    async def answered(
        self, user: UserKey, call_id: str, *, device_id: str | None, at: datetime
    ) -> None:
        self._check()
        self.log.append(("answered", call_id))
        self.rows[call_id] |= {"device_id": device_id, "answered_at": at}

    async def settle(self, user: UserKey, call_id: str, **values: Any) -> None:
        self._check()
        self.log.append(("settle", call_id))
        assert self.rows[call_id]["kind"] == "pending", "settled once"
        numbers = values.pop("numbers", None)
        self.rows[call_id] |= values if numbers is None else {**values, "numbers": numbers}
        if values["kind"] == "missed":
            # An answer that was written down but never reached the line is none.
            self.rows[call_id] |= {"answered_at": None, "device_id": None}

    async def unread(self, user: UserKey) -> int:
        return sum(row["kind"] == "missed" for row in self.rows.values())


class FakeDevices:
    def __init__(self) -> None:
        self.ids: dict[UserKey, list[str]] = {}

    def online(self, user: UserKey) -> Sequence[str]:
        return list(self.ids.get(user, []))

    def named(self, user: UserKey) -> Sequence[tuple[str, str]]:
        return [(device, f"name of {device}") for device in self.online(user)]


@dataclass
class Sink:
    """Every event that left for clients: (device or None for all, event, payload)."""

    events: list[tuple[str | None, str, dict[str, Any]]] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)

    def to_user(self, user: UserKey, event: str, payload: Mapping[str, Any]) -> None:
        self._keep(None, event, payload)

    def to_device(
        self, user: UserKey, device_id: str, event: str, payload: Mapping[str, Any]
    ) -> None:
        self._keep(device_id, event, payload)

    def _keep(self, device_id: str | None, event: str, payload: Mapping[str, Any]) -> None:
        self.events.append((device_id, event, dict(payload)))
        if (wrong := misfit(event, payload)) is not None:
            self.misfits.append(wrong)

    def of(self, event: str, device: str | None = None) -> list[dict[str, Any]]:
        return [p for d, e, p in self.events if e == event and device in (None, d)]

    async def wait(self, event: str, device: str | None = None, count: int = 1) -> dict[str, Any]:
        await soon(lambda: len(self.of(event, device)) >= count, event)
        return self.of(event, device)[count - 1]

    async def phase(self, phase: str) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            calls = [p["call"] for _, _, p in self.events if "call" in p]
            return next((call for call in calls if call["phase"] == phase), None)

        return await soon(found, phase)


class FakeTokens:
    """``good`` tokens name a site, an instance and a key."""

    def __init__(self) -> None:
        self.good: dict[str, tuple[str, str, str, str]] = {
            "token-1": (TENANT, SITE, "key-1", INSTANCE)
        }
        self.revoked: list[Callable[[str, str], None]] = []

    async def verify(self, token: str) -> ConnectorIdentity | None:
        found = self.good.get(token)
        if found is None:
            return None
        return ConnectorIdentity(*found, expires_at=datetime.now(UTC) + timedelta(minutes=10))

    def on_revoked(self, listener: Callable[[str, str], None]) -> None:
        self.revoked.append(listener)
