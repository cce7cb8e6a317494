"""Tables by topic; importing this package registers them all."""

from gateway.storage.tables import audit, one_time

__all__ = ["audit", "one_time"]
