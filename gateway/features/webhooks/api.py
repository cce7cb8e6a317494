"""/admin/webhooks. What answers with a secret takes no Idempotency-Key: that would keep it."""

from __future__ import annotations

from gateway.features.webhooks.models import (
    ChangedWebhook,
    DeliveriesQuery,
    DeliveryPage,
    DeliveryView,
    MadeWebhook,
    NewWebhook,
    Rotate,
    SentAgain,
    WebhookList,
    WebhookView,
)
from gateway.features.webhooks.reading import WebhookReader
from gateway.features.webhooks.service import WebhooksService
from gateway.http.endpoint import Exchange, Reply, endpoint
from gateway.http.etag import IF_MATCH, IF_MATCH_PROBLEMS, if_match, with_etag
from gateway.permissions import Permission

_WRITE = Permission.WEBHOOKS_WRITE
_UNKNOWN = (404, "webhook_unknown")
_NO_DELIVERY = (404, "delivery_unknown")
_REFUSED = (422, "url_refused")
_PAUSED = (409, "webhook_paused")


class WebhooksApi:
    def __init__(self, service: WebhooksService, reader: WebhookReader) -> None:
        self._service = service
        self._reader = reader

    @endpoint(
        "GET",
        "/admin/webhooks",
        "Where the tenant's programs are told of what happens, and how that goes",
        reply=WebhookList,
        permission=_WRITE,
    )
    async def webhooks(self, exchange: Exchange) -> WebhookList:
        return await self._reader.webhooks(exchange.principal.tenant_id)

    @endpoint(
        "POST",
        "/admin/webhooks",
        "Set up a webhook; the secret that signs it is in this answer and nowhere else",
        body=NewWebhook,
        reply=MadeWebhook,
        status=201,
        problems=((409, "too_many_webhooks"), _REFUSED),
        max_body=8192,
        permission=_WRITE,
        fresh=True,
    )
    async def create(self, exchange: Exchange) -> MadeWebhook:
        return await self._service.create(exchange.principal, exchange.body(NewWebhook))

    @endpoint(
        "GET",
        "/admin/webhooks/{id}",
        "One webhook",
        reply=WebhookView,
        problems=(_UNKNOWN,),
        permission=_WRITE,
    )
    async def webhook(self, exchange: Exchange) -> Reply:
        tenant_id = exchange.principal.tenant_id
        view = await self._reader.webhook(tenant_id, exchange.params["id"])
        return with_etag(view, view.version)

    @endpoint(
        "PUT",
        "/admin/webhooks/{id}",
        "Change, pause or resume a webhook",
        body=ChangedWebhook,
        reply=WebhookView,
        headers=(IF_MATCH,),
        problems=(_UNKNOWN, _REFUSED, *IF_MATCH_PROBLEMS),
        max_body=8192,
        permission=_WRITE,
        fresh=True,
    )
    async def change(self, exchange: Exchange) -> Reply:
        view = await self._service.change(
            exchange.principal,
            exchange.params["id"],
            exchange.body(ChangedWebhook),
            if_match(exchange),
        )
        return with_etag(view, view.version)

    @endpoint(
        "POST",
        "/admin/webhooks/{id}/secret",
        "Make another secret; the old one signs no more, or as well for a change-over",
        body=Rotate,
        reply=MadeWebhook,
        status=201,
        problems=(_UNKNOWN,),
        max_body=1024,
        permission=_WRITE,
        fresh=True,
    )
    async def rotate(self, exchange: Exchange) -> MadeWebhook:
        hours = exchange.body(Rotate).change_over_hours
        return await self._service.rotate(exchange.principal, exchange.params["id"], hours)

    @endpoint(
        "DELETE",
        "/admin/webhooks/{id}",
        "Remove a webhook, with what waits to be delivered to it",
        problems=(_UNKNOWN,),
        permission=_WRITE,
        fresh=True,
    )
    async def remove(self, exchange: Exchange) -> None:
        await self._service.remove(exchange.principal, exchange.params["id"])

    @endpoint(
        "POST",
        "/admin/webhooks/{id}/test",
        "Send a test event, once; its outcome is among the deliveries",
        reply=DeliveryView,
        status=202,
        problems=(_UNKNOWN, _PAUSED),
        permission=_WRITE,
    )
    async def test(self, exchange: Exchange) -> DeliveryView:
        return await self._service.test(exchange.principal, exchange.params["id"])

    @endpoint(
        "GET",
        "/admin/webhooks/{id}/deliveries",
        "What was sent, waits, or was given up, the newest first",
        query=DeliveriesQuery,
        reply=DeliveryPage,
        problems=(_UNKNOWN, (422, "bad_cursor")),
        permission=_WRITE,
    )
    async def deliveries(self, exchange: Exchange) -> DeliveryPage:
        return await self._reader.deliveries(
            exchange.principal.tenant_id, exchange.params["id"], exchange.query(DeliveriesQuery)
        )

    @endpoint(
        "POST",
        "/admin/webhooks/{id}/deliveries/again",
        "Send again all that was given up",
        reply=SentAgain,
        problems=(_UNKNOWN, _PAUSED),
        permission=_WRITE,
    )
    async def send_all_again(self, exchange: Exchange) -> SentAgain:
        count = await self._service.send_all_again(exchange.principal, exchange.params["id"])
        return SentAgain(count=count)

    @endpoint(
        "POST",
        "/admin/webhooks/{id}/deliveries/{delivery}/again",
        "Send again one that was given up; its id stays the same",
        reply=DeliveryView,
        status=202,
        problems=(_UNKNOWN, _NO_DELIVERY, _PAUSED, (409, "not_given_up")),
        permission=_WRITE,
    )
    async def send_again(self, exchange: Exchange) -> DeliveryView:
        return await self._service.send_again(
            exchange.principal, exchange.params["id"], exchange.params["delivery"]
        )
