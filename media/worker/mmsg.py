"""recvmmsg and sendmmsg through cffi's ABI mode: many datagrams per system call, no compiler.

A :class:`Batch` is a fixed set of slots. Packets stay in their slot from receipt to sending, so
nothing is allocated or copied per packet. Linux only; :func:`available` says whether it works
here, else the media loop uses plain socket calls on the same slots.
"""

from __future__ import annotations

import sys
from typing import Any

from cffi import FFI

SLOTS = 128
SLOT_SIZE = 2048  # an Ethernet datagram with room for the SRTP trailer
V4_NAME, V6_NAME = 16, 28
NAME_SIZE = 32  # per slot, holds a sockaddr_in6 and keeps 8 byte alignment

_ffi = FFI()
_ffi.cdef(
    """
    struct iovec { void *iov_base; size_t iov_len; };
    struct msghdr { void *msg_name; unsigned int msg_namelen; struct iovec *msg_iov;
        size_t msg_iovlen; void *msg_control; size_t msg_controllen; int msg_flags; };
    struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
    int recvmmsg(int, struct mmsghdr *, unsigned int, int, void *);
    int sendmmsg(int, struct mmsghdr *, unsigned int, int);
    int connect(int, const void *, unsigned int);
    """
)


def _load() -> Any:
    if not sys.platform.startswith("linux"):
        return None
    try:
        library: Any = _ffi.dlopen(None)
        _ = library.recvmmsg, library.sendmmsg
    except (OSError, AttributeError):
        return None
    return library


LIBC = _load()
NULL = _ffi.NULL


def available() -> bool:
    return LIBC is not None


def disconnect(fd: int) -> None:
    """Undo a UDP connect: the address family AF_UNSPEC does it (connect(2))."""
    if LIBC is not None:
        LIBC.connect(fd, _ffi.new("uint8_t[]", 16), 16)


def name_pointer(raw: bytes) -> Any:
    """A sockaddr kept alive for sendmmsg."""
    return _ffi.new("uint8_t[]", raw)


class Batch:
    """The slots of one media loop, as Python sees them and as the kernel does."""

    def __init__(self) -> None:
        self.data = bytearray(SLOTS * SLOT_SIZE)
        self.view = memoryview(self.data)
        self.names = bytearray(SLOTS * NAME_SIZE)
        self.name_view = memoryview(self.names)
        # Every fourth of these is a slot's family, port and IPv4 host in one number.
        self.v4_keys = self.name_view.cast("Q")
        base = _ffi.from_buffer(self.data)
        names = _ffi.from_buffer(self.names)
        self._in_iov = _ffi.new("struct iovec[]", SLOTS)
        self.incoming = _ffi.new("struct mmsghdr[]", SLOTS)
        self.base = [_ffi.cast("void *", base + i * SLOT_SIZE) for i in range(SLOTS)]
        self.received = [self.incoming[i] for i in range(SLOTS)]
        for i in range(SLOTS):
            self._in_iov[i].iov_base = self.base[i]
            self._in_iov[i].iov_len = SLOT_SIZE
            header = self.incoming[i].msg_hdr
            header.msg_iov = self._in_iov + i
            header.msg_iovlen = 1
            header.msg_name = names + i * NAME_SIZE
            header.msg_namelen = NAME_SIZE
        self._keep = (base, names)

    def receive(self, fd: int, flags: int) -> int:
        """Fill slots from 0; how many, or -1 when nothing was there."""
        count: int = LIBC.recvmmsg(fd, self.incoming, SLOTS, flags, NULL)
        return count

    def reset_names(self, count: int) -> None:
        """The kernel shrinks msg_namelen to what it wrote; give it the whole room again."""
        for i in range(count):
            self.received[i].msg_hdr.msg_namelen = NAME_SIZE


class Outgoing:
    """The headers of a sendmmsg, for one size of address. Everything that is the same for every
    packet is written once."""

    def __init__(self, batch: Batch, name_size: int) -> None:
        self._base = batch.base
        self._slot = list(range(SLOTS))  # which slot header j points to
        self._iovecs = _ffi.new("struct iovec[]", SLOTS)
        self._messages = _ffi.new("struct mmsghdr[]", SLOTS)
        self._headers = [self._messages[j].msg_hdr for j in range(SLOTS)]
        self._iov = [self._iovecs[j] for j in range(SLOTS)]
        for j in range(SLOTS):
            self._iov[j].iov_base = batch.base[j]
            self._headers[j].msg_iov = self._iovecs + j
            self._headers[j].msg_iovlen = 1
            self._headers[j].msg_namelen = name_size

    def put(self, j: int, slot: int, length: int, name: Any) -> None:
        """Let header ``j`` send ``slot`` to the address in ``name``."""
        iov = self._iov[j]
        if self._slot[j] != slot:
            self._slot[j] = slot
            iov.iov_base = self._base[slot]
        iov.iov_len = length
        self._headers[j].msg_name = name

    def send(self, fd: int, count: int) -> int:
        sent: int = LIBC.sendmmsg(fd, self._messages, count, 0)
        return sent

    def send_one(self, fd: int, j: int) -> None:
        LIBC.sendmmsg(fd, self._messages + j, 1, 0)
