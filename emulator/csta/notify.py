"""CSTA in SIP NOTIFY: `Event: b2buaCSTA`, one message each way, the answer in the body of the 200.

The peer is one SIP user of the configuration; each NOTIFY of it is challenged as a call would be.
Its link begins with its first NOTIFY and ends when it stops answering ours: then it is to begin
anew. Ours go out one after the other, so that events keep their order over UDP too.
"""

from __future__ import annotations

import logging
from collections import deque

from emulator.csta.face import CstaFace
from emulator.csta.link import CstaLink
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import RequestContext, UserAgent
from protocols.csta.codec import Style
from protocols.csta.dialects import LINK
from protocols.csta.errors import LocalError
from protocols.csta.framing import UNSOLICITED
from protocols.csta.link import Incoming
from protocols.csta.message import Message, Response
from protocols.csta.sip_link import CONTENT_TYPE, NOTIFY, SipAnswer, SipLink, SipRequest

logger = logging.getLogger(__name__)

#: Short tags without a namespace whatever the platform: what a cloud connector reads and writes.
STYLE: Style = LINK.style


class NotifyEdge:
    """``domain`` names us in From. At most one peer, ``user``, wherever it is now."""

    def __init__(self, agent: UserAgent, face: CstaFace, user: str, domain: str) -> None:
        self._agent = agent
        self._face = face
        self._user = user
        self._domain = domain
        self._tasks = TaskScope("csta notify")
        self._peer: _Peer | None = None
        agent.handle("NOTIFY", self._notified)

    def _notified(self, ctx: RequestContext) -> None:
        """Authenticated already; but any device might send one."""
        if ctx.request.from_.user != self._user:
            ctx.respond(403)
            return
        peer = self._peer
        if peer is None or peer.closed:
            if self._face.full:
                ctx.respond(503, headers=(("Retry-After", "30"),))
                return
            peer = self._peer = _Peer(self._agent, self._tasks, self._face, self._domain)
        peer.notified(ctx)

    async def aclose(self) -> None:
        await self._tasks.aclose()


class _Peer:
    """The wire of one link."""

    def __init__(self, agent: UserAgent, tasks: TaskScope, face: CstaFace, domain: str) -> None:
        self.name = "NOTIFY"
        self.closed = False
        self._agent = agent
        self._tasks = tasks
        self._face = face
        self._domain = domain
        self._sip = SipLink(STYLE)
        self._last: RequestContext | None = None  # where the peer is
        self._link: CstaLink | None = None
        self._queue: deque[SipRequest] = deque()
        self._sending = False

    def notified(self, ctx: RequestContext) -> None:
        request = ctx.request
        headers = request.headers
        asked = self._sip.asked(
            ctx, headers.get("Event"), headers.get("Content-Type"), request.body
        )
        answer = asked if isinstance(asked, SipAnswer) else asked.answer
        if answer is not None:
            ctx.respond(answer.status, headers=answer.headers)
        if isinstance(asked, SipAnswer):
            return
        begins, self._last = self._link is None, ctx
        if begins:
            self._link = self._face.open(self)
        link = self._link
        assert link is not None
        self._note("in", asked.incoming.invoke_id, asked.incoming.message)
        link.received(asked.incoming.invoke_id, asked.incoming.message)
        if begins:
            link.connected()

    def _note(self, direction: str, invoke_id: int, message: object) -> None:
        if isinstance(message, Message):
            self._face.trace.note(direction, self.name, invoke_id, message, STYLE)

    # -- the link's wire ---------------------------------------------------------------------

    def send(self, invoke_id: int, message: Message) -> None:
        self._send(invoke_id, message, whole=True)

    def garble(self, invoke_id: int, message: Message) -> None:
        """A NOTIFY as it should be, with half a message in it."""
        self._send(invoke_id, message, whole=False)

    def _send(self, invoke_id: int, message: Message, *, whole: bool) -> None:
        if self.closed:
            return
        try:
            out = self._sip.outgoing(invoke_id, message)
        except LocalError:
            logger.exception("%s cannot be sent", type(message).__name__)
            return
        self._note("out", invoke_id, message)
        if isinstance(out, SipAnswer):
            ctx = out.key
            assert isinstance(ctx, RequestContext)
            content_type = dict(out.headers).get("Content-Type")
            ctx.respond(out.status, body=out.body, content_type=content_type)
            return
        body = out.body if whole else out.body[: len(out.body) // 2]
        self._put(SipRequest(out.method, out.invoke_id, out.headers, body))

    def raw(self, body: bytes) -> None:
        headers = (*NOTIFY.headers, ("Content-Type", CONTENT_TYPE))
        self._put(SipRequest(NOTIFY.method, UNSOLICITED, headers, body))

    def _put(self, request: SipRequest) -> None:
        if self.closed:
            return
        self._queue.append(request)
        if not self._sending:
            self._sending = True
            self._tasks.start(self._send_all(), "send")

    async def _send_all(self) -> None:
        try:
            while self._queue and not self.closed:
                await self._ask(self._queue.popleft())
        finally:
            self._sending = False

    async def _ask(self, out: SipRequest) -> None:
        assert self._last is not None
        request, flow = self._last.request, self._last.flow
        user = request.from_.user
        contact = request.contact
        target = str(contact.uri) if contact is not None else f"sip:{user}@{flow.peer}"
        headers = tuple((k, v) for k, v in out.headers if k != "Content-Type")
        response = await self._agent.request(
            out.method,
            target,
            from_=f"<sip:pbx@{self._domain}>",
            to=f"<sip:{user}@{self._domain}>",
            headers=headers,
            content_type=dict(out.headers).get("Content-Type"),
            body=out.body,
            flow=flow,
        )
        if self.closed or self._link is None:
            return
        if response.status in (408, 430, 481, 503):
            self.close(f"NOTIFY was answered with {response.status}")
            return
        answer = self._sip.answered(
            out.invoke_id, response.status, response.headers.get("Content-Type"), response.body
        )
        if isinstance(answer, Incoming) and isinstance(answer.message, Response):
            self._note("in", answer.invoke_id, answer.message)
            self._link.received(answer.invoke_id, answer.message)

    def close(self, reason: str) -> None:
        self.closed = True
        self._queue.clear()
        link, self._link = self._link, None
        if link is not None:
            self._face.closed(link, reason)
