"""What runs out, and from when on administrators are warned of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from cryptography import x509

from gateway.storage.models import Site

log = structlog.get_logger(__name__)

#: Certificates and keys that end within this time.
SOON = timedelta(days=14)
#: The share of what there is.
NEARLY = 0.8


def certificate_ends(file: Path) -> datetime | None:
    """Of the first certificate in the file, which is the server's own; None: nobody can say. Read
    from disk: what is served is renewed from there."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (OSError, ValueError) as error:
        log.warning("certificate.unreadable", file=str(file), error=str(error))
        return None


def first_end(files: Iterable[Path]) -> datetime | None:
    return min((end for file in files if (end := certificate_ends(file))), default=None)


def capacity_warnings(site: Site, calls: int, lines: int) -> list[str]:
    """Of the phone system: calls through its channels, lines by its licences."""
    warnings: list[str] = []
    if site.channels and calls >= NEARLY * site.channels:
        warnings.append("channels_full" if calls >= site.channels else "channels_80")
    if site.ip_licences and lines >= NEARLY * site.ip_licences:
        over = lines > site.ip_licences
        warnings.append("ip_licences_exceeded" if over else "ip_licences_80")
    return warnings
