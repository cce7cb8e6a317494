"""CSTA in SIP NOTIFY, `Event: b2buaCSTA`: how OpenScape Business speaks it to a connector.

There is no connection. It begins with our first NOTIFY, whose Contact says where we are, and it
has ended when one of ours is answered by nobody, or by a PBX that has no such peer any more. Our
NOTIFYs are challenged as a call would be.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from connector.csta.carrier import Peer
from protocols.aio.listener import RequestContext
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import UserAgent
from protocols.csta.codec import Style
from protocols.csta.link import Garbled, Incoming
from protocols.csta.message import Message
from protocols.csta.sip_link import SipAnswer, SipLink, SipRequest
from protocols.sip.auth.credentials import DigestCredentials

log = structlog.get_logger("connector.csta")

#: There is nobody, or nobody who knows us.
GONE = frozenset((401, 403, 404, 407, 408, 430, 481, 489, 503))


@dataclass(frozen=True, slots=True)
class PbxPeer:
    """Whom we ask, as whom."""

    target: str
    identity: str
    credentials: DigestCredentials


class NotifyCarrier:
    """`agent` is the PBX-facing one; `notified` takes the PBX's NOTIFYs of this event."""

    def __init__(self, agent: UserAgent, pbx: PbxPeer, style: Style) -> None:
        self._agent = agent
        self._pbx = pbx
        self._style = style
        self._sip = SipLink(style)
        self._peer: Peer | None = None
        self._ended: asyncio.Future[str] | None = None
        self._scope = TaskScope("csta notify")

    async def carry(self, peer: Peer) -> str:
        self._sip, self._peer = SipLink(self._style), peer
        self._ended = asyncio.get_running_loop().create_future()
        try:
            peer.opened()
            return await self._ended
        finally:
            self._peer = self._ended = None
            await self._scope.aclose()
            self._scope = TaskScope("csta notify")

    def close(self, reason: str) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(reason)

    # -- ours ----------------------------------------------------------------------------------

    def send(self, invoke_id: int, message: Message) -> None:
        if self._peer is None:
            return
        out = self._sip.outgoing(invoke_id, message)
        if isinstance(out, SipAnswer):
            _respond(out)
        else:
            self._scope.start(self._ask(out), f"csta request {out.invoke_id}")

    async def _ask(self, out: SipRequest) -> None:
        response = await self._agent.request(
            out.method,
            self._pbx.target,
            from_=self._pbx.identity,
            headers=tuple((k, v) for k, v in out.headers if k != "Content-Type"),
            content_type=dict(out.headers).get("Content-Type"),
            body=out.body,
            credentials=self._pbx.credentials,
        )
        if response.status in GONE:
            self.close(f"the PBX answered {response.status} {response.reason}".strip())
            return
        received = self._sip.answered(
            out.invoke_id, response.status, response.headers.get("Content-Type"), response.body
        )
        if received is not None and self._peer is not None:
            self._safely(received)

    # -- the PBX's -----------------------------------------------------------------------------

    def notified(self, ctx: RequestContext) -> None:
        if self._peer is None:
            ctx.respond(481)  # let it begin anew when we have
            return
        headers = ctx.request.headers
        asked = self._sip.asked(
            ctx, headers.get("Event"), headers.get("Content-Type"), ctx.request.body
        )
        answer = asked if isinstance(asked, SipAnswer) else asked.answer
        if answer is not None:
            _respond(answer)
        if not isinstance(asked, SipAnswer):
            self._safely(asked.incoming)

    def _safely(self, received: Incoming | Garbled) -> None:
        if self._peer is None:
            return
        try:
            self._peer.received(received)
        except Exception:
            # as when a connection breaks: what begins anew has no such state
            log.exception("csta link failed")
            self.close("an error of the connector, see its log")


def _respond(answer: SipAnswer) -> None:
    context = answer.key
    assert isinstance(context, RequestContext)
    headers = tuple((k, v) for k, v in answer.headers if k != "Content-Type")
    content_type = dict(answer.headers).get("Content-Type")
    context.respond(answer.status, headers=headers, content_type=content_type, body=answer.body)
