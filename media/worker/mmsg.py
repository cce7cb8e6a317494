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
# Python writes a number into a view in half the time that a field of a struct takes: so the fields
# that differ from packet to packet are reached as words of the struct's memory.
_WORD = _ffi.sizeof("unsigned long")
_IOV_WORDS = _ffi.sizeof("struct iovec") // _WORD
_IOV_BASE = _ffi.offsetof("struct iovec", "iov_base") // _WORD
_IOV_LEN = _ffi.offsetof("struct iovec", "iov_len") // _WORD
_MESSAGE_WORDS = _ffi.sizeof("struct mmsghdr") // _WORD
_NAME = _ffi.offsetof("struct mmsghdr", "msg_hdr", "msg_name") // _WORD


def _words(structs: Any) -> memoryview:
    return memoryview(_ffi.buffer(structs)).cast("B").cast("L")  # as wide as a size_t


def available() -> bool:
    return LIBC is not None


def disconnect(fd: int) -> None:
    """Undo a UDP connect: the address family AF_UNSPEC does it (connect(2))."""
    if LIBC is not None:
        LIBC.connect(fd, _ffi.new("uint8_t[]", 16), 16)


class Name:
    """A sockaddr for sendmmsg, alive as long as this is."""

    __slots__ = ("_memory", "at")

    def __init__(self, raw: bytes) -> None:
        self._memory = _ffi.new("uint8_t[]", raw)
        self.at = int(_ffi.cast("uintptr_t", self._memory))


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
        self._slot = list(range(SLOTS))  # which slot header j points to
        self._iovecs = _ffi.new("struct iovec[]", SLOTS)
        self._messages = _ffi.new("struct mmsghdr[]", SLOTS)
        self._base = [int(_ffi.cast("uintptr_t", base)) for base in batch.base]
        self._iov = _words(self._iovecs)
        self._headers = _words(self._messages)
        for j in range(SLOTS):
            self._iovecs[j].iov_base = batch.base[j]
            header = self._messages[j].msg_hdr
            header.msg_iov = self._iovecs + j
            header.msg_iovlen = 1
            header.msg_namelen = name_size

    def put(self, j: int, slot: int, length: int, name: int) -> None:
        """Let header ``j`` send ``slot`` to the address at ``name``."""
        at = j * _IOV_WORDS
        if self._slot[j] != slot:
            self._slot[j] = slot
            self._iov[at + _IOV_BASE] = self._base[slot]
        self._iov[at + _IOV_LEN] = length
        self._headers[j * _MESSAGE_WORDS + _NAME] = name

    def send(self, fd: int, count: int) -> int:
        sent: int = LIBC.sendmmsg(fd, self._messages, count, 0)
        return sent

    def send_one(self, fd: int, j: int) -> None:
        LIBC.sendmmsg(fd, self._messages + j, 1, 0)
