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
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from protocols.sdp import Direction, SdpError, SessionDescription
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
    """An offer we made to an end, and for whom: the peer that waits, or the music."""

    waiting: End | None
    music: Music | None = None


class Holding:
    def __init__(self, call: PbxCall, music: MusicSource) -> None:
        self._call = call
        self._source = music
        self._holders: list[End] = []
        self._playing: dict[int, Music] = {}
        self._open: dict[int, _Open] = {}
        self._closed = False

    def holds(self, end: End) -> bool:
        """Whether ``end`` has put the other one on hold."""
        return end in self._holders

    def close(self) -> None:
        self._closed = True
        for music in self._playing.values():
            music.close()
        self._playing.clear()

    # -- an end offers -----------------------------------------------------------------------

    def offered(self, end: End, sdp: bytes | None) -> None:
        peer = self._call.other(end)
        if peer is None:
            end.refuse_offer(488)
            return
        if sdp is None or (_same_version(sdp, end.described) and end.told is not None):
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
        if not self.holds(peer) and id(peer) not in self._playing:
            self._source(lambda music: self._music_ready(peer, music))

    def _music_ready(self, end: End, music: Music | None) -> None:
        peer = self._call.other(end)
        still = peer is not None and self.holds(peer) and not self.holds(end)
        if music is None or self._closed or not still or id(end) in self._playing:
            if music is not None:
                music.close()
            return
        self._playing[id(end)] = music
        self._open[id(end)] = _Open(None, music)
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
        self._open[id(peer)] = _Open(end)
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
        pending = self._open.pop(id(end), None)
        if pending is None:
            return
        if pending.music is not None:
            self._music_result(end, pending.music, status, sdp)
            return
        waiting = pending.waiting
        if waiting is None:
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


def _same_version(new: bytes, old: bytes | None) -> bool:
    """RFC 3264 8: the version of ``o=`` says whether anything changed."""
    if old is None:
        return False
    try:
        return SessionDescription.parse(new).origin == SessionDescription.parse(old).origin
    except SdpError:
        return False


def inactive_answer(offer: SessionDescription, peer: bytes | None) -> bytes:
    """An answer that agrees to everything and lets nothing flow."""
    base = SessionDescription.parse(peer) if peer is not None else offer
    answer = base.copy()
    answer.media.clear()
    theirs = base.audio()
    done = False
    for offered in offer.media:
        media = offered.__class__(list(offered.lines))
        if offered.kind == "audio" and not offered.rejected and theirs is not None and not done:
            done = True
            known = theirs.rtpmaps.values()
            keep = [pt for pt, m in offered.rtpmaps.items() if any(m.matches(k) for k in known)]
            media = theirs.__class__(list(theirs.lines))
            media.proto = offered.proto
            media.formats = [str(pt) for pt in keep] or offered.formats[:1]
            media.remove_attributes("rtpmap", "fmtp")
            for pt in keep:
                media.add_attribute("rtpmap", f"{pt} {offered.rtpmaps[pt]}")
                fmtp = offered.fmtp(pt)
                if fmtp:
                    media.add_attribute("fmtp", f"{pt} {fmtp}")
            media.port = theirs.port or 9
            media.set_direction(Direction.INACTIVE)
        else:
            media.port = 0
        answer.add_media(media)
    return answer.to_bytes()
