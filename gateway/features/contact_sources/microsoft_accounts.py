"""What users agreed to at Microsoft, and the short-lived tokens that come of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog
from sqlmodel import col

from gateway.credentials.secrets import SealError, Secrets
from gateway.features.contact_sources.memory import Memory
from gateway.features.contact_sources.microsoft_tokens import (
    ConsentEnded,
    TokenEndpoint,
    Tokens,
    application,
)
from gateway.features.contact_sources.source import SourceTrouble
from gateway.ports import UserKey
from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage
from gateway.storage.tables.contact_sources import MicrosoftAccount, MicrosoftContacts

log = structlog.get_logger(__name__)

_EARLY = 120.0  # s before its end that a token is not used any more
_PAUSE = 30.0
_TOKENS_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Connection:
    """``account`` None: the user has not connected any."""

    settings: MicrosoftContacts
    account: MicrosoftAccount | None


def token_context(user: UserKey) -> str:
    return f"microsoft_account/{user.tenant_id}/{user.user_id}/refresh_token"


class MicrosoftAccounts:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        endpoint: TokenEndpoint,
        monotonic: Callable[[], float],
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._endpoint = endpoint
        self._tokens: Memory[tuple[UserKey, str], str] = Memory(_TOKENS_KEPT, 0.0, monotonic)
        self._forgotten = 0  # how often: what was asked before is not remembered after
        #: By account and the settings' version: what is wrong, and not asked again at once.
        self._paused: Memory[tuple[str, int], str] = Memory(_TOKENS_KEPT, _PAUSE, monotonic)
        self._asking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def connection(self, user: UserKey) -> Connection | None:
        """``None``: the tenant has no application at Microsoft."""
        async with self._storage.read(user.tenant_id) as db:
            settings = await db.first(MicrosoftContacts, col(MicrosoftContacts.active).is_(True))
            if settings is None:
                return None
            own = MicrosoftAccount.user_id == user.user_id
            return Connection(settings, await db.first(MicrosoftAccount, own))

    async def connect(
        self, user: UserKey, asked: MicrosoftContacts, account: str, tokens: Tokens
    ) -> bool:
        """False: the application they agreed to is not the tenant's any more."""
        made = MicrosoftAccount(
            tenant_id=user.tenant_id,
            user_id=user.user_id,
            account=account,
            refresh_token=self._secrets.seal(tokens.refresh_token, token_context(user)),
        )
        async with self._storage.write(user.tenant_id) as db:
            await db.lock_tenant()
            same = await db.first(
                MicrosoftContacts,
                col(MicrosoftContacts.active).is_(True),
                MicrosoftContacts.directory_id == asked.directory_id,
                MicrosoftContacts.client_id == asked.client_id,
            )
            if same is None:
                return False
            await db.delete(MicrosoftAccount, MicrosoftAccount.user_id == user.user_id)
            await db.add(made)
        self._keep(made, tokens)
        log.info("contact_source.connected", tenant=user.tenant_id, user=user.user_id)
        return True

    async def disconnect(self, user: UserKey) -> None:
        """Its token is gone from here. Microsoft has no way to be told that of one token."""
        async with self._storage.write(user.tenant_id) as db:
            await db.delete(MicrosoftAccount, MicrosoftAccount.user_id == user.user_id)
        log.info("contact_source.disconnected", tenant=user.tenant_id, user=user.user_id)

    async def token(self, settings: MicrosoftContacts, account: MicrosoftAccount) -> str:
        """Raises :class:`SourceTrouble`."""
        lock = self._asking.setdefault(account.id, asyncio.Lock())
        async with lock:  # one question for all who wait
            known = self._tokens.get(_key(account))
            return known or await self._renew(settings, account)

    def refused(self, account: MicrosoftAccount, token: str) -> None:
        """Microsoft took this one no more, whatever its time."""
        if self._tokens.get(_key(account)) == token:
            self._tokens.drop(_key(account))

    def forget(self, user: UserKey) -> None:
        """Disconnected, or gone: what would open it is not even in memory any more."""
        self._forgotten += 1
        self._tokens.drop_all(lambda key: key[0] == user)

    async def lost(self, account: MicrosoftAccount) -> None:
        """Only the user can help."""
        account.lost_at = utc_now()
        async with self._storage.write(account.tenant_id) as db:
            same = MicrosoftAccount.id == account.id
            await db.update(MicrosoftAccount, same, lost_at=account.lost_at)
        log.warning("contact_source.lost", tenant=account.tenant_id, user=account.user_id)

    async def _renew(self, settings: MicrosoftContacts, account: MicrosoftAccount) -> str:
        if account.lost_at is not None:
            raise SourceTrouble("sign_in_again", "consent_ended")
        key = account.id, settings.version
        code = self._paused.get(key)
        if code is not None:
            raise SourceTrouble("failing", code)
        user, forgotten = UserKey(account.tenant_id, account.user_id), self._forgotten
        async with self._storage.read(user.tenant_id) as db:
            # As it is now: whoever had the lock before may have brought a new one.
            stored = await db.get(MicrosoftAccount, account.id)
        if stored is None or stored.lost_at is not None:
            raise SourceTrouble("sign_in_again", "consent_ended")
        try:
            old = self._secrets.unseal(stored.refresh_token, token_context(user))
            tokens = await self._endpoint.refresh(application(settings, self._secrets), old)
        except SealError as error:
            # The key file may be another one for a moment: that ends nobody's consent.
            raise SourceTrouble("failing", "token_unreadable") from error
        except ConsentEnded as error:
            await self.lost(account)
            raise SourceTrouble("sign_in_again", "consent_ended") from error
        except SourceTrouble as trouble:
            self._paused.put(key, trouble.code, trouble.wait)
            raise
        if tokens.refresh_token and tokens.refresh_token != old:
            sealed = self._secrets.seal(tokens.refresh_token, token_context(user))
            async with self._storage.write(user.tenant_id) as db:
                same = MicrosoftAccount.id == account.id
                await db.update(MicrosoftAccount, same, refresh_token=sealed)
        if forgotten == self._forgotten:
            self._keep(account, tokens)
        return tokens.access_token

    def _keep(self, account: MicrosoftAccount, tokens: Tokens) -> None:
        life = max(0.0, tokens.expires_in - _EARLY)
        self._tokens.put(_key(account), tokens.access_token, life)


def _key(account: MicrosoftAccount) -> tuple[UserKey, str]:
    return UserKey(account.tenant_id, account.user_id), account.id
