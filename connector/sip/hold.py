"""The PBX puts a call on hold: answered on the spot, then told to the gateway.

The gateway learns it by a re-INVITE on the link whose direction says that nobody listens here
(RFC 3264 section 8.4); so it does not take the silence of a held call for a dead one.
"""

from __future__ import annotations

import structlog

from connector.sip.leg import text
from media.engine import LegProfile, MediaError, MediaSession, Side
from protocols.aio.call import Call
from protocols.b2bua.sdp_relay import is_hold
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription

log = structlog.get_logger("connector.call")


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
            self._held = is_hold(SessionDescription.parse(sdp))
        except SdpError:
            return
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
