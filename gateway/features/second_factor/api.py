"""/me/totp and /me/recovery-codes."""

from __future__ import annotations

from gateway.admin_ports import oneself
from gateway.features.second_factor.models import (
    CodeRequest,
    RecoveryCodesView,
    TotpView,
)
from gateway.features.second_factor.service import SecondFactorService
from gateway.http.endpoint import Exchange, endpoint
from gateway.http.shapes import NoBody


class SecondFactorApi:
    def __init__(self, service: SecondFactorService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/me/totp",
        "Begin to set up an authenticator app",
        body=NoBody,
        reply=TotpView,
        fresh=True,
        in_setup=True,
        problems=(
            (403, "second_factor_off"),
            (409, "managed_elsewhere"),
            (409, "totp_set_up"),
        ),
        max_body=256,
    )
    async def begin(self, exchange: Exchange) -> TotpView:
        made = await self._service.begin(exchange.actor)
        return TotpView(secret=made.secret, uri=made.uri, qr_svg=made.qr_svg)

    @endpoint(
        "POST",
        "/me/totp/confirm",
        "Turn the authenticator app on by one of its codes; ends your other sessions",
        body=CodeRequest,
        reply=RecoveryCodesView,
        fresh=True,
        in_setup=True,
        problems=((403, "code_refused"), (429, "rate_limited")),
        max_body=1024,
    )
    async def confirm(self, exchange: Exchange) -> RecoveryCodesView:
        actor, code = exchange.actor, exchange.body(CodeRequest).code
        who = oneself(actor, exchange.client_ip)
        made = await self._service.confirm(who, code, actor.session_id)
        return RecoveryCodesView(recovery_codes=made)

    @endpoint(
        "DELETE",
        "/me/totp",
        "Remove the authenticator app and the recovery codes",
        fresh=True,
        problems=((409, "second_factor_needed"),),
    )
    async def remove(self, exchange: Exchange) -> None:
        await self._service.remove(oneself(exchange.actor, exchange.client_ip))

    @endpoint(
        "POST",
        "/me/recovery-codes",
        "New recovery codes; the old ones are over",
        body=NoBody,
        reply=RecoveryCodesView,
        fresh=True,
        in_setup=True,
        problems=((409, "totp_not_set_up"),),
        max_body=256,
    )
    async def recovery_codes(self, exchange: Exchange) -> RecoveryCodesView:
        who = oneself(exchange.actor, exchange.client_ip)
        return RecoveryCodesView(recovery_codes=await self._service.new_recovery_codes(who))
