"""The media thread: epoll, batches, SRTP in place, rewrite, send.

It owns every :class:`MediaPort`, SRTP context and media socket. The control thread reaches it by
:meth:`MediaPlane.post`; it answers through callbacks that hop to the control loop. Per packet it
allocates nothing that outlives the packet and takes no lock.
"""

from __future__ import annotations

import collections
import logging
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Protocol

from media.worker import mmsg
from media.worker.addresses import Address
from media.worker.forward import ConnectedLeg, Forwarder
from media.worker.mux import MuxSocket
from media.worker.port import MediaPort
from media.worker.srtp import SlotPointers

log = logging.getLogger(__name__)

# Under load packets are gathered, so that one wake-up serves many: it meets cold caches and costs
# as much as ten packets.
TICK_S = 0.001
MAX_TICK_S = 0.00175
GATHER = 18  # packets that make a wake-up worth its price
BUSY_PPS = 1000  # above this rate waking up costs more than the tick delays
BEHIND_S = 0.02  # the system kept us from running: sockets hold more than one packet each
_RATE_WINDOW_S = 0.1
EMPTY: dict[int, ConnectedLeg] = {}


class Generator(Protocol):
    """Something that sends by the clock: a tone, a digit, a file."""

    due: float

    def run(self, plane: MediaPlane, now: float) -> bool:
        """Send what is due and set ``due`` anew; False when finished."""


class MediaPlane:
    def __init__(self, *, portable: bool = False) -> None:
        self.batch = mmsg.Batch()
        self.slots = SlotPointers(self.batch.data, mmsg.SLOTS, mmsg.SLOT_SIZE)
        self.forwarder = Forwarder(self.batch, self.slots, batched=not portable)
        self._jobs: collections.deque[Callable[[], None]] = collections.deque()
        self._handlers: dict[int, Callable[[float], int]] = {}
        self.connected: dict[int, ConnectedLeg] = {}  # sockets that hear one peer only
        self._generators: list[Generator] = []
        self._epoll = select.epoll()
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._epoll.register(self._wake_read, select.EPOLLIN)
        self._handlers[self._wake_read] = self._drain_wake
        self._running = False
        # Called on the media thread when it ends by itself: without it the process is of no use.
        self.on_death: Callable[[], None] = lambda: None
        self._thread: threading.Thread | None = None
        self.busy = False

    # -- from the control thread ------------------------------------------------------------

    def start(self) -> None:
        self._running = True
        self._thread = threading.Thread(target=self._run, name="media", daemon=True)
        self._thread.start()

    def post(self, job: Callable[[], None]) -> None:
        """Run ``job`` on the media thread soon, in the order of posting."""
        self._jobs.append(job)
        try:
            os.write(self._wake_write, b"\0")
        except BlockingIOError:
            pass  # the pipe is full of wake-ups already

    def stop(self) -> None:
        if self._thread is None:
            return
        self.post(self._halt)
        self._thread.join(5)
        self._thread = None
        self._epoll.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    # -- on the media thread ----------------------------------------------------------------

    def add_socket(self, sock: socket.socket, handler: Callable[[float], int]) -> None:
        """Watch ``sock``; ``handler(now)`` reads it and returns how many packets it saw."""
        self._handlers[sock.fileno()] = handler
        self._epoll.register(sock.fileno(), select.EPOLLIN)

    def remove_socket(self, sock: socket.socket) -> None:
        fd = sock.fileno()
        if fd >= 0 and self._handlers.pop(fd, None) is not None:
            self.connected.pop(fd, None)
            self._epoll.unregister(fd)
        sock.close()

    def add_mux(self, mux: MuxSocket) -> None:
        size = mmsg.V4_NAME if mux.v4 else mmsg.V6_NAME
        mux.outgoing = mmsg.Outgoing(self.batch, size)
        self.add_socket(mux.sock, lambda now: self.forwarder.drain_mux(mux, now))

    def add_generator(self, generator: Generator) -> None:
        if generator not in self._generators:
            self._generators.append(generator)

    def remove_generator(self, generator: Generator) -> None:
        if generator in self._generators:
            self._generators.remove(generator)

    def send_packet(self, port: MediaPort, packet: bytes) -> None:
        """Send one RTP packet made here (not forwarded) towards ``port``."""
        self.forwarder.send_made(port, packet)

    def _halt(self) -> None:
        self._running = False

    def _drain_wake(self, _now: float) -> int:
        try:
            os.read(self._wake_read, 4096)
        except BlockingIOError:
            pass
        return 0

    def _run(self) -> None:
        try:
            self._loop()
        except Exception:
            log.exception("the media thread failed")
            self.on_death()

    def _loop(self) -> None:
        clock, poll = time.monotonic, self._epoll.poll
        window_start, seen = clock(), 0
        round_start, tick = 0.0, TICK_S
        while self._running:
            if self.busy:
                # Packets are certain to come: gather them instead of being woken for each.
                rest = tick - (clock() - round_start)
                if rest > 0:
                    time.sleep(rest)
                events = poll(0)
            else:
                events = poll(self._timeout(clock()))
            now = clock()
            self.forwarder.behind = now - round_start > BEHIND_S
            round_start = now
            seen += self._serve(events, now)
            if now - window_start >= _RATE_WINDOW_S:
                rate = seen / (now - window_start)
                self.busy = rate > BUSY_PPS
                tick = min(max(TICK_S, GATHER / max(rate, BUSY_PPS)), MAX_TICK_S)
                window_start, seen = now, 0

    def _serve(self, events: list[tuple[int, int]], now: float) -> int:
        """One round: jobs first, so that a swap posted before a packet applies to it."""
        while self._jobs:
            self._guarded(self._jobs.popleft())
        forwarder, handlers, seen = self.forwarder, self._handlers, 0
        connected = EMPTY if forwarder.behind else self.connected
        for fd, _ in events:
            try:
                leg = connected.get(fd)
                if leg is not None:
                    seen += forwarder.read_leg(leg, now)
                elif fd in handlers:
                    seen += handlers[fd](now)
            except (OSError, struct.error, ValueError, IndexError):
                # One hostile or broken packet must not stop the plane for everybody.
                log.exception("packet handler failed")
        self._guarded(forwarder.flush)
        if self._generators:
            self._run_generators(now)
            self._guarded(forwarder.flush)
        return seen

    def _run_generators(self, now: float) -> None:
        for generator in [g for g in self._generators if g.due <= now]:
            try:
                goes_on = generator.run(self, now)
            except Exception:
                # One tone or digit ends; the calls of all others go on.
                log.exception("generator failed")
                goes_on = False
            if not goes_on:
                self.remove_generator(generator)

    def _timeout(self, now: float) -> float:
        if self._jobs:
            return 0.0
        if not self._generators:
            return 1.0
        return max(0.0, min(g.due for g in self._generators) - now)

    @staticmethod
    def _guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except Exception:
            # A job is our own code; its failure concerns one leg, the thread must go on.
            log.exception("media job failed")


def udp_socket(host: str, port: int) -> socket.socket:
    """A bound, non-blocking media socket with buffers for a burst of many calls."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.setblocking(False)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def local_address(sock: socket.socket) -> Address:
    name = sock.getsockname()
    return name[0], name[1]
