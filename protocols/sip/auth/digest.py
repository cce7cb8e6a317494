"""The arithmetic of digest access authentication (RFC 7616, RFC 2617, RFC 8760)."""

from __future__ import annotations

import hashlib

# algorithm -> hashlib name; RFC 8760 section 2.1 adds the SHA-2 family to SIP's MD5
_HASHES = {"md5": "md5", "sha-256": "sha256", "sha-512-256": "sha512_256"}


def base_algorithm(algorithm: str) -> str:
    """`algorithm` in lower case without "-sess"."""
    return algorithm.lower().removesuffix("-sess")


def is_known(algorithm: str) -> bool:
    return base_algorithm(algorithm) in _HASHES


def digest_hash(algorithm: str, data: str | bytes) -> str:
    raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    return hashlib.new(_HASHES[base_algorithm(algorithm)], raw, usedforsecurity=False).hexdigest()


def digest_a1(algorithm: str, username: str, realm: str, password: str) -> str:
    """H(A1) without the session part: what a server may store instead of the password."""
    return digest_hash(algorithm, f"{username}:{realm}:{password}")


def digest_response(
    algorithm: str,
    a1_hash: str,
    *,
    method: str,
    uri: str,
    nonce: str,
    qop: str | None = None,
    nc: str = "",
    cnonce: str = "",
    body: bytes = b"",
) -> str:
    """The `response` value (RFC 7616 section 3.4.1; without qop as RFC 2069 did it)."""
    if algorithm.lower().endswith("-sess"):
        a1_hash = digest_hash(algorithm, f"{a1_hash}:{nonce}:{cnonce}")
    a2 = f"{method}:{uri}"
    if qop == "auth-int":
        a2 += f":{digest_hash(algorithm, body)}"
    a2_hash = digest_hash(algorithm, a2)
    if qop is None:
        return digest_hash(algorithm, f"{a1_hash}:{nonce}:{a2_hash}")
    return digest_hash(algorithm, f"{a1_hash}:{nonce}:{nc}:{cnonce}:{qop}:{a2_hash}")
