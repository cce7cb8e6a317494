"""Keeps what users want to happen when somebody calls, and tells call control."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from gateway.features.routing.models import AutoAnswer, Routing, RoutingView
from gateway.ports import RING_EVERYWHERE, EventSink, Problem, RingRule, UserKey
from gateway.storage import models as tables
from gateway.storage.storage import Storage, TenantSession

#: Of a user who has never changed anything.
_FIRST = RoutingView(routing=Routing(), version=1)


class RoutingService:
    """Implements the ``RoutingRules`` port."""

    def __init__(self, storage: Storage, events: EventSink) -> None:
        self._storage = storage
        self._events = events

    async def ring_rule(self, user: UserKey) -> RingRule:
        async with self._storage.read(user.tenant_id) as db:
            row = await _row(db, user)
        return RING_EVERYWHERE if row is None else _rule(row)

    async def routing(self, user: UserKey) -> RoutingView:
        async with self._storage.read(user.tenant_id) as db:
            row = await _row(db, user)
        return _FIRST if row is None else _view(row)

    async def change(self, user: UserKey, wanted: Routing, version: int) -> RoutingView:
        """Only if nobody changed it since ``version``."""
        async with self._storage.write(user.tenant_id) as db:
            await _check_device(db, user, wanted.auto_answer)
            changed = await self._update(db, user, wanted, version)
        if not changed and version == _FIRST.version:
            changed = await self._insert(user, wanted, version)
        if not changed:
            raise Problem(412, "changed_meanwhile", "Your routing was changed on another device")
        view = RoutingView(routing=wanted, version=version + 1)
        self._events.to_user(user, "routing.changed", {"routing": view.model_dump(mode="json")})
        return view

    async def _update(self, db: TenantSession, user: UserKey, wanted: Routing, version: int) -> int:
        return await db.update(
            tables.Routing,
            tables.Routing.user_id == user.user_id,
            tables.Routing.version == version,
            version=version + 1,
            **_columns(wanted),
        )

    async def _insert(self, user: UserKey, wanted: Routing, version: int) -> bool:
        """The first change of this user; of two at once one is first."""
        row = tables.Routing(
            tenant_id=user.tenant_id,
            user_id=user.user_id,
            version=version + 1,
            **_columns(wanted),
        )
        try:
            async with self._storage.write(user.tenant_id) as db:
                await db.add(row)
        except IntegrityError:
            return False
        return True


async def _row(db: TenantSession, user: UserKey) -> tables.Routing | None:
    return await db.first(tables.Routing, tables.Routing.user_id == user.user_id)


async def _check_device(db: TenantSession, user: UserKey, wanted: AutoAnswer | None) -> None:
    if wanted is None:
        return
    device = await db.get(tables.Device, wanted.device_id)
    if device is None or device.user_id != user.user_id:
        raise Problem(422, "device_unknown", "This is not one of your devices")


def _columns(wanted: Routing) -> dict[str, Any]:
    by_itself = wanted.auto_answer
    return {
        "apps": wanted.apps,
        "delay_ms": wanted.delay_ms,
        "auto_answer_device": by_itself.device_id if by_itself else None,
        "auto_answer_ms": by_itself.after_ms if by_itself else 0,
        "when_busy": wanted.when_busy,
    }


def _view(row: tables.Routing) -> RoutingView:
    by_itself = None
    if row.auto_answer_device is not None:
        by_itself = AutoAnswer(device_id=row.auto_answer_device, after_ms=row.auto_answer_ms)
    routing = Routing.model_validate(
        {
            "apps": row.apps,
            "delay_ms": row.delay_ms,
            "auto_answer": by_itself,
            "when_busy": row.when_busy,
        }
    )
    return RoutingView(routing=routing, version=row.version)


def _rule(row: tables.Routing) -> RingRule:
    routing = _view(row).routing
    by_itself = routing.auto_answer
    return RingRule(
        apps=routing.apps,
        delay=routing.delay_ms / 1000,
        auto_answer_device=by_itself.device_id if by_itself else None,
        auto_answer_after=by_itself.after_ms / 1000 if by_itself else 0.0,
        when_busy=routing.when_busy,
    )
