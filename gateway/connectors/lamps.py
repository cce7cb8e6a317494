"""NOTIFY ``message-summary`` of the link: a line's voicemail lamp (RFC 3842)."""

from __future__ import annotations

import logging

from gateway.connectors.registrar import SiteKey
from gateway.ports import Lamp, LampNews
from protocols.aio.listener import RequestContext
from protocols.aio.scope import TaskScope
from protocols.sip.event.mwi import MessageSummary, SummaryError
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

PACKAGE = "message-summary"


class LinkLamps:
    """Answers when the news is kept: the connector sends a line's next one only after that."""

    def __init__(self, news: LampNews) -> None:
        self._news = news
        self._scope = TaskScope("link lamps")

    async def aclose(self) -> None:
        await self._scope.aclose()

    def notified(self, site: SiteKey, ctx: RequestContext) -> None:
        uri, body = ctx.request.request_uri, ctx.request.body
        if not isinstance(uri, SipUri) or not uri.user_text:
            ctx.respond(404)
            return
        try:
            # Without a body: nobody knows.
            lamp = _lamp(MessageSummary.parse(body)) if body else None
        except SummaryError:
            ctx.respond(400, "Unreadable message summary")
            return
        self._scope.start(self._tell(site, uri.user_text, lamp, ctx), f"lamp of {site.site_id}")

    async def _tell(
        self, site: SiteKey, line_id: str, lamp: Lamp | None, ctx: RequestContext
    ) -> None:
        try:
            known = await self._news.lamp_told(site.tenant_id, site.site_id, line_id, lamp)
        except Exception:
            logger.exception("site %s: a lamp was not kept", site.site_id)
            ctx.respond(500)
            return
        ctx.respond(200 if known else 404)


def _lamp(summary: MessageSummary) -> Lamp:
    return Lamp(summary.waiting, summary.new, summary.old)
