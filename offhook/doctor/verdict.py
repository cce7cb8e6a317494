"""What a check says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the report. ``advice`` says what to do about a warning or a failure."""

    subject: str
    state: State
    words: str
    advice: str = ""


def ok(subject: str, words: str) -> Verdict:
    return Verdict(subject, State.OK, words)


def warn(subject: str, words: str, advice: str) -> Verdict:
    return Verdict(subject, State.WARN, words, advice)


def fail(subject: str, words: str, advice: str) -> Verdict:
    return Verdict(subject, State.FAIL, words, advice)
