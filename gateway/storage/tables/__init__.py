"""Tables by topic; importing this package registers them all."""

from gateway.storage.tables import (
    audit,
    connector_page,
    contact_sources,
    contacts,
    diagnostics,
    notices,
    one_time,
    outbox,
    people,
    sign_in,
    single_sign_on,
    webhooks,
)

__all__ = [
    "audit",
    "connector_page",
    "contact_sources",
    "contacts",
    "diagnostics",
    "notices",
    "one_time",
    "outbox",
    "people",
    "sign_in",
    "single_sign_on",
    "webhooks",
]
