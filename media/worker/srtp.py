"""SRTP contexts that work in place in the media loop's slots.

pylibsrtp's public calls copy each packet twice through ``bytes``. Its cffi binding allows to
protect in place, which saves about a third of the SRTP time; it is private, so it is only used
when it looks as expected (checked once, covered by a test) and the public calls are the fallback.
One context belongs to one thread.
"""

from __future__ import annotations

from typing import Any

import pylibsrtp
from pylibsrtp import Policy, Session

from protocols.rtp.srtp import MasterKeys

# Packets; more than MAX_MISORDER, behind which a packet is not forwarded anyway. A longer list is
# shifted with every packet.
REPLAY_WINDOW = 128
_PROFILES = {
    "aead_aes_256_gcm": Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
    "aead_aes_128_gcm": Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "aes128_cm_sha1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "aes128_cm_sha1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
}


def _binding() -> tuple[Any, Any] | None:
    """ffi and lib of pylibsrtp, if they are what this module was written for."""
    try:
        from pylibsrtp import _binding as binding

        lib = binding.lib
        _ = lib.srtp_protect, lib.srtp_unprotect, lib.srtp_err_status_ok
        probe = Session()
        _ = probe._srtp[0]
    except (ImportError, AttributeError, TypeError):
        return None
    return binding.ffi, lib


_BINDING = _binding()


IN_PLACE = _BINDING is not None
# int (context, pointer, length cell): 0 is success. Only to be called when IN_PLACE.
raw_protect: Any = _BINDING[1].srtp_protect if _BINDING is not None else None
raw_unprotect: Any = _BINDING[1].srtp_unprotect if _BINDING is not None else None


def _session(profile: str, master: bytes, inbound: bool) -> Session:
    kind = Policy.SSRC_ANY_INBOUND if inbound else Policy.SSRC_ANY_OUTBOUND
    policy = Policy(key=master, ssrc_type=kind, srtp_profile=_PROFILES[profile])
    policy.window_size = REPLAY_WINDOW
    # One number twice under one key gives the plaintext away (RFC 3711 9.1): refused, not sent.
    policy.allow_repeat_tx = False
    return Session(policy)


class SlotPointers:
    """Where libsrtp finds each slot of a buffer, and a length cell per slot."""

    def __init__(self, data: bytearray, slots: int, size: int) -> None:
        self.size = size
        self.view = memoryview(data)
        self.lengths: Any = None  # the cells as Python reads and writes them
        self.length_cells: list[Any] = []
        self.pointers: list[Any] = []
        if _BINDING is not None:
            ffi, _ = _BINDING
            base = ffi.from_buffer(data)
            cells = ffi.new("int[]", slots)
            self.lengths = memoryview(ffi.buffer(cells)).cast("B").cast("i")
            self.pointers = [ffi.cast("void *", base + i * size) for i in range(slots)]
            self.length_cells = [cells + i for i in range(slots)]


class SrtpContext:
    """Both directions of one SRTP association. ``tx`` and ``rx`` are libsrtp's own handles."""

    __slots__ = ("_receive", "_send", "rx", "tx")

    def __init__(
        self,
        keys: MasterKeys,
        *,
        send_as: SrtpContext | None = None,
        receive_as: SrtpContext | None = None,
    ) -> None:
        """``send_as`` and ``receive_as`` lend the direction whose key stays: its rollover counter
        and replay list belong to the key and must go on (RFC 3711 3.2.1, RFC 4568 7.1.4)."""
        self._send: Session = (
            send_as._send
            if send_as is not None
            else _session(keys.profile.name, keys.local, inbound=False)
        )
        self._receive: Session = (
            receive_as._receive
            if receive_as is not None
            else _session(keys.profile.name, keys.remote, inbound=True)
        )
        self.tx: Any = self._send._srtp[0] if _BINDING is not None else None
        self.rx: Any = self._receive._srtp[0] if _BINDING is not None else None

    def unprotect(self, slots: SlotPointers, i: int, length: int) -> int:
        """Verify and decrypt slot ``i`` by the public call; 0 when it is not authentic."""
        return self._public(slots, i, length, self._receive.unprotect)

    def protect(self, slots: SlotPointers, i: int, length: int) -> int:
        """Encrypt slot ``i`` by the public call; the new length, or 0 when libsrtp refused."""
        return self._public(slots, i, length, self._send.protect)

    def protect_rtcp(self, packet: bytes) -> bytes | None:
        try:
            sealed: bytes = self._send.protect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return None
        return sealed

    def unprotect_rtcp(self, packet: bytes) -> bytes | None:
        try:
            plain: bytes = self._receive.unprotect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return None
        return plain

    @staticmethod
    def _public(slots: SlotPointers, i: int, length: int, call: Any) -> int:
        start = i * slots.size
        try:
            result: bytes = call(bytes(slots.view[start : start + length]))
        except (pylibsrtp.Error, ValueError):
            return 0
        slots.view[start : start + len(result)] = result
        return len(result)
