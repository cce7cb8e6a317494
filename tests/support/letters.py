"""Letters as a test sees them: posted, never sent."""

from __future__ import annotations

from gateway.admin_ports import Mail
from gateway.storage.storage import TenantSession


class KeptMail:
    """Implements the ``Mailer`` port."""

    def __init__(self) -> None:
        self.letters: list[Mail] = []

    async def post(self, db: TenantSession, mail: Mail) -> str:
        self.letters.append(mail)
        return str(len(self.letters))

    def last(self, template: str) -> Mail:
        return [letter for letter in self.letters if letter.template == template][-1]
