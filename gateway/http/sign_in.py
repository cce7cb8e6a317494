"""How a session is handed out, whatever proof it began with: cookie for browsers, body for apps."""

from __future__ import annotations

from typing import Literal

from aiohttp import web
from pydantic import Field

from gateway.http import cookies
from gateway.http.endpoint import Exchange, Reply, ReplyModel
from gateway.http.shapes import DeviceInfo
from gateway.ports import Problem
from gateway.sign_in_ports import Grant
from gateway.storage.ids import utc_now

NATIVE_KINDS = ("ios", "android", "api")
#: What :func:`check_device` answers.
DEVICE_PROBLEMS = ((403, "https_required"), (403, "origin_refused"))

#: What ``PasswordRules`` refuse.
PASSWORD_PROBLEMS = (
    (422, "password_too_short"),
    (422, "password_too_easy"),
    (422, "password_breached"),
)


class TokenReply(ReplyModel):
    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a scheme's name
    expires_in: int = Field(description="seconds")
    session_id: str
    device_id: str
    refresh_token: str | None = Field(
        default=None, repr=False, description="native clients only; browsers get a cookie"
    )


def check_device(exchange: Exchange, device: DeviceInfo) -> bool:
    """Before any proof is looked at. True: a native client, which gets its token in the body."""
    if device.kind not in NATIVE_KINDS:
        cookies.require_safe(exchange)
        return False
    if "Origin" in exchange.request.headers:
        # A script in a page must never see a refresh token.
        raise Problem(403, "origin_refused", "Browsers sign in as kind web or pwa")
    return True


def answer(exchange: Exchange, grant: Grant, *, native: bool) -> Reply:
    def set_cookie(response: web.StreamResponse) -> None:
        cookies.write(exchange, response, grant.refresh_token, grant.refresh_expires_at, utc_now())

    return Reply(
        TokenReply(
            access_token=grant.access_token,
            expires_in=grant.expires_in,
            session_id=grant.actor.session_id,
            device_id=grant.actor.device_id,
            refresh_token=grant.refresh_token if native else None,
        ),
        change=None if native else set_cookie,
    )
