"""People of every role and keys of every scope, in either tenant of a bench."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from gateway.credentials import api_key
from gateway.permissions import Permission
from gateway.storage.folding import email_hash, search_name
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, KeyIndex, LoginIndex, User
from tests.support.gateway_platform import CHEAP, PASSWORD, Bench

#: Columns that tell when somebody was there; they change without anybody's changing a thing.
_SEEN = {"last_used", "last_seen", "last_sign_in"}


async def appoint(bench: Bench, role: str, email: str, tenant_id: str | None = None) -> str:
    """A new person with this role, who can sign in; the id."""
    tenant = tenant_id or bench.demo.tenant_id
    user = User(
        tenant_id=tenant,
        email=email,
        name=email.partition("@")[0].title(),
        search_name=search_name(email),
        password_hash=CHEAP.hash(PASSWORD),
        role=role,
        activated_at=utc_now(),
    )
    async with bench.gateway.features.storage.write(tenant) as db:
        await db.add(user)
        found_by = email_hash(email)
        await db.add_index(LoginIndex(email_hash=found_by, tenant_id=tenant, user_id=user.id))
    return user.id


async def signed_in(bench: Bench, role: str, email: str, tenant_id: str | None = None) -> str:
    """A new person's access token."""
    await appoint(bench, role, email, tenant_id)
    token: str = (await bench.login(email))["access_token"]
    return token


async def key(bench: Bench, scopes: Iterable[Permission], tenant_id: str | None = None) -> str:
    """A key of the whole tenant, as its holder has it."""
    tenant, new = tenant_id or bench.demo.tenant_id, api_key.new_key()
    row = ApiKey(
        tenant_id=tenant,
        key_id=new.key_id,
        digest=new.digest,
        name="a test's",
        scopes=[scope.value for scope in scopes],
        last_used=utc_now(),
    )
    async with bench.gateway.features.storage.write(tenant) as db:
        await db.add(row)
        await db.add_index(KeyIndex(key_id=new.key_id, tenant_id=tenant))
    return new.text


async def contents(bench: Bench, tenant_id: str) -> dict[str, list[dict[str, Any]]]:
    """All that is kept of a tenant."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with bench.gateway.features.storage.read(tenant_id) as db:
        for name in SQLModel.metadata.tables:
            column = "id" if name == "tenant" else "tenant_id"
            asked = text(f"SELECT * FROM {name} WHERE {column} = :tenant ORDER BY 1")
            rows = (await db._session.execute(asked, {"tenant": tenant_id})).mappings()
            found[name] = [
                {key: value for key, value in row.items() if key not in _SEEN} for row in rows
            ]
    return found
