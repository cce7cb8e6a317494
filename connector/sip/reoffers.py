"""Offers within a call: a re-INVITE or UPDATE of one side, and how ours fared.

They are answered here, from the state of the media session, and never reach the other side; what
they mean for it (hold, above all) is told it by an offer of our own.
"""

from __future__ import annotations

import structlog

from connector.sip.descriptions import encoded
from connector.sip.hold import HoldPlans, HoldTeller, UserHold
from connector.sip.leg import LINK_LEG, Bridged, LegPlan, text
from media.engine import MediaError, MediaSession
from protocols.aio.call import Call
from protocols.b2bua.call import Leg

log = structlog.get_logger("connector.call")


class Reoffers:
    """Of one bridged call."""

    def __init__(self, owner: Bridged) -> None:
        self._owner = owner
        self._teller: HoldTeller | None = None
        self._holder: UserHold | None = None

    @property
    def user_holds(self) -> bool:
        """The PBX has agreed that the user holds."""
        return self._holder is not None and self._holder.held

    def line_left(self) -> None:
        """Another dialog has taken the line's place: nothing of this one's hold is its."""
        self._holder = self._teller = None

    async def offered(self, leg: Leg, sdp: bytes | None) -> None:
        """A re-INVITE or UPDATE is answered here, from the state of the media session; it never
        reaches the other leg."""
        owner = self._owner
        plan, media, call = owner.plan(leg), owner.media, owner.call_of(leg)
        if media is None or call is None:
            return
        # Let through only after glare, while ours waits for its time (RFC 3261 section 14.1);
        # whoever made ours makes it anew when this one is answered.
        call.withdraw_offer()
        try:
            if sdp is None:
                call.answer(encoded(await media.offer(plan.side, plan.profile, leg=plan.name)))
                return
            if plan.name == LINK_LEG and await self._user_holds(media, sdp):
                return  # answered when the PBX has spoken
            answer = await media.accept(plan.side, text(sdp), plan.profile, leg=plan.name)
        except MediaError as error:
            log.warning("offer refused by media", call=self._owner.name, error=str(error))
            call.refuse_offer(488)
            await self._ours_again(plan, media)
            return
        if answer is None:
            call.refuse_offer(500)
        else:
            call.answer(encoded(answer))
            if plan.name != LINK_LEG and self._owner.connected:
                await self._hold_teller(media).line_said(sdp)
        await self._ours_again(plan, media)

    async def _ours_again(self, plan: LegPlan, media: MediaSession) -> None:
        """Our offer, withdrawn for theirs, is made anew, whatever has become of theirs."""
        if not self._owner.connected:
            return
        teller = self._hold_teller(media)
        if plan.name == LINK_LEG:
            await teller.link_offered()
        else:
            await self._user_hold(media).ask_again(pbx_holds=teller.held)

    async def _user_holds(self, media: MediaSession, sdp: bytes) -> bool:
        """Whether the gateway's offer holds or retrieves; then the PBX is asked."""
        if not self._owner.connected:
            return False
        asked = self._user_hold(media).changed_by(sdp)
        if asked is None:
            return False
        await self._user_hold(media).ask(sdp, asked, pbx_holds=self._hold_teller(media).held)
        return True

    def _user_hold(self, media: MediaSession) -> UserHold:
        if self._holder is None:
            owner = self._owner
            link = owner.line_leg.other
            plans = HoldPlans(owner.line_plan.profile, owner.plan(link).profile, LINK_LEG)
            self._holder = UserHold(media, owner.line_call, self._link(), plans)
        return self._holder

    def _hold_teller(self, media: MediaSession) -> HoldTeller:
        if self._teller is None:
            plan = self._owner.plan(self._owner.line_leg.other)
            self._teller = HoldTeller(media, self._link(), plan.name, plan.profile)
        return self._teller

    async def answered(self, leg: Leg, status: int, sdp: bytes | None) -> None:
        plan, media = self._owner.plan(leg), self._owner.media
        if media is None:
            return
        if plan.name == LINK_LEG:
            await self._hold_teller(media).link_answered(status, sdp)
            return
        connected = self._owner.connected
        if connected and self._user_hold(media).waiting:
            await self._hold_answered(media, status, sdp)
            return
        if sdp is None or not 200 <= status < 300:
            return
        try:
            await media.accept(plan.side, text(sdp), leg=plan.name)
        except MediaError as error:
            log.warning("answer refused by media", call=self._owner.name, error=str(error))
            return
        if connected and not self._user_hold(media).held:
            # a PBX may hold by an offerless re-INVITE: its answer then says it (RFC 3264 8.4)
            await self._hold_teller(media).line_said(sdp)

    async def _hold_answered(self, media: MediaSession, status: int, sdp: bytes | None) -> None:
        hold, teller = self._user_hold(media), self._hold_teller(media)
        agreed = await hold.line_answered(status, sdp)
        await teller.link_offered()
        if agreed and sdp is not None and not hold.held:
            # Who takes a call back learns by the answer whether the PBX holds it meanwhile; the
            # answer to a hold says nothing of the kind (RFC 3264 section 6.1).
            await teller.line_said(sdp)

    def _link(self) -> Call:
        link = self._owner.link_call
        assert link is not None  # asked only once both sides are connected
        return link
