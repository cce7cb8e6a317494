"""Subscriptions over a user agent: a client that stays subscribed, a service that notifies."""

from __future__ import annotations

import asyncio
import functools
import itertools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from protocols.aio.flow import Flow
from protocols.aio.listener import RequestContext
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_client import DigestClient
from protocols.sip.event import notifier as notifying
from protocols.sip.event import subscriber as subscribing
from protocols.sip.event.notifier import Notifier, Package
from protocols.sip.event.subscriber import Subscriber
from protocols.sip.event.values import (
    Effect,
    Ended,
    Event,
    Fired,
    GotRequest,
    GotResponse,
    Notified,
    Publish,
    Respond,
    Send,
    SetTimer,
    Stop,
    StopTimer,
    SubTimer,
)
from protocols.sip.headers import NameAddr
from protocols.sip.message import Request, Response

if TYPE_CHECKING:
    from protocols.aio.useragent import UserAgent

logger = logging.getLogger(__name__)

Timers = dict[tuple[SubTimer, str], asyncio.TimerHandle]


class _Driver:
    """Carries out the effects that both sides share."""

    def __init__(self, ua: UserAgent, flow: Flow | None, contact_user: str | None) -> None:
        self.ua = ua
        self.flow = flow
        self._contact_user = contact_user
        self._timers: Timers = {}
        self._contexts: dict[int, RequestContext] = {}
        self._keys = itertools.count(1)

    def handle(self, event: Event) -> None:
        raise NotImplementedError

    def received(self, ctx: RequestContext) -> None:
        """A request in our dialog."""
        if ctx.request.method not in ("NOTIFY", "SUBSCRIBE"):
            ctx.respond(405, headers=(("Allow", "NOTIFY, SUBSCRIBE"),))
            return
        key = next(self._keys)
        self._contexts[key] = ctx
        self.handle(GotRequest(key, ctx.request))

    def run(self, effect: Effect) -> None:
        match effect:
            case Send(key, request):
                self.ua.endpoint.request(
                    request,
                    flow=self.flow if self.flow is not None and self.flow.alive else None,
                    on_response=functools.partial(self._responded, key),
                    prepare=self._prepare,
                )
            case Respond(key, response):
                ctx = self._contexts.pop(key)
                if response.status < 300 and "Contact" not in response.headers:
                    contact = self.ua.contact_for(ctx.flow, self._contact_user)
                    response.headers.add("Contact", f"<{contact}>")
                ctx.send(response)
            case SetTimer(timer, delay, tag):
                self._stop_timer(timer, tag)
                loop = asyncio.get_running_loop()
                self._timers[timer, tag] = loop.call_later(delay, self._fired, timer, tag)
            case StopTimer(timer, tag):
                self._stop_timer(timer, tag)

    def _prepare(self, request: Request, flow: Flow) -> None:
        if "Contact" not in request.headers:
            contact = self.ua.contact_for(flow, self._contact_user)
            request.headers.add("Contact", f"<{contact}>")

    def _responded(self, key: int, response: Response, flow: Flow | None) -> None:
        self.handle(GotResponse(key, response))

    def _stop_timer(self, timer: SubTimer, tag: str) -> None:
        handle = self._timers.pop((timer, tag), None)
        if handle is not None:
            handle.cancel()

    def _fired(self, timer: SubTimer, tag: str) -> None:
        self._timers.pop((timer, tag), None)
        self.handle(Fired(timer, tag))

    def stop_timers(self) -> None:
        for timer, tag in tuple(self._timers):
            self._stop_timer(timer, tag)


class SubscriptionClient(_Driver):
    """One subscription with refreshes. `on_notify(request)` gets every NOTIFY (already answered),
    `on_end(ended)` the end, once; `ended.retry_in` says when a new one may be made."""

    def __init__(
        self,
        ua: UserAgent,
        *,
        target: str,
        from_: str,
        event: str,
        accept: str | None = None,
        to: str | None = None,
        expires: int = 3600,
        flow: Flow | None = None,
        credentials: DigestCredentials | None = None,
        on_notify: Callable[[Request], None],
        on_end: Callable[[Ended], None] | None = None,
    ) -> None:
        origin = NameAddr.parse(from_)
        super().__init__(ua, flow, origin.user or None)
        self._target = target
        self._from = origin
        self._to = str(NameAddr.parse(to if to is not None else f"<{target}>"))
        self._event = event
        self._accept = accept
        self._expires = expires
        self._credentials = credentials
        self._on_notify = on_notify
        self._on_end = on_end
        self._tag = ua.new_tag()
        self._call_id = ua.new_dialog_id()
        self._state: Subscriber | None = None

    @property
    def active(self) -> bool:
        return self._state is not None and self._state.phase is subscribing.SubPhase.LIVE

    def start(self) -> None:
        auth = DigestClient.of(self._credentials) if self._credentials is not None else None
        self._state, effects = subscribing.subscribe(
            target=self._target,
            from_=str(self._from.with_tag(self._tag)),
            to=self._to,
            call_id=self._call_id,
            event=self._event,
            expires=self._expires,
            accept=self._accept,
            auth=auth,
            timers=self.ua.endpoint.timers,
        )
        self.ua.add_usage(self._call_id, self._tag, self)
        for effect in effects:
            self.run(effect)

    def stop(self) -> None:
        """Unsubscribe; `on_end` follows when the notifier has said its last word."""
        if self._state is not None:
            self.handle(Stop())

    def handle(self, event: Event) -> None:
        if self._state is None:
            return
        cnonce = f"{self.ua.rng.getrandbits(64):016x}"
        self._state, effects = subscribing.step(self._state, event, cnonce)
        for effect in effects:
            if isinstance(effect, Notified):
                self._on_notify(effect.request)
            elif isinstance(effect, Ended):
                self._ended(effect)
            else:
                self.run(effect)

    def _ended(self, ended: Ended) -> None:
        self.stop_timers()
        self.ua.remove_usage(self._call_id, self._tag)
        if self._on_end is not None:
            self._on_end(ended)


class _Subscription(_Driver):
    def __init__(self, service: NotifierService, ctx: RequestContext, resource: str) -> None:
        super().__init__(service.ua, ctx.flow, ctx.request.to.user or None)
        self.resource = resource
        self.tag = service.ua.new_tag()
        self.call_id = ctx.request.call_id
        self.state: Notifier | None = None
        self._service = service

    def begin(self, ctx: RequestContext, body: bytes) -> None:
        key = next(self._keys)
        self._contexts[key] = ctx
        now = asyncio.get_running_loop().time()
        self.state, effects = notifying.accept(
            self._service.package, ctx.request, key, self.tag, body, now
        )
        for effect in effects:
            self.run(effect)

    def handle(self, event: Event) -> None:
        if self.state is None:
            return
        now = asyncio.get_running_loop().time()
        self.state, effects = notifying.step(self.state, event, now)
        for effect in effects:
            if isinstance(effect, Ended):
                self.stop_timers()
                self._service.forget(self)
            else:
                self.run(effect)


class NotifierService:
    """Serves SUBSCRIBE for one event package. `resource_of(request)` names the resource (None =
    404), `body_of(resource)` its present state. Call `changed(resource)` when it changes."""

    def __init__(
        self,
        ua: UserAgent,
        package: Package,
        *,
        resource_of: Callable[[Request], str | None],
        body_of: Callable[[str], bytes],
    ) -> None:
        self.ua = ua
        self.package = package
        self._resource_of = resource_of
        self._body_of = body_of
        self._subscriptions: list[_Subscription] = []

    def serve(self, ctx: RequestContext) -> None:
        """The handler of SUBSCRIBE outside a dialog (for packages of this name)."""
        refused = notifying.refusal(self.package, ctx.request, ctx.to_tag)
        if refused is not None:
            ctx.send(refused)
            return
        resource = self._resource_of(ctx.request)
        if resource is None:
            ctx.respond(404)
            return
        made = _Subscription(self, ctx, resource)
        self._subscriptions.append(made)
        self.ua.add_usage(made.call_id, made.tag, made)
        made.begin(ctx, self._body_of(resource))

    def changed(self, resource: str) -> None:
        """Tell every subscriber of this resource."""
        body = self._body_of(resource)
        for subscription in list(self._subscriptions):
            if subscription.resource == resource:
                subscription.handle(Publish(body))

    def subscribers(self, resource: str) -> int:
        return sum(s.resource == resource for s in self._subscriptions)

    def end(self, reason: str = "deactivated") -> None:
        """We go away: every subscriber gets its last NOTIFY."""
        for subscription in list(self._subscriptions):
            subscription.handle(Stop(reason))

    def forget(self, subscription: _Subscription) -> None:
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)
        self.ua.remove_usage(subscription.call_id, subscription.tag)
