"""An import of 10,000 people, each with a line and a PBX password: how long, and how much memory.

Reading and dry run, then applying, then undoing, with the gateway's own worker on SQLite with full
syncs. Somebody asks for the progress all the time, as the portal does, and a heartbeat says for
how long the event loop, in which calls are carried, stood still meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import structlog

from bench.figure import Figure, Options, figure
from gateway.admin_ports import Principal
from gateway.bus import Bus
from gateway.config import MailConfig
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.audit.service import AuditService
from gateway.features.imports.models import ImportView, UploadQuery
from gateway.features.imports.service import ImportsService
from gateway.features.imports.steps import ImportSteps
from gateway.features.imports.worker import ImportWorker
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.people.inviting import Inviting
from gateway.features.people.service import PeopleService
from gateway.features.provisioning.service import ProvisioningService
from gateway.mail.mailer import OutboxMailer
from gateway.numbers import NumberRules
from gateway.outbox import Outbox
from gateway.permissions import PERMISSIONS, Role
from gateway.storage.storage import Storage
from tests.support.letters import KeptMail

ROWS = 10_000
_BEAT = 0.005
_ASK = 0.05


@dataclass(slots=True)
class Step:
    """What one step of the import cost."""

    seconds: float = 0.0
    peak: float = 0.0  # MiB more than before the import
    stood_still: float = 0.0
    progress: list[int] = field(default_factory=list)  # rows done, as the portal saw it


def measure(options: Options) -> list[Figure]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    rows = 1000 if options.quick else ROWS
    steps = asyncio.run(_measure(rows))
    figures: list[Figure] = []
    for name, step in steps.items():
        seen = len(set(step.progress))
        what = f"{rows:,} people: {name}"
        limit = 60.0 if name != "undo" else None
        figures += [
            figure("people_import", what, [step.seconds], "s", limit=limit, progress=seen),
            figure("people_import", f"{name}: memory above idle", [step.peak], "MiB", limit=100.0),
            figure(
                "people_import",
                f"{name}: the loop stood still, longest",
                [step.stood_still * 1000],
                "ms",
                note=f"progress seen {seen} times",
            ),
        ]
    return figures


async def _measure(rows: int) -> dict[str, Step]:
    with tempfile.TemporaryDirectory() as name:
        storage = await Storage.open(f"sqlite+aiosqlite:///{name}/bench.sqlite3")
        secrets, audit = Secrets.load(Path(name) / "secrets"), AuditService()
        people = PeopleService(secrets, NumberRules(), audit, Bus(), KeptMail())
        worker = ImportWorker(ImportSteps(storage, people, audit, secrets))
        imports = ImportsService(storage, secrets, audit, _inviting(storage, secrets), worker.wake)
        who = await new_admin(storage, secrets)
        await worker.start()
        try:
            return await _steps(imports, who, people_file(rows), rows)
        finally:
            await worker.aclose()
            await storage.aclose()


def _inviting(storage: Storage, secrets: Secrets) -> Inviting:
    outbox = Outbox(secrets)
    mailer = OutboxMailer(outbox, MailConfig())
    letters = AccountLetterService(storage, mailer, monotonic=time.monotonic)
    return Inviting(storage, outbox, letters, mailer, AuditService())


async def _steps(imports: ImportsService, who: Principal, raw: bytes, rows: int) -> dict[str, Step]:
    idle = memory()
    dry, apply, undo = Step(), Step(), Step()

    async def plan() -> str:
        return (await imports.upload(who, raw, UploadQuery(filename="people.csv"))).id

    async with Watched(dry, idle) as watch:
        import_id = await plan()
        view = await watch.until(imports, who, import_id, "planned")
    assert view.counts.create == rows, view.counts
    async with Watched(apply, idle) as watch:
        await imports.apply(who, import_id, False)
        view = await watch.until(imports, who, import_id, "applied")
    assert view.counts.applied == rows, view.counts
    async with Watched(undo, idle) as watch:
        await imports.undo(who, import_id)
        view = await watch.until(imports, who, import_id, "undone")
    assert view.counts.undone == rows, view.counts
    return {"read and dry run": dry, "apply": apply, "undo": undo}


class Watched:
    """Time, memory and the loop's pauses while a step goes on."""

    def __init__(self, step: Step, idle: float) -> None:
        self._step = step
        self._idle = idle
        self._started = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Watched:
        self._started = time.perf_counter()
        self._task = asyncio.create_task(self._beat())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._step.seconds = time.perf_counter() - self._started
        assert self._task is not None
        self._task.cancel()

    async def until(
        self, imports: ImportsService, who: Principal, import_id: str, state: str
    ) -> ImportView:
        while True:
            view = await imports.get(who.tenant_id, import_id)
            self._step.progress.append(view.done)
            if view.state == state:
                return view
            await asyncio.sleep(_ASK)

    async def _beat(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_BEAT)
            late = time.perf_counter() - before - _BEAT
            self._step.stood_still = max(self._step.stood_still, late)
            self._step.peak = max(self._step.peak, memory() - self._idle)


def memory() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 2**20


async def new_admin(storage: Storage, secrets: Secrets) -> Principal:
    passwords = Passwords()
    provisioning = ProvisioningService(storage, secrets, passwords)
    tenant = await provisioning.create_tenant("Bench")
    await provisioning.create_site(
        tenant, "Main", profile="business", country="de", area_code="89", extension_digits=5
    )
    passwords.close()
    return Principal(tenant, "user", "", "Ada Admin", PERMISSIONS[Role.ADMIN])


def people_file(rows: int) -> bytes:
    """As Excel writes it in Germany."""
    lines = (
        f"person.{i}@bench.test;Vorname{i};Müller-Lüdenscheid;{10000 + i};9{10000 + i};"
        f"Abteilung {i % 40};geheim-{i}"
        for i in range(rows)
    )
    head = "E-Mail;Vorname;Nachname;Nebenstelle;Tischtelefon;Abteilung;Kennwort"
    return "\r\n".join((head, *lines)).encode("cp1252")
