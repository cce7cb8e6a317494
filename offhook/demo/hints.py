"""What a new user may try first: shown on the page and in the terminal."""

from __future__ import annotations

from emulator.plan.model import Extension, Kind
from emulator.plan.profiles import PROFILES, ProfileName
from gateway.config import DemoHint

_ABOUT = {
    Kind.SPEAKER: "A desk phone that answers and speaks",
    Kind.ECHO: "Hear yourself",
    Kind.TONE: "A steady tone",
    Kind.BUSY: "A phone that is busy",
    Kind.NEVER: "A phone that nobody answers",
    Kind.UNAVAILABLE: "A phone that is switched off",
    Kind.ANNOUNCEMENT: "A number that does not exist, and a voice that says so",
    Kind.VOICEMAIL: "The mailbox; its menu listens to the keypad",
    Kind.GROUP: "A hunt group: the phones of its members ring",
    Kind.USER: "A desk phone on the console page: pick it up there and talk",
}


def hints(profile: ProfileName) -> tuple[DemoHint, ...]:
    """The numbers of the emulated PBX: its services first, then the people. The first person of the
    plan is the one who tries it."""
    extensions = PROFILES[profile].extensions
    people = [extension for extension in extensions if extension.kind is Kind.USER]
    services = [extension for extension in extensions if extension.kind is not Kind.USER]
    return tuple(_hint(extension) for extension in (*services, *people[1:]))


def _hint(extension: Extension) -> DemoHint:
    kind = extension.kind
    return DemoHint(
        number=extension.number, name=extension.name, about=_ABOUT[kind], kind=kind.value
    )
