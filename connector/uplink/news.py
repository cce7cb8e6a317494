"""CSTA up the link: one NOTIFY after the other, each until it is taken, none twice.

`Offhook-Seq: <epoch>.<n>` numbers them; a request that was sent again has the number it had. After
the link was gone, or when the gateway says that it has not heard the beginning (412), a new epoch
begins with the picture of every line. What happened meanwhile follows, marked `Offhook-History` and
dated by `Offhook-At`: it is for the journal alone, the picture says what is.
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

#: News that wait, besides the picture; of more than that the journal loses the oldest.
MOST_KEPT = 2000
RETRY_AFTER = 1.0
NO_SESSION = "0" * 32


@dataclass(frozen=True, slots=True)
class Item:
    line_id: str
    body: bytes
    session_id: str | None
    happened: datetime
    #: Still worth telling when a new picture has overtaken it.
    for_journal: bool
    history: bool = False


class CstaNews:
    """The queue up the link. `picture` gives every line from the beginning (what it tells besides
    is from before it, and for the journal alone), `greeting` what is told
    whenever a flow is registered: its number shows whether the gateway has heard the beginning,
    also when nothing happens (a link that lost its flows one after the other was never down)."""

    def __init__(
        self,
        uplink: Uplink,
        picture: Callable[[], list[Told]],
        greeting: Callable[[], list[Told]],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._uplink = uplink
        self._picture = picture
        self._clock = clock
        # what waits, in the order in which it leaves
        self._now: deque[Item] = deque()
        self._history: deque[Item] = deque()
        self._live: deque[Item] = deque()
        #: On its way, and in none of them: nothing that makes room can take away its number.
        self._sending: Item | None = None
        self._wake = asyncio.Event()
        self._begun = asyncio.Event()
        self._epoch = 0
        self._number = 0
        self._task: asyncio.Task[None] | None = None
        self.lost = 0
        self._greeting = greeting
        uplink.on_flow_up.append(self._greet)

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="csta news")

    async def aclose(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _greet(self) -> None:
        for told in self._greeting():
            self.tell(told)

    def tell(self, told: Told) -> None:
        item = self._item(told)
        if item is None:
            return
        self._live.append(item)
        if len(self._history) + len(self._live) > MOST_KEPT:
            self._make_room()
        self._wake.set()

    def _make_room(self) -> None:
        """Of history the oldest goes. What is live has no gaps: a new picture replaces it."""
        if self._history:
            self._history.popleft()
            self.lost += 1
        else:
            log.warning("csta news overtaken by a new picture", waiting=len(self._live))
            self.begin()

    def begin(self) -> None:
        """A new epoch, the picture first: the link is there (again), or the gateway is lost."""
        self._epoch = max(self._epoch + 1, int(self._clock().timestamp() * 1000))
        self._number = 0
        now = [item for told in self._picture() if (item := self._item(told)) is not None]
        left = [*self._history, *self._live]
        if self._sending is not None:
            left.insert(0, self._sending)
            self._sending = None
        history = [replace(item, history=True) for item in left if item.for_journal]
        self.lost += max(0, len(history) - MOST_KEPT)
        self._now = deque(replace(item, for_journal=False) for item in now)
        self._history = deque(history[-MOST_KEPT:])
        self._live.clear()
        self._begun.set()
        self._wake.set()

    def _item(self, told: Told) -> Item | None:
        try:
            body = encode(told.message, LINK.style)
        except LocalError as error:
            log.error("csta news not written", line=told.line_id, reason=str(error))
            return None
        for_journal = isinstance(told.message, Event)
        return Item(told.line_id, body, told.session_id, self._clock(), for_journal)

    # -- the queue -----------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._epoch and self._uplink.flow is not None:
                epoch, item = self._epoch, self._next()
                if item is None:
                    break
                response = await self._send(item)
                if self._epoch != epoch:
                    continue  # the queue is another by now, and so are the numbers
                if response is None or response.status in (408, 503):
                    await self._pause()
                    continue
                if response.status == 412:
                    # another gateway than the one that heard the beginning
                    self.begin()
                    continue
                self._sending = None
                if 200 <= response.status < 300:
                    self._number += 1
                else:  # the next has its number, else there were a gap that a picture cannot close
                    log.warning("csta news refused", line=item.line_id, status=response.status)

    def _next(self) -> Item | None:
        """The one to send: as before until it is answered."""
        if self._sending is None:
            queue = self._now or self._history or self._live
            self._sending = queue.popleft() if queue else None
        return self._sending

    async def _pause(self) -> None:
        """Until a new epoch, or for a moment; other news are no reason to hurry."""
        self._begun.clear()
        try:
            async with asyncio.timeout(RETRY_AFTER):
                await self._begun.wait()
        except TimeoutError:
            pass
        self._wake.set()  # the flow may have gone meanwhile: look again whether there is one

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
