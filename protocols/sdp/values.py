"""Typed values of single SDP lines (RFC 8866 5 and 6). Each parses and writes itself back."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from enum import StrEnum

from protocols.sdp.errors import SdpError

_ADDRESS_TYPES = ("IP4", "IP6")
_TOKEN = re.compile(r"^[!#-'*+\-.0-9A-Z^-~]+$")
MAX_VERSION = 2**64


def whole_number(text: str, digits: int) -> int | None:
    """``text`` as a number of at most ``digits`` ASCII digits, else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


class Direction(StrEnum):
    """The direction attributes (RFC 8866 6.7). SIP speaks of hold in these (RFC 3264 8.4)."""

    SENDRECV = "sendrecv"
    SENDONLY = "sendonly"
    RECVONLY = "recvonly"
    INACTIVE = "inactive"

    @property
    def sends(self) -> bool:
        return self in (Direction.SENDRECV, Direction.SENDONLY)

    @property
    def receives(self) -> bool:
        return self in (Direction.SENDRECV, Direction.RECVONLY)

    @staticmethod
    def of(sends: bool, receives: bool) -> Direction:
        if sends:
            return Direction.SENDRECV if receives else Direction.SENDONLY
        return Direction.RECVONLY if receives else Direction.INACTIVE

    @property
    def reversed(self) -> Direction:
        """The same stream seen from the other end."""
        return Direction.of(self.receives, self.sends)


@dataclass(frozen=True, slots=True)
class Origin:
    """``o=`` (RFC 8866 5.2). The tuple without ``version`` names the session, for good."""

    username: str
    session_id: int
    version: int
    address: str
    address_type: str = "IP4"
    net_type: str = "IN"

    @classmethod
    def parse(cls, value: str) -> Origin:
        parts = value.split()
        if len(parts) != 6:
            raise SdpError(f"o= has {len(parts)} fields instead of 6")
        session_id, version = whole_number(parts[1], 40), whole_number(parts[2], 20)
        if session_id is None or version is None:
            raise SdpError("o= session id and version must be numbers")
        return cls(parts[0], session_id, version, parts[5], parts[4], parts[3])

    def __str__(self) -> str:
        return (
            f"{self.username} {self.session_id} {self.version} "
            f"{self.net_type} {self.address_type} {self.address}"
        )

    def bumped(self) -> Origin:
        """RFC 3264 8: a changed description carries the version plus exactly one."""
        return replace(self, version=(self.version + 1) % MAX_VERSION)


@dataclass(frozen=True, slots=True)
class Connection:
    """``c=`` (RFC 8866 5.7). ``address`` keeps a multicast suffix out of :attr:`host`."""

    address: str
    address_type: str = "IP4"
    net_type: str = "IN"

    @classmethod
    def parse(cls, value: str) -> Connection:
        parts = value.split()
        if len(parts) != 3:
            raise SdpError(f"c= has {len(parts)} fields instead of 3")
        if parts[0] != "IN" or parts[1] not in _ADDRESS_TYPES:
            raise SdpError(f"c= has the unknown type {parts[0]} {parts[1]}"[:80])
        return cls(parts[2], parts[1], parts[0])

    @classmethod
    def of(cls, address: str) -> Connection:
        return cls(address, "IP6" if ":" in address else "IP4")

    @property
    def host(self) -> str:
        return self.address.partition("/")[0]

    @property
    def numeric(self) -> bool:
        """Whether it is a unicast address that can be sent to without asking a name server.

        RFC 8866 5.7 allows names too; media code must never resolve what a peer wrote.
        """
        try:
            return not ipaddress.ip_address(self.host).is_multicast
        except ValueError:
            return False

    @property
    def is_null(self) -> bool:
        """``0.0.0.0`` is the hold form of RFC 2543, still sent by old PBXs (RFC 3264 8.4)."""
        return self.host in ("0.0.0.0", "::")  # noqa: S104 - compared, never bound

    def __str__(self) -> str:
        return f"{self.net_type} {self.address_type} {self.address}"


@dataclass(frozen=True, slots=True)
class RtpMap:
    """``a=rtpmap`` (RFC 8866 6.6) without its payload type."""

    name: str
    clock: int
    channels: int = 1

    @classmethod
    def parse(cls, value: str) -> tuple[int, RtpMap]:
        """``97 opus/48000/2`` gives ``(97, RtpMap("opus", 48000, 2))``."""
        head, _, rest = value.strip().partition(" ")
        encoding = rest.strip().split("/")
        pt = whole_number(head, 3)
        clock = whole_number(encoding[1], 9) if len(encoding) in (2, 3) else None
        if pt is None or pt > 127 or not clock or not _TOKEN.match(encoding[0]):
            raise SdpError(f"a=rtpmap:{value} is malformed"[:120])
        # RFC 3555 lets other encodings put their own parameters in the third field.
        channels = whole_number(encoding[2], 3) if len(encoding) == 3 else None
        return pt, cls(encoding[0], clock, channels or 1)

    def __str__(self) -> str:
        tail = f"/{self.channels}" if self.channels != 1 else ""
        return f"{self.name}/{self.clock}{tail}"

    def matches(self, other: RtpMap) -> bool:
        """Encoding names compare without case (RFC 8866 6.6)."""
        return (
            self.name.lower() == other.name.lower()
            and self.clock == other.clock
            and self.channels == other.channels
        )


# RFC 3551 6: what a payload type below 96 means when no rtpmap says it. G722 keeps the clock 8000
# for compatibility although it samples at 16 kHz (4.5.2).
STATIC_RTPMAPS: dict[int, RtpMap] = {
    0: RtpMap("PCMU", 8000),
    3: RtpMap("GSM", 8000),
    4: RtpMap("G723", 8000),
    8: RtpMap("PCMA", 8000),
    9: RtpMap("G722", 8000),
    13: RtpMap("CN", 8000),
    15: RtpMap("G728", 8000),
    18: RtpMap("G729", 8000),
}
