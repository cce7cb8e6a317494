"""ICE credentials and the lite side of connectivity checks (RFC 8445, RFC 8489). No IO.

A lite agent only answers checks. The proof that a source belongs to a leg is the
MESSAGE-INTEGRITY made with that leg's password: it is all the guard needs.
"""

from __future__ import annotations

import secrets
import string
import struct
from dataclasses import dataclass

from aioice import stun

from media.worker.addresses import Address

_ICE_CHARS = string.ascii_letters + string.digits + "+/"
_USERNAME = 0x0006
_COOKIE = b"\x21\x12\xa4\x42"
_HEADER = 20


@dataclass(frozen=True, slots=True)
class Credentials:
    """RFC 8445 5.3: at least 24 bits in the fragment, 128 in the password."""

    ufrag: str
    pwd: str

    @classmethod
    def fresh(cls) -> Credentials:
        def pick(length: int) -> str:
            return "".join(secrets.choice(_ICE_CHARS) for _ in range(length))

        return cls(pick(8), pick(24))


@dataclass(frozen=True, slots=True)
class Check:
    """A connectivity check that proved itself, with the answer it gets."""

    reply: bytes
    nominated: bool
    valid: bool  # False: answered with an error, the source is not verified


def local_ufrag(data: bytes) -> str | None:
    """Our half of a Binding request's USERNAME, found without parsing the rest.

    Runs on the media thread for every STUN datagram from anywhere, so that a flood of rubbish
    never reaches the parser: a name that no leg has is dropped there.
    """
    if len(data) < _HEADER + 8 or data[:2] != b"\x00\x01" or data[4:8] != _COOKIE:
        return None
    at, end = _HEADER, len(data)
    while at + 4 <= end:
        kind = (data[at] << 8) | data[at + 1]
        size = (data[at + 2] << 8) | data[at + 3]
        if kind == _USERNAME:
            name = data[at + 4 : at + 4 + size]
            return name.split(b":", 1)[0].decode("ascii", "replace")
        at += 4 + ((size + 3) & ~3)
    return None


def parse(data: bytes) -> stun.Message | None:
    try:
        return stun.parse_message(data)
    except (ValueError, IndexError, KeyError, struct.error):
        return None


def answer_check(message: stun.Message, source: Address, mine: Credentials) -> Check | None:
    """Answer one Binding request. None: not authentic, drop it.

    DEVIATION (RFC 8489 9.1.3): no 401 for a wrong MESSAGE-INTEGRITY. Answering the unauthenticated
    would make the port a reflector.
    """
    is_request = (
        message.message_class == stun.Class.REQUEST
        and message.message_method == stun.Method.BINDING
    )
    if not is_request or not message.check_message_integrity(mine.pwd.encode()):
        return None
    if "ICE-CONTROLLED" in message.attributes:
        # RFC 8445 7.3.1.1: a lite agent is always controlled, the peer has to switch roles.
        return Check(_role_conflict(message, mine), nominated=False, valid=False)
    reply = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.RESPONSE,
        transaction_id=message.transaction_id,
    )
    reply.attributes["XOR-MAPPED-ADDRESS"] = source
    reply.add_message_integrity(mine.pwd.encode())
    nominated = "USE-CANDIDATE" in message.attributes
    return Check(bytes(reply), nominated=nominated, valid=True)


def _role_conflict(message: stun.Message, mine: Credentials) -> bytes:
    reply = stun.Message(
        message_method=stun.Method.BINDING,
        message_class=stun.Class.ERROR,
        transaction_id=message.transaction_id,
    )
    reply.attributes["ERROR-CODE"] = (487, "Role Conflict")
    reply.add_message_integrity(mine.pwd.encode())
    return bytes(reply)
