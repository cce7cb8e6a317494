"""Offer/answer state of one dialog (RFC 3264, RFC 6337): who has an open offer, what was agreed.

```
             local offer                         remote offer
   STABLE ------------------> LOCAL_OFFER   STABLE ------------------> REMOTE_OFFER
      ^      answer received       |           ^      answer sent           |
      +----------------------------+           +----------------------------+
      +--- rollback (failure) -----+           +--- rollback (failure) -----+
```
The six places where an exchange may sit (RFC 6337 section 2.2) are `PATTERNS`. Session
descriptions are opaque bytes here; what is in them is `protocols.sdp`'s business.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any

from protocols.sip.errors import ParseError
from protocols.sip.headers import MediaType
from protocols.sip.message import Message


class OaState(enum.Enum):
    STABLE = "stable"
    LOCAL_OFFER = "local offer"
    REMOTE_OFFER = "remote offer"


class Slot(enum.Enum):
    """A message that may carry a session description."""

    INVITE = "INVITE"
    PROVISIONAL = "reliable 1xx"
    INVITE_OK = "2xx to INVITE"
    ACK = "ACK"
    PRACK = "PRACK"
    PRACK_OK = "2xx to PRACK"
    UPDATE = "UPDATE"
    UPDATE_OK = "2xx to UPDATE"


#: Offer slot -> slots where its answer may come (RFC 6337 section 2.2, patterns 1 to 6).
PATTERNS: dict[Slot, tuple[Slot, ...]] = {
    Slot.INVITE: (Slot.INVITE_OK, Slot.PROVISIONAL),
    Slot.INVITE_OK: (Slot.ACK,),
    Slot.PROVISIONAL: (Slot.PRACK,),
    Slot.PRACK: (Slot.PRACK_OK,),
    Slot.UPDATE: (Slot.UPDATE_OK,),
}


class OfferAnswerError(Exception):
    """A session description came, or was to be sent, where none of its kind may be."""


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """`local` and `remote` are what both sides agreed on last; `open` is the unanswered offer."""

    state: OaState = OaState.STABLE
    local: bytes | None = None
    remote: bytes | None = None
    open: bytes | None = None
    slot: Slot | None = None
    #: A description in an unreliable 1xx: a foretaste of the answer, not the answer itself
    #: (RFC 6337 section 3.1.1).
    preview: bytes | None = None

    @property
    def stable(self) -> bool:
        return self.state is OaState.STABLE

    @property
    def settled(self) -> bool:
        """The INVITE's own exchange is complete, whatever UPDATE is open now."""
        return self.local is not None

    @property
    def invite_open(self) -> bool:
        """The offer in an INVITE of ours waits for its answer."""
        return self.state is OaState.LOCAL_OFFER and self.slot is Slot.INVITE

    @property
    def shown_local(self) -> bytes | None:
        """What we said last, agreed or still open."""
        return self.open if self.state is OaState.LOCAL_OFFER else self.local

    @property
    def shown_remote(self) -> bytes | None:
        if self.state is OaState.REMOTE_OFFER:
            return self.open
        return self.preview if self.state is OaState.LOCAL_OFFER and self.preview else self.remote

    def send(self, slot: Slot, sdp: bytes) -> OfferAnswer:
        """We put `sdp` into `slot`: the answer to an open remote offer, else a new offer."""
        if self.state is OaState.REMOTE_OFFER:
            self._check_answer(slot)
            return OfferAnswer(local=sdp, remote=self.open)
        return self._offer(OaState.LOCAL_OFFER, slot, sdp)

    def receive(self, slot: Slot, sdp: bytes) -> OfferAnswer:
        """The peer put `sdp` into `slot`: the answer to our open offer, else a new offer."""
        if self.state is OaState.LOCAL_OFFER:
            self._check_answer(slot)
            return OfferAnswer(local=self.open, remote=sdp)
        return self._offer(OaState.REMOTE_OFFER, slot, sdp)

    def foretell(self, sdp: bytes) -> OfferAnswer:
        """The peer put `sdp` into an unreliable 1xx."""
        return replace(self, preview=sdp) if self.state is OaState.LOCAL_OFFER else self

    def rollback(self) -> OfferAnswer:
        """The request with the open offer failed: as if it had never been made (RFC 3261 14.1,
        RFC 6141 section 3). What PRACK or UPDATE settled meanwhile stays."""
        return OfferAnswer(local=self.local, remote=self.remote)

    def _offer(self, state: OaState, slot: Slot, sdp: bytes) -> OfferAnswer:
        if self.state is not OaState.STABLE:
            raise OfferAnswerError(f"offer in {slot.value} while a {self.state.value} is open")
        if slot not in PATTERNS:
            raise OfferAnswerError(f"no offer may be in {slot.value}")
        return replace(self, state=state, open=sdp, slot=slot, preview=None)

    def _check_answer(self, slot: Slot) -> None:
        if self.slot is None or slot not in PATTERNS[self.slot]:
            raise OfferAnswerError(
                f"no answer to the offer in {self.slot.value if self.slot else None} "
                f"may be in {slot.value}"
            )

    def to_dict(self) -> dict[str, Any]:
        return {
            "state": self.state.value,
            "local": _text(self.local),
            "remote": _text(self.remote),
            "open": _text(self.open),
            "slot": self.slot.value if self.slot else None,
            "preview": _text(self.preview),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> OfferAnswer:
        return cls(
            state=OaState(data["state"]),
            local=_bytes(data["local"]),
            remote=_bytes(data["remote"]),
            open=_bytes(data["open"]),
            slot=Slot(data["slot"]) if data["slot"] else None,
            preview=_bytes(data["preview"]),
        )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "surrogateescape")


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else value.encode("utf-8", "surrogateescape")


def session_description(message: Message) -> bytes | None:
    """The SDP of a message: its body, or the first such part of a multipart (RFC 5621)."""
    if not message.body:
        return None
    try:
        kind = message.media_type
    except ParseError:
        return None
    if kind is None or kind.value == "application/sdp":
        return message.body  # DEVIATION(old PBXs): a body without Content-Type is taken as SDP
    if kind.type.lower() != "multipart":
        return None
    return _sdp_part(message.body, kind)


def _sdp_part(body: bytes, kind: MediaType) -> bytes | None:
    boundary = (kind.param("boundary") or "").encode("utf-8", "surrogateescape")
    if not boundary:
        return None
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, separator, content = part.partition(b"\r\n\r\n")
        if separator and b"application/sdp" in head.lower():
            return content
    return None


def refuse_all(offer: bytes) -> bytes:
    """An answer that takes no stream of `offer`: every port 0 (RFC 3264 section 6).

    For the ACK that must carry an answer although the call is over (RFC 3261 13.2.2.4).
    """
    session: list[bytes] = []
    for line in offer.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:2] == b"m=":
            words = line.split(b" ")
            if len(words) >= 3:
                session.append(b" ".join([words[0], b"0", *words[2:]]))
    head = [b"v=0", b"o=- 0 0 IN IP4 0.0.0.0", b"s=-", b"c=IN IP4 0.0.0.0", b"t=0 0"]
    return b"\r\n".join([*head, *session, b""])
