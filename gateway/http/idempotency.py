"""``Idempotency-Key``: the same key with the same request has one effect and one answer.

The row is committed before the command runs, so a repeat that arrives meanwhile, or after a crash,
is told so (409) instead of acting twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web
from sqlalchemy.exc import IntegrityError

from gateway.http.problems import respond
from gateway.ports import Problem
from gateway.storage.ids import utc_now
from gateway.storage.models import Command
from gateway.storage.storage import Storage

KEEP = timedelta(hours=24)
MAX_KEY = 64


class IdempotencyStore:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def run(
        self,
        owner: tuple[str, str],
        request: web.Request,
        raw: bytes,
        act: Callable[[], Awaitable[web.Response]],
    ) -> web.Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return await act()
        if not 1 <= len(key) <= MAX_KEY or not key.isprintable() or not key.isascii():
            raise Problem(422, "invalid", f"Idempotency-Key: 1 to {MAX_KEY} ASCII characters")
        fingerprint = hashlib.sha256(
            b"\0".join((request.method.encode(), request.path.encode(), raw))
        ).digest()
        earlier = await self._claim(owner, key, fingerprint)
        if earlier is not None:
            return _repeat(earlier, fingerprint)
        try:
            response = await act()
        except Problem as problem:
            response = respond(problem)
            if problem.status >= 500 or problem.status == 429:
                await self._forget(owner, key)  # nothing happened: a repeat may try again
                return response
        except BaseException:
            await self._forget(owner, key)
            raise
        await self._keep(owner, key, response)
        return response

    async def _claim(self, owner: tuple[str, str], key: str, fingerprint: bytes) -> Command | None:
        """Insert our row; the earlier one if there is one."""
        tenant_id, owner_id = owner
        row = Command(
            tenant_id=tenant_id,
            user_id=owner_id,
            command_id=key,
            fingerprint=fingerprint,
            created_at=utc_now(),
        )
        try:
            async with self._storage.write(tenant_id) as db:
                await db.delete(Command, Command.created_at < utc_now() - KEEP)
                await db.add(row)
        except IntegrityError:
            async with self._storage.read(tenant_id) as db:
                return await db.first(
                    Command, Command.user_id == owner_id, Command.command_id == key
                )
        return None

    async def _keep(self, owner: tuple[str, str], key: str, response: web.Response) -> None:
        body = json.loads(response.body) if isinstance(response.body, bytes) else None
        async with self._storage.write(owner[0]) as db:
            await db.update(
                Command,
                Command.user_id == owner[1],
                Command.command_id == key,
                status=response.status,
                body=body,
            )

    async def _forget(self, owner: tuple[str, str], key: str) -> None:
        async with self._storage.write(owner[0]) as db:
            await db.delete(Command, Command.user_id == owner[1], Command.command_id == key)


def _repeat(earlier: Command, fingerprint: bytes) -> web.Response:
    if earlier.fingerprint != fingerprint:
        raise Problem(422, "idempotency_key_reused", "This key was used for another request")
    if earlier.status == 0:
        raise Problem(409, "in_progress", "The same request is being worked on", retry_after=1)
    response = web.Response(status=earlier.status)
    if earlier.body is not None:
        response.body = json.dumps(earlier.body).encode()
        problem = earlier.status >= 400
        response.content_type = "application/problem+json" if problem else "application/json"
    response.headers["Idempotent-Replayed"] = "true"
    return response
