"""Who holds a call, told from one side to the other (RFC 3264 section 8.4).

The PBX holds: answered on the spot, then told to the gateway by a re-INVITE on the link, so that
it does not take the silence of a held call for a dead one. The user holds: the PBX is asked first
and the gateway's re-INVITE is answered when it has agreed: what the user reads is true.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from connector.sip.leg import LINE_LEG, text
from media.engine import LegProfile, MediaError, MediaSession, Side
from protocols.aio.call import Call
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription
from protocols.sdp.negotiate import is_held

log = structlog.get_logger("connector.call")


@dataclass(frozen=True, slots=True)
class HoldPlans:
    """How both legs are described."""

    line: LegProfile
    link: LegProfile
    link_leg: str


class HoldTeller:
    """Keeps the link leg's direction in step with the line: one offer at a time."""

    def __init__(self, media: MediaSession, link: Call, leg: str, profile: LegProfile) -> None:
        self._media = media
        self._link = link
        self._leg = leg
        self._profile = profile
        self._held = False
        self._told = False
        self._telling: bool | None = None

    async def line_said(self, sdp: bytes) -> None:
        """The PBX's new offer was answered, or it answered ours; pass its meaning on."""
        try:
            self._held = is_held(SessionDescription.parse(sdp))
        except SdpError:
            return
        await self._tell()

    @property
    def held(self) -> bool:
        """Whether the PBX holds."""
        return self._held

    async def link_offered(self) -> None:
        """The gateway's offer was answered; ours, that had waited for its time after glare
        (RFC 3261 section 14.1), was withdrawn for it and is made anew."""
        if self._telling is not None:
            self._telling = None
            await self._tell()

    async def link_answered(self, status: int, sdp: bytes | None) -> None:
        """The gateway answered our offer (or refused it: then it stays untold)."""
        telling, self._telling = self._telling, None
        if telling is None:
            return
        self._told = telling
        if sdp is not None and 200 <= status < 300:
            try:
                await self._media.accept(Side.DEVICE, text(sdp), leg=self._leg)
            except MediaError as error:
                log.warning("answer of the link refused by media", error=str(error))
        await self._tell()

    async def _tell(self) -> None:
        if self._telling is not None or self._told == self._held:
            return
        if self._link.state != "confirmed":
            return
        self._telling = self._held
        try:
            await self._media.direction(Side.DEVICE, send=True, receive=not self._held)
            offer = await self._media.offer(Side.DEVICE, self._profile, leg=self._leg)
        except MediaError as error:
            self._telling, self._told = None, self._held
            log.warning("no offer for the link", error=str(error))
            return
        self._link.offer(offer.encode())


class UserHold:
    """The gateway holds or retrieves: asked of the PBX, whose music the held party hears."""

    def __init__(self, media: MediaSession, line: Call, link: Call, plans: HoldPlans) -> None:
        self._media = media
        self._line = line
        self._link = link
        self._plans = plans
        #: The PBX has agreed that the user holds.
        self.held = False
        self._asking: bool | None = None
        self._offer = ""

    @property
    def waiting(self) -> bool:
        """An offer of the gateway waits for what the PBX says."""
        return self._asking is not None

    def changed_by(self, sdp: bytes) -> bool | None:
        """What the gateway's offer asks for, if that is not how it is."""
        try:
            asked = is_held(SessionDescription.parse(sdp))
        except SdpError:
            return None
        return None if asked == self.held else asked

    async def ask(self, sdp: bytes, held: bool, *, pbx_holds: bool) -> None:
        self._asking, self._offer = held, text(sdp)
        await self.ask_again(pbx_holds=pbx_holds)

    async def ask_again(self, *, pbx_holds: bool) -> None:
        """Also after an offer of the PBX was answered while ours waited after glare."""
        held = self._asking
        if held is None:
            return
        try:
            # 8.4: what was sendrecv is held by sendonly, what was recvonly by inactive
            await self._media.direction(Side.LINE, send=not (held and pbx_holds), receive=not held)
            offer = await self._media.offer(Side.LINE, self._plans.line, leg=LINE_LEG)
        except MediaError as error:
            await self._refuse(str(error))
            return
        self._line.offer(offer.encode())

    async def line_answered(self, status: int, sdp: bytes | None) -> bool:
        """The PBX's word: passed on as the answer to the gateway. True when it agreed."""
        asked = self._asking
        if asked is None or sdp is None or not 200 <= status < 300:
            await self._refuse(f"the PBX answered {status}")
            return False
        try:
            await self._media.accept(Side.LINE, text(sdp), leg=LINE_LEG)
            answer = await self._media.accept(
                Side.DEVICE, self._offer, self._plans.link, leg=self._plans.link_leg
            )
        except MediaError as error:
            await self._refuse(str(error))
            return False
        self.held, self._asking = asked, None
        self._link.answer((answer or "").encode())
        return True

    async def _refuse(self, why: str) -> None:
        """The session stays as it was, on both sides (RFC 3261 section 14.1)."""
        log.warning("hold not changed", wanted=self._asking, error=why)
        self._asking = None
        try:
            await self._media.direction(Side.LINE, send=True, receive=not self.held)
        except MediaError as error:
            log.warning("media does not react", error=str(error))
        self._link.refuse_offer(488)
