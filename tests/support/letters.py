"""Letters as a test sees them: posted, never sent."""

from __future__ import annotations

import asyncio

import pytest

from gateway.admin_ports import Mail
from gateway.mail.mailer import OutboxMailer
from gateway.storage.storage import TenantSession


class KeptMail:
    """Implements the ``Mailer`` port."""

    configured = True

    def __init__(self) -> None:
        self.letters: list[Mail] = []

    async def post(self, db: TenantSession, mail: Mail) -> str:
        self.letters.append(mail)
        return str(len(self.letters))

    def last(self, template: str) -> Mail:
        return [letter for letter in self.letters if letter.template == template][-1]


class Letters:
    """What the gateway under test posts: kept on its way into the outbox."""

    def __init__(self) -> None:
        self.letters: list[Mail] = []
        self._news = asyncio.Event()

    @classmethod
    def tap(cls, monkeypatch: pytest.MonkeyPatch) -> Letters:
        made, post = cls(), OutboxMailer.post

        async def keeping(self: OutboxMailer, db: TenantSession, mail: Mail) -> str:
            letter_id = await post(self, db, mail)
            db.after_commit(lambda: made._arrived(mail))
            return letter_id

        monkeypatch.setattr(OutboxMailer, "post", keeping)
        return made

    def _arrived(self, mail: Mail) -> None:
        self.letters.append(mail)
        self._news.set()

    def of(self, template: str) -> list[Mail]:
        return [letter for letter in self.letters if letter.template == template]

    async def next(self, template: str, number: int = 1) -> Mail:
        """The first one (or a later one) of its kind, posted or still to come."""
        async with asyncio.timeout(5):
            while len(self.of(template)) < number:
                self._news.clear()
                await self._news.wait()
        return self.of(template)[number - 1]
