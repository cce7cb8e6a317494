"""A lossless session description: ordered lines, typed views on top.

A description is the list of its session lines and the list of its m-sections, each again a list of
lines. Parsing keeps every line, its order and its line ending, so ``to_bytes`` of an untouched
description gives the input back; a B2BUA can change one line and relay the rest (RFC 3264 6: what
is not understood must not be broken). Typed views are read from the lines each time and written by
replacing just their own line.

Out of scope: repeat times, time zones and the deprecated ``k=`` are kept as lines, not interpreted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from protocols.sdp.errors import SdpError
from protocols.sdp.values import (
    STATIC_RTPMAPS,
    Connection,
    Direction,
    Origin,
    RtpMap,
    whole_number,
)

MAX_BYTES = 65536
MAX_LINES = 2000
MAX_MEDIA = 64

_EOL = re.compile(r"\r\n|\n|\r")
_ATTRIBUTE_NAME = re.compile(r"^[!#-'*+\-.0-9A-Z^-~]+$")
# RFC 8866 5: the order in which a new line of a type has to be placed.
_SESSION_ORDER = "vosiuepcbtrzka"
_MEDIA_ORDER = "micbka"
_DIRECTIONS = frozenset(direction.value for direction in Direction)


@dataclass(frozen=True, slots=True)
class Line:
    """One ``type=value`` line with the ending it came with."""

    type: str
    value: str
    eol: str = "\r\n"

    def __str__(self) -> str:
        return f"{self.type}={self.value}{self.eol}" if self.type else self.eol


def _checked(value: str) -> str:
    if "\r" in value or "\n" in value or "\0" in value:
        raise SdpError("an SDP value must not contain CR, LF or NUL")
    return value


@dataclass
class Section:
    """What the session level and an m-section have in common: lines and their attributes."""

    lines: list[Line] = field(default_factory=list)
    _order = _SESSION_ORDER

    def first(self, kind: str) -> str | None:
        """The value of the first line of type ``kind``."""
        return next((line.value for line in self.lines if line.type == kind), None)

    def all(self, kind: str) -> list[str]:
        return [line.value for line in self.lines if line.type == kind]

    def set_line(self, kind: str, value: str) -> None:
        """Replace the first line of ``kind``, or put a new one where RFC 8866 5 wants it."""
        new = Line(kind, _checked(value), self._eol)
        for index, line in enumerate(self.lines):
            if line.type == kind:
                self.lines[index] = new
                return
        self._insert(new)

    def remove_lines(self, kind: str) -> None:
        self.lines[:] = [line for line in self.lines if line.type != kind]

    @property
    def _eol(self) -> str:
        return self.lines[0].eol if self.lines and self.lines[0].eol else "\r\n"

    def _insert(self, new: Line) -> None:
        rank = self._order.find(new.type)
        place = len(self.lines)
        while place and (
            not self.lines[place - 1].type
            or (0 <= rank < self._order.find(self.lines[place - 1].type))
        ):
            place -= 1
        if place and not self.lines[place - 1].eol:  # the last line came without an ending
            last = self.lines[place - 1]
            self.lines[place - 1] = Line(last.type, last.value, self._eol)
        self.lines.insert(place, new)

    def attribute_items(self) -> Iterator[tuple[str, str]]:
        """All ``a=`` lines in order as (name, value); a property attribute has the value ``""``."""
        for line in self.lines:
            if line.type == "a":
                name, _, value = line.value.partition(":")
                yield name, value

    def own_attribute(self, name: str) -> str | None:
        """The first attribute ``name`` of this section only. Names are case-sensitive (6)."""
        return next((v for n, v in self.attribute_items() if n == name), None)

    def attribute(self, name: str) -> str | None:
        return self.own_attribute(name)

    def attributes(self, name: str) -> list[str]:
        """All values of attribute ``name`` in this section, in order."""
        return [value for n, value in self.attribute_items() if n == name]

    def has(self, name: str) -> bool:
        return self.own_attribute(name) is not None

    def add_attribute(self, name: str, value: str = "") -> None:
        """Append ``a=name`` or ``a=name:value``."""
        if not _ATTRIBUTE_NAME.match(name):
            raise SdpError(f"bad attribute name {name!r}"[:80])
        text = f"{name}:{value}" if value else name
        self._insert(Line("a", _checked(text), self._eol))

    def remove_attributes(self, *names: str) -> None:
        def gone(line: Line) -> bool:
            return line.type == "a" and line.value.partition(":")[0] in names

        self.lines[:] = [line for line in self.lines if not gone(line)]

    def set_attribute(self, name: str, value: str = "") -> None:
        """Make ``name`` appear exactly once, at its first place or at the end."""
        if not _ATTRIBUTE_NAME.match(name):
            raise SdpError(f"bad attribute name {name!r}"[:80])
        new = Line("a", _checked(f"{name}:{value}" if value else name), self._eol)
        places = [
            i
            for i, line in enumerate(self.lines)
            if line.type == "a" and line.value.partition(":")[0] == name
        ]
        if not places:
            self._insert(new)
            return
        self.lines[places[0]] = new
        for index in reversed(places[1:]):
            del self.lines[index]

    @property
    def connection(self) -> Connection | None:
        value = self.first("c")
        return Connection.parse(value) if value is not None else None

    @connection.setter
    def connection(self, value: Connection) -> None:
        self.set_line("c", str(value))

    @property
    def own_direction(self) -> Direction | None:
        """The direction attribute of this section, if it has one."""
        for name, _ in self.attribute_items():
            if name in _DIRECTIONS:
                return Direction(name)
        return None

    def set_direction(self, direction: Direction) -> None:
        self.remove_attributes(*_DIRECTIONS)
        self.add_attribute(direction.value)


@dataclass
class MediaDescription(Section):
    """One m-section. It knows its session, whose attributes and ``c=`` it inherits."""

    session: SessionDescription | None = None
    _order = _MEDIA_ORDER

    @classmethod
    def new(cls, kind: str, port: int, proto: str, formats: Sequence[str] = ()) -> MediaDescription:
        media = cls([Line("m", "")])
        media._write_m(kind, str(port), proto, list(formats))
        return media

    def _fields(self) -> tuple[str, str, str, list[str]]:
        parts = (self.lines[0].value if self.lines else "").split()
        if len(parts) < 3:
            raise SdpError("an m= line needs media, port and proto")
        return parts[0], parts[1], parts[2], parts[3:]

    def _write_m(self, kind: str, port: str, proto: str, formats: list[str]) -> None:
        value = _checked(" ".join([kind, port, proto, *formats]))
        self.lines[0] = Line("m", value, self._eol)

    @property
    def kind(self) -> str:
        return self._fields()[0]

    @property
    def port(self) -> int:
        text = self._fields()[1].partition("/")[0]
        port = whole_number(text, 5)
        if port is None or port > 65535:
            raise SdpError(f"m= port {text!r} is not a port"[:60])
        return port

    @port.setter
    def port(self, value: int) -> None:
        kind, _, proto, formats = self._fields()
        self._write_m(kind, str(value), proto, formats)

    @property
    def proto(self) -> str:
        return self._fields()[2]

    @proto.setter
    def proto(self, value: str) -> None:
        kind, port, _, formats = self._fields()
        self._write_m(kind, port, value, formats)

    @property
    def formats(self) -> list[str]:
        return self._fields()[3]

    @formats.setter
    def formats(self, value: Sequence[str]) -> None:
        kind, port, proto, _ = self._fields()
        self._write_m(kind, port, proto, list(value))

    def inherited(self, name: str) -> str | None:
        """The attribute in this m-section, else at session level."""
        own = self.own_attribute(name)
        if own is None and self.session is not None:
            return self.session.own_attribute(name)
        return own

    @property
    def payload_types(self) -> list[int]:
        """The formats as RTP payload types; a format that is no number 0..127 is left out."""
        numbers = (whole_number(text, 3) for text in self.formats)
        return [pt for pt in numbers if pt is not None and pt < 128]

    @property
    def rtpmaps(self) -> dict[int, RtpMap]:
        """Every listed payload type with a meaning, in the order of preference of the m= line.

        A static type needs no rtpmap (RFC 3551 6); a malformed or foreign rtpmap is skipped, for
        one bad line must not cost the call.
        """
        told: dict[int, RtpMap] = {}
        for value in self.attributes("rtpmap"):
            try:
                pt, rtpmap = RtpMap.parse(value)
            except SdpError:
                continue
            told.setdefault(pt, rtpmap)
        found = {pt: told.get(pt) or STATIC_RTPMAPS.get(pt) for pt in self.payload_types}
        return {pt: rtpmap for pt, rtpmap in found.items() if rtpmap is not None}

    def fmtp(self, pt: int) -> str | None:
        """The format parameters of payload type ``pt`` (RFC 8866 6.15)."""
        for value in self.attributes("fmtp"):
            head, _, rest = value.strip().partition(" ")
            if head == str(pt):
                return rest.strip()
        return None

    @property
    def direction(self) -> Direction:
        """RFC 8866 6.7: m-section, else session level, else sendrecv."""
        own = self.own_direction
        if own is None and self.session is not None:
            own = self.session.own_direction
        return own or Direction.SENDRECV

    @property
    def effective_connection(self) -> Connection | None:
        """``c=`` of the m-section, else of the session (RFC 8866 5.7)."""
        own = self.connection
        if own is None and self.session is not None:
            return self.session.connection
        return own

    @property
    def connection_address(self) -> str | None:
        connection = self.effective_connection
        return connection.host if connection is not None else None

    @property
    def ptime(self) -> int | None:
        return whole_number((self.own_attribute("ptime") or "").strip(), 4)

    @property
    def rejected(self) -> bool:
        """RFC 3264 6: port zero. A bundled section with ``bundle-only`` (RFC 8843) is not."""
        return self.port == 0 and not self.has("bundle-only")


@dataclass
class SessionDescription(Section):
    """A whole description. ``lines`` are the session level, :attr:`media` the m-sections."""

    media: list[MediaDescription] = field(default_factory=list)
    _order = _SESSION_ORDER

    @classmethod
    def new(
        cls, origin: Origin, *, name: str = "-", address: str | None = None
    ) -> SessionDescription:
        """An empty description with the mandatory lines in order (RFC 8866 5, RFC 3264 5)."""
        host = origin.address if address is None else address
        lines = [
            Line("v", "0"),
            Line("o", str(origin)),
            Line("s", _checked(name)),
            Line("c", str(Connection.of(host))),
            Line("t", "0 0"),
        ]
        return cls(lines)

    @classmethod
    def parse(cls, data: str | bytes) -> SessionDescription:
        """Raise :class:`SdpError` for what is no description; keep all that is merely unknown."""
        text = data.decode("utf-8", "surrogateescape") if isinstance(data, bytes) else data
        if len(text) > MAX_BYTES:
            raise SdpError("the description is too large")
        session = cls()
        section: Section = session
        for count, line in enumerate(_split(text)):
            if count >= MAX_LINES:
                raise SdpError("the description has too many lines")
            if count == 0 and (line.type, line.value.strip()) != ("v", "0"):
                raise SdpError("the description does not begin with v=0")
            if line.type == "m":
                section = MediaDescription([], session=session)
                session.media.append(section)
            section.lines.append(line)
        session._check()
        return session

    def _check(self) -> None:
        if not self.lines:
            raise SdpError("the description is empty")
        if len(self.media) > MAX_MEDIA:
            raise SdpError("the description has too many m-sections")
        if self.first("o") is None:
            raise SdpError("o= is missing")
        _ = self.origin, self.connection
        for media in self.media:
            _ = media.port, media.proto, media.connection

    @property
    def origin(self) -> Origin:
        value = self.first("o")
        if value is None:
            raise SdpError("o= is missing")
        return Origin.parse(value)

    @origin.setter
    def origin(self, value: Origin) -> None:
        self.set_line("o", str(value))

    def add_media(self, media: MediaDescription) -> MediaDescription:
        media.session = self
        self.media.append(media)
        return media

    def audio(self) -> MediaDescription | None:
        """The first audio section, refused or not."""
        return next((m for m in self.media if m.kind == "audio"), None)

    def copy(self) -> SessionDescription:
        twin = SessionDescription(list(self.lines))
        for media in self.media:
            twin.add_media(MediaDescription(list(media.lines)))
        return twin

    def to_str(self) -> str:
        sections: list[Section] = [self, *self.media]
        return "".join(str(line) for section in sections for line in section.lines)

    __str__ = to_str

    def to_bytes(self) -> bytes:
        return self.to_str().encode("utf-8", "surrogateescape")


def _split(text: str) -> Iterator[Line]:
    """Lines with their endings. A bare LF or CR is taken, as RFC 8866 5 asks of parsers."""
    start = 0
    while start < len(text):
        match = _EOL.search(text, start)
        end, eol = (match.start(), match.group()) if match else (len(text), "")
        raw = text[start:end]
        start = match.end() if match else len(text)
        if not raw:
            if text[start:].strip("\r\n"):
                raise SdpError("an empty line inside the description")
            yield Line("", "", eol)
        elif len(raw) < 2 or raw[1] != "=" or not raw[0].isalpha() or "\0" in raw:
            raise SdpError(f"not an SDP line: {raw[:40]!r}")
        else:
            yield Line(raw[0], raw[2:], eol)
