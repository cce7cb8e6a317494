"""DTLS-SRTP over pyOpenSSL memory BIOs (RFC 5764, RFC 6347). No sockets, no clock.

Besides the handshake itself this carries what real networks and attackers made necessary:

- a failed handshake throws the SSL object away, sends no alert and waits for the peer to begin
  anew, because anyone who guesses an address can inject a fatal alert or a bogus ClientHello;
- OpenSSL ignores a repeated ClientHello and waits for its own 1 s timer, so our last flight is
  kept and sent again when the peer repeats itself, or when nothing comes for a while;
- after the handshake records still go to OpenSSL: a close_notify means that the peer left.
"""

from __future__ import annotations

import datetime
import enum
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from protocols.rtp.srtp import (
    DTLS_PROFILES,
    DTLS_SRTP_LABEL,
    MasterKeys,
    exporter_length,
    keys_from_exporter,
    profile_by_dtls_name,
)

MTU = 1200  # of a flight's datagrams: passes every path that carries WebRTC
RETRANSMIT_S = (0.1, 0.2, 0.4, 0.8)  # our own repeats, long before OpenSSL's 1 s
REPEAT_GUARD_S = 0.03  # a ClientHello comes in several datagrams: answer its repeat once
_READ = 16384

_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha-256": hashes.SHA256(),
    "sha-384": hashes.SHA384(),
    "sha-512": hashes.SHA512(),
}


class DtlsState(enum.StrEnum):
    NEW = "new"
    HANDSHAKING = "handshaking"
    CONNECTED = "connected"
    CLOSED = "closed"  # the peer sent close_notify
    FAILED = "failed"  # too many broken handshakes


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """a=fingerprint (RFC 8122 5)."""

    algorithm: str
    value: str

    def matches(self, certificate: x509.Certificate) -> bool:
        digest = _DIGESTS.get(self.algorithm.lower())
        if digest is None:
            return False
        actual = certificate.fingerprint(digest).hex()
        return secrets.compare_digest(actual, self.value.replace(":", "").lower())


class Identity:
    """A worker's self-signed certificate, new with every start, and its DTLS context."""

    def __init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, secrets.token_hex(8))])
        now = datetime.datetime.now(tz=datetime.UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        digest = self.certificate.fingerprint(hashes.SHA256()).hex().upper()
        pairs = ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
        self.fingerprint = Fingerprint("sha-256", pairs)
        context: Any = SSL.Context(SSL.DTLS_METHOD)
        # The chain proves nothing for a self-signed certificate; its fingerprint does (RFC 5763 5)
        # and is compared before any key is used. The callback only asks for a certificate.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_args: True)
        context.use_certificate(self.certificate)
        context.use_privatekey(key)
        context.set_tlsext_use_srtp(":".join(p.dtls_name for p in DTLS_PROFILES).encode())
        self.context = context


@dataclass(slots=True)
class DtlsAssociation:
    """One association of a leg. It survives ICE restarts and address changes (RFC 8842 4)."""

    identity: Identity
    client: bool
    max_retries: int = 5
    state: DtlsState = DtlsState.NEW
    keys: MasterKeys | None = None
    peer_certificate: x509.Certificate | None = None
    failures: int = 0
    _ssl: Any = None  # OpenSSL.SSL.Connection; its published stubs are behind
    _flight: list[bytes] = field(default_factory=list)
    _flight_at: float = 0.0
    _repeats: int = 0
    _random: bytes | None = None

    def start(self, now: float) -> list[bytes]:
        """Client role: the first flight. Server role: nothing, we wait."""
        if self.state is not DtlsState.NEW:
            return []
        self.state = DtlsState.HANDSHAKING
        self._renew()
        return self._advance(now) if self.client else []

    def feed(self, datagram: bytes, now: float) -> list[bytes]:
        """One datagram from a verified source; what to send back to that source."""
        if self.state in (DtlsState.CLOSED, DtlsState.FAILED):
            return []
        if self.state is DtlsState.NEW:
            self.state = DtlsState.HANDSHAKING
        if self._ssl is None:
            self._renew()
        if self.state is DtlsState.HANDSHAKING and self._hello(datagram, now):
            self._flight_at = now
            return list(self._flight)
        assert self._ssl is not None
        self._ssl.bio_write(datagram)
        if self.state is DtlsState.CONNECTED:
            return self._read_records()
        return self._advance(now)

    def next_timeout(self, now: float) -> float | None:
        """Seconds until :meth:`handle_timeout` has something to do."""
        if self.state is not DtlsState.HANDSHAKING or self._ssl is None or not self._flight:
            return None
        times = []
        if self._repeats < len(RETRANSMIT_S):
            times.append(max(0.0, self._flight_at + RETRANSMIT_S[self._repeats] - now))
        openssl = self._ssl.DTLSv1_get_timeout()
        if openssl is not None:
            times.append(max(0.0, openssl))
        return min(times) if times else None

    def handle_timeout(self, now: float) -> list[bytes]:
        """Repeat our flight: OpenSSL's own retransmission when due, else the kept datagrams."""
        if self.state is not DtlsState.HANDSHAKING or self._ssl is None:
            return []
        openssl = self._ssl.DTLSv1_get_timeout()
        if openssl is not None and openssl <= 0.0:
            try:
                self._ssl.DTLSv1_handle_timeout()
            except SSL.Error:
                return self._fail()
            flight = self._output()
            if flight:
                self._flight, self._flight_at = flight, now
            return flight
        if self._repeats < len(RETRANSMIT_S) and self._flight:
            if now + 0.001 < self._flight_at + RETRANSMIT_S[self._repeats]:
                return []
            self._repeats += 1
            self._flight_at = now
            return list(self._flight)
        return []

    def close(self) -> list[bytes]:
        """Our close_notify, only once the handshake is done."""
        if self.state is not DtlsState.CONNECTED or self._ssl is None:
            return []
        self.state = DtlsState.CLOSED
        try:
            self._ssl.shutdown()
        except SSL.Error:
            pass  # the association is gone either way
        return self._output()

    def _renew(self) -> None:
        self._ssl = SSL.Connection(self.identity.context)
        self._ssl.set_ciphertext_mtu(MTU)
        if self.client:
            self._ssl.set_connect_state()
        else:
            self._ssl.set_accept_state()
        self._flight, self._repeats = [], 0
        self._random = None

    def _advance(self, now: float) -> list[bytes]:
        assert self._ssl is not None
        try:
            self._ssl.do_handshake()
        except SSL.WantReadError:
            flight = self._output()
            if flight:
                self._flight, self._flight_at, self._repeats = flight, now, 0
            return flight
        except SSL.Error:
            return self._fail()
        flight = self._output()
        if not self._export():
            return self._fail()
        if flight:
            self._flight, self._flight_at = flight, now
        self.state = DtlsState.CONNECTED
        return flight

    def _fail(self) -> list[bytes]:
        """Forget the handshake, in silence; the peer's next ClientHello meets a new object."""
        self._ssl = None
        self._flight = []
        self.failures += 1
        if self.failures > self.max_retries:
            self.state = DtlsState.FAILED
        elif self.client:
            self.state = DtlsState.NEW  # the owner starts again
        return []

    def _export(self) -> bool:
        assert self._ssl is not None
        profile = profile_by_dtls_name(self._ssl.get_selected_srtp_profile().decode())
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        if profile is None or certificate is None:
            return False
        length = exporter_length(profile)
        material = bytes(self._ssl.export_keying_material(DTLS_SRTP_LABEL, length))
        self.keys = keys_from_exporter(material, profile, client=self.client)
        self.peer_certificate = certificate
        return True

    def _read_records(self) -> list[bytes]:
        assert self._ssl is not None
        try:
            while True:
                self._ssl.recv(_READ)  # application data has no meaning in DTLS-SRTP
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.state = DtlsState.CLOSED
        except SSL.Error:
            pass  # an undecipherable record changes nothing
        # OpenSSL answers a repeated last flight of the peer with ours (RFC 6347 4.2.4).
        return self._output()

    def _output(self) -> list[bytes]:
        assert self._ssl is not None
        data = bytearray()
        while True:
            try:
                data += self._ssl.bio_read(_READ)
            except SSL.Error:
                return pack_records(bytes(data))

    def _hello(self, datagram: bytes, now: float) -> bool:
        """A ClientHello while we are the server and already answered one: True when repeated.

        The same random: our answer got lost, it goes out again. Another random: the peer began
        anew, or the first one was not the peer's at all; the newest wins (RFC 6347 4.2.8).
        """
        random = client_random(datagram)
        if self.client or random is None:
            return False
        if self._random is not None and random != self._random:
            self._renew()
        self._random = random
        return bool(self._flight) and now - self._flight_at >= REPEAT_GUARD_S


def client_random(datagram: bytes) -> bytes | None:
    """The random of a ClientHello whose first fragment this is (RFC 6347 4.2.2, 4.3.2)."""
    is_hello = len(datagram) >= 59 and datagram[0] == 22 and datagram[13] == 1
    if not is_hello or datagram[3:5] != b"\x00\x00" or datagram[19:22] != b"\x00\x00\x00":
        return None
    return datagram[27:59]


def pack_records(data: bytes) -> list[bytes]:
    """Cut OpenSSL's byte stream at record borders and fill datagrams up to the MTU.

    A memory BIO forgets where one write ended, and a record must not span datagrams (RFC 6347
    4.1.1).
    """
    datagrams: list[bytes] = []
    current = b""
    at = 0
    while at + 13 <= len(data):
        end = at + 13 + int.from_bytes(data[at + 11 : at + 13], "big")
        record = data[at:end]
        if current and len(current) + len(record) > MTU:
            datagrams.append(current)
            current = b""
        current += record
        at = end
    if current:
        datagrams.append(current)
    return datagrams
