"""Reads a user with line, site and settings; changes the settings under an optimistic lock."""

from __future__ import annotations

from gateway.config import DemoHint
from gateway.features.users.models import (
    DemoView,
    HintView,
    LineView,
    MeView,
    Settings,
    SettingsView,
    SiteView,
    TenantView,
    UserView,
)
from gateway.permissions import of_role
from gateway.ports import Actor, EventSink, Problem
from gateway.storage.models import Line, Site, User
from gateway.storage.storage import Storage


class UsersService:
    def __init__(
        self, storage: Storage, events: EventSink, demo_hints: tuple[DemoHint, ...] = ()
    ) -> None:
        self._storage = storage
        self._events = events
        hints = [HintView(**hint.model_dump()) for hint in demo_hints]
        self._demo = DemoView(hints=hints) if hints else None

    async def me(self, actor: Actor) -> MeView:
        async with self._storage.read(actor.user.tenant_id) as db:
            user = await db.get(User, actor.user.user_id)
            tenant = await db.tenant()
            line = await db.first(Line, Line.user_id == actor.user.user_id)
            site = await db.get(Site, line.site_id) if line else None
        if user is None or tenant is None:
            raise Problem(404, "not_found", "This user is gone")
        return MeView(
            user=UserView(
                id=user.id,
                name=user.name,
                email=user.email,
                role=user.role,
                permissions=sorted(of_role(user.role)),
            ),
            tenant=TenantView(id=tenant.id, name=tenant.name, support_email=tenant.support_email),
            line=_line(line) if line else None,
            site=_site(site) if site else None,
            device_id=actor.device_id,
            session_id=actor.session_id,
            settings=_settings(user),
            demo=self._demo,
        )

    async def settings(self, actor: Actor) -> SettingsView:
        async with self._storage.read(actor.user.tenant_id) as db:
            user = await db.get(User, actor.user.user_id)
        if user is None:
            raise Problem(404, "not_found", "This user is gone")
        return _settings(user)

    async def change_settings(self, actor: Actor, wanted: Settings, version: int) -> SettingsView:
        """Only if nobody changed them since ``version`` (one statement: compare and set)."""
        async with self._storage.write(actor.user.tenant_id) as db:
            changed = await db.update(
                User,
                User.id == actor.user.user_id,
                User.settings_version == version,
                settings=wanted.model_dump(),
                settings_version=version + 1,
            )
        if not changed:
            raise Problem(412, "changed_meanwhile", "Your settings were changed on another device")
        view = SettingsView(settings=wanted, version=version + 1)
        self._events.to_user(actor.user, "settings.changed", {"settings": view.model_dump()})
        return view


def _settings(user: User) -> SettingsView:
    known = {k: v for k, v in user.settings.items() if k in Settings.model_fields}
    return SettingsView(settings=Settings(**known), version=user.settings_version)


def _line(line: Line) -> LineView:
    return LineView(
        line_id=line.line_id,
        number=line.number,
        desk_number=line.desk_number,
        mailbox_number=line.mailbox_number,
    )


def _site(site: Site) -> SiteView:
    return SiteView(
        id=site.id,
        name=site.name,
        profile=site.profile,
        country=site.country,
        area_code=site.area_code,
        extension_digits=site.extension_digits,
    )
