"""The secrets directory: made at first start, readable by its owner only, kept for ever.

Whoever has these files can sign tokens and read line passwords: back them up apart from the
database, so that a copy of the database alone is of no use.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gateway.storage.ids import new_id

_NONCE = 12


class SealError(Exception):
    """A sealed value does not belong to this place or was sealed with another key."""


@dataclass(frozen=True)
class Secrets:
    """``signing``: key id -> ES256 key; the newest signs, all verify."""

    signing: dict[str, ec.EllipticCurvePrivateKey] = field(repr=False)
    refresh_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)

    @property
    def signing_id(self) -> str:
        return max(self.signing)  # ids are UUIDv7: the greatest is the newest

    @classmethod
    def load(cls, directory: Path) -> Secrets:
        """Read the directory; what is missing is made."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        directory.chmod(0o700)
        paths = sorted(directory.glob("signing-*.pem"))
        if not paths:
            paths = [_new_signing_key(directory)]
        signing = {p.stem.removeprefix("signing-"): _read_signing_key(p) for p in paths}
        return cls(
            signing, _random_file(directory / "refresh.key"), _random_file(directory / "seal.key")
        )

    @classmethod
    def ephemeral(cls) -> Secrets:
        """For tests: gone with the process."""
        key = ec.generate_private_key(ec.SECP256R1())
        return cls({new_id(): key}, secrets.token_bytes(32), secrets.token_bytes(32))

    def seal(self, plain: str, context: str) -> bytes:
        """Encrypt; ``context`` (where it is stored) is bound, so rows cannot be exchanged."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self.seal_key).encrypt(nonce, plain.encode(), context.encode())

    def mac(self, context: str, data: bytes) -> bytes:
        """Proof that ``data`` was ours, for this one use (HMAC-SHA256 under a key of its own)."""
        key = hmac.new(self.seal_key, b"mac", hashlib.sha256).digest()
        return hmac.new(key, context.encode() + b"\0" + data, hashlib.sha256).digest()

    def unseal(self, sealed: bytes, context: str) -> str:
        try:
            plain = AESGCM(self.seal_key).decrypt(
                sealed[:_NONCE], sealed[_NONCE:], context.encode()
            )
        except (InvalidTag, ValueError) as error:
            raise SealError(f"cannot unseal {context}") from error
        return plain.decode()


def _new_signing_key(directory: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = directory / f"signing-{new_id()}.pem"
    _write_private(path, pem)
    return path


def _read_signing_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError(f"{path} is not a P-256 private key")
    return key


def _random_file(path: Path) -> bytes:
    if not path.exists():
        _write_private(path, secrets.token_bytes(32))
    value = path.read_bytes()
    if len(value) != 32:
        raise ValueError(f"{path} must hold 32 bytes")
    return value


def _write_private(path: Path, content: bytes) -> None:
    """Create with mode 0600, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def line_context(tenant_id: str, site_id: str, line_id: str) -> str:
    """Where a line's PBX password is stored; bound into the sealed value."""
    return f"line/{tenant_id}/{site_id}/{line_id}"
