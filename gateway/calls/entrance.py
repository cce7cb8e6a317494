"""Calls that come in: from an INVITE of a line's site to a Call that rings."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

from gateway.calls.arrivals import Arrivals
from gateway.calls.beginnings import Invitation, arrived
from gateway.calls.book import CallBook
from gateway.calls.caller import read_caller
from gateway.calls.events import Started
from gateway.calls.movement import Movement
from gateway.calls.owners import Owners
from gateway.calls.surroundings import Surroundings
from gateway.calls.view import Call
from gateway.ports import Line, UserKey
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import IncomingCall

logger = logging.getLogger(__name__)


class Entrance:
    """``full``: of a tenant, that it has the most calls; ``watches``: of a line, that its desk
    phone is told of; ``calls_of``: the user's live calls, at the desk phone too."""

    def __init__(
        self,
        around: Surroundings,
        *,
        book: CallBook,
        arrivals: Arrivals,
        movement: Movement,
        owners: Owners,
        scope: TaskScope,
        full: Callable[[str], bool],
        watches: Callable[[Line], bool],
        calls_of: Callable[[UserKey], list[Call]],
    ) -> None:
        self._around = around
        self._book = book
        self._arrivals = arrivals
        self._movement = movement
        self._owners = owners
        self._scope = scope
        self._full = full
        self._watches = watches
        self._calls_of = calls_of
        self.closed = False

    def take(self, tenant_id: str, site_id: str, line_id: str, call: IncomingCall) -> None:
        """Sync: only takes the call."""
        stages, caller = self._owners.stages(), read_caller(call.invite)
        leg = self._owners.leg(tenant_id, site_id, line_id, uuid.uuid4().hex)
        taken = call.take(leg)
        leg.incoming(taken, caller.session_id)
        if self.closed:
            leg.reject(503, "restarting")
            return
        invitation = Invitation(tenant_id, site_id, line_id, caller, leg, taken.remote_sdp, stages)
        self._scope.start(self._set_up(invitation), f"incoming for {line_id}")

    async def _set_up(self, invitation: Invitation) -> None:
        """Whatever fails here must not leave the caller without an answer."""
        try:
            await self._bring_in(invitation)
        except Exception:
            logger.exception("line %s: an incoming call was not set up", invitation.line_id)
            invitation.leg.reject(500, "the call could not be set up")

    async def _bring_in(self, invitation: Invitation) -> None:
        tenant_id, site_id = invitation.tenant_id, invitation.site_id
        found = await self._around.lines.line(tenant_id, site_id, invitation.line_id)
        if found is None or found[0].tenant_id != tenant_id:
            invitation.leg.reject(404, "unknown line")
            return
        line, site = found
        invitation.leg.line_found()
        if invitation.offer is None:  # the connector always offers; see line.line_offered
            invitation.leg.reject(488, "an offer is needed")
            return
        caller = invitation.caller
        if self._movement.came(line, site, caller, invitation.leg, invitation.offer):
            return
        arrival = await self._arrivals.of(line, site, caller)
        state = arrived(
            line,
            arrival,
            call_id=self._around.new_id(),
            session_id=caller.session_id,
            offer=invitation.offer,
            watched=self._watches(line),
            now=self._around.clock(),
            limits=self._around.config.limits,
        )
        user = UserKey(line.tenant_id, line.user_id)
        live = self._book.live_of(user)
        busy = len(live) >= self._around.config.calls_per_user or self._full(user.tenant_id)
        talks = any(call["phase"] != "ringing_in" for call in self._calls_of(user))
        # Nobody is to be heard unasked in somebody else's call.
        rule = replace(arrival.rule, auto_answer_device=None) if live else arrival.rule
        owner = self._owners.start(state, invitation.leg, site, invitation.stages)
        quiet = self._around.refuses_calls(user)
        devices = tuple(self._around.devices.online(user))
        owner.post(Started(devices, busy, rule, quiet, talks))
