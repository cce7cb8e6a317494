"""/auth/invitation."""

from __future__ import annotations

from gateway.features.invitations.models import (
    Acceptance,
    InvitationToken,
    InvitationView,
)
from gateway.features.invitations.service import InvitationsService
from gateway.http.endpoint import Access, Exchange, Reply, endpoint
from gateway.http.shapes import PasskeyOptions
from gateway.http.sign_in import (
    DEVICE_PROBLEMS,
    PASSWORD_PROBLEMS,
    TokenReply,
    answer,
    check_device,
)

_LINK = (
    (403, "tenant_not_active"),
    (403, "tenant_suspended"),
    (410, "link_over"),
    (429, "rate_limited"),
)


class InvitationsApi:
    def __init__(self, service: InvitationsService) -> None:
        self._service = service

    @endpoint(
        "POST",
        "/auth/invitation",
        "Who is invited, by whom, and what has to be accepted",
        access=Access.PUBLIC,
        body=InvitationToken,
        reply=InvitationView,
        problems=_LINK,
        max_body=1024,
    )
    async def show(self, exchange: Exchange) -> InvitationView:
        token = exchange.body(InvitationToken).token
        return await self._service.show(token, exchange.client_ip)

    @endpoint(
        "POST",
        "/auth/invitation/passkey",
        "Begin to make a passkey in place of a password",
        access=Access.PUBLIC,
        body=InvitationToken,
        reply=PasskeyOptions,
        problems=_LINK,
        max_body=1024,
    )
    async def passkey(self, exchange: Exchange) -> PasskeyOptions:
        token = exchange.body(InvitationToken).token
        options = await self._service.passkey_options(token, exchange.client_ip)
        return PasskeyOptions(options=options)

    @endpoint(
        "POST",
        "/auth/invitation/accept",
        "Accept an invitation with a password or a passkey; signs in",
        access=Access.PUBLIC,
        body=Acceptance,
        reply=TokenReply,
        problems=(
            *DEVICE_PROBLEMS,
            *_LINK,
            *PASSWORD_PROBLEMS,
            (422, "passkey_refused"),
            (422, "terms_required"),
            (503, "busy"),
        ),
        max_body=32768,
    )
    async def accept(self, exchange: Exchange) -> Reply:
        wanted = exchange.body(Acceptance)
        native = check_device(exchange, wanted.device)
        grant = await self._service.accept(wanted, exchange.client_ip)
        return answer(exchange, grant, native=native)
