"""Letters by way of the outbox."""

from __future__ import annotations

from gateway.admin_ports import Mail
from gateway.config import MailConfig
from gateway.mail import letters
from gateway.mail.smtp import Smtp
from gateway.outbox import Delivery, Dispatcher, Outbox
from gateway.storage.storage import Storage, TenantSession

KIND = "mail"


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
        return await self._outbox.put(
            db, KIND, payload, mail.secret, user_id=mail.user_id, target_id=mail.target_id
        )


class LetterSender:
    """What the outbox calls for each letter."""

    def __init__(self, storage: Storage, config: MailConfig, public_url: str) -> None:
        self._storage = storage
        self._smtp = Smtp(config)
        self._public_url = public_url

    def register(self, dispatcher: Dispatcher) -> None:
        dispatcher.register(KIND, self.deliver)

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
        await self._smtp.send(told["to"], letter, told["language"], delivery.id)
