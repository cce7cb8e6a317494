"""G.711 both laws (ITU-T G.711), on the standard library's ``audioop``."""

from __future__ import annotations

import audioop

RATE = 8000
SILENCE = {"PCMA": b"\xd5", "PCMU": b"\xff"}  # the code words of amplitude zero


class UnknownLaw(ValueError):
    """Neither PCMA nor PCMU."""


def _law(name: str) -> str:
    law = name.upper()
    if law not in SILENCE:
        raise UnknownLaw(f"not a G.711 law: {name}")
    return law


def encode(pcm: bytes, name: str) -> bytes:
    """PCM to ``PCMA`` or ``PCMU``; an odd last byte is dropped."""
    whole = pcm[: len(pcm) & ~1]
    if _law(name) == "PCMA":
        return bytes(audioop.lin2alaw(whole, 2))
    return bytes(audioop.lin2ulaw(whole, 2))


def decode(data: bytes, name: str) -> bytes:
    """``PCMA`` or ``PCMU`` to PCM."""
    if _law(name) == "PCMA":
        return bytes(audioop.alaw2lin(data, 2))
    return bytes(audioop.ulaw2lin(data, 2))


def _table(source: str, target: str) -> bytes:
    return encode(decode(bytes(range(256)), source), target)


# bytes.translate tables: a packet of one law becomes the other without leaving C.
ALAW_TO_ULAW = _table("PCMA", "PCMU")
ULAW_TO_ALAW = _table("PCMU", "PCMA")

#: One sample of it.
SILENCE = {"PCMA": encode(b"\0\0", "PCMA"), "PCMU": encode(b"\0\0", "PCMU")}


def transcode(data: bytes, source: str, target: str) -> bytes:
    """One law into the other (ITU-T G.711 tables 3 and 4 up to rounding)."""
    if _law(source) == _law(target):
        return data
    return data.translate(ALAW_TO_ULAW if _law(source) == "PCMA" else ULAW_TO_ALAW)
