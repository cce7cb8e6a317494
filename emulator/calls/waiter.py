"""Ends without a device: a place where a party waits, and a stand-in for one that is talking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from emulator.calls.end import End, Headers, Party


class Waiter(End):
    """Whoever is connected to this hears music, until somebody takes its place.

    ``on_gone`` is told when the waiting party has hung up.
    """

    silent = True
    present = False

    def __init__(self, name: str, party: Party, on_gone: Callable[[], None] | None = None) -> None:
        self.name = name
        self.party = party
        self._on_gone = on_gone

    def invite(self, offer: bytes | None, caller: Party, dialled: str, headers: Headers) -> None:
        raise RuntimeError("nobody is called here")

    def acknowledge(self, sdp: bytes) -> None: ...

    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None: ...

    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None: ...

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None: ...

    def hang_up(self, headers: Headers = ()) -> None:
        if self._on_gone is not None:
            self._on_gone()

    def offer(self, sdp: bytes) -> None:
        """It is never bridged, so it is never offered anything."""

    def answer(self, sdp: bytes) -> None: ...

    def refuse_offer(self, status: int) -> None: ...

    def send_info(self, content_type: str, body: bytes) -> None: ...


class StandIn(Waiter):
    """Calls somebody for a party that is in another call: that one goes there on the answer.

    The outcome is told a turn of the loop later, never from inside a command of the call.
    """

    silent = False

    def __init__(
        self,
        of: End,
        *,
        on_ringing: Callable[[int], None],
        on_answer: Callable[[], None],
        on_failure: Callable[[int], None],
    ) -> None:
        super().__init__(of.name, of.party)
        self.of = of
        self._loop = asyncio.get_running_loop()
        self._on_ringing = on_ringing
        self._on_answer = on_answer
        self._on_failure = on_failure

    def progress(self, status: int, sdp: bytes | None, connected: Party | None) -> None:
        self._on_ringing(status)

    def accept(self, sdp: bytes | None, connected: Party | None, headers: Headers) -> None:
        self._loop.call_soon(self._on_answer)

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        self._loop.call_soon(self._on_failure, status)

    def hang_up(self, headers: Headers = ()) -> None:
        self._loop.call_soon(self._on_failure, 487)
