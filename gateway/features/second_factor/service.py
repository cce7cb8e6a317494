"""Setting up, using and removing a second factor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col

from gateway.admin_ports import AuditLog, Mail, Mailer, Principal
from gateway.credentials.secrets import Secrets
from gateway.features.second_factor import codes
from gateway.ports import Actor, Problem, UserKey
from gateway.sign_in_policy import SECOND_FACTOR_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import SecondMethod, Sessions
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.sign_in import Passkey, RecoveryCode, Totp
from gateway.throttle import ANYWHERE, ProofThrottle


@dataclass(frozen=True, slots=True)
class NewTotp:
    """Shown once, to be taken over by an app."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    qr_svg: str = field(repr=False)


def _context(tenant_id: str, user_id: str) -> str:
    """Where the secret is stored; bound into the sealed value."""
    return f"totp/{tenant_id}/{user_id}"


class SecondFactorService:
    """Implements the ``SecondFactors`` port."""

    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        audit: AuditLog,
        mailer: Mailer,
        throttle: ProofThrottle,
        sessions: Sessions,
        issuer: str,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._audit = audit
        self._mailer = mailer
        self._throttle = throttle
        self._sessions = sessions
        self._issuer = issuer
        self._now = now

    # --- use -------------------------------------------------------------------------------

    async def methods(self, db: TenantSession, user: User) -> tuple[SecondMethod, ...]:
        if user.source in SECOND_FACTOR_ELSEWHERE or await _totp(db, user.id) is None:
            return ()
        left = await db.first(RecoveryCode, RecoveryCode.user_id == user.id)
        return ("totp",) if left is None else ("totp", "recovery_code")

    async def use(self, db: TenantSession, user_id: str, method: SecondMethod, code: str) -> bool:
        totp = await _totp(db, user_id)
        if totp is None:
            return False
        if method == "recovery_code":
            digest = codes.recovery_digest(code)
            return (
                await db.delete(
                    RecoveryCode, RecoveryCode.user_id == user_id, RecoveryCode.digest == digest
                )
                == 1
            )
        step = self._step(totp, code)
        if step is None:
            return False
        # Compare and set: of two requests with one code, one wins.
        return await db.update(Totp, Totp.id == totp.id, Totp.last_step < step, last_step=step) == 1

    def _step(self, totp: Totp, code: str) -> int | None:
        secret = self._secrets.unseal(totp.secret, _context(totp.tenant_id, totp.user_id))
        return codes.matching_step(secret, code, self._now().timestamp(), totp.last_step)

    # --- set up ----------------------------------------------------------------------------

    async def begin(self, actor: Actor) -> NewTotp:
        """A secret that counts for nothing until a code of it was typed."""
        secret = codes.new_secret()
        who = actor.user
        async with self._storage.write(who.tenant_id) as db:
            user = await self._allowed(db, actor)
            await db.delete(Totp, Totp.user_id == user.id, col(Totp.confirmed_at).is_(None))
            if await _totp(db, user.id) is not None:
                raise Problem(409, "totp_set_up", "Remove the authenticator app first")
            sealed = self._secrets.seal(secret, _context(who.tenant_id, who.user_id))
            await db.add(
                Totp(
                    tenant_id=who.tenant_id,
                    user_id=who.user_id,
                    secret=sealed,
                    created_at=self._now(),
                )
            )
        uri = codes.uri(secret, user.email, self._issuer)
        return NewTotp(secret, uri, await asyncio.to_thread(codes.qr_svg, uri))

    async def _allowed(self, db: TenantSession, actor: Actor) -> User:
        user = await db.get(User, actor.user.user_id)
        if user is None:
            raise Problem(404, "not_found", "This user is gone")
        if user.source in SECOND_FACTOR_ELSEWHERE:
            raise Problem(409, "managed_elsewhere", "Your company's sign-in takes care of this")
        if SignInPolicy.of(await db.tenant()).second_factor == "off":
            raise Problem(403, "second_factor_off", "Your company does not use a second factor")
        return user

    async def confirm(self, who: Principal, code: str, session_id: str) -> list[str]:
        """The recovery codes: this once, then never again. Ends the other sessions: none of them
        was ever asked for this."""
        user = UserKey(who.tenant_id, who.id)
        made = codes.new_recovery_codes()
        async with (
            self._throttle.trying(ANYWHERE, user, user),
            self._storage.write(who.tenant_id) as db,
        ):
            totp = await db.first(Totp, Totp.user_id == who.id, col(Totp.confirmed_at).is_(None))
            step = None if totp is None else self._step(totp, code)
            if totp is not None and step is not None:
                totp.confirmed_at = self._now()
                totp.last_step = step
                await _store(db, who.id, made)
                await self._audit.record(
                    db, who, "person.set_up_totp", "person", who.id, target_name=who.name
                )
                await self._tell(db, who, "second_factor_added")
        if step is None:
            self._throttle.failed(ANYWHERE, user, user)
            raise Problem(403, "code_refused", "This code is not right")
        await self._throttle.succeeded(ANYWHERE, user, user)
        await self._sessions.revoke_user(user, "second_factor_added", but=session_id)
        return made

    async def new_recovery_codes(self, who: Principal) -> list[str]:
        made = codes.new_recovery_codes()
        async with self._storage.write(who.tenant_id) as db:
            if await _totp(db, who.id) is None:
                raise Problem(409, "totp_not_set_up", "Set up an authenticator app first")
            await _store(db, who.id, made)
            await self._audit.record(
                db, who, "person.renew_recovery_codes", "person", who.id, target_name=who.name
            )
            await self._tell(db, who, "second_factor_added")
        return made

    async def remove(self, who: Principal) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()  # of this and a passkey removed at once, one may have to stay
            policy = SignInPolicy.of(await db.tenant())
            passkey = await db.first(Passkey, Passkey.user_id == who.id)
            if policy.second_factor == "required" and passkey is None:
                raise Problem(
                    409, "second_factor_needed", "Your company wants a second factor to be there"
                )
            removed = await db.delete(Totp, Totp.user_id == who.id)
            await db.delete(RecoveryCode, RecoveryCode.user_id == who.id)
            if not removed:
                return
            await self._audit.record(
                db, who, "person.remove_totp", "person", who.id, target_name=who.name
            )
            await self._tell(db, who, "second_factor_removed")

    async def _tell(self, db: TenantSession, who: Principal, template: str) -> None:
        """Whose account it is, in case it was somebody else."""
        user = await db.get(User, who.id)
        if user is None:
            return
        values = {
            "name": user.name,
            "what": "totp",
            "at": self._now().isoformat(timespec="seconds"),
            "client_ip": who.client_ip or "",
        }
        await self._mailer.post(db, Mail(user.email, template, user.language, values, "", user.id))


async def _totp(db: TenantSession, user_id: str) -> Totp | None:
    return await db.first(Totp, Totp.user_id == user_id, col(Totp.confirmed_at).is_not(None))


async def _store(db: TenantSession, user_id: str, made: list[str]) -> None:
    await db.delete(RecoveryCode, RecoveryCode.user_id == user_id)
    for code in made:
        digest = codes.recovery_digest(code)
        await db.add(RecoveryCode(tenant_id=db.tenant_id, user_id=user_id, digest=digest))
