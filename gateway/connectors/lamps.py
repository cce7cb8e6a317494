"""NOTIFY ``message-summary`` of the link: a line's voicemail lamp (RFC 3842)."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

from gateway.connectors.registrar import SiteKey
from gateway.ports import ConnectorStatus, Lamp, LampNews
from protocols.aio.listener import RequestContext
from protocols.aio.scope import TaskScope
from protocols.sip.event.mwi import MessageSummary, SummaryError
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

PACKAGE = "message-summary"
#: Seconds after which nobody can say any more how the lamps of a lost connector are.
GIVE_UP = 90.0


class LinkLamps:
    """Answers when the news is kept: the connector sends a line's next one only after that."""

    def __init__(self, news: LampNews, give_up: float = GIVE_UP) -> None:
        self._news = news
        self._give_up = give_up
        #: Lines of which a connector has told how their lamp is.
        self._known: defaultdict[SiteKey, set[str]] = defaultdict(set)
        self._giving_up: dict[SiteKey, asyncio.TimerHandle] = {}
        self._scope = TaskScope("link lamps")

    async def aclose(self) -> None:
        for handle in self._giving_up.values():
            handle.cancel()
        await self._scope.aclose()

    # -- the connector itself ----------------------------------------------------------------------
    def status_changed(self, tenant_id: str, status: ConnectorStatus) -> None:
        """One that comes back tells every lamp anew."""
        site = SiteKey(tenant_id, status.site_id)
        if status.registered:
            handle = self._giving_up.pop(site, None)
            if handle is not None:
                handle.cancel()
        elif self._known.get(site) and site not in self._giving_up:
            loop = asyncio.get_running_loop()
            self._giving_up[site] = loop.call_later(self._give_up, self._lost, site)

    def _lost(self, site: SiteKey) -> None:
        del self._giving_up[site]
        self._scope.start(self._forget(site), f"lamps of lost site {site.site_id}")

    async def _forget(self, site: SiteKey) -> None:
        for line_id in self._known.pop(site, set()):
            try:
                await self._news.lamp_told(site.tenant_id, site.site_id, line_id, None)
            except Exception:
                logger.exception("site %s: a lamp was not forgotten", site.site_id)

    # -- its news ----------------------------------------------------------------------------------

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
        if known and lamp is not None:
            self._known[site].add(line_id)
        else:
            self._known[site].discard(line_id)
        ctx.respond(200 if known else 404)


def _lamp(summary: MessageSummary) -> Lamp:
    return Lamp(summary.waiting, summary.new, summary.old)
