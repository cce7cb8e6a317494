"""/me/email."""

from __future__ import annotations

from gateway.admin_ports import oneself
from gateway.features.email_change.models import AddressView, CodeSent, Confirmation, NewAddress
from gateway.features.email_change.service import EmailChangeService
from gateway.http.endpoint import Exchange, endpoint


class EmailChangeApi:
    def __init__(self, service: EmailChangeService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/me/email",
        "Send a code to the address that you want to sign in with",
        body=NewAddress,
        reply=CodeSent,
        status=202,
        fresh=True,
        problems=((409, "managed_elsewhere"), (429, "rate_limited")),
        max_body=1024,
    )
    async def begin(self, exchange: Exchange) -> CodeSent:
        who = oneself(exchange.actor, exchange.client_ip)
        return CodeSent(expires_in=await self._service.begin(who, exchange.body(NewAddress).email))

    @endpoint(
        "POST",
        "/me/email/confirm",
        "Type the code in: the new address counts from now on",
        body=Confirmation,
        reply=AddressView,
        problems=(
            (403, "code_refused"),
            (409, "email_taken"),
            (409, "managed_elsewhere"),
            (410, "code_over"),
        ),
        max_body=256,
    )
    async def confirm(self, exchange: Exchange) -> AddressView:
        who = oneself(exchange.actor, exchange.client_ip)
        return AddressView(email=await self._service.confirm(who, exchange.body(Confirmation).code))
