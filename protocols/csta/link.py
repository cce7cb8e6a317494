"""One end of a CSTA stream: bytes to messages with their invoke ids, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from protocols.csta.codec import Style, decode, encode
from protocols.csta.errors import ParseError
from protocols.csta.framing import Frame, FramingFault, StreamFramer, encode_frame
from protocols.csta.limits import DEFAULT_LIMITS, Limits
from protocols.csta.message import Message, UnknownMessage


@dataclass(frozen=True, slots=True)
class Incoming:
    invoke_id: int
    message: Message | UnknownMessage


@dataclass(frozen=True, slots=True)
class Garbled:
    """A frame was whole, its message unusable; reading goes on. `name` where it was readable."""

    invoke_id: int
    reason: str
    name: str


Received: TypeAlias = Incoming | Garbled | FramingFault


class StreamLink:
    """`mirror`: write in the edition and tags of the peer, as soon as it has written something."""

    def __init__(
        self, style: Style, *, mirror: bool = False, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.style = style
        self._mirror = mirror
        self._limits = limits
        self._framer = StreamFramer(limits)

    @property
    def pending(self) -> bool:
        return self._framer.pending

    def feed(self, data: bytes) -> list[Received]:
        """All messages completed by these bytes. After a FramingFault nothing comes any more."""
        return [
            self._read(found) if isinstance(found, Frame) else found
            for found in self._framer.feed(data)
        ]

    def _read(self, frame: Frame) -> Incoming | Garbled:
        try:
            decoded = decode(frame.payload, self._limits)
        except ParseError as error:
            return Garbled(frame.invoke_id, error.reason, error.name)
        if self._mirror:
            self.style = decoded.style(self.style)
        return Incoming(frame.invoke_id, decoded.message)

    def encode(self, invoke_id: int, message: Message) -> bytes:
        """Raises LocalError for what cannot be written."""
        return encode_frame(invoke_id, encode(message, self.style))
