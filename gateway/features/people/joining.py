"""Whom a directory or a provider tells of: what it does not say, the default template does."""

from __future__ import annotations

from dataclasses import replace

import structlog

from gateway.admin_ports import PersonData, Principal
from gateway.features.people.filling import of_joiner
from gateway.features.people.service import PeopleService
from gateway.ports import Problem
from gateway.storage.storage import TenantSession

log = structlog.get_logger(__name__)


class JoiningPeople(PeopleService):
    """``PeopleAdmin`` for sign-on just in time and SCIM."""

    async def create(self, db: TenantSession, who: Principal, new: PersonData) -> str:
        await db.lock_tenant()
        filled = await of_joiner(db, new)
        if filled.line != new.line:
            try:
                return await super().create(db, who, filled)
            except Problem as problem:
                # Nobody stays outside because the phone of a template cannot be; what is wrong
                # with the person themselves is found again.
                log.warning("people.template_unusable", tenant_id=db.tenant_id, code=problem.code)
        return await super().create(db, who, replace(filled, line=new.line))
