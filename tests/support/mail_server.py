"""A real SMTP server (aiosmtpd) on loopback: with STARTTLS, and with a will of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from tests.support.pki import TestCa


@dataclass
class MailServer:
    """``answers``: what the next letters get instead of ``250 OK``; ``at_rcpt``: addresses that get
    something else already when they are named."""

    port: int = 0
    ca_file: Path | None = None
    letters: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    at_rcpt: dict[str, str] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_RCPT(
        self, _server: Any, _session: SmtpSession, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: SmtpSession, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(cast(EmailMessage, message_from_bytes(content, policy=default)))
        self.encrypted.append(session.ssl is not None)
        self._news.set()
        return "250 OK"

    async def letter(self, to: str = "", subject: str = "") -> EmailMessage:
        """The first one to this address with these words in its subject, come or to come."""
        async with asyncio.timeout(10):
            while True:
                for letter in self.letters:
                    if to in str(letter["To"]) and subject in str(letter["Subject"]):
                        return letter
                self._news.clear()
                await self._news.wait()


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@asynccontextmanager
async def mail_server(folder: Path, *, starttls: bool = True) -> AsyncIterator[MailServer]:
    """``localhost``; with STARTTLS it takes nothing before."""
    server = MailServer()
    context = None
    if starttls:
        ca = TestCa(folder, "Mail CA")
        certificate, key = ca.issue("mail", dns=["localhost"])
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        server.ca_file = ca.ca_file
    loop = asyncio.get_running_loop()

    def protocol() -> SMTP:
        return SMTP(
            server,
            hostname="localhost",
            tls_context=context,
            require_starttls=starttls,
            loop=loop,
        )

    listener = await loop.create_server(protocol, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await listener.wait_closed()
