"""The owner of each Call: made with its leg and its sound, run, and let go when it is over."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import replace

from gateway.calls.arrivals import Arrivals
from gateway.calls.book import CallBook
from gateway.calls.events import Event, Named
from gateway.calls.model import CallState
from gateway.calls.owner import CallOwner
from gateway.calls.parties import Place
from gateway.calls.several import Several
from gateway.calls.sip import LineLeg
from gateway.calls.stages import SetupStages
from gateway.calls.surroundings import Surroundings
from gateway.calls.webrtc import CallMedia
from gateway.ports import Line, SiteProfile, UserKey
from protocols.aio.scope import TaskScope


class Owners:
    """``places_of``: where a user's new Call may be moved to; ``stepped`` is told of every step."""

    def __init__(
        self,
        around: Surroundings,
        *,
        book: CallBook,
        several: Several,
        arrivals: Arrivals,
        scope: TaskScope,
        places_of: Callable[[UserKey], tuple[Place, ...]],
        stepped: Callable[[CallState], None],
    ) -> None:
        self._around = around
        self._book = book
        self._several = several
        self._arrivals = arrivals
        self._scope = scope
        self._places_of = places_of
        self._stepped = stepped
        self._last_codec: dict[str, str] = {}

    def stages(self) -> SetupStages:
        return SetupStages(self._around.setup_stage, time.monotonic)

    def leg(self, tenant_id: str, site_id: str, line_id: str, session_id: str) -> LineLeg:
        return LineLeg(
            self._around.link,
            tenant_id=tenant_id,
            site_id=site_id,
            line_id=line_id,
            session_id=session_id,
        )

    def begin(self, state: CallState, line: Line, site: SiteProfile) -> CallOwner:
        """A Call that the PBX will call the line for."""
        leg = self.leg(line.tenant_id, line.site_id, line.line_id, uuid.uuid4().hex)
        return self.start(state, leg, site, self.stages())

    def start(
        self, state: CallState, leg: LineLeg, site: SiteProfile, stages: SetupStages
    ) -> CallOwner:
        def media_of(post: Callable[[Event], None]) -> CallMedia:
            return CallMedia(
                self._around.engine,
                call_id=state.id,
                user=f"{state.tenant_id}/{state.user_id}",
                codecs=self.codecs(site),
                country=site.country,
                post=post,
                on_codec=lambda codec: self._last_codec.__setitem__(site.site_id, codec),
            )

        user = UserKey(state.tenant_id, state.user_id)
        owner = CallOwner(
            replace(state, places=self._places_of(user)),
            line=leg,
            media_of=media_of,
            journal=self._around.journal,
            events=self._around.events,
            stages=stages,
            stepped=self._stepped,
            line_of=lambda call_id: self._line_of(user, call_id),
            ask_name=self._ask_name,
            clock=self._around.clock,
        )
        self._book.add(owner)
        self._scope.start(self._run(owner), f"call {state.id}")
        return owner

    def codecs(self, site: SiteProfile) -> tuple[str, ...]:
        """A device is answered before the PBX has chosen: the site's last choice comes first."""
        last = self._last_codec.get(site.site_id)
        return tuple(sorted(site.codecs, key=lambda codec: codec != last))

    async def _run(self, owner: CallOwner) -> None:
        try:
            await owner.run()
        finally:
            self._book.remove(owner)
            self._several.forget(owner.state)
            owner.gone.set()

    def _line_of(self, user: UserKey, call_id: str) -> LineLeg | None:
        owner = self._book.find(user, call_id)
        return None if owner is None else owner.line

    def _ask_name(self, owner: CallOwner) -> asyncio.Task[str | None]:
        return self._scope.start(self._tell_name(owner), f"name for {owner.state.id}")

    async def _tell_name(self, owner: CallOwner) -> str | None:
        state = owner.state
        user = UserKey(state.tenant_id, state.user_id)
        name = await self._arrivals.name_of(user, state.number.canonical, None)
        if owner.state.number != state.number:
            return None  # it is somebody else's by now, whose name was asked for as well
        if name is not None:
            owner.post(Named(name))
        return name
