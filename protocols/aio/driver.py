"""Carries out the effects of the transaction layer: the only bridge from effects to asyncio."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

from protocols.aio.timers import LoopTimers
from protocols.sip.errors import SipError
from protocols.sip.message import Message, Request
from protocols.sip.txn.effects import (
    Cancelled,
    Failed,
    Finished,
    Send,
    SetTimer,
    Stateless,
    StopTimer,
    StrayAck,
    ToUser,
)
from protocols.sip.txn.layer import Step, Steps, Transaction, TransactionLayer
from protocols.sip.txn.timers import Timer

logger = logging.getLogger(__name__)


class User(Protocol):
    """Whom the effects of one transaction concern."""

    def on_message(self, message: Message) -> None: ...

    def on_failed(self, cause: str) -> None: ...

    def on_cancelled(self, cancel: Request) -> None: ...

    def on_finished(self) -> None: ...


class Driver:
    """Runs steps strictly in order, also those that callbacks cause meanwhile.

    `transmit` may raise OSError: the transaction then sees a transport error. `user_of` gives
    the user of a transaction (making one for a request that just arrived). `emptied` is called
    whenever the last transaction has ended.
    """

    def __init__(
        self,
        layer: TransactionLayer,
        *,
        transmit: Callable[[Transaction, Message], None],
        user_of: Callable[[Transaction], User | None],
        stray_ack: Callable[[StrayAck], None],
        stateless: Callable[[Stateless], None],
        emptied: Callable[[], None],
    ) -> None:
        self.layer = layer
        self.timers = LoopTimers(self._fired)
        self._transmit = transmit
        self._user_of = user_of
        self._stray_ack = stray_ack
        self._stateless = stateless
        self._emptied = emptied
        self._queue: deque[Step] = deque()
        self._running = False

    def run(self, steps: Steps) -> None:
        """Carry out `steps`. Called from within a callback they wait for their turn."""
        self._queue.extend(steps)
        if self._running:
            return
        self._running = True
        try:
            while self._queue:
                self._carry_out(*self._queue.popleft())
        finally:
            self._running = False

    def _fired(self, transaction: Transaction, timer: Timer) -> None:
        self.run(self.layer.timer(transaction, timer))

    def fail(self, transaction: Transaction) -> None:
        """The flow under this transaction is gone."""
        self.run(self.layer.transport_error(transaction))

    def _carry_out(self, transaction: Transaction | None, effect: object) -> None:
        try:
            if transaction is None:
                if isinstance(effect, StrayAck):
                    self._stray_ack(effect)
                elif isinstance(effect, Stateless):
                    self._stateless(effect)
            elif isinstance(effect, Send):
                self._send(transaction, effect.message)
            elif isinstance(effect, SetTimer):
                if not transaction.terminated:
                    self.timers.set(transaction, effect.timer, effect.delay)
            elif isinstance(effect, StopTimer):
                self.timers.stop(transaction, effect.timer)
            else:
                self._tell(transaction, effect)
        except Exception:
            # A fault in one message's handling must not take the flow or its neighbours along.
            logger.exception("handling %s of %r failed", type(effect).__name__, transaction)

    def _send(self, transaction: Transaction, message: Message) -> None:
        try:
            self._transmit(transaction, message)
        except (OSError, SipError) as error:
            # The flow is gone, or the message repeats what cannot be written (a peer's control
            # characters): neither gets better by trying again.
            logger.info("sending %r failed: %s", message, error)
            self.fail(transaction)

    def _tell(self, transaction: Transaction, effect: object) -> None:
        if isinstance(effect, Finished):
            self.timers.stop_all(transaction)
            if not len(self.layer):
                self._emptied()
        user = self._user_of(transaction)
        if user is None:
            return
        if isinstance(effect, ToUser):
            user.on_message(effect.message)
        elif isinstance(effect, Failed):
            user.on_failed(effect.cause)
        elif isinstance(effect, Cancelled):
            user.on_cancelled(effect.cancel)
        elif isinstance(effect, Finished):
            user.on_finished()
