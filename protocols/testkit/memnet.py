"""A datagram network in memory: loss, duplication, reordering and latency from one seed."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from protocols.aio.flow import Address, FlowClosedError
from protocols.aio.udp import OpenUdp, Receive
from protocols.testkit.clock import Scheduler


@dataclass(frozen=True, slots=True)
class Faults:
    """What the network does to datagrams; probabilities from 0 to 1, times in seconds."""

    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0  # such a datagram is held back by `reorder_delay`
    reorder_delay: float = 0.08
    latency: float = 0.01
    jitter: float = 0.005


class MemoryPort:
    """One bound address. It is a `protocols.aio.udp.UdpPort`."""

    def __init__(self, network: MemoryNetwork, local: Address, receive: Receive) -> None:
        self.local = local
        self.on_unreachable: Callable[[Address], None] | None = None
        self.receive = receive
        self._network = network
        self._open = True

    def send(self, data: bytes, peer: Address, source: str) -> None:
        if not self._open:
            raise FlowClosedError(f"{self.local} is closed")
        self._network.carry(data, Address(source, self.local.port), peer)

    def close(self) -> None:
        self._open = False
        self._network.unbind(self.local)


class MemoryNetwork:
    """Carries datagrams between ports. Same seed, same calls: same fate of every datagram."""

    def __init__(self, scheduler: Scheduler, seed: int = 0, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self.counters: Counter[str] = Counter()
        # (time, from, to, data, fate): the wire as a capture would show it
        self.log: list[tuple[float, Address, Address, bytes, str]] = []
        # An extra say over single datagrams: return True to drop one.
        self.drop_if: Callable[[bytes, Address, Address], bool] | None = None
        self._scheduler = scheduler
        self._random = random.Random(seed)
        self._ports: dict[Address, MemoryPort] = {}
        self._free = itertools.count(49152)
        self._carried = itertools.count()

    def bind(self, host: str, port: int, receive: Receive) -> MemoryPort:
        """Open a port; 0 takes a free one."""
        local = Address(host, port or next(self._free))
        if local in self._ports:
            raise OSError(f"{local} is taken")
        self._ports[local] = MemoryPort(self, local, receive)
        return self._ports[local]

    def unbind(self, local: Address) -> None:
        self._ports.pop(local, None)

    def opener(self, home: str) -> OpenUdp:
        """For `SipEndpoint(open_udp=..., source_of=lambda peer: home)`: a host on this network.

        A wildcard address binds `home`.
        """

        def open_udp(host: str, port: int, receive: Receive) -> MemoryPort:
            wildcard = host in ("0.0.0.0", "::", "")  # noqa: S104
            return self.bind(home if wildcard else host, port, receive)

        return open_udp

    def carry(self, data: bytes, source: Address, peer: Address) -> None:
        """Decide the fate of one datagram."""
        faults, dice = self.faults, self._random
        self.counters["sent"] += 1
        if self.drop_if is not None and self.drop_if(data, source, peer):
            self._note(source, peer, data, "dropped")
            return
        if dice.random() < faults.loss:
            self._note(source, peer, data, "lost")
            return
        copies = 2 if dice.random() < faults.duplicate else 1
        for copy in range(copies):
            # An event loop may swap timers that are due at the very same time: keep them apart.
            delay = faults.latency + dice.random() * faults.jitter + next(self._carried) * 1e-9
            if dice.random() < faults.reorder:
                delay += faults.reorder_delay
            self._note(source, peer, data, "duplicated" if copy else "carried")
            self._scheduler.call_later(delay, self._arrive, data, source, peer)

    def _note(self, source: Address, peer: Address, data: bytes, fate: str) -> None:
        self.counters[fate] += 1
        self.log.append((self._scheduler.time(), source, peer, data, fate))

    def _arrive(self, data: bytes, source: Address, peer: Address) -> None:
        port = self._ports.get(peer)
        if port is None:
            self.counters["unreachable"] += 1
            return
        port.receive(data, source, peer.host)
