"""Checks of certificate files."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from offhook.doctor.verdict import Verdict, fail, ok, warn

WARN_DAYS = 30


def unusable_ca(subject: str, key: str, file: Path | None) -> Verdict | None:
    """What is wrong with the CA file that ``key`` of the configuration names, if anything is."""
    if file is None:
        return None
    if not file.is_file():
        return fail(subject, f"there is no file {file}", f"Check {key}.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except OSError as error:  # SSLError is one
        words = f"{file} cannot be used: {error.strerror or error}"
        return fail(subject, words, f"Name a readable PEM file of CA certificates in {key}.")
    return None


def certificate(subject: str, cert: Path, key: Path, host: str) -> Verdict:
    """Do certificate and key belong together, is it valid, is it for ``host``?"""
    for path in (cert, key):
        if not path.is_file():
            return fail(subject, f"there is no file {path}", "Check the path.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
        leaf = x509.load_pem_x509_certificate(cert.read_bytes())
    except (ssl.SSLError, ValueError) as error:
        return fail(subject, f"{cert} and {key} do not fit: {error}", "Renew both together.")
    left = leaf.not_valid_after_utc - datetime.now(UTC)
    if left.total_seconds() <= 0:
        return fail(subject, f"{cert} expired {-left.days} days ago", "Renew it.")
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        known = {
            *names.get_values_for_type(x509.DNSName),
            *(str(ip) for ip in names.get_values_for_type(x509.IPAddress)),
        }
    except x509.ExtensionNotFound:
        known = set()
    if host not in known:
        return fail(
            subject,
            f"{cert} is for {', '.join(sorted(known)) or 'no name'}, not for {host}",
            "Connectors and browsers will refuse it. Issue one for this name.",
        )
    if left.days < WARN_DAYS:
        return warn(subject, f"{cert} ends in {left.days} days", "Renew it now.")
    return ok(subject, f"{cert} is valid for {host}, {left.days} days left")
