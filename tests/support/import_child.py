"""A process that applies or undoes an import in small batches and says after each commit so."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from gateway.bus import Bus
from gateway.credentials.secrets import Secrets
from gateway.features.audit.service import AuditService
from gateway.features.imports.steps import ImportSteps
from gateway.features.people.service import PeopleService
from gateway.numbers import NumberRules
from gateway.storage.storage import Storage
from tests.support.letters import KeptMail


async def main(url: str, secrets_dir: str, tenant_id: str, import_id: str) -> None:
    storage = await Storage.open(url)
    secrets, audit = Secrets.load(Path(secrets_dir)), AuditService()
    people = PeopleService(secrets, NumberRules(), audit, Bus(), KeptMail())
    steps = ImportSteps(storage, people, audit, secrets)
    print("batch", flush=True)
    while await steps.step(tenant_id, import_id, 7):
        print("batch", flush=True)
    print("done", flush=True)
    await storage.aclose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
