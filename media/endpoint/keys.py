"""SRTP contexts from SDES key lines (RFC 4568, RFC 3711), on libsrtp."""

from __future__ import annotations

import pylibsrtp

from protocols.sdp.crypto import CryptoLine

SUITES = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32")
_PROFILES = {
    "AES_CM_128_HMAC_SHA1_80": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}


def _policy(line: CryptoLine, ssrc_type: int) -> pylibsrtp.Policy:
    return pylibsrtp.Policy(key=line.key, ssrc_type=ssrc_type, srtp_profile=_PROFILES[line.suite])


class SrtpPair:
    """Protects with our key and checks with the peer's."""

    def __init__(self, ours: CryptoLine, theirs: CryptoLine) -> None:
        self._out = pylibsrtp.Session(_policy(ours, pylibsrtp.Policy.SSRC_ANY_OUTBOUND))
        self._in = pylibsrtp.Session(_policy(theirs, pylibsrtp.Policy.SSRC_ANY_INBOUND))

    def protect(self, packet: bytes) -> bytes:
        return bytes(self._out.protect(packet))

    def unprotect(self, packet: bytes) -> bytes | None:
        """The plain packet, or None when it does not authenticate or was seen before."""
        try:
            return bytes(self._in.unprotect(packet))
        except pylibsrtp.Error:
            return None
