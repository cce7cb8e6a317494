"""When a certificate ends. Read from disk: what is served is renewed from there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog
from cryptography import x509

log = structlog.get_logger(__name__)


def ends_at(file: Path) -> datetime | None:
    """Of the first certificate in the file, which is the server's own; None: nobody can say."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        log.warning("certificate.unreadable", file=str(file), error=str(error))
        return None
