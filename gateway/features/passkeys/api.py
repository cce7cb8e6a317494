"""/auth/passkey and /me/passkeys."""

from __future__ import annotations

from gateway.admin_ports import oneself
from gateway.features.passkeys.models import (
    NewPasskeyRequest,
    PasskeyName,
    PasskeySignIn,
    PasskeysView,
    PasskeyView,
)
from gateway.features.passkeys.service import PasskeysService
from gateway.http.endpoint import Access, Exchange, Reply, endpoint
from gateway.http.shapes import NoBody, PasskeyOptions
from gateway.http.sign_in import DEVICE_PROBLEMS, TokenReply, answer, check_device

_CREDENTIAL = 32768  # bytes; attestation statements carry certificates


class PasskeysApi:
    def __init__(self, service: PasskeysService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/auth/passkey/begin",
        "A challenge for any passkey, to sign in or to step up",
        access=Access.PUBLIC,
        body=NoBody,
        reply=PasskeyOptions,
        max_body=256,
    )
    async def begin_sign_in(self, _exchange: Exchange) -> PasskeyOptions:
        return PasskeyOptions(options=self._service.request_options())

    @endpoint(
        "POST",
        "/auth/passkey/finish",
        "Sign in by passkey",
        access=Access.PUBLIC,
        body=PasskeySignIn,
        reply=TokenReply,
        problems=(
            (401, "passkey_refused"),
            *DEVICE_PROBLEMS,
            (403, "tenant_suspended"),
            (429, "rate_limited"),
        ),
        max_body=_CREDENTIAL,
    )
    async def finish_sign_in(self, exchange: Exchange) -> Reply:
        body = exchange.body(PasskeySignIn)
        native = check_device(exchange, body.device)
        grant = await self._service.sign_in(body.credential, body.device, exchange.client_ip)
        return answer(exchange, grant, native=native)

    @endpoint("GET", "/me/passkeys", "Your passkeys", reply=PasskeysView, in_setup=True)
    async def passkeys(self, exchange: Exchange) -> PasskeysView:
        rows = await self._service.of_user(exchange.actor.user)
        return PasskeysView(items=[PasskeyView.of(row) for row in rows])

    @endpoint(
        "POST",
        "/me/passkeys/begin",
        "Begin to add a passkey",
        body=NoBody,
        reply=PasskeyOptions,
        fresh=True,
        in_setup=True,
        problems=((409, "managed_elsewhere"), (409, "too_many_passkeys")),
        max_body=256,
    )
    async def begin(self, exchange: Exchange) -> PasskeyOptions:
        who = oneself(exchange.actor, exchange.client_ip)
        return PasskeyOptions(options=await self._service.begin(who))

    @endpoint(
        "POST",
        "/me/passkeys",
        "Add the passkey that the browser has made; ends your other sessions",
        body=NewPasskeyRequest,
        reply=PasskeyView,
        status=201,
        fresh=True,
        in_setup=True,
        problems=(
            (409, "managed_elsewhere"),
            (409, "too_many_passkeys"),
            (422, "passkey_refused"),
        ),
        max_body=_CREDENTIAL,
    )
    async def add(self, exchange: Exchange) -> PasskeyView:
        body, actor = exchange.body(NewPasskeyRequest), exchange.actor
        who = oneself(actor, exchange.client_ip)
        row = await self._service.add(who, body.credential, body.name, actor.session_id)
        return PasskeyView.of(row)

    @endpoint(
        "PATCH",
        "/me/passkeys/{id}",
        "Name a passkey",
        body=PasskeyName,
        reply=PasskeyView,
        problems=((404, "passkey_unknown"),),
        max_body=1024,
    )
    async def rename(self, exchange: Exchange) -> PasskeyView:
        name = exchange.body(PasskeyName).name
        row = await self._service.rename(exchange.actor.user, exchange.params["id"], name)
        return PasskeyView.of(row)

    @endpoint(
        "DELETE",
        "/me/passkeys/{id}",
        "Remove a passkey",
        fresh=True,
        problems=(
            (404, "passkey_unknown"),
            (409, "last_way_in"),
            (409, "second_factor_needed"),
        ),
    )
    async def remove(self, exchange: Exchange) -> None:
        who = oneself(exchange.actor, exchange.client_ip)
        await self._service.remove(who, exchange.params["id"])
