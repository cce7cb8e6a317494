"""A flow that takes an INVITE and says nothing is asked at once whether it still lives.

Without it a connection that died without a word (power, NAT) would be noticed by the keep-alive
only, up to half a minute after the user pressed "call". A living flow merely answers one more ping.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from protocols.aio.flow import Flow
from protocols.aio.useragent import Call

PROBE_WITHIN = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """``usual`` is what the flow was promised (Flow-Timer); the rest applies to a silent flow."""

    usual: float = 20.0
    pong: float = 10.0
    suspect_after: float = 2.0  # no response at all to an INVITE
    probe_pong: float = 3.0


DEFAULT_KEEP_ALIVE = KeepAlive()


class Suspicions:
    """Watches fresh INVITEs; one watch per flow at a time."""

    def __init__(self, times: KeepAlive = DEFAULT_KEEP_ALIVE) -> None:
        self._times = times
        self._watched: dict[str, asyncio.TimerHandle] = {}

    def begin(self, flow: Flow) -> None:
        """The flow has proven its site: ping it as usual (RFC 5626 4.4.1)."""
        flow.start_keepalive(self._times.usual, self._times.pong)

    def watch(self, flow: Flow, call: Call) -> None:
        """An INVITE has just gone down the flow."""
        if flow.id not in self._watched:
            loop = asyncio.get_running_loop()
            wait = self._times.suspect_after
            self._watched[flow.id] = loop.call_later(wait, self._look, flow, call)

    def _look(self, flow: Flow, call: Call) -> None:
        del self._watched[flow.id]
        if call.state != "calling" or not flow.alive:
            return
        # One ping now, with little patience for its pong; then the usual rhythm again.
        flow.start_keepalive(PROBE_WITHIN, self._times.probe_pong)
        loop = asyncio.get_running_loop()
        self._watched[flow.id] = loop.call_later(PROBE_WITHIN, self._relax, flow)

    def _relax(self, flow: Flow) -> None:
        del self._watched[flow.id]
        self.begin(flow)

    def forget(self, flow: Flow) -> None:
        handle = self._watched.pop(flow.id, None)
        if handle is not None:
            handle.cancel()
