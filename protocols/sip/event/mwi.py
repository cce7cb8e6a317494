"""The body of `application/simple-message-summary`: the message waiting lamp (RFC 3842)."""

from __future__ import annotations

import re
from dataclasses import dataclass

CONTENT_TYPE = "application/simple-message-summary"

_COUNTS = re.compile(r"\s*(\d{1,9})\s*/\s*(\d{1,9})\s*(?:\(\s*(\d{1,9})\s*/\s*(\d{1,9})\s*\)\s*)?")


class SummaryError(ValueError):
    """Not a message summary."""


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """`waiting` is the lamp; counts are of voice messages, None when the sender gave none."""

    waiting: bool
    account: str | None = None
    new: int | None = None
    old: int | None = None
    urgent_new: int | None = None
    urgent_old: int | None = None

    @classmethod
    def parse(cls, body: bytes) -> MessageSummary:
        """Read a body; other classes than Voice-Message and unknown lines are passed over."""
        waiting: bool | None = None
        account: str | None = None
        counts: list[int | None] = [None] * 4
        for line in body.decode("utf-8", "replace").splitlines():
            name, colon, value = line.partition(":")
            match name.strip().lower() if colon else "":
                case "messages-waiting":
                    waiting = _yes_or_no(value)
                case "message-account":
                    account = value.strip()
                case "voice-message":
                    counts = _counts(value)
        if waiting is None:
            raise SummaryError("no Messages-Waiting line")
        return cls(waiting, account, *counts)

    def to_bytes(self) -> bytes:
        lines = [f"Messages-Waiting: {'yes' if self.waiting else 'no'}"]
        if self.account is not None:
            if "\r" in self.account or "\n" in self.account:
                raise SummaryError("line break in the account")
            lines.append(f"Message-Account: {self.account}")
        if self.new is not None or self.old is not None:
            voice = f"Voice-Message: {self.new or 0}/{self.old or 0}"
            if self.urgent_new is not None or self.urgent_old is not None:
                voice += f" ({self.urgent_new or 0}/{self.urgent_old or 0})"
            lines.append(voice)
        return "\r\n".join([*lines, ""]).encode()


def _yes_or_no(value: str) -> bool:
    word = value.strip().lower()
    if word not in ("yes", "no"):
        raise SummaryError(f"Messages-Waiting is neither yes nor no: {word[:20]!r}")
    return word == "yes"


def _counts(value: str) -> list[int | None]:
    match = _COUNTS.fullmatch(value)
    if match is None:
        raise SummaryError(f"malformed counts {value[:40]!r}")
    return [None if group is None else int(group) for group in match.groups()]
