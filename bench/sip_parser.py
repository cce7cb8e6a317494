"""How many reference INVITEs one core parses per second.

A parse counts when start line, top Via, From, To, CSeq, Call-ID, Contact and Content-Length are
typed and the limits were checked. No two messages are alike: branch, tag, Call-ID, CSeq and
Session-ID are new in each, callers and callees come from 1,000 users, as they do at a server. The
parser remembers addresses that come again: a second figure has more users than it can remember. It
remembers in which order headers come, and the messages of one phone are alike in that: in a third
figure the order is another one in each message.
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path

from bench.figure import Figure, Options, figure
from protocols.sip.message import Message, Request
from protocols.sip.parser import parse_datagram

REFERENCE = Path(__file__).parent / "data" / "invite.sip"
TARGET = 60_000.0
USERS = 1000
STRANGERS = 100_000


def messages(
    count: int, users: int = USERS, seed: int = 1, *, shuffled: bool = False
) -> list[bytes]:
    """Variations of the reference INVITE, ``shuffled``: with the header lines in any order."""
    reference = REFERENCE.read_bytes()
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        caller, callee = (str(4000 + rng.randrange(users)).encode() for _ in range(2))
        start, *lines = reference.split(b"\r\n\r\n")[0].split(b"\r\n")
        body = reference[reference.index(b"\r\n\r\n") :]
        if shuffled:
            rng.shuffle(lines)
        made.append(
            (b"\r\n".join([start, *lines]) + body)
            .replace(b"4711@", callee + b"@")
            .replace(b"4242@", caller + b"@")
            .replace(b"5a1d4c0f9e8b7263", b"%016x" % rng.getrandbits(64))
            .replace(b"7f3a9c51", b"%08x" % rng.getrandbits(32))
            .replace(b"1c9a7d3e5f8b4a60927d1e3c5b7f9a81", b"%032x" % rng.getrandbits(128))
            .replace(b"CSeq: 1029", b"CSeq: %04d" % rng.randrange(1000, 9999))
        )
    return made


def parse(data: bytes) -> tuple[object, ...]:
    """One parse that counts."""
    message: Message = parse_datagram(data)
    assert isinstance(message, Request)
    return (
        message.method,
        message.request_uri,
        message.via,
        message.from_,
        message.to,
        message.cseq,
        message.call_id,
        message.contacts,
        message.body,
    )


def parses_per_second(data: list[bytes], seconds: float) -> float:
    """By processor time: what other programs do meanwhile does not count."""
    done = 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        for item in data:
            parse(item)
        done += len(data)
    return done / spent


def measure(options: Options) -> list[Figure]:
    """The figures for the report."""
    count, seconds = (500, 0.5) if options.quick else (5000, 3.0)
    figures = []
    for users, shuffled, limit in (
        (USERS, False, TARGET),
        (STRANGERS, False, None),
        (USERS, True, None),
    ):
        data = messages(count if users == USERS else 4 * count, users, shuffled=shuffled)
        parses_per_second(data, 0.2)
        figures.append(
            figure(
                "sip_parser",
                f"reference INVITEs parsed on one core, {users:,} users"
                + (", no two with one header order" if shuffled else ""),
                [parses_per_second(data, seconds) for _ in range(3)],
                "/s",
                limit=limit,
                relation=">=",
                bytes=len(data[0]),
                headers=17,
                users=users,
            )
        )
    return figures


if __name__ == "__main__":
    for result in measure(Options(quick="--quick" in sys.argv)):
        print(json.dumps({"name": result.name, "value": result.value, "runs": result.runs}))
