"""One letter to one server: encrypted, or the server is on this machine."""

from __future__ import annotations

import asyncio
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr

import aiosmtplib
from email_validator import validate_email

from gateway.config import MailConfig
from gateway.mail.letters import Letter
from gateway.mail.pace import TooMuch
from gateway.outbox import GiveUp

#: 5xx that say something of us or of the moment and nothing of the letter (RFC 5321, RFC 4954).
_TOO_MUCH = frozenset({421, 432, 454})
#: At RCPT 454 is about that one address: Postfix does not relay to it.
_TOO_MUCH_AT_RCPT = frozenset({421})
_NOT_FOR_GOOD = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})


def address_of(text: str) -> Address:
    """One address and nothing else; raises ``ValueError``.

    Domains of other scripts as DNS has them: few servers speak SMTPUTF8.
    """
    if not text:
        raise ValueError("an address is missing")
    if not text.isascii():
        found = validate_email(
            text, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
        text = found.ascii_email or text
    return Address(addr_spec=text)


class Smtp:
    def __init__(self, config: MailConfig) -> None:
        assert config.host is not None
        self._config = config
        self._host = config.host
        name, address = parseaddr(config.sender)
        self._sender = Address(display_name=name, addr_spec=address)
        self._tls: ssl.SSLContext | None = None

    async def send(self, to: str, letter: Letter, language: str, letter_id: str) -> None:
        """Raises :class:`GiveUp` if the server will never take it, :class:`TooMuch` if it takes
        nothing now, else what went wrong."""
        message = self._message(to, letter, language, letter_id)
        config = self._config
        password = config.password.get_secret_value() if config.password else None
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=config.port,
                username=config.user,
                password=password,
                use_tls=config.tls == "tls",
                start_tls=config.tls == "starttls",
                tls_context=await self._context() if config.tls != "none" else None,
                timeout=config.timeout,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            first = error.recipients[0]
            _raise(first.code, first.message, _TOO_MUCH_AT_RCPT)
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPConnectResponseError) as error:
            _raise(error.code, error.message, of_us=True)
        except aiosmtplib.SMTPResponseException as error:
            _raise(error.code, error.message)

    async def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            ca_file = self._config.ca_file
            self._tls = await asyncio.to_thread(
                ssl.create_default_context, cafile=str(ca_file) if ca_file else None
            )
            self._tls.minimum_version = ssl.TLSVersion.TLSv1_2
        return self._tls

    def _message(self, to: str, letter: Letter, language: str, letter_id: str) -> EmailMessage:
        """The library refuses line breaks in headers, and an address is one address."""
        try:
            recipient = address_of(to)
        except ValueError as error:
            raise GiveUp(f"{to!r} is not an address") from error
        message = EmailMessage(policy=SMTP)
        message["From"] = self._sender
        message["To"] = recipient
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        # The same over all attempts: a repeat after a lost answer is known as one.
        message["Message-ID"] = f"<{letter_id}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers
        message["Content-Language"] = language
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        return message


def _raise(
    code: int, words: str, too_much: frozenset[int] = _TOO_MUCH, *, of_us: bool = False
) -> None:
    text = f"the mail server said {code} {words}"
    if code in too_much or (of_us and 400 <= code < 500):
        raise TooMuch(code)
    if 500 <= code < 600 and code not in _NOT_FOR_GOOD:
        raise GiveUp(text)
    raise ConnectionError(text)
