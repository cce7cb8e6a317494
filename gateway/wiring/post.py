"""The outbox with its dispatcher, and the mail that leaves by it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.config import GatewayConfig
from gateway.credentials.secrets import Secrets
from gateway.http.metrics import Metrics
from gateway.mail.mailer import LetterSender, OutboxMailer
from gateway.outbox import Dispatcher, Outbox
from gateway.storage.storage import Storage


@dataclass(frozen=True, slots=True)
class Post:
    """``dispatcher.run()`` is started by main, when every kind has been registered."""

    outbox: Outbox
    dispatcher: Dispatcher
    mailer: OutboxMailer


def make_post(config: GatewayConfig, storage: Storage, secrets: Secrets, metrics: Metrics) -> Post:
    outbox = Outbox(secrets)
    dispatcher = Dispatcher(storage, secrets, outbox)
    if config.mail.host is not None:
        LetterSender(storage, config.mail, config.public_url).register(dispatcher)
    metrics.gauge("offhook_outbox_depth", "what waits to leave", lambda: dispatcher.depth)
    metrics.gauge(
        "offhook_outbox_oldest_seconds", "age of the oldest that waits", lambda: dispatcher.oldest
    )
    metrics.gauge("offhook_outbox_dead", "what was given up", lambda: dispatcher.dead)
    return Post(outbox, dispatcher, OutboxMailer(outbox, config.mail))
