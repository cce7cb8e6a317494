"""5,000 people are imported and invited with one click: how long until each has the letter.

The gateway's own import, job, outbox and letters, with SQLite and full syncs; the mail server is a
process of its own on loopback. Somebody asks for the progress as the portal does, and a heartbeat
says for how long the event loop, in which calls are carried, stood still meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from bench.figure import Figure, Options, figure
from bench.mail_sink import MailSink, mail_sink
from bench.people_import import Step, Watched, memory, new_admin, people_file
from gateway.admin_ports import Principal
from gateway.bus import Bus
from gateway.config import MailConfig
from gateway.credentials.secrets import Secrets
from gateway.features.audit.service import AuditService
from gateway.features.imports.models import UploadQuery
from gateway.features.imports.service import ImportsService
from gateway.features.imports.steps import ImportSteps
from gateway.features.imports.worker import ImportWorker
from gateway.features.passwords.letters import AccountLetterService
from gateway.features.people import inviting
from gateway.features.people.service import PeopleService
from gateway.mail.mailer import LetterSender, OutboxMailer
from gateway.numbers import NumberRules
from gateway.outbox import Dispatcher, Outbox
from gateway.storage.storage import Storage

PEOPLE = 5_000
#: Of the throttled run: what a hosted mailbox commonly takes, and so many letters of it.
PER_MINUTE, THROTTLED = 60, 150
_ASK = 0.25


@dataclass(slots=True)
class Run:
    step: Step
    written: float  # s until every invitation was written down
    delivered: float  # s until the server had the last letter
    refused: int
    progress: int  # times that it was seen to have gone on


def measure(options: Options) -> list[Figure]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    people = 500 if options.quick else PEOPLE
    run = asyncio.run(_measure(people, None))
    figures = [
        figure("invitations", f"{people:,} people: imported and invited", [run.written], "s"),
        figure(
            "invitations",
            "the same, until the mail server had every letter",
            [run.delivered],
            "s",
            limit=600.0,
            progress=run.progress,
        ),
        figure("invitations", "memory above idle", [run.step.peak], "MiB", limit=100.0),
        figure(
            "invitations",
            "the loop stood still, longest",
            [run.step.stood_still * 1000],
            "ms",
            note=f"progress seen {run.progress} times",
        ),
    ]
    if not options.quick:
        slow = asyncio.run(_measure(THROTTLED, PER_MINUTE))
        per_minute = THROTTLED / (slow.delivered / 60)
        figures.append(
            figure(
                "invitations",
                f"letters a minute to a server that takes {PER_MINUTE} and then says 421",
                [per_minute],
                "/min",
                note=f"{slow.refused} refused",
            )
        )
    return figures


async def _measure(people: int, per_minute: int | None) -> Run:
    with tempfile.TemporaryDirectory() as name, mail_sink(per_minute) as sink:
        storage = await Storage.open(f"sqlite+aiosqlite:///{name}/bench.sqlite3")
        secrets, audit = Secrets.load(Path(name) / "secrets"), AuditService()
        outbox = Outbox(secrets)
        config = MailConfig(host="127.0.0.1", port=sink.port, tls="none")
        mailer = OutboxMailer(outbox, config)
        service = PeopleService(secrets, NumberRules(), audit, Bus(), mailer)
        worker = ImportWorker(ImportSteps(storage, service, audit, secrets))
        letters = AccountLetterService(storage, mailer, monotonic=time.monotonic)
        many = inviting.Inviting(storage, outbox, letters, mailer, audit)
        dispatcher = Dispatcher(storage, secrets, outbox)
        dispatcher.register(inviting.KIND, many.deliver, inviting.POLICY)
        LetterSender(storage, config, "https://phone.example.test").register(dispatcher)
        imports = ImportsService(storage, secrets, audit, many, worker.wake)
        who = await new_admin(storage, secrets)
        await worker.start()
        task = asyncio.create_task(dispatcher.run())
        try:
            return await _run(imports, many, sink, who, people)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await worker.aclose()
            await storage.aclose()


async def _run(
    imports: ImportsService,
    many: inviting.Inviting,
    sink: MailSink,
    who: Principal,
    people: int,
) -> Run:
    view = await imports.upload(who, people_file(people), UploadQuery(filename="people.csv"))
    async with Watched(Step(), memory()) as watch:
        await watch.until(imports, who, view.id, "planned")
    step, seen = Step(), set[int]()
    started = time.monotonic()
    written = 0.0
    async with Watched(step, memory()):
        await imports.apply(who, view.id, False, invite=True)
        while True:
            told = await many.show(who.tenant_id)
            seen.add(told.sent)
            if told.state == "done" and not written:
                written = time.monotonic() - started
                assert told.sent == people, told
            assert told.state in ("running", "done"), told
            taken, refused, last = sink.seen()
            if taken == people:
                return Run(step, written, last - started, refused, len(seen))
            await asyncio.sleep(_ASK)
