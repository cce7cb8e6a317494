"""What a client may use to answer a challenge.

`DigestCredentials` name the realm they are for: a challenge of another realm is not answered, so
a peer cannot collect digests for a password that was never meant for it. Without a configured
realm the first one that challenges a request of ours is kept (trust on first use).
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

#: Strongest first (RFC 8760 section 2.4); "-sess" variants are understood, never preferred.
DEFAULT_ALGORITHMS = ("SHA-512-256", "SHA-256", "MD5")


@dataclass(frozen=True, slots=True)
class DigestCredentials:
    """User name and password for RFC 7616 / RFC 8760 digest.

    `algorithms` is the list this peer may use, strongest first; a PBX that only speaks MD5 needs
    no change, a link of our own may be narrowed to SHA-256.
    """

    username: str
    password: str = field(repr=False)
    realm: str | None = None
    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS


class BearerSource(Protocol):
    """Gives the access token of RFC 8898 for each request; `fresh` asks for a new one ."""

    def token(self, *, fresh: bool = False) -> Awaitable[str]: ...


Credentials = DigestCredentials | BearerSource
