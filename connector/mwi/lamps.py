"""Subscribes to every line's mailbox, takes what the PBX tells by itself, tells the gateway.

```
 PBX --NOTIFY message-summary--> LampBook --NOTIFY message-summary, one line at a time--> gateway
```
A subscription begins when its line is registered, and anew whenever the line comes back: a PBX that
was restarted has forgotten both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from connector.mwi.book import LampBook
from connector.sip.pbx import PbxLine, PbxSide
from connector.uplink.uplink import Uplink
from protocols.aio.listener import RequestContext
from protocols.aio.scope import TaskScope
from protocols.aio.subscription import SubscriptionClient
from protocols.sip.event.mwi import CONTENT_TYPE, MessageSummary, SummaryError
from protocols.sip.event.values import Ended
from protocols.sip.message import Request

log = structlog.get_logger("connector.mwi")

PACKAGE = "message-summary"
RETRY_FIRST, RETRY_MOST = 2.0, 300.0  # seconds, doubling, until a lost subscription is made anew
NOT_SERVED = (405, 489, 501)
RETRY_NOT_SERVED = 900.0  # the PBX may be configured to serve the event some day
TELL_AT_ONCE = 16  # lines whose news travel at the same time
TELL_AGAIN = 5.0


class _Watch:
    """One line's subscription and the wait for the next one."""

    def __init__(self, lamps: Lamps, line: PbxLine) -> None:
        self._lamps = lamps
        self.line = line
        self._client: SubscriptionClient | None = None
        self._retry = RETRY_FIRST
        self._timer: asyncio.TimerHandle | None = None
        self.registered = False

    def start(self) -> None:
        """Subscribe anew, whatever there was."""
        self.stop()
        pbx, config = self._lamps.pbx, self.line.config
        client = SubscriptionClient(
            pbx.ua,
            target=f"sip:{config.extension}@{pbx.addresses.target()}",
            from_=f"<{pbx.aor(config)}>",
            to=f"<{pbx.aor(config)}>",
            event=PACKAGE,
            accept=CONTENT_TYPE,
            # As long as a registration: a PBX that forgot us is found out as soon.
            expires=pbx.register_expires,
            credentials=self.line.credentials,
            on_notify=self._notified,
            on_end=lambda ended: self._ended(client, ended),
        )
        self._client = client
        client.start()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        client, self._client = self._client, None
        if client is not None:
            client.stop()
            client.stop_timers()

    def _notified(self, request: Request) -> None:
        self._retry = RETRY_FIRST
        self._lamps.heard(self.line.config.line_id, request, asked=True)

    def _ended(self, client: SubscriptionClient, ended: Ended) -> None:
        if client is not self._client:
            return  # stopped, or replaced by a newer one
        self._client = None
        log.info(
            "lamp not watched",
            line_id=self.line.config.line_id,
            reason=ended.reason,
            status=ended.status,
        )
        self._lamps.lost(self.line.config.line_id, absent=not self.registered)
        if not self.registered:
            return  # begins anew with the registration
        if ended.status in NOT_SERVED:
            wait = RETRY_NOT_SERVED
        else:  # 403 among them: a PBX that was restarted does not know the line yet
            wait = max(ended.retry_in or 0.0, self._retry)
            self._retry = min(self._retry * 2, RETRY_MOST)
        self._timer = asyncio.get_running_loop().call_later(wait, self.start)


class Lamps:
    """The lamps of all lines of the site."""

    def __init__(self, pbx: PbxSide, uplink: Uplink) -> None:
        self.pbx = pbx
        self._uplink = uplink
        self._book = LampBook()
        self._watches: dict[str, _Watch] = {}
        self._news = asyncio.Event()
        self._scope = TaskScope("lamps")
        self._closed = False
        pbx.news[PACKAGE] = self._unsolicited
        uplink.on_flow_up.append(self._tell_all)

    def start(self) -> None:
        self._scope.start(self._tell(), "tell")

    async def aclose(self) -> None:
        self._closed = True  # the lines that now sign off one after the other are no news
        for watch in self._watches.values():
            watch.stop()
        self._watches.clear()
        await self._scope.aclose()

    def lines_changed(self, lines: Mapping[str, PbxLine]) -> None:
        """Lines came, went, registered or lost their registration."""
        if self._closed:
            return
        for line_id in self._watches.keys() - lines.keys():
            self._watches.pop(line_id).stop()
            self._book.forget(line_id)
        for line_id, line in lines.items():
            watch = self._watches.get(line_id)
            if watch is None or watch.line is not line:
                if watch is not None:
                    watch.stop()
                watch = self._watches[line_id] = _Watch(self, line)
            came = line.registered and not watch.registered
            watch.registered = line.registered
            if came:
                watch.start()

    # -- from the PBX ------------------------------------------------------------------------------
    def _unsolicited(self, line: PbxLine, ctx: RequestContext) -> None:
        """Many PBXs tell the lamp without being asked, some only so."""
        if self.heard(line.config.line_id, ctx.request, asked=False):
            ctx.respond(200)
        else:
            ctx.respond(400, "Unreadable message summary")

    def heard(self, line_id: str, request: Request, *, asked: bool) -> bool:
        """False: the body is no message summary. An empty one says nothing (RFC 6665 4.1.3 allows
        a NOTIFY without a body)."""
        if not request.body:
            return True
        try:
            summary = MessageSummary.parse(request.body)
        except SummaryError as error:
            log.warning("message summary not understood", line_id=line_id, error=str(error))
            return False
        self.told(line_id, summary, asked=asked)
        return True

    def told(self, line_id: str, summary: MessageSummary, *, asked: bool) -> None:
        self._book.told(line_id, summary, asked=asked)
        self._news.set()

    def lost(self, line_id: str, *, absent: bool) -> None:
        self._book.unwatched(line_id, absent=absent)
        self._news.set()

    # -- to the gateway ----------------------------------------------------------------------------
    def _tell_all(self) -> None:
        self._book.tell_all()
        self._news.set()

    async def _tell(self) -> None:
        """One message per line at a time: its news cannot overtake each other."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._uplink.flow is not None and (lines := self._book.take(TELL_AT_ONCE)):
                taken = await asyncio.gather(*(self._tell_line(line_id) for line_id in lines))
                if not all(taken):
                    await self._wait_for_news()

    async def _wait_for_news(self) -> None:
        """Or for a moment. What came while the refused one was on its way is no reason to hurry."""
        self._news.clear()
        try:
            async with asyncio.timeout(TELL_AGAIN):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _tell_line(self, line_id: str) -> bool:
        """True when the gateway knows, or never will (it does not know the line)."""
        flow, site = self._uplink.flow, self._uplink.site
        if flow is None or site is None:
            self._book.tell(line_id)
            return False
        summary = self._book.of(line_id)
        response = await self._uplink.ua.request(
            "NOTIFY",
            f"sip:{line_id}@{site.service_domain}",
            from_=f"<sip:{site.site_id}@{site.service_domain}>",
            headers=(("Event", PACKAGE), ("Subscription-State", "active")),
            content_type=CONTENT_TYPE if summary is not None else None,
            body=b"" if summary is None else summary.to_bytes(),
            flow=flow,
        )
        if response.status in (400, 404, 489):
            log.info("lamp not taken by the gateway", line_id=line_id, status=response.status)
            return True
        if response.status >= 300:
            self._book.tell(line_id)
        return response.status < 300
