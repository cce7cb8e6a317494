"""Keeps passkeys and proves them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from gateway.admin_ports import AuditLog, Mail, Mailer, Principal
from gateway.features.passkeys.ceremony import Ceremony, Refused
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.shapes import DeviceInfo
from gateway.ports import Problem, UserKey
from gateway.sign_in_policy import PASSKEYS_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import Grant, SessionOpener, Sessions
from gateway.storage.ids import utc_now
from gateway.storage.models import User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.sign_in import Passkey, Totp

log = structlog.get_logger(__name__)

_KIND = "passkey_challenge"
MOST = 20  # of one user


def _refused() -> Problem:
    return Problem(401, "passkey_refused", "This passkey does not open an account here")


class OpenerAndEnder(SessionOpener, Sessions, Protocol):
    """Both in one."""


class PasskeysService:
    """Implements the ``Passkeys`` port."""

    def __init__(
        self,
        storage: Storage,
        ceremony: Ceremony,
        sessions: OpenerAndEnder,
        audit: AuditLog,
        mailer: Mailer,
        per_ip: int,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._ceremony = ceremony
        self._sessions = sessions
        self._audit = audit
        self._mailer = mailer
        self._monotonic = monotonic
        self._now = now
        self._by_ip = RateLimiter(per_ip)

    # --- sign in ---------------------------------------------------------------------------

    def request_options(self) -> dict[str, Any]:
        return self._ceremony.request_options()

    async def sign_in(
        self, credential: Mapping[str, Any], device: DeviceInfo, client_ip: str
    ) -> Grant:
        self._by_ip.take(subscriber(client_ip), self._monotonic())
        try:
            user = await self.verify(credential)
        except Problem:
            log.warning("passkey.refused", client=client_ip)
            raise
        return await self._sessions.open(user, device, client_ip, "passkey")

    async def verify(self, credential: Mapping[str, Any], user: UserKey | None = None) -> UserKey:
        try:
            claim = self._ceremony.claim(credential)
            if user is not None and claim.user != user:
                raise Refused("somebody else's")
            async with self._storage.read(claim.user.tenant_id) as db:
                # Made-up passkeys must not queue for the writer's lock.
                passkey = await self._known(db, claim.user, claim.credential_id)
            count = self._ceremony.prove(claim, passkey.public_key, passkey.sign_count)
            async with self._storage.write(claim.user.tenant_id) as db:
                # It may have been taken away, and its owner shut out, meanwhile.
                await self._known(db, claim.user, claim.credential_id)
                await self._use_up(db, claim.user.user_id, claim.challenge, claim.challenge_end)
                # Read above, so compared again: two answers at one moment, one counter.
                moved = await db.update(
                    Passkey,
                    Passkey.id == passkey.id,
                    Passkey.sign_count == passkey.sign_count,
                    sign_count=count,
                    last_used=self._now(),
                )
                if not moved:
                    raise Refused("used at the same time")
        except (Refused, IntegrityError):
            raise _refused() from None
        return claim.user

    async def _known(self, db: TenantSession, user: UserKey, credential_id: bytes) -> Passkey:
        passkey = await db.first(
            Passkey, Passkey.user_id == user.user_id, Passkey.credential_id == credential_id
        )
        owner = await db.get(User, user.user_id)
        if passkey is None or owner is None or owner.disabled:
            raise Refused("unknown")
        if owner.source in PASSKEYS_ELSEWHERE:
            raise Refused("signs in elsewhere since")
        return passkey

    async def _use_up(
        self, db: TenantSession, user_id: str, challenge: bytes, end: datetime
    ) -> None:
        """A challenge answered twice breaks the rule that digests are unique."""
        await db.add(
            OneTimeToken(
                tenant_id=db.tenant_id,
                kind=_KIND,
                user_id=user_id,
                digest=hashlib.sha256(challenge).digest(),
                expires_at=end,
                used_at=self._now(),
            )
        )

    # --- registration ------------------------------------------------------------------------

    def creation_options(
        self, tenant_id: str, user_id: str, email: str, name: str, known: tuple[bytes, ...] = ()
    ) -> dict[str, Any]:
        return self._ceremony.creation_options(UserKey(tenant_id, user_id), email, name, known)

    async def begin(self, who: Principal) -> dict[str, Any]:
        async with self._storage.read(who.tenant_id) as db:
            user = await self._allowed(db, who.id)
            known = await db.find(Passkey, Passkey.user_id == who.id)
        ids = tuple(passkey.credential_id for passkey in known)
        return self.creation_options(who.tenant_id, who.id, user.email, user.name, ids)

    async def _allowed(self, db: TenantSession, user_id: str) -> User:
        user = await db.get(User, user_id)
        if user is None:
            raise Problem(404, "not_found", "This user is gone")
        if user.source in PASSKEYS_ELSEWHERE:
            raise Problem(409, "managed_elsewhere", "Your company's sign-in takes care of this")
        if await db.count(Passkey, Passkey.user_id == user_id) >= MOST:
            raise Problem(409, "too_many_passkeys", f"More than {MOST} passkeys: remove one first")
        return user

    async def register(
        self, db: TenantSession, user_id: str, credential: Mapping[str, Any], name: str
    ) -> str:
        try:
            new = self._ceremony.register(UserKey(db.tenant_id, user_id), credential)
        except Refused as error:
            log.warning("passkey.not_registered", why=str(error))
            raise Problem(422, "passkey_refused", "This passkey cannot be used here") from None
        await self._use_up(db, user_id, new.challenge, new.challenge_end)
        row = Passkey(
            tenant_id=db.tenant_id,
            user_id=user_id,
            credential_id=new.credential_id,
            public_key=new.public_key,
            sign_count=new.sign_count,
            name=name,
            synced=new.synced,
            created_at=self._now(),
        )
        await db.add(row)
        return row.id

    async def add(
        self, who: Principal, credential: Mapping[str, Any], name: str, session_id: str
    ) -> Passkey:
        """Ends the other sessions: none of them was ever asked for this."""
        try:
            async with self._storage.write(who.tenant_id) as db:
                user = await self._allowed(db, who.id)
                passkey_id = await self.register(db, who.id, credential, name)
                await self._audit.record(
                    db,
                    who,
                    "person.add_passkey",
                    "person",
                    who.id,
                    target_name=who.name,
                    after={"passkey": name},
                )
                await self._tell(db, who, user, "second_factor_added")
                row = await db.get(Passkey, passkey_id)
        except IntegrityError:  # the challenge, or the credential, was used before
            raise Problem(422, "passkey_refused", "This passkey cannot be used here") from None
        assert row is not None
        user_key = UserKey(who.tenant_id, who.id)
        await self._sessions.revoke_user(user_key, "second_factor_added", but=session_id)
        return row

    # --- the list ----------------------------------------------------------------------------

    async def of_user(self, user: UserKey) -> list[Passkey]:
        async with self._storage.read(user.tenant_id) as db:
            return await db.find(
                Passkey, Passkey.user_id == user.user_id, order_by=[col(Passkey.created_at)]
            )

    async def rename(self, user: UserKey, passkey_id: str, name: str) -> Passkey:
        async with self._storage.write(user.tenant_id) as db:
            row = await db.get(Passkey, passkey_id)
            if row is None or row.user_id != user.user_id:
                raise Problem(404, "passkey_unknown", "There is no such passkey")
            row.name = name
        return row

    async def remove(self, who: Principal, passkey_id: str) -> None:
        async with self._storage.write(who.tenant_id) as db:
            await db.lock_tenant()  # of two passkeys removed at once, one may have to stay
            row = await db.get(Passkey, passkey_id)
            user = await db.get(User, who.id)
            if row is None or user is None or row.user_id != who.id:
                raise Problem(404, "passkey_unknown", "There is no such passkey")
            if await db.count(Passkey, Passkey.user_id == who.id) == 1:
                await self._may_be_without(db, user)
            await db.delete(Passkey, Passkey.id == passkey_id)
            await self._audit.record(
                db,
                who,
                "person.remove_passkey",
                "person",
                who.id,
                target_name=who.name,
                before={"passkey": row.name},
            )
            await self._tell(db, who, user, "second_factor_removed")

    async def _tell(self, db: TenantSession, who: Principal, user: User, template: str) -> None:
        """Whose account it is, in case it was somebody else."""
        values = {
            "name": user.name,
            "what": "passkey",
            "at": self._now().isoformat(timespec="seconds"),
            "client_ip": who.client_ip or "",
        }
        await self._mailer.post(db, Mail(user.email, template, user.language, values, "", user.id))

    async def _may_be_without(self, db: TenantSession, user: User) -> None:
        if user.password_hash is None and user.source not in PASSKEYS_ELSEWHERE:
            raise Problem(409, "last_way_in", "Set a password first: this is your only way in")
        totp = await db.first(Totp, Totp.user_id == user.id, col(Totp.confirmed_at).is_not(None))
        if totp is None and SignInPolicy.of(await db.tenant()).second_factor == "required":
            raise Problem(
                409, "second_factor_needed", "Your company wants a second factor to be there"
            )
