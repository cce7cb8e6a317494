"""Letters by way of the outbox."""

from __future__ import annotations

from gateway.admin_ports import Mail
from gateway.config import MailConfig
from gateway.mail import letters
from gateway.mail.pace import PATIENCE, Pace
from gateway.mail.smtp import Smtp
from gateway.outbox import Delivery, Dispatcher, Outbox, Policy
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.outbox import BULK_MAIL, MAIL

#: Of a tenant's many letters few are under way at a time, in a queue of their own.
_BULK_WORKERS, _BULK_BATCH = 2, 5
#: The mail server's refusal to take any holds for all of them.
_SERVER = "mail server"


class OutboxMailer:
    """Implements the ``Mailer`` port."""

    def __init__(self, outbox: Outbox, config: MailConfig) -> None:
        self._outbox = outbox
        self._configured = config.host is not None

    @property
    def configured(self) -> bool:
        return self._configured

    async def post(self, db: TenantSession, mail: Mail) -> str:
        """An address that is none is found on delivery: no letter stops the ones after it."""
        letters.check(mail.template, mail.values)
        tenant = await db.tenant()
        language = letters.language_of(mail.language, tenant.language if tenant else "")
        payload = {
            "to": mail.to,
            "template": mail.template,
            "language": language,
            "values": {name: str(value) for name, value in mail.values.items()},
        }
        kind, target_id = MAIL, mail.target_id
        if mail.bulk:
            kind, target_id = BULK_MAIL, mail.target_id or _SERVER
        return await self._outbox.put(
            db, kind, payload, mail.secret, user_id=mail.user_id, target_id=target_id
        )


class LetterSender:
    """What the outbox calls for each letter."""

    def __init__(self, storage: Storage, config: MailConfig, public_url: str) -> None:
        self._storage = storage
        self._smtp = Smtp(config)
        self._public_url = public_url
        self._pace = Pace(config.connections, config.per_minute)
        self._timeout = config.timeout + 5.0  # for all that is not the server's

    def register(self, dispatcher: Dispatcher) -> None:
        attempt = self._timeout + 2 * PATIENCE
        bulk = Policy(timeout=attempt, workers=_BULK_WORKERS, batch=_BULK_BATCH)
        dispatcher.register(MAIL, self.deliver, Policy(timeout=attempt))
        dispatcher.register(BULK_MAIL, self.deliver, bulk)

    async def deliver(self, delivery: Delivery) -> None:
        async with self._storage.read(delivery.tenant_id) as db:
            tenant = await db.tenant()
        told = delivery.payload
        letter = letters.render(
            told["template"],
            told["language"],
            told["values"],
            tenant=tenant.name if tenant else "",
            support=tenant.support_email if tenant else "",
            public_url=self._public_url,
            secret=delivery.secret,
        )
        async with self._pace.turn(bulk=delivery.kind == BULK_MAIL):
            await self._smtp.send(told["to"], letter, told["language"], delivery.id)
