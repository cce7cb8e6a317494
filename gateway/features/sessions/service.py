"""What is known of one's own sign-ins, and the proof that one is still oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import col

from gateway.credentials.passwords import Passwords, TooBusy
from gateway.features.sessions.models import (
    PasswordState,
    SecondFactorState,
    SecurityView,
    SessionDevice,
    SessionsView,
    SessionView,
    StepUpRequest,
    ThisSession,
)
from gateway.http.limits import subscriber
from gateway.ports import Actor, Problem, UserKey
from gateway.sign_in_policy import PASSWORD_ELSEWHERE, SignInPolicy
from gateway.sign_in_ports import DirectorySignIn, Passkeys, SecondFactors, Sessions
from gateway.storage.ids import utc_now
from gateway.storage.models import Device, RefreshToken, Session, User
from gateway.storage.storage import Storage
from gateway.storage.tables.sign_in import Passkey, RecoveryCode, Totp
from gateway.throttle import ANYWHERE, ProofThrottle


class SessionsService:
    def __init__(
        self,
        storage: Storage,
        sessions: Sessions,
        passwords: Passwords,
        second: SecondFactors,
        passkeys: Passkeys,
        directory: DirectorySignIn,
        throttle: ProofThrottle,
        fresh_for: timedelta,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._sessions = sessions
        self._passwords = passwords
        self._second = second
        self._passkeys = passkeys
        self._directory = directory
        self._throttle = throttle
        self._fresh_for = fresh_for
        self._now = now

    # --- the list ----------------------------------------------------------------------------

    async def of_user(self, actor: Actor) -> SessionsView:
        async with self._storage.read(actor.user.tenant_id) as db:
            sessions = await db.find(
                Session,
                Session.user_id == actor.user.user_id,
                col(Session.revoked_at).is_(None),
                Session.expires_at > self._now(),
                order_by=[col(Session.id).desc()],
            )
            ids = [session.id for session in sessions]
            tokens = await db.find(
                RefreshToken,
                col(RefreshToken.session_id).in_(ids),
                col(RefreshToken.used_at).is_(None),
            )
            devices = await db.find(Device, Device.user_id == actor.user.user_id)
        used = {token.session_id: token.created_at for token in tokens}
        names = {device.id: device for device in devices}
        views = [
            SessionView(
                id=session.id,
                device=_device(names[session.device_id]),
                method=session.method,
                client_ip=session.client_ip,
                created_at=session.created_at,
                last_used=used.get(session.id, session.created_at),
                expires_at=session.expires_at,
                this=session.id == actor.session_id,
            )
            for session in sessions
        ]
        return SessionsView(items=sorted(views, key=lambda view: (not view.this, -_time(view))))

    async def end(self, actor: Actor, session_id: str) -> None:
        async with self._storage.read(actor.user.tenant_id) as db:
            session = await db.get(Session, session_id)
        if session is None or session.user_id != actor.user.user_id:
            raise Problem(404, "session_unknown", "There is no such session")
        await self._sessions.revoke(actor.user.tenant_id, session_id, "signed_out_remotely")

    async def end_others(self, actor: Actor) -> None:
        await self._sessions.revoke_user(actor.user, "signed_out_remotely", but=actor.session_id)

    # --- the proof -----------------------------------------------------------------------------

    async def step_up(self, actor: Actor, proof: StepUpRequest, client_ip: str) -> datetime:
        user, origin = actor.user, subscriber(client_ip)
        if proof.method in ("totp", "recovery_code"):
            origin = ANYWHERE
        async with self._throttle.trying(origin, user, user):
            right = await self._holds(user, proof)
        if not right:
            self._throttle.failed(origin, user, user)
            raise Problem(403, "proof_refused", "This does not prove that it is you")
        await self._throttle.succeeded(origin, user, user)
        return await self._sessions.proven(actor)

    async def _holds(self, user: UserKey, proof: StepUpRequest) -> bool:
        if proof.method == "passkey":
            try:
                await self._passkeys.verify(proof.credential or {}, user)
            except Problem:
                return False
            return True
        if proof.method == "password":
            return await self._password(user, proof.password or "")
        async with self._storage.write(user.tenant_id) as db:
            return await self._second.use(db, user.user_id, proof.method, proof.code or "")

    async def _password(self, user: UserKey, password: str) -> bool:
        async with self._storage.read(user.tenant_id) as db:
            row = await db.get(User, user.user_id)
        if row is None:
            return False
        if row.source == "ldap":
            return await self._directory.verify(row.email, password) == user
        stored = None if row.source in PASSWORD_ELSEWHERE else row.password_hash
        try:
            return await self._passwords.verify(stored, password)
        except TooBusy:
            raise Problem(
                503, "busy", "Many people are signing in: try again", retry_after=2
            ) from None

    # --- what there is -----------------------------------------------------------------------

    async def security(self, actor: Actor) -> SecurityView:
        async with self._storage.read(actor.user.tenant_id) as db:
            user = await db.get(User, actor.user.user_id)
            session = await db.get(Session, actor.session_id)
            policy = SignInPolicy.of(await db.tenant())
            totp = await db.first(
                Totp, Totp.user_id == actor.user.user_id, col(Totp.confirmed_at).is_not(None)
            )
            codes = await db.count(RecoveryCode, RecoveryCode.user_id == actor.user.user_id)
            passkeys = await db.count(Passkey, Passkey.user_id == actor.user.user_id)
        if user is None or session is None:
            raise Problem(404, "not_found", "This user is gone")
        return SecurityView(
            email=user.email,
            source=user.source,
            managed_elsewhere=user.source in PASSWORD_ELSEWHERE,
            password=PasswordState(
                set=user.password_hash is not None,
                changed_at=user.password_changed_at,
                min_length=policy.password_min_length,
            ),
            second_factor=SecondFactorState(
                policy=policy.second_factor,
                totp=totp is not None,
                totp_since=totp.confirmed_at if totp is not None else None,
                recovery_codes_left=codes if totp is not None else 0,
                passkeys=passkeys,
            ),
            session=ThisSession(
                method=session.method, proven_until=session.proven_at + self._fresh_for
            ),
        )


def _device(row: Device) -> SessionDevice:
    return SessionDevice(id=row.id, kind=row.kind, name=row.name)


def _time(view: SessionView) -> float:
    return view.last_used.timestamp()
