"""Letters over a real SMTP server, with STARTTLS and without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.admin_ports import Mail
from gateway.config import MailConfig
from gateway.credentials.secrets import Secrets
from gateway.mail import pace
from gateway.mail.letters import Letter, LetterError
from gateway.mail.mailer import LetterSender, OutboxMailer
from gateway.mail.pace import TooMuch
from gateway.mail.smtp import Smtp
from gateway.outbox import Dispatcher, GiveUp, Outbox
from gateway.storage.ids import new_id
from gateway.storage.models import Tenant
from gateway.storage.storage import Storage
from gateway.storage.tables.outbox import OutboxItem
from tests.support.gateway_platform import empty_storage
from tests.support.mail_server import MailServer, html_of, mail_server, text_of

RESET = {"name": "Anna König", "minutes": 60}


def config(server: MailServer, **values: Any) -> MailConfig:
    given = {
        "host": "localhost",
        "port": server.port,
        "ca_file": server.ca_file,
        "sender": "Offhook <noreply@example.test>",
        "timeout": 5,
    }
    return MailConfig(**(given | values))


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await empty_storage(tmp_path)
    yield opened
    await opened.aclose()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[MailServer]:
    async with mail_server(tmp_path) as opened:
        yield opened


async def tenant_of(storage: Storage, language: str = "de") -> str:
    row = Tenant(name="Example GmbH", language=language, support_email="help@example.test")
    async with storage.index(write=True) as index:
        await index.create_tenant(row)
    return row.id


@asynccontextmanager
async def mailer(storage: Storage, mail: MailConfig) -> AsyncIterator[OutboxMailer]:
    secrets = Secrets.ephemeral()
    outbox = Outbox(secrets)
    dispatcher = Dispatcher(storage, secrets, outbox, jitter=lambda: 0.0)
    if mail.host is not None:
        LetterSender(storage, mail, "https://phone.example.test").register(dispatcher)
    task = asyncio.create_task(dispatcher.run())
    try:
        yield OutboxMailer(outbox, mail)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def settled(storage: Storage, tenant_id: str, item_id: str) -> OutboxItem:
    async with asyncio.timeout(10):
        while True:
            async with storage.read(tenant_id) as db:
                item = await db.get(OutboxItem, item_id)
            assert item is not None
            if item.state != "pending":
                return item
            await asyncio.sleep(0)


async def tried(storage: Storage, tenant_id: str, item_id: str) -> OutboxItem:
    """It was not taken, and that is written down."""
    async with asyncio.timeout(10):
        while True:
            async with storage.read(tenant_id) as db:
                item = await db.get(OutboxItem, item_id)
            assert item is not None
            if item.error:
                return item
            await asyncio.sleep(0)


async def test_a_letter_arrives_encrypted_in_the_tenants_language(
    storage: Storage, server: MailServer
) -> None:
    tenant = await tenant_of(storage)
    async with mailer(storage, config(server)) as post:
        mail = Mail("anna@example.test", "password_reset", values=RESET, secret="T0KEN")
        async with storage.write(tenant) as db:
            letter_id = await post.post(db, mail)
        letter = await server.letter("anna@example.test")
        assert (await settled(storage, tenant, letter_id)).secret is None
    assert server.encrypted == [True]
    assert letter["Subject"] == "Neues Passwort festlegen"
    assert letter["From"] == "Offhook <noreply@example.test>"
    assert letter["Message-ID"] == f"<{letter_id}@example.test>"
    assert letter["Auto-Submitted"] == "auto-generated"
    link = "https://phone.example.test/reset#token=T0KEN"
    assert link in text_of(letter) and link in html_of(letter)
    assert "Guten Tag Anna König," in text_of(letter) and "help@example.test" in text_of(letter)


async def test_the_readers_language_wins(storage: Storage, server: MailServer) -> None:
    tenant = await tenant_of(storage)
    async with mailer(storage, config(server)) as post:
        async with storage.write(tenant) as db:
            await post.post(db, Mail("a@example.test", "password_reset", "nl", RESET, "T"))
        assert (await server.letter())["Subject"] == "Een nieuw wachtwoord instellen"


async def test_a_server_without_starttls_gets_nothing(storage: Storage, tmp_path: Path) -> None:
    async with mail_server(tmp_path, starttls=False) as plain:
        smtp = Smtp(config(plain))
        with pytest.raises(Exception, match="STARTTLS"):
            await smtp.send("a@example.test", Letter("s", "t", "h"), "en", new_id())
        assert plain.letters == []
        # On this machine it may be wanted so, and then it is asked for by name.
        await Smtp(config(plain, tls="none")).send(
            "a@example.test", Letter("s", "t", "h"), "en", new_id()
        )
        assert plain.encrypted == [False]


async def test_a_certificate_that_nobody_trusts_gets_nothing(server: MailServer) -> None:
    with pytest.raises(Exception, match=r"(?i)certificate"):
        await Smtp(config(server, ca_file=None)).send(
            "a@example.test", Letter("s", "t", "h"), "en", new_id()
        )
    assert server.letters == []


async def test_a_busy_server_is_asked_again(storage: Storage, server: MailServer) -> None:
    tenant = await tenant_of(storage)
    server.answers = ["451 4.3.0 try again later"]
    async with mailer(storage, config(server)) as post:
        async with storage.write(tenant) as db:
            letter_id = await post.post(db, Mail("a@example.test", "password_reset", "", RESET))
        await server.letter()
        item = await settled(storage, tenant, letter_id)
    assert (item.state, item.attempts) == ("done", 2)


@pytest.mark.parametrize("bulk", [False, True])
async def test_a_server_that_has_enough_is_left_alone_for_a_while(
    storage: Storage, server: MailServer, monkeypatch: pytest.MonkeyPatch, bulk: bool
) -> None:
    monkeypatch.setattr(pace, "_PAUSE", 0.2)
    tenant = await tenant_of(storage)
    server.answers = ["421 4.7.0 too many letters", "432 4.3.2 too many letters"]
    async with mailer(storage, config(server, connections=1)) as post:
        async with storage.write(tenant) as db:
            ids = [
                await post.post(db, Mail(to, "password_reset", "", RESET, bulk=bulk))
                for to in ("a@example.test", "b@example.test", "c@example.test")
            ]
        items = [await settled(storage, tenant, letter_id) for letter_id in ids]
    # It counts as no attempt: nothing is wrong with the letters.
    assert [(item.state, item.attempts) for item in items] == [("done", 1)] * 3
    assert len(server.letters) == 3


async def test_an_address_that_is_not_relayed_to_stops_no_other(
    storage: Storage, server: MailServer
) -> None:
    """What Postfix says to one whom it does not relay for: of that address, and for now."""
    tenant, to = await tenant_of(storage), "bob@elsewhere.test"
    server.at_rcpt[to] = f"454 4.7.1 <{to}>: Relay access denied"
    smtp, letter = Smtp(config(server)), Letter("s", "t", "h")
    with pytest.raises(ConnectionError, match="Relay access denied"):
        await smtp.send(to, letter, "en", new_id())
    async with mailer(storage, config(server)) as post:
        async with storage.write(tenant) as db:
            refused, taken = [
                await post.post(db, Mail(address, "password_reset", "", RESET))
                for address in (to, "good@example.test")
            ]
        assert (await settled(storage, tenant, taken)).state == "done"
        item = await tried(storage, tenant, refused)
    assert (item.state, item.attempts) == ("pending", 1) and "454" in item.error
    # The same address, but it is about us all; what is logged of it names nobody.
    server.at_rcpt[to] = f"421 4.7.0 <{to}>: too many connections"
    with pytest.raises(TooMuch) as too_much:
        await smtp.send(to, letter, "en", new_id())
    assert str(too_much.value) == "the mail server said 421"


async def test_an_unknown_mailbox_is_given_up_and_says_why(
    storage: Storage, server: MailServer
) -> None:
    tenant = await tenant_of(storage)
    server.answers = ["550 5.1.1 no such mailbox"]
    async with mailer(storage, config(server)) as post:
        async with storage.write(tenant) as db:
            letter_id = await post.post(db, Mail("a@example.test", "password_reset", "", RESET))
        item = await settled(storage, tenant, letter_id)
    assert (item.state, item.attempts) == ("dead", 1)
    assert "550" in item.error and "no such mailbox" in item.error


@pytest.mark.parametrize(
    "to",
    [
        "a@example.test\r\nBcc: all@example.test",
        "a@example.test, b@example.test",
        "",
        "a b@c",
        "jürgen@example.test",
    ],
)
async def test_an_address_is_one_address_and_a_bad_one_stops_no_other(
    storage: Storage, server: MailServer, to: str
) -> None:
    tenant = await tenant_of(storage)
    async with mailer(storage, config(server)) as post:
        async with storage.write(tenant) as db:
            bad, good = [
                await post.post(db, Mail(address, "password_reset", "", RESET))
                for address in (to, "good@example.test")
            ]
        item = await settled(storage, tenant, bad)
        assert (item.state, item.attempts) == ("dead", 1) and "is not an address" in item.error
        assert (await settled(storage, tenant, good)).state == "done"
    with pytest.raises(GiveUp):
        await Smtp(config(server)).send(to, Letter("s", "t", "h"), "en", new_id())
    assert [str(letter["To"]) for letter in server.letters] == ["good@example.test"]


async def test_a_domain_of_another_script_asks_nothing_special_of_the_server(
    server: MailServer,
) -> None:
    to = "anna@straße.test"
    await Smtp(config(server)).send(to, Letter("s", "t", "h"), "en", new_id())
    assert str((await server.letter())["To"]) == "anna@xn--strae-oqa.test"


async def test_a_subject_cannot_bring_a_header(server: MailServer) -> None:
    with pytest.raises(ValueError):
        await Smtp(config(server)).send(
            "a@example.test", Letter("s\r\nBcc: x@example.test", "t", "h"), "en", new_id()
        )
    assert server.letters == []


async def test_without_a_server_letters_are_kept(storage: Storage) -> None:
    tenant = await tenant_of(storage)
    async with mailer(storage, MailConfig()) as post:
        assert not post.configured
        async with storage.write(tenant) as db:
            letter_id = await post.post(
                db, Mail("a@example.test", "password_reset", "", RESET, "T")
            )
    async with storage.read(tenant) as db:
        item = await db.get(OutboxItem, letter_id)
    assert item is not None and item.state == "pending" and item.attempts == 0


async def test_a_letter_that_lacks_something_is_refused_in_the_callers_transaction(
    storage: Storage, server: MailServer
) -> None:
    tenant = await tenant_of(storage)
    async with mailer(storage, config(server)) as post:
        with pytest.raises(LetterError):
            async with storage.write(tenant) as db:
                await post.post(db, Mail("a@example.test", "password_reset"))


def test_plain_text_to_another_machine_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="this machine"):
        MailConfig(host="mail.example.test", tls="none")
    assert MailConfig(host="127.0.0.1", tls="none").tls == "none"
