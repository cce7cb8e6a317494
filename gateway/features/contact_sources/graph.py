"""Asking Microsoft Graph on behalf of a user, no faster than it allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from gateway.features.contact_sources.memory import Memory
from gateway.features.contact_sources.microsoft_accounts import MicrosoftAccounts
from gateway.features.contact_sources.retry_after import retry_after
from gateway.features.contact_sources.source import SourceTrouble
from gateway.outbound import Outbound, OutboundError, OutboundReply
from gateway.storage.ids import utc_now
from gateway.storage.tables.contact_sources import MicrosoftAccount, MicrosoftContacts

_FIRST_PAUSE, _LAST_PAUSE = 2.0, 60.0  # s, where Microsoft names none
_REFUSED_FOR = 300.0  # s; who signs in again has another account's id
_MOST_PAGES = 20
_PAUSES_KEPT = 20_000


class Graph:
    def __init__(
        self,
        outbound: Outbound,
        graph_url: str,
        accounts: MicrosoftAccounts,
        monotonic: Callable[[], float],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._outbound = outbound
        self._url = graph_url.rstrip("/")
        self._accounts = accounts
        self._now = now
        #: By account: why nobody is asked until then, and how often it failed before.
        self._paused: Memory[str, SourceTrouble] = Memory(_PAUSES_KEPT, 0.0, monotonic)
        self._refused: Memory[tuple[str, str], SourceTrouble] = Memory(
            _PAUSES_KEPT, _REFUSED_FOR, monotonic
        )
        self._failed: Memory[str, int] = Memory(_PAUSES_KEPT, 10 * _LAST_PAUSE, monotonic)

    def trouble(self, account: MicrosoftAccount, paths: Iterable[str]) -> SourceTrouble | None:
        """What is known to be wrong with it, of what is asked at these paths."""
        refused = (self._refused.get((account.id, path)) for path in paths)
        found = next((trouble for trouble in refused if trouble is not None), None)
        return self._paused.get(account.id) or found

    async def items(
        self,
        settings: MicrosoftContacts,
        account: MicrosoftAccount,
        path: str,
        query: Mapping[str, str],
        most: int,
        headers: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Of a list, page by page. Raises :class:`SourceTrouble`."""
        key = account.id, path
        refused = self._refused.get(key)
        if refused is not None:
            raise SourceTrouble(refused.state, refused.code)
        try:
            return await self._pages(settings, account, path, query, most, headers)
        except SourceTrouble as trouble:
            if trouble.code in ("permission_missing", "graph_refused"):
                self._refused.put(key, trouble)
            raise

    async def _pages(
        self,
        settings: MicrosoftContacts,
        account: MicrosoftAccount,
        path: str,
        query: Mapping[str, str],
        most: int,
        headers: Mapping[str, str] | None,
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        url = f"{self._url}{path}?{urlencode(query)}"
        for _ in range(_MOST_PAGES):
            page = await self.get(settings, account, url, headers)
            listed = page.get("value")
            if not isinstance(listed, list):
                raise SourceTrouble("failing", "graph_failing")
            found += [item for item in listed if isinstance(item, dict)]
            following = page.get("@odata.nextLink")
            if following is None or len(found) >= most:
                break
            if not isinstance(following, str) or not following.startswith(f"{self._url}/"):
                # The token goes with it: to Graph and nobody else.
                raise SourceTrouble("failing", "graph_failing")
            url = following
        return found[:most]

    async def get(
        self,
        settings: MicrosoftContacts,
        account: MicrosoftAccount,
        url: str,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        paused = self._paused.get(account.id)
        if paused is not None:
            raise SourceTrouble(paused.state, paused.code)
        for last in (False, True):
            token = await self._accounts.token(settings, account)
            reply = await self._request(account, url, {**(headers or {})}, token)
            if reply.status != 401:
                return self._read(account, reply)
            self._accounts.refused(account, token)
            if last:
                await self._accounts.lost(account)
        raise SourceTrouble("sign_in_again", "consent_ended")

    async def whoami(self, access_token: str) -> str:
        """The account's name, with a token that is not stored yet."""
        url = f"{self._url}/me?{urlencode({'$select': 'userPrincipalName,mail'})}"
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        try:
            reply = await self._outbound.get(url, headers)
            said = reply.json() if reply.status == 200 else None
        except OutboundError as error:
            raise SourceTrouble("failing", "provider_unreachable") from error
        if not isinstance(said, dict):
            raise SourceTrouble("failing", "sign_in_refused")
        name = said.get("mail") or said.get("userPrincipalName") or ""
        return str(name)[:320]

    async def _request(
        self, account: MicrosoftAccount, url: str, headers: dict[str, str], token: str
    ) -> OutboundReply:
        headers |= {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        try:
            return await self._outbound.get(url, headers)
        except OutboundError as error:
            raise self._pause(account, SourceTrouble("failing", "graph_unreachable")) from error

    def _read(self, account: MicrosoftAccount, reply: OutboundReply) -> dict[str, Any]:
        if reply.status == 200:
            self._failed.drop(account.id)
            try:
                said = reply.json()
            except OutboundError as error:
                raise SourceTrouble("failing", "graph_failing") from error
            if not isinstance(said, dict):
                raise SourceTrouble("failing", "graph_failing")
            return said
        if reply.status == 429 or (reply.status == 503 and "retry-after" in reply.headers):
            wait = retry_after(reply, self._now())
            raise self._pause(account, SourceTrouble("busy", "throttled"), wait)
        if reply.status >= 500:
            raise self._pause(account, SourceTrouble("failing", "graph_failing"))
        if reply.status == 403:
            # This user's: who connected before more was asked for has not agreed to it.
            raise SourceTrouble("sign_in_again", "permission_missing")
        raise SourceTrouble("failing", "graph_refused")

    def _pause(
        self, account: MicrosoftAccount, trouble: SourceTrouble, wait: float | None = None
    ) -> SourceTrouble:
        """Longer each time, unless Microsoft says how long."""
        failed = self._failed.get(account.id) or 0
        self._failed.put(account.id, failed + 1)
        grown = min(_LAST_PAUSE, _FIRST_PAUSE * 2 ** min(failed, 10))
        self._paused.put(account.id, trouble, grown if wait is None else wait)
        return trouble
