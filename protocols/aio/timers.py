"""The transaction timers on an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from protocols.sip.txn.layer import Transaction
from protocols.sip.txn.timers import Timer


class LoopTimers:
    """Starts and stops a transaction's named timers with `call_later`."""

    def __init__(self, fire: Callable[[Transaction, Timer], None]) -> None:
        self._fire = fire
        self.running = 0

    def set(self, transaction: Transaction, timer: Timer, delay: float) -> None:
        """Start the timer, or start it anew."""
        handles = transaction.timers
        previous = handles.get(timer)
        if previous is not None:
            previous.cancel()
        else:
            self.running += 1
        loop = asyncio.get_running_loop()
        handles[timer] = loop.call_later(delay, self._fired, transaction, timer)

    def stop(self, transaction: Transaction, timer: Timer) -> None:
        handle = transaction.timers.pop(timer, None)
        if handle is not None:
            self.running -= 1
            handle.cancel()

    def stop_all(self, transaction: Transaction) -> None:
        """Nothing of this transaction fires any more."""
        handles = transaction.timers
        self.running -= len(handles)
        for handle in handles.values():
            handle.cancel()
        handles.clear()

    def _fired(self, transaction: Transaction, timer: Timer) -> None:
        if transaction.timers.pop(timer, None) is not None:
            self.running -= 1
            self._fire(transaction, timer)
