"""What a new tenant has to do until somebody telephones, and what of it is done already."""

from __future__ import annotations

from sqlmodel import col

from gateway.features.tenants.overview_models import FirstSteps
from gateway.storage.models import ApiKey, Connector, Line, Site
from gateway.storage.storage import TenantSession
from gateway.storage.tables.connector_page import CallProof


async def first_steps(db: TenantSession) -> FirstSteps:
    """A step that was done once stays done: what breaks later is told by what is to be done."""
    connected = await _any(db, Connector)
    return FirstSteps(
        site=await _any(db, Site),
        # Whoever has connected had a key, whatever has become of it.
        key=connected or await _any(db, ApiKey, col(ApiKey.site_id).is_not(None)),
        connector=connected,
        people=await _any(db, Line),
        test_call=await _any(db, CallProof, CallProof.state == "passed"),
    )


async def _any(db: TenantSession, table: type, *where: object) -> bool:
    return bool(await db.find(table, *where, limit=1))
