"""A call between two ends, with several ends ringing in parallel before one answers.

```
 ROUTING --ring()--> RINGING --answered--> CONNECTED --ended--> ENDED
    |                   |  `-- ring() again (forwarding, voicemail)
    `--- refuse --------+-- all failed, caller gone ------------> ENDED
```
The caller sees one early dialog whatever the number of ringing devices (its own end makes that).
No IO and no clock here: ends do IO, the PBX keeps the ring timer.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable
from enum import StrEnum

from emulator.calls.descriptions import answer_from
from emulator.calls.end import End, Headers, Party
from emulator.calls.hold import Holding, MusicSource
from protocols.b2bua.status import relayed_failure
from protocols.sdp import SdpError

logger = logging.getLogger(__name__)

# RFC 3326: tells the device that lost that this was no missed call.
ELSEWHERE: Headers = (("Reason", 'SIP;cause=200;text="Call completed elsewhere"'),)
_ids = itertools.count(1)


class CallState(StrEnum):
    ROUTING = "routing"
    RINGING = "ringing"
    CONNECTED = "connected"
    ENDED = "ended"


class PbxCall:
    """``on_exhausted(call, status)`` asks what to do when nobody rings any more: call
    :meth:`ring` with other ends, or :meth:`refuse`. ``on_change`` is told after every change of
    state."""

    def __init__(
        self,
        caller: End,
        dialled: str,
        offer: bytes | None,
        *,
        music: MusicSource,
        headers: Headers = (),
        on_exhausted: Callable[[PbxCall, int], None],
        on_change: Callable[[PbxCall], None],
    ) -> None:
        self.id = f"c{next(_ids)}"
        self.caller = caller
        self.dialled = dialled
        self.callee: End | None = None
        self.failed_with: int | None = None
        self.failed_because: str | None = None  # in words of ECMA-269, where a status is too coarse
        self.left: End | None = None  # who hung up
        #: Called when a party of a connected call leaves; True = the other one is taken care of.
        self.keeper: Callable[[End], bool] | None = None
        self.picked = False  # answered by somebody it did not ring at
        self.state = CallState.ROUTING
        self.holding = Holding(self, music)
        self._offer = offer
        self._headers = headers
        self._ringing: list[End] = []
        self._alerted: set[End] = set()
        self._failures: list[int] = []
        self._on_exhausted = on_exhausted
        self._on_change = on_change
        self._told: tuple[int, bytes | None] | None = None
        self._await_ack = False
        caller.events = self
        caller.described = offer

    @property
    def ends(self) -> list[End]:
        return [self.caller, *self._ringing, *([self.callee] if self.callee else [])]

    @property
    def ringing_ends(self) -> list[End]:
        return list(self._ringing)

    @property
    def alerting_ends(self) -> list[End]:
        """Of those that ring, the ones that said so."""
        return [end for end in self._ringing if end in self._alerted]

    def other(self, end: End) -> End | None:
        if end is self.caller:
            return self.callee
        return self.caller if end is self.callee else None

    # -- routing -----------------------------------------------------------------------------

    def ring(self, ends: list[End], headers: Headers = ()) -> None:
        """Ring ``ends`` in parallel, instead of those that ring now. ``headers`` say how the call
        came to them."""
        if self.state in (CallState.CONNECTED, CallState.ENDED):
            return
        self._stop_ringing(())
        self._failures.clear()
        self._told = None
        self._ringing = list(ends)
        self._set(CallState.RINGING)
        for end in ends:
            end.events = self
            end.invite(self._offer, self.caller.party, self.dialled, (*self._headers, *headers))
        self._on_change(self)

    def refuse(self, status: int, reason: str | None = None, headers: Headers = ()) -> None:
        if self.state in (CallState.CONNECTED, CallState.ENDED):
            return
        self._stop_ringing(())
        self.failed_with = status
        self._set(CallState.ENDED)
        self.caller.refuse(status, reason, headers)
        self._release()

    def hang_up(self, headers: Headers = ()) -> None:
        """End it for both sides."""
        if self.state is CallState.ENDED:
            return
        answered = self.state is CallState.CONNECTED
        self._set(CallState.ENDED)
        self._stop_ringing(headers)
        if answered:
            self.caller.hang_up(headers)
            if self.callee is not None:
                self.callee.hang_up(headers)
        else:
            self.caller.refuse(480)
        self._release()

    # -- parties come and go -----------------------------------------------------------------

    def substitute(self, old: End, new: End, *, holds: bool = False) -> None:
        """Put ``new`` in the place of ``old``, who is let go by whoever asked for this. ``holds``:
        ``new`` has put the other party on hold."""
        if self.state is not CallState.CONNECTED or old not in (self.caller, self.callee):
            return
        if old is self.caller:
            self.caller = new
        else:
            self.callee = new
        new.events = self
        self._on_change(self)
        self.holding.substitute(old, new, holds=holds)

    def give_away(self, kept: End) -> None:
        """End this call for everyone but ``kept``, who goes on in another one."""
        answered = self.state is CallState.CONNECTED
        self.state = CallState.ENDED
        self._stop_ringing(())
        for end in (self.caller, self.callee):
            if end is not None and end is not kept:
                end.hang_up() if answered else end.refuse(487)
        self._release()

    def call_for(self, caller: End) -> None:
        """Ring on for another caller; the one so far is let go by whoever asked for this."""
        self.caller = caller
        caller.events = self
        self._told = None
        self._on_change(self)

    def pick_up(self, end: End) -> None:
        """``end`` called to get this ringing call: it and the caller answer each other's offer."""
        if self.state is not CallState.RINGING or self._offer is None or end.described is None:
            end.refuse(488)
            return
        try:
            to_caller = answer_from(self._offer, end.described)
            to_end = answer_from(end.described, self._offer)
        except SdpError:
            end.refuse(488)
            return
        end.events = self
        self.callee = end
        self.picked = True
        self._set(CallState.CONNECTED)
        self._stop_ringing(ELSEWHERE)
        self.caller.accept(to_caller, end.party, ())
        end.accept(to_end, self.caller.party, ())

    def changed(self) -> None:
        """Tell whoever watches: hold is part of what is shown."""
        self._on_change(self)

    def _stop_ringing(self, headers: Headers) -> None:
        ringing, self._ringing = self._ringing, []
        for end in ringing:
            end.hang_up(headers)

    def _release(self) -> None:
        self.holding.close()
        self._on_change(self)

    def _set(self, state: CallState) -> None:
        logger.info("call %s %s -> %s", self.id, self.state, state)
        self.state = state
        if state is not CallState.ENDED:
            self._on_change(self)

    # -- events of the called side -----------------------------------------------------------

    def ringing(self, end: End, status: int, sdp: bytes | None) -> None:
        if end not in self._ringing:
            return
        if end not in self._alerted:
            self._alerted.add(end)
            self._on_change(self)
        # Early media only while a single end rings: two would want two answers in one dialog.
        media = sdp if sdp is not None and len(self._ringing) == 1 and self._offer else None
        told = (183 if media is not None else 180, media)
        if media is not None:
            end.described = media
        if told != self._told and not (self._told and self._told[1] is not None and not media):
            self._told = told
            self.caller.progress(told[0], media, end.party)

    def answered(self, end: End, sdp: bytes | None, headers: Headers) -> None:
        if end is self.callee:
            return
        if end not in self._ringing:
            end.hang_up()
            return
        self._ringing.remove(end)
        self._stop_ringing(ELSEWHERE)
        self.callee = end
        end.described = sdp or end.described
        if end.described is None:
            self._set(CallState.ENDED)
            end.hang_up()
            self.caller.refuse(488)
            self._release()
            return
        self._await_ack = self._offer is None
        self._set(CallState.CONNECTED)
        self.caller.accept(end.described, end.party, headers)

    def failed(self, end: End, status: int, reason: str) -> None:
        if end not in self._ringing:
            return
        self._ringing.remove(end)
        self._failures.append(relayed_failure(status)[0])
        if not self._ringing:
            self._on_exhausted(self, _best(self._failures))

    # -- events of either side ---------------------------------------------------------------

    def awaits_ack(self, end: End) -> bool:
        """RFC 3261 13.2.1, offer in the 200: the answer is in the caller's ACK."""
        return self._await_ack and end is self.caller

    def established(self, end: End) -> None:
        if not self.awaits_ack(end) or self.callee is None:
            return
        self._await_ack = False
        if end.described is None:
            self.hang_up()
        else:
            self.callee.acknowledge(end.described)

    def offered(self, end: End, sdp: bytes | None) -> None:
        if self.state is not CallState.CONNECTED:
            # an UPDATE before the answer: nobody is there yet to agree with
            end.refuse_offer(488)
            return
        self.holding.offered(end, sdp)

    def offer_result(self, end: End, status: int, sdp: bytes | None) -> None:
        if self.state is CallState.CONNECTED:
            self.holding.offer_result(end, status, sdp)

    def info(self, end: End, content_type: str, body: bytes) -> None:
        peer = self.other(end)
        if peer is not None and self.state is CallState.CONNECTED:
            peer.send_info(content_type, body)

    def ended(self, end: End, headers: Headers) -> None:
        if self.state is CallState.ENDED:
            return
        if end in self._ringing:
            self.failed(end, 480, "")
            return
        if end not in (self.caller, self.callee):
            return
        if self.keeper is not None and self.keeper(end):
            return
        self.left = end
        self._set(CallState.ENDED)
        self._stop_ringing(headers)
        peer = self.other(end)
        if peer is not None:
            peer.hang_up(headers)
        self._release()


def _best(failures: list[int]) -> int:
    """Which of several failures the caller hears (RFC 3261 16.7 step 6, for our few)."""
    return next((status for status in (486, 488, 403) if status in failures), min(failures))


def connected_party(call: PbxCall, end: End) -> Party | None:
    """Whom ``end`` talks to, for the console."""
    peer = call.other(end)
    return peer.party if peer is not None else None
