"""Digits where one side has no telephone-event: SIP INFO towards the PBX and from it."""

from __future__ import annotations

import asyncio

import structlog

from media.engine import MediaError, MediaSession, Side
from protocols.aio.call import Call
from protocols.aio.listener import RequestContext
from protocols.sdp.errors import SdpError
from protocols.sdp.model import SessionDescription
from protocols.sip.info.dtmf import PLAIN, RELAY, InfoDigit, InfoDigitError

log = structlog.get_logger("connector.call")


def takes_events(sdp: bytes | None) -> bool:
    """True when the peer's description names telephone-event (RFC 4733)."""
    if sdp is None:
        return False
    try:
        description = SessionDescription.parse(sdp)
    except SdpError:
        return False
    return any(
        rtpmap.name.lower() == "telephone-event"
        for media in description.media
        for rtpmap in media.rtpmaps.values()
    )


class DigitRelay:
    """Digits of one call, in order, one INFO at a time (RFC 6086 section 4.1)."""

    def __init__(self, line: Call, *, forced: bool) -> None:
        self.line = line
        self._forced = forced  # the platform is known to take INFO even if Allow is silent
        self._queue: asyncio.Queue[InfoDigit] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def from_link(self, digit: str, duration_ms: int) -> None:
        """A digit arrived on the link; telephone-event passes in the media by itself."""
        if takes_events(self.line.remote_sdp):
            return
        allow = self.line.peer_allow
        if not self._forced and (allow is None or "INFO" not in allow):
            log.warning("digit lost: the PBX takes neither telephone-event nor INFO")
            return
        self._queue.put_nowait(InfoDigit(digit, duration_ms or 160))
        if self._task is None:
            self._task = asyncio.create_task(self._send(), name="digits by INFO")

    async def _send(self) -> None:
        while True:
            digit = await self._queue.get()
            response = await self.line.request("INFO", content_type=RELAY, body=digit.to_relay())
            if response.status >= 300:
                log.warning("digit refused by the PBX", status=response.status)

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def from_line(ctx: RequestContext, media: MediaSession | None) -> None:
    """An INFO of the PBX: a digit goes on as telephone-event, anything else is 415."""
    kind = ctx.request.content_type
    try:
        info = InfoDigit.parse(kind, ctx.request.body)
    except InfoDigitError:
        status = 400 if kind in (RELAY, PLAIN) else 415
        ctx.respond(status, headers=(("Accept", f"{RELAY}, {PLAIN}"),))
        return
    if media is None or info.digit == "!":
        ctx.respond(200)  # a hook flash has no meaning beyond the PBX
        return
    try:
        await media.dtmf(Side.DEVICE, info.digit, duration_ms=info.duration_ms)
    except MediaError as error:
        log.warning("digit not sent", error=str(error))
        ctx.respond(480)
        return
    ctx.respond(200)
