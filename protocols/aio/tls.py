"""TLS for SIP: contexts with verification always on, and whom a certificate speaks for."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from pathlib import Path
from typing import Any, TypeAlias

from protocols.sip.errors import SipError


class TlsError(SipError, OSError):
    """The peer's certificate does not speak for the name we meant to reach."""


def client_context(
    cafile: str | Path | None = None,
    *,
    certfile: str | Path | None = None,
    keyfile: str | Path | None = None,
) -> ssl.SSLContext:
    """For outbound connections. The system's CAs unless `cafile` is given.

    OpenSSL verifies the chain; the name is checked by `speaks_for`, since RFC 5922 wants the
    URI `sip:domain` looked at first and forbids wildcards, neither of which OpenSSL does.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    if cafile is None:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        context.load_verify_locations(cafile=str(cafile))
    if certfile is not None:
        context.load_cert_chain(str(certfile), None if keyfile is None else str(keyfile))
    return context


def server_context(
    certfile: str | Path,
    keyfile: str | Path | None = None,
    *,
    client_ca: str | Path | None = None,
) -> ssl.SSLContext:
    """For listeners. With `client_ca` every client must show a certificate of that CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(certfile), None if keyfile is None else str(keyfile))
    if client_ca is not None:
        context.load_verify_locations(cafile=str(client_ca))
        context.verify_mode = ssl.CERT_REQUIRED
    return context


_Stamps: TypeAlias = list[tuple[int, int, int]]  # when written, size and inode of each file


class _PrivateCopy:
    """The files of a pair, read once: what is checked is what is used. Only the owner sees it."""

    def __init__(self, certfile: Path, keyfile: Path) -> None:
        texts = certfile.read_bytes(), keyfile.read_bytes()
        self._folder = tempfile.TemporaryDirectory(prefix="certificate-")
        folder = Path(self._folder.name)
        self._files = folder / "certificate.pem", folder / "key.pem"
        for file, text in zip(self._files, texts, strict=True):
            file.write_bytes(text)

    def load(self, context: ssl.SSLContext) -> None:
        context.load_cert_chain(*self._files)

    def remove(self) -> None:
        self._folder.cleanup()


class CertificateFiles:
    """A listener's pair on disk: when it is replaced, new handshakes use the new one and running
    connections go on. Whoever listens asks `changed` now and then."""

    def __init__(
        self, context: ssl.SSLContext, certfile: str | Path, keyfile: str | Path | None = None
    ) -> None:
        self._context = context
        self._certfile = Path(certfile)
        self._keyfile = self._certfile if keyfile is None else Path(keyfile)
        #: What was there at the last look; None while a file is missing.
        self._seen: _Stamps | None = self._state()
        self._pair: _PrivateCopy | None = None

    def changed(self) -> bool:
        """True when another pair lies there that fits together. Reads files: not for the loop.

        Raises OSError (SSLError is one), once for each change, when the files are no pair; perhaps
        only one of them was written yet.
        """
        state: _Stamps | None = None
        missing: OSError | None = None
        try:
            state = self._state()
        except OSError as error:
            missing = error
        if state == self._seen:
            return False
        self._seen = state
        if missing is not None:
            raise missing
        pair = _PrivateCopy(self._certfile, self._keyfile)
        try:
            # A pair that does not fit would leave the context with neither: try it elsewhere first.
            pair.load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        except BaseException:
            pair.remove()
            raise
        self._pair = pair
        return True

    def take_up(self) -> None:
        """Serve the pair that `changed` found, whatever lies there by now. In the loop's own
        thread: a handshake that began meanwhile would find half a pair."""
        pair, self._pair = self._pair, None
        if pair is not None:
            try:
                pair.load(self._context)
            finally:
                pair.remove()

    def _state(self) -> _Stamps:
        found = (file.stat() for file in (self._certfile, self._keyfile))
        return [(one.st_mtime_ns, one.st_size, one.st_ino) for one in found]


def identities(certificate: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """SIP domains, DNS names and addresses a certificate speaks for (RFC 5922 section 7.1)."""
    uris: list[str] = []
    names: list[str] = []
    addresses: list[str] = []
    for kind, value in certificate.get("subjectAltName", ()):
        if kind == "URI" and value.lower().startswith("sip:"):
            domain = value[4:]
            # 7.1: a URI with a user part names a person, not a domain.
            if domain and "@" not in domain:
                uris.append(domain.partition(";")[0].lower())
        elif kind == "DNS":
            names.append(value.lower())
        elif kind == "IP Address":
            addresses.append(value)
    return uris, names, addresses


def speaks_for(certificate: dict[str, Any], name: str) -> bool:
    """Whether the certificate is valid for the SIP domain `name` (RFC 5922 section 7.2).

    SIP URIs win over DNS names when there are any; a wildcard matches nothing but itself
    (7.2: wildcards are not accepted). An address matches only an iPAddress entry.
    """
    uris, names, addresses = identities(certificate)
    wanted = name.strip("[]").rstrip(".").lower()
    try:
        literal = ipaddress.ip_address(wanted)
    except ValueError:
        candidates = uris or names
        return any(c.rstrip(".") == wanted and "*" not in c for c in candidates)
    return any(ipaddress.ip_address(address.strip()) == literal for address in addresses)
