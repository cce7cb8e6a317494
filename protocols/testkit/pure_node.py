"""A transaction layer on the simulated network without any asyncio.

The driver of the product is `protocols.aio.driver`; this one is its twin for tests of the
pure layer, small enough to be obviously right.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence

from protocols.aio.flow import Address
from protocols.sip.message import Message, Request, Response
from protocols.sip.parser import parse_datagram
from protocols.sip.txn.effects import (
    Cancelled,
    Failed,
    Finished,
    Send,
    SetTimer,
    StopTimer,
    StrayAck,
    ToUser,
)
from protocols.sip.txn.layer import Steps, Transaction, TransactionLayer
from protocols.sip.txn.timers import Timer, Timers
from protocols.testkit.clock import FakeClock
from protocols.testkit.memnet import MemoryNetwork

_branches = itertools.count(1)


class PureNode:
    """One host: what its user sees is recorded, what it answers is up to `on_request`."""

    def __init__(
        self, network: MemoryNetwork, clock: FakeClock, host: str, timers: Timers | None = None
    ) -> None:
        self.layer = TransactionLayer(timers)
        self.responses: dict[Transaction, list[Response]] = defaultdict(list)
        self.failures: dict[Transaction, list[str]] = defaultdict(list)
        self.requests: list[Transaction] = []
        self.acks: list[Request] = []
        self.cancels: list[Transaction] = []
        self.on_request: Callable[[Transaction], None] | None = None
        self.on_cancel: Callable[[Transaction], None] | None = None
        self.on_response: Callable[[Transaction, Response], None] | None = None
        self._clock = clock
        self._port = network.bind(host, 5060, self._receive)
        self.local = self._port.local

    def start(self, request: Request, peer: Address) -> Transaction:
        """Send a request as a client transaction."""
        via = f"SIP/2.0/UDP {self.local};branch=z9hG4bK-pure-{next(_branches)}"
        request.headers.prepend("Via", via)
        transaction, steps = self.layer.start_client(request, reliable=False, peer=peer, user=None)
        self._run(steps)
        return transaction

    def respond(self, transaction: Transaction, status: int) -> None:
        tag = transaction.to_tag
        response = Response.for_request(transaction.request, status, to_tag=tag)
        self._run(self.layer.respond(transaction, response))

    def cancel(self, transaction: Transaction, headers: Sequence[tuple[str, str]] = ()) -> None:
        self._run(self.layer.cancel(transaction, headers))

    def send(self, message: Message, peer: Address) -> None:
        """Outside any transaction: the ACK to a 2xx."""
        self._port.send(message.to_bytes(), peer, self.local.host)

    def _receive(self, data: bytes, peer: Address, _: str) -> None:
        message = parse_datagram(data)
        if isinstance(message, Request):
            self._run(self.layer.receive_request(message, reliable=False, peer=peer))
        else:
            self._run(self.layer.receive_response(message))

    def _run(self, steps: Steps) -> None:
        for transaction, effect in steps:
            if isinstance(effect, StrayAck):
                self.acks.append(effect.ack)
            elif transaction is not None:
                self._carry_out(transaction, effect)

    def _carry_out(self, transaction: Transaction, effect: object) -> None:
        match effect:
            case Send(message):
                self.send(message, transaction.peer)
            case SetTimer(timer, delay):
                self._stop(transaction, timer)
                transaction.timers[timer] = self._clock.call_later(
                    delay, self._fired, transaction, timer
                )
            case StopTimer(timer):
                self._stop(transaction, timer)
            case Finished():
                for timer in list(transaction.timers):
                    self._stop(transaction, timer)
            case Failed(cause):
                self.failures[transaction].append(cause)
            case Cancelled():
                self.cancels.append(transaction)
                if self.on_cancel is not None:
                    self.on_cancel(transaction)
            case ToUser(message):
                self._tell(transaction, message)

    def _tell(self, transaction: Transaction, message: Message) -> None:
        if isinstance(message, Response):
            self.responses[transaction].append(message)
            if self.on_response is not None:
                self.on_response(transaction, message)
        elif message.method == "ACK":
            self.acks.append(message)
        else:
            self.requests.append(transaction)
            if self.on_request is not None:
                self.on_request(transaction)

    def _stop(self, transaction: Transaction, timer: Timer) -> None:
        handle = transaction.timers.pop(timer, None)
        if handle is not None:
            handle.cancel()

    def _fired(self, transaction: Transaction, timer: Timer) -> None:
        transaction.timers.pop(timer, None)
        self._run(self.layer.timer(transaction, timer))
