"""Offer and answer for one RTP audio stream (RFC 3264), pure.

``build_offer``, ``answer_offer`` and ``apply_answer`` turn what an end wants (:class:`LocalAudio`)
and what the peer said into descriptions and a :class:`Negotiated` result. :class:`AudioSession`
keeps what RFC 3264 8 needs between rounds: the last description of ours, its version, and the
number of m-sections, which never shrinks.

Out of scope: more than one audio stream, BUNDLE, ICE and DTLS (the media engine writes those).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from protocols.sdp import crypto
from protocols.sdp.crypto import CryptoLine
from protocols.sdp.errors import SdpError
from protocols.sdp.model import MediaDescription, SessionDescription
from protocols.sdp.values import Connection, Direction, Origin, RtpMap

# Codecs we can name in an offer: payload type (static where RFC 3551 has one) and mapping.
KNOWN_CODECS: dict[str, tuple[int, RtpMap]] = {
    "PCMU": (0, RtpMap("PCMU", 8000)),
    "PCMA": (8, RtpMap("PCMA", 8000)),
    "G722": (9, RtpMap("G722", 8000)),
    "opus": (111, RtpMap("opus", 48000, 2)),
}
# telephone-event by clock: RFC 4733 2.1 wants the clock of the audio it is sent with.
EVENT_PAYLOAD_TYPES = {8000: 101, 48000: 110}
_AVP = ("RTP/AVP", "RTP/AVPF")
_SAVP = ("RTP/SAVP", "RTP/SAVPF")


class NoCommonMedia(SdpError):
    """Well-formed, but nothing in it that we can do: 488 in SIP (RFC 3261 21.4.26)."""


class Srtp(StrEnum):
    """Whether an end takes SDES-SRTP. ``OPTIONAL`` offers it under RTP/AVP (RFC 8643)."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class LocalAudio:
    """What one end is able and willing to do now.

    ``crypto`` are the SDES keys to offer. ``prefer_own`` picks the codec by our order instead of
    the offerer's.
    """

    address: str
    port: int
    codecs: tuple[str, ...] = ("PCMA", "PCMU")
    telephone_event: bool = True
    direction: Direction = Direction.SENDRECV
    ptime_ms: int = 20
    srtp: Srtp = Srtp.OFF
    crypto: tuple[CryptoLine, ...] = ()
    prefer_own: bool = False


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What both ends agreed on, seen from ours. Payload types may differ per direction."""

    codec: RtpMap
    send_pt: int
    receive_pt: int
    event_clock: int | None
    send_event_pt: int | None
    receive_event_pt: int | None
    direction: Direction
    remote_address: str
    remote_port: int
    ptime_ms: int = 20
    local_crypto: CryptoLine | None = None
    remote_crypto: CryptoLine | None = None
    remote_hold: bool = False


def answer_direction(offered: Direction, wanted: Direction = Direction.SENDRECV) -> Direction:
    """RFC 3264 6.1: we may send where the offerer receives, and receive where it sends."""
    return Direction.of(
        wanted.sends and offered.receives,
        wanted.receives and offered.sends,
    )


def offered_direction(media: MediaDescription) -> Direction:
    """The direction a section means, with the old hold form ``c=0.0.0.0`` (RFC 3264 8.4) read.

    An end that names the null address cannot be sent to; it may still send to us.
    """
    connection = media.effective_connection
    null = connection is not None and connection.is_null
    return Direction.of(media.direction.sends, media.direction.receives and not null)


def is_hold(media: MediaDescription) -> bool:
    """Whether the author of this section has put us on hold: it does not want our audio."""
    return not media.rejected and not offered_direction(media).receives


def is_held(description: SessionDescription) -> bool:
    """Whether the author of this description wants none of our audio (RFC 3264 8.4); one without
    a live audio section does not either."""
    live = [m for m in description.media if m.kind == "audio" and not m.rejected]
    return all(is_hold(m) for m in live)


def versioned(new: SessionDescription, previous: SessionDescription | None) -> SessionDescription:
    """Give ``new`` the origin of ``previous``, version plus one only if it differs (RFC 3264 8).

    Peers compare only the version: an unchanged one is a refresh and must not restart media.
    """
    if previous is None:
        return new
    result = new.copy()
    result.origin = previous.origin
    if result.to_str() != previous.to_str():
        result.origin = previous.origin.bumped()
    return result


def _codec_map(local: LocalAudio) -> dict[int, RtpMap]:
    maps = [KNOWN_CODECS[name] for name in local.codecs]
    found = dict(maps)
    if local.telephone_event and maps:
        clock = maps[0][1].clock
        found[EVENT_PAYLOAD_TYPES[clock]] = RtpMap("telephone-event", clock)
    return found


def _fill(media: MediaDescription, maps: dict[int, RtpMap], ptime_ms: int) -> None:
    media.formats = [str(pt) for pt in maps]
    for pt, rtpmap in maps.items():
        media.add_attribute("rtpmap", f"{pt} {rtpmap}")
        if rtpmap.name.lower() == "telephone-event":
            media.add_attribute("fmtp", f"{pt} 0-15")
    media.add_attribute("ptime", str(ptime_ms))


def _pad(session: SessionDescription, previous: SessionDescription | None) -> None:
    """RFC 3264 8: sections are never removed, only refused with port zero."""
    for old in previous.media[len(session.media) :] if previous else []:
        session.add_media(MediaDescription.new(old.kind, 0, old.proto, old.formats))


def build_offer(
    local: LocalAudio, origin: Origin, previous: SessionDescription | None = None
) -> SessionDescription:
    """An offer of one audio stream; ``previous`` is our last description of this session."""
    session = SessionDescription.new(origin, address=local.address)
    proto = "RTP/SAVP" if local.srtp is Srtp.REQUIRED else "RTP/AVP"
    if previous is not None:
        for old in previous.media:
            if old.kind == "audio" and not old.rejected:
                break
            session.add_media(MediaDescription.new(old.kind, 0, old.proto, old.formats))
    media = session.add_media(MediaDescription.new("audio", local.port, proto))
    _fill(media, _codec_map(local), local.ptime_ms)
    for line in local.crypto if local.srtp is not Srtp.OFF else ():
        media.add_attribute("crypto", str(line))
    media.set_direction(local.direction)
    _pad(session, previous)
    return versioned(session, previous)


@dataclass(frozen=True, slots=True)
class _Choice:
    """The formats of the offer that we take."""

    codec_pt: int
    codec: RtpMap
    event_pt: int | None
    crypto: CryptoLine | None


def _choose(media: MediaDescription, local: LocalAudio) -> _Choice | None:
    """Codec, telephone-event and key of one offered section, or None if we cannot take it."""
    if media.kind != "audio" or media.rejected:
        return None
    secure = media.proto in _SAVP
    if not secure and media.proto not in _AVP:
        return None
    key = None
    if local.srtp is not Srtp.OFF:
        key = crypto.choose(crypto.parse_lines(media.attributes("crypto")))
    if key is None and (secure or local.srtp is Srtp.REQUIRED):
        return None
    wanted = [KNOWN_CODECS[name][1] for name in local.codecs]
    found = [(pt, m) for pt, m in media.rtpmaps.items() if any(m.matches(w) for w in wanted)]
    if not found:
        return None
    if local.prefer_own:
        found.sort(key=lambda item: next(i for i, w in enumerate(wanted) if w.matches(item[1])))
    pt, codec = found[0]
    return _Choice(pt, codec, _event_pt(media, codec) if local.telephone_event else None, key)


def _event_pt(media: MediaDescription, codec: RtpMap) -> int | None:
    """The telephone-event with the clock of the codec (RFC 4733 2.1)."""
    wanted = RtpMap("telephone-event", codec.clock)
    return next((pt for pt, m in media.rtpmaps.items() if m.matches(wanted)), None)


def _remote(media: MediaDescription) -> tuple[str, int]:
    connection = media.effective_connection
    if connection is None:
        raise SdpError("c= is missing")
    if not connection.numeric:
        raise SdpError("c= is no unicast address")
    return connection.host, media.port


def answer_offer(
    offer: SessionDescription,
    local: LocalAudio,
    origin: Origin,
    previous: SessionDescription | None = None,
    random: Callable[[int], bytes] | None = None,
) -> tuple[SessionDescription, Negotiated]:
    """Our answer and what it means. Raises :class:`NoCommonMedia` when nothing fits.

    Every section is answered in its place (RFC 3264 6); all but the taken one with port zero.
    ``random`` makes our SDES key; without it the key of ``local.crypto`` with that suite is used.
    """
    session = SessionDescription.new(origin, address=local.address)
    result: Negotiated | None = None
    for offered in offer.media:
        choice = _choose(offered, local) if result is None else None
        if choice is None:
            session.add_media(
                MediaDescription.new(offered.kind, 0, offered.proto, offered.formats[:1] or ["0"])
            )
            continue
        ours = _own_key(choice.crypto, local, random)
        maps = {choice.codec_pt: choice.codec}
        if choice.event_pt is not None:
            maps[choice.event_pt] = RtpMap("telephone-event", choice.codec.clock)
        direction = answer_direction(offered_direction(offered), local.direction)
        media = session.add_media(MediaDescription.new("audio", local.port, offered.proto))
        _fill(media, maps, offered.ptime or local.ptime_ms)
        if ours is not None:
            media.add_attribute("crypto", str(ours))
        media.set_direction(direction)
        result = _result(offered, choice, direction, ours, local)
    if result is None:
        raise NoCommonMedia("no audio stream that we can take")
    return versioned(session, previous), result


def _own_key(
    chosen: CryptoLine | None, local: LocalAudio, random: Callable[[int], bytes] | None
) -> CryptoLine | None:
    if chosen is None:
        return None
    if random is not None:
        return crypto.answer_line(chosen, random)
    same = next((line for line in local.crypto if line.suite == chosen.suite), None)
    if same is None:
        raise NoCommonMedia(f"no key for the suite {chosen.suite}")
    return replace(same, tag=chosen.tag)


def _result(
    theirs: MediaDescription,
    choice: _Choice,
    direction: Direction,
    ours: CryptoLine | None,
    local: LocalAudio,
) -> Negotiated:
    address, port = _remote(theirs)
    return Negotiated(
        codec=choice.codec,
        send_pt=choice.codec_pt,
        receive_pt=choice.codec_pt,
        event_clock=choice.codec.clock if choice.event_pt is not None else None,
        send_event_pt=choice.event_pt,
        receive_event_pt=choice.event_pt,
        direction=direction,
        remote_address=address,
        remote_port=port,
        ptime_ms=theirs.ptime or local.ptime_ms,
        local_crypto=ours,
        remote_crypto=choice.crypto,
        remote_hold=is_hold(theirs),
    )


def apply_answer(offer: SessionDescription, answer: SessionDescription) -> Negotiated:
    """What the peer's answer to our ``offer`` means. Raises if it is no answer to it."""
    if len(answer.media) != len(offer.media):
        raise SdpError("the answer has another number of m-sections than the offer")
    for ours, theirs in zip(offer.media, answer.media, strict=True):
        if ours.kind != "audio" or ours.rejected:
            continue
        if theirs.kind != "audio" or theirs.rejected:
            raise NoCommonMedia("the peer refused our audio stream")
        return _apply(ours, theirs)
    raise SdpError("the offer had no audio stream")


def _agreed_codec(ours: MediaDescription, theirs: MediaDescription) -> tuple[int, int, RtpMap]:
    """(their payload type, ours, mapping) of the first codec of the answer that was offered."""
    offered = ours.rtpmaps
    for send_pt, codec in theirs.rtpmaps.items():
        if codec.name.lower() in ("telephone-event", "cn"):
            continue
        for receive_pt, candidate in offered.items():
            if candidate.matches(codec):
                return send_pt, receive_pt, codec
    raise NoCommonMedia("the answer names no codec that was offered")


def _agreed_keys(
    ours: MediaDescription, theirs: MediaDescription
) -> tuple[CryptoLine | None, CryptoLine | None]:
    if not ours.has("crypto"):
        return None, None
    if ours.proto in _AVP and not theirs.has("crypto"):
        return None, None  # RFC 8643: the peer takes only plain RTP
    return crypto.match_answer(
        crypto.parse_lines(ours.attributes("crypto")),
        crypto.parse_lines(theirs.attributes("crypto")),
    )


def _apply(ours: MediaDescription, theirs: MediaDescription) -> Negotiated:
    send_pt, receive_pt, codec = _agreed_codec(ours, theirs)
    local_key, remote_key = _agreed_keys(ours, theirs)
    event, our_event = _event_pt(theirs, codec), _event_pt(ours, codec)
    both = event is not None and our_event is not None
    direction = answer_direction(offered_direction(theirs), ours.direction)
    address, port = _remote(theirs)
    return Negotiated(
        codec=codec,
        send_pt=send_pt,
        receive_pt=receive_pt,
        event_clock=codec.clock if both else None,
        send_event_pt=event if both else None,
        receive_event_pt=our_event if both else None,
        direction=direction,
        remote_address=address,
        remote_port=port,
        ptime_ms=theirs.ptime or ours.ptime or 20,
        local_crypto=local_key,
        remote_crypto=remote_key,
        remote_hold=is_hold(theirs),
    )


@dataclass
class AudioSession:
    """One end of one session over its life: offers, answers, hold, with the version rule kept.

    ``local`` may be replaced between rounds (direction, port, codecs). A failed offer leaves the
    session as it was (RFC 3264 8, RFC 6337 3.4): call :meth:`rollback`.
    """

    local: LocalAudio
    session_id: int
    random: Callable[[int], bytes] | None = None
    described: SessionDescription | None = None
    negotiated: Negotiated | None = None
    _open: SessionDescription | None = field(default=None, repr=False)

    @property
    def offering(self) -> bool:
        return self._open is not None

    @property
    def _origin(self) -> Origin:
        return Origin("-", self.session_id, 1, self.local.address, _type_of(self.local.address))

    def offer(self) -> SessionDescription:
        """Our next offer; the same again while one is open."""
        if self._open is None:
            self._open = build_offer(self.local, self._origin, self.described)
        return self._open

    def rollback(self) -> None:
        self._open = None

    def reopen(self) -> None:
        """Await another answer to our last offer: that of an unreliable 1xx is only a preview, the
        2xx may differ (RFC 6337 3.1.1)."""
        if self._open is None:
            self._open = self.described

    def accept(self, answer: SessionDescription) -> Negotiated:
        """The answer to our open offer."""
        if self._open is None:
            raise SdpError("an answer without an offer")
        result = apply_answer(self._open, answer)
        self.described, self._open, self.negotiated = self._open, None, result
        return result

    def answer(self, offer: SessionDescription) -> SessionDescription:
        """Our answer to the peer's offer. A refused offer changes nothing."""
        answer, result = answer_offer(offer, self.local, self._origin, self.described, self._key)
        self.described, self.negotiated = answer, result
        return answer

    def _key(self, length: int) -> bytes:
        """Keep our key while the session lives, for a fresh one would force a re-key on refresh."""
        now = self.negotiated.local_crypto if self.negotiated else None
        if now is not None and len(now.key) == length:
            return now.key
        if self.random is None:
            raise SdpError("SRTP needs a source of keys")
        return self.random(length)


def _type_of(address: str) -> str:
    return Connection.of(address).address_type
