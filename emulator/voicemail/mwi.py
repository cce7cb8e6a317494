"""The message lamp of registered devices: NOTIFY message-summary (RFC 3842), unsolicited.

Every device of an extension is told when its box changes and when it registers. A device that does
not know the event says so and is left alone until it registers anew.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from emulator.calls.sip_end import Route
from emulator.voicemail.store import Mailbox
from protocols.aio.scope import TaskScope
from protocols.aio.useragent import UserAgent
from protocols.sip.event.mwi import CONTENT_TYPE, MessageSummary

logger = logging.getLogger(__name__)


def summary(box: Mailbox, account: str) -> bytes:
    """The body (RFC 3842 5.2)."""
    new, old = len(box.new), len(box.old)
    return MessageSummary(new > 0, account, new, old, 0, 0).to_bytes()


class MessageLamps:
    """``routes_of(user)`` gives where a device is registered now."""

    def __init__(
        self,
        agent: UserAgent,
        tasks: TaskScope,
        routes_of: Callable[[str], list[Route]],
        *,
        domain: str,
        account: str,
    ) -> None:
        self._agent = agent
        self._tasks = tasks
        self._routes_of = routes_of
        self._domain = domain
        self._account = account

    def tell(self, user: str, box: Mailbox) -> None:
        """Send the state of ``box`` to every place where ``user`` is registered."""
        for route in self._routes_of(user):
            self._tasks.start(self._notify(user, route, box), f"lamp {user}")

    async def _notify(self, user: str, route: Route, box: Mailbox) -> None:
        address = f"sip:{user}@{self._domain}"
        response = await self._agent.request(
            "NOTIFY",
            route.target,
            from_=f"<sip:{self._account}@{self._domain}>",
            to=f"<{address}>",
            headers=(("Event", "message-summary"), ("Subscription-State", "active")),
            content_type=CONTENT_TYPE,
            body=summary(box, f"sip:{self._account}@{self._domain}"),
            flow=route.flow,
            route=route.path,
        )
        if response.status >= 300:
            logger.info("%s does not take the message lamp: %d", user, response.status)
