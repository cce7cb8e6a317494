"""The message lamp of registered devices: NOTIFY message-summary (RFC 3842).

A device may subscribe (RFC 6665), to its own address or to the voicemail number. One that has not
is told unsolicited, when it registers and when its box changes, as many PBXs do; a device that does
not know the event says so and is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from emulator.calls.sip_end import Route
from emulator.plan.dialplan import DialPlan
from emulator.voicemail.store import Mailbox
from protocols.aio.scope import TaskScope
from protocols.aio.subscription import NotifierService
from protocols.aio.useragent import RequestContext, UserAgent
from protocols.sip.event.mwi import CONTENT_TYPE, MessageSummary
from protocols.sip.event.notifier import Package
from protocols.sip.message import Request
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)

PACKAGE = Package("message-summary", CONTENT_TYPE, min_expires=30)


def summary(box: Mailbox, account: str) -> bytes:
    """The body (RFC 3842 5.2)."""
    new, old = len(box.new), len(box.old)
    return MessageSummary(new > 0, account, new, old, 0, 0).to_bytes()


class MessageLamps:
    """``box_of(user)`` gives the box of a device's extension, ``routes_of(user)`` where the device
    is registered now."""

    def __init__(
        self,
        agent: UserAgent,
        tasks: TaskScope,
        plan: DialPlan,
        *,
        box_of: Callable[[str], Mailbox | None],
        routes_of: Callable[[str], list[Route]],
        domain: str,
    ) -> None:
        self._agent = agent
        self._tasks = tasks
        self._plan = plan
        self._box_of = box_of
        self._routes_of = routes_of
        self._domain = domain
        service = plan.voicemail()
        self._account = service.number if service is not None else "voicemail"
        self._service = NotifierService(
            agent, PACKAGE, resource_of=self._resource, body_of=self._body
        )

    def subscribe(self, ctx: RequestContext) -> None:
        """The handler of SUBSCRIBE; the sender is authenticated already."""
        self._service.serve(ctx)

    def end(self) -> None:
        """Every subscriber gets its last NOTIFY."""
        self._service.end()

    def tell(self, user: str) -> None:
        """The box of ``user`` changed, or it registered: say how the box is."""
        box = self._box_of(user)
        if box is None:
            return
        if self._service.subscribers(user):
            self._service.changed(user)
            return
        for route in self._routes_of(user):
            self._tasks.start(self._notify(user, route, box), f"lamp {user}")

    def _resource(self, request: Request) -> str | None:
        """A device may watch the box of its own extension and no other."""
        user = request.from_.user or ""
        extension, uri = self._plan.of_device(user), request.request_uri
        wanted = uri.user_text if isinstance(uri, SipUri) else ""
        if extension is None or self._box_of(user) is None:
            return None
        own = {extension.number, *extension.device_users, self._account}
        return user if wanted in own else None

    def _body(self, user: str) -> bytes:
        box = self._box_of(user)
        address = f"sip:{self._account}@{self._domain}"
        return summary(box, address) if box is not None else b""

    async def _notify(self, user: str, route: Route, box: Mailbox) -> None:
        response = await self._agent.request(
            "NOTIFY",
            route.target,
            from_=f"<sip:{self._account}@{self._domain}>",
            to=f"<sip:{user}@{self._domain}>",
            headers=(("Event", "message-summary"), ("Subscription-State", "active")),
            content_type=CONTENT_TYPE,
            body=self._body(user),
            flow=route.flow,
            route=route.path,
        )
        if response.status >= 300:
            logger.info("%s does not take the message lamp: %d", user, response.status)
