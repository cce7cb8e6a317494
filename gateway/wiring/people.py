"""The people of tenants, and their imports with the worker that carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gateway.admin_ports import AccountLetters, AuditLog, SessionEnder
from gateway.bus import Bus
from gateway.credentials.secrets import Secrets
from gateway.features.imports.api import ImportsApi
from gateway.features.imports.service import ImportsService
from gateway.features.imports.steps import ImportSteps
from gateway.features.imports.worker import ImportWorker
from gateway.features.people import inviting
from gateway.features.people.api import PeopleApi
from gateway.features.people.care import PeopleCare
from gateway.features.people.chosen import ChosenPeopleApi
from gateway.features.people.joining import JoiningPeople
from gateway.features.people.reading import PeopleReader
from gateway.features.people.service import PeopleService
from gateway.features.people.templates import PeopleTemplates
from gateway.features.people.templates_api import PeopleTemplatesApi
from gateway.pbx_ports import PbxControl
from gateway.ports import Authenticator, NumberNormaliser
from gateway.storage.storage import Storage
from gateway.wiring.post import Post


class Sessions(SessionEnder, Authenticator, Protocol):
    """Both in one."""


@dataclass(frozen=True, slots=True)
class People:
    """``worker`` is started by main and ends with the gateway; ``joiners`` is for SCIM."""

    service: PeopleService
    joiners: JoiningPeople
    worker: ImportWorker
    apis: tuple[object, ...]


def build_people(
    storage: Storage,
    secrets: Secrets,
    numbers: NumberNormaliser,
    audit: AuditLog,
    bus: Bus,
    letters: AccountLetters,
    post: Post,
    sessions: Sessions,
    pbx: PbxControl,
) -> People:
    mailer = post.mailer
    service = PeopleService(secrets, numbers, audit, bus, mailer)
    joiners = JoiningPeople(secrets, numbers, audit, bus, mailer)
    worker = ImportWorker(ImportSteps(storage, service, audit, secrets))
    care = PeopleCare(storage, service, letters, mailer, sessions, audit, pbx)
    many = inviting.Inviting(storage, post.outbox, letters, mailer, audit)
    post.dispatcher.register(inviting.KIND, many.deliver, inviting.POLICY)
    imports = ImportsService(storage, secrets, audit, many, worker.wake)
    reader = PeopleReader(storage)
    apis = (
        PeopleApi(care, many, reader, sessions),
        ChosenPeopleApi(reader, care),
        PeopleTemplatesApi(PeopleTemplates(storage, audit), sessions),
        ImportsApi(imports),
    )
    return People(service, joiners, worker, apis)
