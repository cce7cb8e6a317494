"""Sessions: opened for who has proven to be somebody, prolonged by rotating refresh tokens, ended
by revocation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import col

from gateway.bus import Bus, SessionRevoked, SignedIn
from gateway.config import AuthConfig
from gateway.credentials.secrets import Secrets
from gateway.credentials.tokens import TokenError, TokenSigner
from gateway.features.login import refresh
from gateway.http.endpoint import API_PREFIX
from gateway.http.shapes import DeviceInfo
from gateway.ports import Actor, Problem, UserKey
from gateway.sign_in_policy import SECOND_FACTOR_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import Grant, Method, ProvenPassword
from gateway.storage.ids import is_id, utc_now
from gateway.storage.models import Device, RefreshToken, Session, Tenant, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.one_time import OneTimeToken
from gateway.storage.tables.sign_in import FailedProof, Passkey, RecoveryCode, Totp
from gateway.storage.tables.single_sign_on import SsoConnection, SsoIdentity

log = structlog.get_logger(__name__)

AUDIENCE = "offhook-api"
#: How long a proof counts for what is dangerous.
FRESH = timedelta(minutes=15)
_LIVE_FOR = 2.0  # s that a looked-up session is believed to be live
_MAX_CACHED = 20_000
_MAX_CHAIN = 20
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose live session it is, as last looked up."""

    role: str
    name: str
    #: The tenant demands a second factor and there is none yet.
    setup_only: bool = False


def session_over(code: str = "session_ended") -> Problem:
    return Problem(401, code, "Your session has ended: sign in again")


def suspended() -> Problem:
    return Problem(403, "tenant_suspended", "Your company's access is suspended")


def _still(user: User, password: ProvenPassword | None) -> bool:
    """Whether what was proven counts, if it was a password."""
    if password is None:
        return True
    return user.password_hash is not None and user.password_changed_at == password.changed_at


class SessionKeeper:
    """Implements the ports ``Authenticator``, ``SessionOpener``, ``Sessions``, ``SessionEnder``."""

    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        bus: Bus,
        config: AuthConfig,
        *,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._refresh_key = secrets.refresh_key
        self._bus = bus
        self._config = config
        self._monotonic = monotonic
        self._now = now
        self._signer = TokenSigner(secrets, audience=AUDIENCE, ttl=config.access_ttl, now=now)
        # (tenant, session) -> (believed until, whose); a revocation is noted at once.
        self._live: OrderedDict[tuple[str, str], tuple[float, Standing | None]] = OrderedDict()
        bus.subscribe(SessionRevoked, self._on_revoked)

    # --- open --------------------------------------------------------------------------------

    async def open(
        self,
        user: UserKey,
        device: DeviceInfo,
        client_ip: str,
        method: Method,
        password: ProvenPassword | None = None,
        proven_at: datetime | None = None,
    ) -> Grant:
        now = self._now()
        token = refresh.first_token(user.tenant_id)
        async with self._storage.write(user.tenant_id) as db:
            # Locks the row before it is read: who changes the password, and then ends the sessions,
            # has done so before or finds this one.
            await db.update(User, User.id == user.user_id, last_sign_in=now)
            tenant, row = await db.tenant(), await db.get(User, user.user_id)
            if row is None or row.disabled or tenant is None or not _still(row, password):
                raise Problem(401, "bad_credentials", "This account cannot sign in")
            if tenant.status != "active":
                raise suspended()
            row.activated_at = row.activated_at or now
            known = await self._device(db, row, device, now)
            session = Session(
                tenant_id=user.tenant_id,
                user_id=user.user_id,
                device_id=known.id,
                created_at=now,
                proven_at=proven_at or now,
                method=method,
                client_ip=client_ip[:45],
                expires_at=self._session_end(tenant, now, now),
            )
            await db.add(session, self._token_row(session, token, now))
        grant = self._grant(session, token)
        log.info(
            "login.accepted",
            tenant=user.tenant_id,
            user=user.user_id,
            session=session.id,
            method=method,
        )
        self._bus.publish(SignedIn(user))
        return grant

    async def _device(
        self, db: TenantSession, user: User, wanted: DeviceInfo, now: datetime
    ) -> Device:
        if wanted.id is not None and is_id(wanted.id):
            known = await db.first(Device, Device.id == wanted.id, Device.user_id == user.id)
            if known is not None:
                known.last_seen = now
                known.name = wanted.name or known.name
                return known
        device = Device(
            tenant_id=user.tenant_id, user_id=user.id, kind=wanted.kind, name=wanted.name
        )
        await db.add(device)
        return device

    def _session_end(self, tenant: Tenant | None, created: datetime, now: datetime) -> datetime:
        """Unused for too long, or open for too long: by the platform's word or the tenant's."""
        idle = now + timedelta(seconds=self._config.refresh_ttl)
        end = min(idle, created + timedelta(seconds=self._config.session_ttl))
        days = SignInPolicy.of(tenant).session_days
        return end if days is None else min(end, created + timedelta(days=days))

    def _token_row(self, session: Session, token: str, now: datetime) -> RefreshToken:
        return RefreshToken(
            tenant_id=session.tenant_id,
            session_id=session.id,
            digest=refresh.digest(token),
            created_at=now,
            expires_at=session.expires_at,
        )

    def _grant(self, session: Session, token: str) -> Grant:
        actor = Actor(UserKey(session.tenant_id, session.user_id), session.id, session.device_id)
        access, _ = self._signer.issue(
            session.user_id, tid=session.tenant_id, sid=session.id, did=session.device_id
        )
        return Grant(access, token, self._config.access_ttl, actor, session.expires_at)

    # --- refresh ---------------------------------------------------------------------------

    async def refresh(self, token: str, device_id: str | None) -> Grant:
        """Rotate. A used token is the sign of a thief, save from its own device whose answer was
        lost (decision 0006) or that asks twice at one moment."""
        tenant_id = refresh.tenant_of(token)
        if tenant_id is None:
            raise session_over("refresh_refused")
        now = self._now()
        digest = refresh.digest(token)
        async with self._storage.read(tenant_id) as db:
            # Made-up tokens must not queue for the writer's lock.
            known = await db.first(RefreshToken, RefreshToken.digest == digest)
        if known is None:
            raise session_over("refresh_refused")
        async with self._storage.write(tenant_id) as db:
            # Changes nothing, but locks: one rotation of a session at a time, each sees the last.
            await db.update(Session, Session.id == known.session_id, device_id=Session.device_id)
            row = await db.first(RefreshToken, RefreshToken.digest == digest)
            session = await db.get(Session, row.session_id) if row else None
            if row is None or session is None or not await self._is_live(db, session):
                raise session_over("refresh_refused")
            rotated = await self._rotate(db, row, session, token, now, device_id)
            if rotated is None:
                await self._revoke_in(db, session, "token_reused")
        if rotated is None:
            log.warning("login.refresh_reused", tenant=tenant_id, session=session.id)
            self._announce(session, "token_reused")
            raise session_over("session_revoked")
        return self._grant(session, rotated)

    async def _rotate(
        self,
        db: TenantSession,
        row: RefreshToken,
        session: Session,
        token: str,
        now: datetime,
        device_id: str | None,
    ) -> str | None:
        """The token to hand out, or ``None`` if this one was stolen."""
        if row.used_at is not None:
            if device_id != session.device_id:
                return None
            if now - row.used_at <= timedelta(seconds=self._config.refresh_grace):
                return await self._newest_of_chain(db, row, token)
            _, unused = await self._following(db, row, token)
            if unused is None or unused.used_at is not None:
                return None
            # The answer was lost. Its token dies, but stays known: whoever presents it shows that
            # it was not lost after all.
            unused.used_at = now
            log.info("login.refresh_repeated", tenant=session.tenant_id, session=session.id)
        row.used_at = now
        session.expires_at = self._session_end(await db.tenant(), session.created_at, now)
        following = refresh.successor(token, now, self._refresh_key)
        await db.add(self._token_row(session, following, now))
        return following

    async def _newest_of_chain(
        self, db: TenantSession, row: RefreshToken, token: str
    ) -> str | None:
        """The successor that was not used yet: an older one would trip the detection later."""
        for _ in range(_MAX_CHAIN):
            token, following = await self._following(db, row, token)
            if following is None:
                return None
            if following.used_at is None:
                return token
            row = following
        return None

    async def _following(
        self, db: TenantSession, row: RefreshToken, token: str
    ) -> tuple[str, RefreshToken | None]:
        """What a used token was exchanged for the last time."""
        assert row.used_at is not None
        following = refresh.successor(token, row.used_at, self._refresh_key)
        digest = refresh.digest(following)
        return following, await db.first(RefreshToken, RefreshToken.digest == digest)

    # --- the session's life -----------------------------------------------------------------

    async def authenticate(self, token: str) -> Actor:
        try:
            claims = self._signer.verify(token)
            user = UserKey(claims.text("tid"), claims.subject)
            session_id, device_id = claims.text("sid"), claims.text("did")
        except TokenError:
            raise Problem(401, "token_refused", "The access token is not valid") from None
        standing = await self._standing(user.tenant_id, session_id)
        if standing is None:
            raise session_over()
        return Actor(user, session_id, device_id, standing.role, standing.name, standing.setup_only)

    async def session_live(self, tenant_id: str, session_id: str) -> bool:
        return await self._standing(tenant_id, session_id) is not None

    async def _standing(self, tenant_id: str, session_id: str) -> Standing | None:
        """``None``: the session is over, or never was."""
        if not is_id(tenant_id):
            return None
        key = (tenant_id, session_id)
        believed_until, standing = self._live.get(key, (0.0, None))
        if self._monotonic() < believed_until:
            return standing
        async with self._storage.read(tenant_id) as db:
            session = await db.get(Session, session_id)
            user = None if session is None else await self._user_behind(db, session)
            if session is None or user is None:
                standing = None
            else:
                setup_only = await self._lacks_a_factor(db, user, session)
                standing = Standing(user.role, user.name, setup_only)
        if standing is None or not standing.setup_only:
            self._note(key, standing)  # a set-up counts at once
        return standing

    async def _lacks_a_factor(self, db: TenantSession, user: User, session: Session) -> bool:
        policy = SignInPolicy.of(await db.tenant())
        if policy.second_factor != "required" or user.source in SECOND_FACTOR_ELSEWHERE:
            return False
        if session.method in ("sso", "passkey") or "+" in session.method:
            return False
        totp = Totp.user_id == user.id, col(Totp.confirmed_at).is_not(None)
        if await db.first(Totp, *totp) is not None:
            return False
        return await db.first(Passkey, Passkey.user_id == user.id) is None

    async def live_sessions(self, tenant_id: str, session_ids: AbstractSet[str]) -> set[str]:
        ids = sorted(session_ids)
        live: set[str] = set()
        async with self._storage.read(tenant_id) as db:
            for start in range(0, len(ids), _BATCH):
                sessions = await db.find(
                    Session,
                    col(Session.id).in_(ids[start : start + _BATCH]),
                    col(Session.revoked_at).is_(None),
                    Session.expires_at > self._now(),
                )
                users = {session.user_id for session in sessions}
                disabled = await db.find(User, col(User.id).in_(users), col(User.disabled))
                gone = {user.id for user in disabled}
                live |= {session.id for session in sessions if session.user_id not in gone}
        for session_id in ids:
            if session_id not in live:
                self._note((tenant_id, session_id), None)
        return live

    async def sign_out(self, actor: Actor) -> None:
        await self.revoke(actor.user.tenant_id, actor.session_id, "signed_out")

    async def sign_out_by_token(self, token: str) -> None:
        """Signing out must work when the access token is over; an unknown token is no error."""
        tenant_id = refresh.tenant_of(token)
        if tenant_id is None:
            return
        async with self._storage.read(tenant_id) as db:
            row = await db.first(RefreshToken, RefreshToken.digest == refresh.digest(token))
        if row is not None:
            await self.revoke(tenant_id, row.session_id, "signed_out")

    async def revoke(self, tenant_id: str, session_id: str, reason: str) -> None:
        async with self._storage.write(tenant_id) as db:
            session = await db.get(Session, session_id)
            if session is None or session.revoked_at is not None:
                return
            await self._revoke_in(db, session, reason)
        self._announce(session, reason)

    async def revoke_user(self, user: UserKey, reason: str, *, but: str | None = None) -> None:
        """All sessions of a user: the account was disabled or its password changed."""
        async with self._storage.write(user.tenant_id) as db:
            sessions = await db.find(
                Session,
                Session.user_id == user.user_id,
                Session.id != (but or ""),
                col(Session.revoked_at).is_(None),
            )
            for session in sessions:
                await self._revoke_in(db, session, reason)
        for session in sessions:
            self._announce(session, reason)

    async def proven(self, actor: Actor) -> datetime:
        now = self._now()
        async with self._storage.write(actor.user.tenant_id) as db:
            await db.update(Session, Session.id == actor.session_id, proven_at=now)
        return now + FRESH

    async def require_fresh(self, actor: Actor) -> None:
        async with self._storage.read(actor.user.tenant_id) as db:
            session = await db.get(Session, actor.session_id)
            if session is not None and self._now() - session.proven_at <= FRESH:
                return
            methods = await self._proofs(db, actor.user.user_id)
            provider = await self._provider_of(db, actor.user.user_id) if not methods else None
        raise Problem(
            403,
            "step_up_required",
            "Show again that it is you",
            methods=methods,
            **({} if provider is None else {"sign_on": provider}),
        )

    async def _provider_of(self, db: TenantSession, user_id: str) -> str | None:
        """Where a sign-on with a new proof begins (``fresh=true``), of who has no other way."""
        active = db.ids_of(
            SsoConnection, col(SsoConnection.id), col(SsoConnection.active).is_(True)
        )
        identity = await db.first(
            SsoIdentity,
            SsoIdentity.user_id == user_id,
            col(SsoIdentity.connection_id).in_(active),
        )
        if identity is None:
            return None
        return f"{API_PREFIX}/auth/sso/{db.tenant_id}.{identity.connection_id}/start"

    async def _proofs(self, db: TenantSession, user_id: str) -> list[str]:
        """What the person can step up with; nothing where the company's provider alone can tell."""
        user = await db.get(User, user_id)
        if user is None or user.source == "sso":
            return []
        methods = ["password"] if user.password_hash is not None or user.source == "ldap" else []
        if await db.first(Totp, Totp.user_id == user_id, col(Totp.confirmed_at).is_not(None)):
            methods.append("totp")
            if await db.first(RecoveryCode, RecoveryCode.user_id == user_id):
                methods.append("recovery_code")
        if await db.first(Passkey, Passkey.user_id == user_id):
            methods.append("passkey")
        return methods

    async def purge(self) -> None:
        """Remove what can never be used again."""
        async with self._storage.index() as index:
            tenants = await index.tenant_ids()
        limit = self._now() - timedelta(days=1)
        for tenant_id in tenants:
            async with self._storage.write(tenant_id) as db:
                await db.delete(RefreshToken, RefreshToken.expires_at < limit)
                await db.delete(Session, Session.expires_at < limit)
                await db.delete(OneTimeToken, OneTimeToken.expires_at < limit)
                await db.delete(FailedProof, FailedProof.last_at < limit)

    async def _is_live(self, db: TenantSession, session: Session) -> bool:
        return await self._user_behind(db, session) is not None

    async def _user_behind(self, db: TenantSession, session: Session) -> User | None:
        """``None``: the session is revoked or over, the user disabled or the tenant suspended."""
        if session.revoked_at is not None or session.expires_at <= self._now():
            return None
        tenant = await db.tenant()
        if tenant is None or tenant.status != "active":
            return None
        user = await db.get(User, session.user_id)
        return None if user is None or user.disabled else user

    async def _revoke_in(self, db: TenantSession, session: Session, reason: str) -> None:
        session.revoked_at = self._now()
        session.revoked_reason = reason
        await db.delete(RefreshToken, RefreshToken.session_id == session.id)

    def _announce(self, session: Session, reason: str) -> None:
        self._bus.publish(SessionRevoked(session.tenant_id, session.user_id, session.id, reason))

    def _on_revoked(self, event: SessionRevoked) -> None:
        self._note((event.tenant_id, event.session_id), None)

    def _note(self, key: tuple[str, str], standing: Standing | None) -> None:
        self._live[key] = (self._monotonic() + _LIVE_FOR, standing)
        self._live.move_to_end(key)
        while len(self._live) > _MAX_CACHED:
            self._live.popitem(last=False)
