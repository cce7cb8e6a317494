"""Hold, music and renegotiation of a connected call.

The PBX answers a hold itself and gives the held party music; media is direct otherwise. States are
just who holds. Rules (RFC 3264 8.4, RFC 5359 2.1 for the picture):

- X holds: X is answered ``inactive``; if the peer Y does not hold, Y is offered the music.
- X resumes and Y holds: X is answered with the music. Y does not hold: X's offer is relayed to Y
  and X gets Y's answer, the music stops.
- A re-INVITE that repeats X's last version is a session refresh and is answered from memory.
"""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from emulator.calls.descriptions import inactive_answer, same_version, speaking
from protocols.sdp import SdpError, SessionDescription
from protocols.sdp.negotiate import is_held

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.calls.call import PbxCall
    from emulator.calls.end import End

logger = logging.getLogger(__name__)


class Music(Protocol):
    """One player for one held party."""

    def offer(self) -> bytes: ...

    def accept(self, answer: bytes) -> None: ...

    def answer(self, offer: bytes) -> bytes: ...

    def close(self) -> None: ...


class MusicSource(Protocol):
    def __call__(self, ready: Callable[[Music | None], None]) -> None:
        """Open a player and hand it over later; None when there is no port."""


@dataclass(slots=True)
class _Open:
    """An offer we made to an end, and for whom: the peer that waits, the music, or a new party
    who is told the answer ``then``."""

    waiting: End | None
    music: Music | None = None
    then: End | None = None


class Holding:
    def __init__(self, call: PbxCall, music: MusicSource) -> None:
        self._call = call
        self._source = music
        self._holders: list[End] = []
        self._playing: dict[int, Music] = {}
        # an end carries out our offers one after the other, so results come in their order
        self._open: dict[int, deque[_Open]] = {}
        self._closed = False

    def holds(self, end: End) -> bool:
        """Whether ``end`` has put the other one on hold."""
        return end in self._holders

    def close(self) -> None:
        self._closed = True
        for music in self._playing.values():
            music.close()
        self._playing.clear()

    # -- another party -----------------------------------------------------------------------

    def substitute(self, old: End, new: End, *, holds: bool) -> None:
        """``new`` has taken the place of ``old``: bring it and the peer together."""
        peer = self._call.other(new)
        self._stop_music(old)
        if old in self._holders:
            self._holders.remove(old)
        if holds or new.silent:
            self._holders.append(new)
        if peer is None:
            return
        if self.holds(new) or self.holds(peer):
            for end in (new, peer):
                music = end.wants_music and not end.silent and id(end) not in self._playing
                if music and not self.holds(end):
                    self._source(partial(self._music_ready, end))
            return
        self._stop_music(peer)
        self._bridge(peer, new)

    def _bridge(self, peer: End, new: End) -> None:
        """RFC 3725 in short: offer one what the other said last, and the other its answer."""
        try:
            offer = speaking(new.described or b"")
        except SdpError as error:
            logger.info("call %s: %s cannot be reached: %s", self._call.id, new.name, error)
            self._call.hang_up()
            return
        self._open.setdefault(id(peer), deque()).append(_Open(None, then=new))
        peer.offer(offer)

    def _bridged(self, end: End, then: End | None, status: int, sdp: bytes | None) -> None:
        if status >= 300 or sdp is None:
            logger.info("call %s: %s does not take its new peer", self._call.id, end.name)
            self._call.hang_up()
            return
        end.described = sdp
        if then is not None and self._call.other(end) is then:
            self._open.setdefault(id(then), deque()).append(_Open(None))
            then.offer(sdp)

    # -- an end offers -----------------------------------------------------------------------

    def offered(self, end: End, sdp: bytes | None) -> None:
        peer = self._call.other(end)
        if peer is None:
            end.refuse_offer(488)
            return
        if sdp is None or (same_version(sdp, end.described) and end.told is not None):
            # RFC 4028 7.4 or an offerless re-INVITE: what it has is what stands
            end.answer(end.told or peer.described or b"")
            return
        try:
            offer = SessionDescription.parse(sdp)
        except SdpError as error:
            logger.info("call %s: %s offers rubbish: %s", self._call.id, end.name, error)
            end.refuse_offer(488)
            return
        if is_held(offer):
            self._hold(end, peer, sdp, offer)
        elif self.holds(peer):
            self._resume_to_music(end, peer, sdp)
        else:
            self._resume(end, peer, sdp)

    def _hold(self, end: End, peer: End, sdp: bytes, offer: SessionDescription) -> None:
        self._stop_music(end)
        end.described = sdp
        end.answer(inactive_answer(offer, peer.described))
        if end not in self._holders:
            self._holders.append(end)
            self._call.changed()
        if not self.holds(peer) and peer.wants_music and id(peer) not in self._playing:
            self._source(lambda music: self._music_ready(peer, music))

    def _music_ready(self, end: End, music: Music | None) -> None:
        peer = self._call.other(end)
        still = peer is not None and self.holds(peer) and not self.holds(end)
        if music is None or self._closed or not still or id(end) in self._playing:
            if music is not None:
                music.close()
            return
        self._playing[id(end)] = music
        self._open.setdefault(id(end), deque()).append(_Open(None, music))
        end.offer(music.offer())

    def _resume_to_music(self, end: End, peer: End, sdp: bytes) -> None:
        def ready(music: Music | None) -> None:
            if not self._closed and not self.holds(peer):
                # the peer resumed as well while the port was opened: nobody holds any more
                if music is not None:
                    music.close()
                self._resume(end, peer, sdp)
                return
            if music is None or self._closed:
                if music is not None:
                    music.close()
                end.refuse_offer(488)
                return
            try:
                answer = music.answer(sdp)
            except SdpError:
                music.close()
                end.refuse_offer(488)
                return
            self._forget(end)
            self._playing[id(end)] = music
            end.described = sdp
            end.answer(answer)

        self._source(ready)

    def _resume(self, end: End, peer: End, sdp: bytes) -> None:
        self._open.setdefault(id(peer), deque()).append(_Open(end))
        self._stop_music(peer)
        peer.offer(sdp)
        end.described = sdp

    def _forget(self, end: End) -> None:
        if end in self._holders:
            self._holders.remove(end)
            self._call.changed()

    def _stop_music(self, end: End) -> None:
        music = self._playing.pop(id(end), None)
        if music is not None:
            music.close()

    # -- an end answers our offer ------------------------------------------------------------

    def offer_result(self, end: End, status: int, sdp: bytes | None) -> None:
        queue = self._open.get(id(end))
        if not queue:
            return
        pending = queue.popleft()
        if pending.music is not None:
            self._music_result(end, pending.music, status, sdp)
            return
        waiting = pending.waiting
        if waiting is None:
            self._bridged(end, pending.then, status, sdp)
            return
        if status >= 300 or sdp is None:
            waiting.refuse_offer(status if status >= 300 else 488)
            return
        self._forget(waiting)
        end.described = sdp
        waiting.answer(sdp)

    def _music_result(self, end: End, music: Music, status: int, sdp: bytes | None) -> None:
        if self._playing.get(id(end)) is not music:
            return
        try:
            if status >= 300 or sdp is None:
                raise SdpError(f"refused with {status}")
            music.accept(sdp)
            end.described = sdp
        except SdpError as error:
            logger.info("call %s: no music for %s: %s", self._call.id, end.name, error)
            self._stop_music(end)
