"""Letters with a link that lets somebody set a password: invitations and resets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlmodel import col

from gateway.admin_ports import Mail, Mailer, Principal
from gateway.credentials import one_time
from gateway.http.limits import RateLimiter, subscriber
from gateway.ports import Problem
from gateway.sign_in_policy import PASSWORD_ELSEWHERE
from gateway.storage.folding import email_hash
from gateway.storage.ids import utc_now
from gateway.storage.models import LoginIndex, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken

log = structlog.get_logger(__name__)

KIND_RESET, KIND_INVITATION = "password_reset", "invitation"
_RESET_FOR = timedelta(hours=1)
_INVITED_FOR = timedelta(days=7)
_PER_ADDRESS = 3  # letters an hour and address
_PER_IP = 10
_WAITING = 200


class AccountLetterService:
    """Implements the ``AccountLetters`` port, and answers whoever has forgotten a password.

    The latter takes no time and gives one answer: what it comes to is done by :meth:`run`, after
    the answer, so that neither tells whether anybody has the address.
    """

    def __init__(
        self,
        storage: Storage,
        mailer: Mailer,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._mailer = mailer
        self._monotonic = monotonic
        self._now = now
        self._by_address = RateLimiter(_PER_ADDRESS, per=3600)
        self._by_ip = RateLimiter(_PER_IP)
        self._asked: asyncio.Queue[bytes] = asyncio.Queue(_WAITING)

    # --- the port --------------------------------------------------------------------------

    async def invite(
        self,
        db: TenantSession,
        who: Principal,
        user_id: str,
        template: str = "invitation",
        *,
        bulk: bool = False,
    ) -> str:
        user = await self._reachable(db, user_id)
        if user.password_hash is not None or user.activated_at is not None:
            raise Problem(409, "already_active", "This person has accepted an invitation already")
        tenant = await db.tenant()
        text = await self._token(db, user, KIND_INVITATION, _INVITED_FOR)
        user.invited_at = self._now()
        values = {
            "name": user.name,
            "tenant": tenant.name if tenant is not None else "",
            "invited_by": who.name,
            "days": _INVITED_FOR.days,
        }
        letter = Mail(user.email, template, user.language, values, text, user.id, bulk=bulk)
        await self._mailer.post(db, letter)
        return text

    async def reset(self, db: TenantSession, who: Principal, user_id: str) -> None:
        user = await self._reachable(db, user_id)
        await self._send_reset(db, user)

    async def _reachable(self, db: TenantSession, user_id: str) -> User:
        user = await db.get(User, user_id)
        if user is None:
            raise Problem(404, "person_unknown", "There is no such person")
        if user.source in PASSWORD_ELSEWHERE:
            raise Problem(409, "managed_elsewhere", "This person signs in by the company's account")
        if user.disabled:
            raise Problem(409, "person_disabled", "This person's account is disabled")
        return user

    async def _send_reset(self, db: TenantSession, user: User) -> None:
        text = await self._token(db, user, KIND_RESET, _RESET_FOR)
        values = {"name": user.name, "minutes": round(_RESET_FOR.total_seconds() / 60)}
        await self._mailer.post(
            db, Mail(user.email, "password_reset", user.language, values, text, user.id)
        )

    async def _token(self, db: TenantSession, user: User, kind: str, valid: timedelta) -> str:
        """The one link of its kind that counts from now on."""
        await db.delete(OneTimeToken, OneTimeToken.user_id == user.id, OneTimeToken.kind == kind)
        text, digest = one_time.new(db.tenant_id)
        now = self._now()
        await db.add(
            OneTimeToken(
                tenant_id=db.tenant_id,
                kind=kind,
                user_id=user.id,
                digest=digest,
                created_at=now,
                expires_at=now + valid,
            )
        )
        return text

    # --- whoever has forgotten -------------------------------------------------------------

    def ask(self, email: str, client_ip: str) -> None:
        digest, now = email_hash(email), self._monotonic()
        self._by_ip.take(subscriber(client_ip), now)
        if self._by_address.wait(digest, now) > 0:
            return  # unsaid: a letter is on its way, or nobody has the address
        try:
            self._asked.put_nowait(digest)
        except asyncio.QueueFull:
            raise Problem(503, "busy", "Too many ask at once: try again", retry_after=5) from None

    async def run(self) -> None:
        while True:
            digest = await self._asked.get()
            try:
                await self._answer(digest)
            except Exception:  # one that fails must not be the last
                log.exception("password.reset_letter_failed")

    async def _answer(self, digest: bytes) -> None:
        async with self._storage.index() as index:
            found = await index.get(LoginIndex, digest)
        if found is None:
            return
        async with self._storage.write(found.tenant_id) as db:
            tenant = await db.tenant()
            user = await db.first(
                User,
                User.id == found.user_id,
                col(User.disabled).is_(False),
                col(User.source).not_in(PASSWORD_ELSEWHERE),
            )
            if user is not None and tenant is not None and tenant.status == "active":
                await self._send_reset(db, user)
