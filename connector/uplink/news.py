"""CSTA up the link: one NOTIFY after the other, each until it is taken, none twice.

`Offhook-Seq: <epoch>.<n>` numbers them; a request that was sent again has the number it had. After
the link was gone a new epoch begins with the picture of every line. What happened meanwhile
follows, marked `Offhook-History` and dated by `Offhook-At`: it is for the journal alone, the
picture says what is.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from connector.mapping.line import Told
from connector.uplink.uplink import Uplink
from protocols.csta.codec import encode
from protocols.csta.dialects import LINK
from protocols.csta.errors import LocalError
from protocols.csta.message import Event
from protocols.csta.sip_link import CONTENT_TYPE, EVENT_PACKAGE
from protocols.sip.message import Response

log = structlog.get_logger("connector.csta")

#: News kept while the link is down; the oldest go first, for the picture replaces most of them.
MOST_KEPT = 2000
RETRY_AFTER = 1.0
NO_SESSION = "0" * 32


@dataclass(frozen=True, slots=True)
class Item:
    line_id: str
    body: bytes
    session_id: str | None
    happened: datetime
    is_event: bool
    history: bool = False


class CstaNews:
    """The queue up the link. `picture` gives every line from the beginning."""

    def __init__(
        self,
        uplink: Uplink,
        picture: Callable[[], list[Told]],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._uplink = uplink
        self._picture = picture
        self._clock = clock
        self._queue: deque[Item] = deque()
        self._wake = asyncio.Event()
        self._epoch = 0
        self._number = 0
        self._task: asyncio.Task[None] | None = None
        self.lost = 0

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="csta news")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def tell(self, told: Told) -> None:
        item = self._item(told)
        if item is None:
            return
        if len(self._queue) >= MOST_KEPT:
            self._queue.popleft()
            self.lost += 1
        self._queue.append(item)
        self._wake.set()

    def begin(self) -> None:
        """The link is there (again): a new epoch, the picture first."""
        self._epoch = max(self._epoch + 1, int(self._clock().timestamp() * 1000))
        self._number = 0
        history = [replace(item, history=True) for item in self._queue if item.is_event]
        now = [item for told in self._picture() if (item := self._item(told)) is not None]
        self._queue = deque([*now, *history])
        self._wake.set()

    def _item(self, told: Told) -> Item | None:
        try:
            body = encode(told.message, LINK.style)
        except LocalError as error:
            log.error("csta news not written", line=told.line_id, reason=str(error))
            return None
        is_event = isinstance(told.message, Event)
        return Item(told.line_id, body, told.session_id, self._clock(), is_event)

    # -- the queue -----------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue and self._epoch and self._uplink.flow is not None:
                epoch, item = self._epoch, self._queue[0]
                response = await self._send(item)
                if self._epoch != epoch:
                    continue  # the queue is another by now, and so are the numbers
                if response is None or response.status in (408, 503):
                    await self._pause()
                    continue
                if not 200 <= response.status < 300:
                    log.warning("csta news refused", line=item.line_id, status=response.status)
                self._queue.popleft()
                self._number += 1

    async def _pause(self) -> None:
        """Until a new epoch, or for a moment."""
        self._wake.clear()
        try:
            async with asyncio.timeout(RETRY_AFTER):
                await self._wake.wait()
        except TimeoutError:
            self._wake.set()

    async def _send(self, item: Item) -> Response | None:
        site, flow = self._uplink.site, self._uplink.flow
        if site is None or flow is None:
            return None
        headers = [
            ("Event", EVENT_PACKAGE),
            ("Subscription-State", "active"),
            ("Offhook-Seq", f"{self._epoch}.{self._number}"),
        ]
        if item.session_id is not None:
            # RFC 7989 section 5: this end has none of its own
            headers.append(("Session-ID", f"{item.session_id};remote={NO_SESSION}"))
        if item.history:
            moment = item.happened.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            headers += [("Offhook-History", "1"), ("Offhook-At", moment)]
        return await self._uplink.ua.request(
            "NOTIFY",
            f"sip:{item.line_id}@{site.service_domain}",
            from_=f"<sip:{site.site_id}@{site.service_domain}>",
            headers=tuple(headers),
            content_type=CONTENT_TYPE,
            body=item.body,
            flow=flow,
        )
