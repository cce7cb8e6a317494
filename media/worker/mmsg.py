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
        self._out_iov = _ffi.new("struct iovec[]", SLOTS)
        self.incoming = _ffi.new("struct mmsghdr[]", SLOTS)
        self.outgoing = _ffi.new("struct mmsghdr[]", SLOTS)
        self.base = [_ffi.cast("void *", base + i * SLOT_SIZE) for i in range(SLOTS)]
        self.received = [self.incoming[i] for i in range(SLOTS)]
        self.out_header = [self.outgoing[i].msg_hdr for i in range(SLOTS)]
        self.out_iov = [self._out_iov[i] for i in range(SLOTS)]
        for i in range(SLOTS):
            self._in_iov[i].iov_base = self.base[i]
            self._in_iov[i].iov_len = SLOT_SIZE
            header = self.incoming[i].msg_hdr
            header.msg_iov = self._in_iov + i
            header.msg_iovlen = 1
            header.msg_name = names + i * NAME_SIZE
            header.msg_namelen = NAME_SIZE
            self.out_header[i].msg_iov = self._out_iov + i
            self.out_header[i].msg_iovlen = 1
        self._keep = (base, names)

    def receive(self, fd: int, flags: int) -> int:
        """Fill slots from 0; how many, or -1 when nothing was there."""
        count: int = LIBC.recvmmsg(fd, self.incoming, SLOTS, flags, NULL)
        return count

    def reset_names(self, count: int) -> None:
        """The kernel shrinks msg_namelen to what it wrote; give it the whole room again."""
        for i in range(count):
            self.received[i].msg_hdr.msg_namelen = NAME_SIZE

    def send(self, fd: int, count: int) -> int:
        sent: int = LIBC.sendmmsg(fd, self.outgoing, count, 0)
        return sent
