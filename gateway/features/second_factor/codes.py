"""Time-based codes (RFC 6238) and recovery codes. No storage, no HTTP."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import secrets

import pyotp
import segno

PERIOD = 30  # s
RECOVERY_CODES = 10
#: Steps that a phone's clock may be off, either way (RFC 6238 section 5.2).
_DRIFT = 1
_RECOVERY_BYTES = 10


def new_secret() -> str:
    """160 bits, as RFC 4226 section 4 recommends (R6)."""
    return pyotp.random_base32()


def uri(secret: str, account: str, issuer: str) -> str:
    """What authenticator apps read from the picture."""
    return pyotp.TOTP(secret, interval=PERIOD).provisioning_uri(name=account, issuer_name=issuer)


def qr_svg(text: str) -> str:
    """Dark on light whatever the page's theme: apps read it so."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False, svgclass=None
    )
    return out.getvalue().decode()


def matching_step(secret: str, code: str, at: float, last_step: int) -> int | None:
    """The step whose code it is; none that is not newer than the last one used (section 5.2)."""
    code = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    totp = pyotp.TOTP(secret, interval=PERIOD)
    now = int(at) // PERIOD
    found = None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        # All are compared, in constant time each.
        if secrets.compare_digest(totp.at(step * PERIOD), code) and step > last_step:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """``abcd-efgh-ijkl-mnop``: 80 random bits in base 32."""
    codes = []
    for _ in range(RECOVERY_CODES):
        text = base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
        codes.append("-".join(text[i : i + 4] for i in range(0, len(text), 4)))
    return codes


def recovery_digest(code: str) -> bytes:
    """Whatever its spelling: dashes, spaces and capitals do not count."""
    plain = re.sub(r"[^a-z2-7]", "", code.lower())
    return hashlib.sha256(plain.encode()).digest()
