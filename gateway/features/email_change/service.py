"""Sends the code, and moves the account to the new address when it is typed in.

An address is one account's on the whole platform: the sign-in index holds it once.
"""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from gateway.admin_ports import AuditLog, Mail, Mailer, Principal
from gateway.credentials.secrets import Secrets
from gateway.http.limits import RateLimiter
from gateway.ports import Problem
from gateway.sign_in_policy import EMAIL_ELSEWHERE
from gateway.storage.folding import email_hash, masked
from gateway.storage.ids import utc_now
from gateway.storage.models import LoginIndex, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken

KIND = "email_change"
CODE_FOR = timedelta(minutes=15)
ATTEMPTS = 5
_LETTERS = 5  # an hour and user


class EmailChangeService:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        audit: AuditLog,
        mailer: Mailer,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._mailer = mailer
        self._monotonic = monotonic
        self._now = now
        self._by_user = RateLimiter(_LETTERS, per=3600)

    async def begin(self, who: Principal, email: str) -> int:
        """Seconds until the code is over. A taken address gets no letter and the same answer."""
        self._by_user.take(who.id, self._monotonic())
        code = f"{random.randbelow(1_000_000):06d}"
        async with self._storage.index() as index:
            taken = await index.get(LoginIndex, email_hash(email)) is not None
        async with self._storage.write(who.tenant_id) as db:
            user = await self._user(db, who)
            await db.delete(OneTimeToken, OneTimeToken.user_id == who.id, OneTimeToken.kind == KIND)
            now = self._now()
            row = OneTimeToken(
                tenant_id=who.tenant_id,
                kind=KIND,
                user_id=who.id,
                digest=b"",
                data={"email": email},
                created_at=now,
                expires_at=now + CODE_FOR,
            )
            row.digest = self._mac(row, code)
            await db.add(row)
            if not taken:
                values = {"name": user.name, "minutes": round(CODE_FOR.total_seconds() / 60)}
                await self._mailer.post(
                    db, Mail(email, "email_change_code", user.language, values, code, user.id)
                )
        return round(CODE_FOR.total_seconds())

    async def confirm(self, who: Principal, code: str) -> str:
        row = await self._take_one_try(who)
        if not hmac.compare_digest(row.digest, self._mac(row, code)):
            raise Problem(
                403, "code_refused", "This code is not right", attempts_left=ATTEMPTS - row.attempts
            )
        email = str(row.data["email"])
        try:
            async with self._storage.write(who.tenant_id) as db:
                await self._move(db, who, row.id, email)
        except IntegrityError:
            raise Problem(409, "email_taken", "This address signs in to another account") from None
        return email

    async def _take_one_try(self, who: Principal) -> OneTimeToken:
        """Counted before the code is looked at, and whatever comes of it."""
        async with self._storage.write(who.tenant_id) as db:
            taken = await db.update(
                OneTimeToken,
                OneTimeToken.user_id == who.id,
                OneTimeToken.kind == KIND,
                col(OneTimeToken.used_at).is_(None),
                OneTimeToken.expires_at > self._now(),
                OneTimeToken.attempts < ATTEMPTS,
                attempts=OneTimeToken.attempts + 1,
            )
            row = await db.first(
                OneTimeToken, OneTimeToken.user_id == who.id, OneTimeToken.kind == KIND
            )
        if not taken or row is None:
            raise _code_over()
        return row

    async def _move(self, db: TenantSession, who: Principal, row_id: str, email: str) -> None:
        used = await db.update(
            OneTimeToken,
            OneTimeToken.id == row_id,
            col(OneTimeToken.used_at).is_(None),
            used_at=self._now(),
        )
        if not used:
            raise _code_over()
        user = await self._user(db, who)
        old, new = user.email, email_hash(email)
        if new != email_hash(old):
            await db.remove_index(
                LoginIndex(email_hash=email_hash(old), tenant_id=who.tenant_id, user_id=user.id)
            )
            await db.add_index(LoginIndex(email_hash=new, tenant_id=who.tenant_id, user_id=user.id))
        # What lies in the old mailbox opens nothing any more.
        await db.delete(
            OneTimeToken,
            OneTimeToken.user_id == user.id,
            col(OneTimeToken.kind).in_(("password_reset", "invitation")),
        )
        user.email = email
        user.version += 1
        await self._audit.record(
            db,
            who,
            "person.change_email",
            "person",
            user.id,
            target_name=user.name,
            before={"email": old},
            after={"email": email},
        )
        values = {
            "name": user.name,
            "new_email": masked(email),
            "at": self._now().isoformat(timespec="seconds"),
            "client_ip": who.client_ip or "",
        }
        await self._mailer.post(db, Mail(old, "email_changed", user.language, values, "", user.id))

    async def _user(self, db: TenantSession, who: Principal) -> User:
        user = await db.get(User, who.id)
        if user is None:
            raise Problem(404, "not_found", "This user is gone")
        if user.source in EMAIL_ELSEWHERE:
            raise Problem(409, "managed_elsewhere", "Change it where your company keeps it")
        return user

    def _mac(self, row: OneTimeToken, code: str) -> bytes:
        """Six digits are soon tried, so whoever has the database alone must not be able to."""
        return self._secrets.mac(f"email_change/{row.tenant_id}/{row.id}", code.encode())


def _code_over() -> Problem:
    return Problem(410, "code_over", "This code is over: ask for a new one")
