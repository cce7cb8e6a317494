"""What an administrator is told of a source that does not answer."""

from __future__ import annotations

import structlog
from sqlmodel import col

from gateway.storage.ids import utc_now
from gateway.storage.storage import Storage
from gateway.storage.tables.contact_sources import LdapContacts, MicrosoftContacts

log = structlog.get_logger(__name__)


async def note(storage: Storage, settings: LdapContacts | MicrosoftContacts, code: str) -> None:
    """Once for each change; ``""``: it answers again."""
    if settings.last_error == code:
        return
    model = type(settings)
    log.warning(
        "contact_source.state",
        tenant=settings.tenant_id,
        source=str(model.__tablename__),
        code=code,
    )
    at = utc_now() if code else settings.last_error_at
    async with storage.write(settings.tenant_id) as db:
        same = col(model.version) == settings.version
        await db.update(model, same, last_error=code, last_error_at=at)
