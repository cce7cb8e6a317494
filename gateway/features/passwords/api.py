"""/me/password and /auth/password-reset."""

from __future__ import annotations

from gateway.admin_ports import oneself
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.passwords.models import PasswordChange, ResetFinish, ResetRequest
from gateway.features.passwords.service import PasswordsService
from gateway.http.endpoint import Access, Exchange, endpoint
from gateway.http.sign_in import PASSWORD_PROBLEMS


class PasswordsApi:
    def __init__(self, service: PasswordsService, letters: AccountLetterService) -> None:
        self._service = service
        self._letters = letters

    @endpoint(
        "PUT",
        "/me/password",
        "Change your password; ends your other sessions",
        body=PasswordChange,
        problems=(
            (403, "password_wrong"),
            (403, "step_up_required"),
            (409, "managed_elsewhere"),
            *PASSWORD_PROBLEMS,
            (429, "rate_limited"),
            (503, "busy"),
        ),
        max_body=4096,
    )
    async def change(self, exchange: Exchange) -> None:
        body, who = exchange.body(PasswordChange), oneself(exchange.actor, exchange.client_ip)
        await self._service.change(exchange.actor, who, body.old_password, body.new_password)

    @endpoint(
        "POST",
        "/auth/password-reset",
        "Ask for a letter with a link; one answer whether or not anybody has the address",
        access=Access.PUBLIC,
        body=ResetRequest,
        problems=((429, "rate_limited"), (503, "busy")),
        max_body=1024,
    )
    async def ask_reset(self, exchange: Exchange) -> None:
        self._letters.ask(exchange.body(ResetRequest).email, exchange.client_ip)

    @endpoint(
        "POST",
        "/auth/password-reset/finish",
        "Choose a new password by the letter's link; ends all sessions",
        access=Access.PUBLIC,
        body=ResetFinish,
        problems=(
            (410, "link_over"),
            *PASSWORD_PROBLEMS,
            (429, "rate_limited"),
            (503, "busy"),
        ),
        max_body=4096,
    )
    async def finish_reset(self, exchange: Exchange) -> None:
        body = exchange.body(ResetFinish)
        await self._service.finish_reset(body.token, body.password, exchange.client_ip)
