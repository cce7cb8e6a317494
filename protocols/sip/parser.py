"""Bytes to Message (RFC 3261 section 7, 18.3).

Strict where leniency would let two readers disagree about one message: line ends, start
line, the headers every layer routes by, and lengths. Everything else is kept as received
and judged by `validate` or by the typed view when somebody looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from protocols.sip.errors import ParseError
from protocols.sip.grammar import first_element, is_token
from protocols.sip.header_list import KEYS, USUAL_NAMES, HeaderList
from protocols.sip.headers_address import NameAddr, Via
from protocols.sip.headers_misc import CSeq, parse_uint
from protocols.sip.known import remember
from protocols.sip.layouts import Key, known_layout, learn
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.message import Message, Request, Response

# the reason phrase holds no CR or LF (RFC 3261 section 25.1): it is written again as it came
_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2}) ([^\r\n]*)", re.IGNORECASE).fullmatch
_REQUEST_LINE = re.compile(
    r"([A-Za-z0-9\-.!%*_+`'~]+) ([^\s<>\"]+) SIP/2\.0", re.IGNORECASE
).fullmatch
_VIA_START = re.compile(
    r"SIP/[0-9.]+/([A-Z]{2,5} (?:\[[0-9A-F:.]+\]|[A-Z0-9\-.]+)(?::[0-9]{1,5})?)", re.IGNORECASE
).match
_VIA_PARAMS = re.compile(r"(?<=;)(?:branch=[A-Za-z0-9\-.!%*_+`'~]+|rport)(?=[;,\s]|\Z)").findall
_VERSION = re.compile(r"SIP/([0-9]+\.[0-9]+)", re.IGNORECASE).fullmatch
_naked_nul = re.compile(rb"(?<!\\)\0").search
_via, _name_addr, _cseq = Via.parse, NameAddr.parse, CSeq.parse  # bound once, not per message
_request_lines: dict[str, tuple[str, str]] = {}

# more than one line of these is malformed (RFC 3261 section 7.3.1, RFC 4475 section 3.3.9)
_SINGLE = frozenset(
    ("From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type")
)


def parse_datagram(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """Parse one datagram: one message, whatever follows its Content-Length is dropped (18.3)."""
    if len(data) > limits.datagram:
        raise ParseError("datagram too large", None)
    if data[:2] == b"\r\n":
        data = data.lstrip(b"\r\n")
    end = data.find(b"\r\n\r\n")
    if end < 0:
        # a datagram without the empty line has no body; its last line may lack CRLF
        head, body = data.rstrip(b"\r\n"), b""
    else:
        head, body = data[:end], data[end + 4 :]
    message, length = parse_head(head, limits)
    if length is not None and length != len(body):
        if length > len(body):
            # 18.3: a body shorter than promised is an error, answered 400 for a request
            raise _fault("body shorter than Content-Length", 400, message)
        body = body[:length]
    if len(body) > limits.body:
        raise _fault("body too large", 413, message)
    message.body = body
    return message


def parse_head(head: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Message, int | None]:
    """Parse start line and header lines (without the empty line); give Content-Length too."""
    if len(head) > limits.header_bytes:
        raise ParseError("header section too large", None)
    if 0 in head and _naked_nul(head):
        # legal in a quoted-pair only; an answer would have to repeat what may not be written
        raise ParseError("NUL in the header section", None)
    text = head.decode("utf-8", "surrogateescape")
    key = text[:6], text.count("\n")
    layout = known_layout(key)
    match = layout.match(text) if layout is not None and key[1] < limits.headers else None
    if layout is not None and match is not None:
        headers = HeaderList.from_match(layout.names, match)
        core = match.group(*layout.core)
        message = _read_start_line(match[1], headers)
        return message, _type_core(message, headers, core)
    return _read_lines(text, key, limits)


def _read_lines(text: str, key: Key, limits: Limits) -> tuple[Message, int | None]:
    """A head line by line."""
    lines = text.splitlines()
    fault: str | None = None
    headers: HeaderList | None = None
    # CRLF put between the lines gives the text again: nothing else separates them
    if "\r\n".join(lines) == text and 0 < len(lines) <= limits.headers:
        start = lines.pop(0)
        headers = _read_regular(lines)
    if headers is None:
        start, *lines = text.split("\r\n")
        headers, fault = _read_any(lines, limits)
    message = _read_start_line(start, headers)
    if fault is not None:
        raise _fault(fault, 400, message)
    length = _type_core(message, headers, None)
    learn(key, headers)
    return message, length


def _read_regular(lines: list[str]) -> HeaderList | None:
    """The usual header section: `Name: value` in each line, the names known and without stray
    white space. Anything else gives None and is judged line by line."""
    first: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        first[name] = value
    if "" in first.values():
        return None  # perhaps a line without colon
    # a folded line, a name with white space or colon: nothing that KEYS would hold
    if first.keys() <= USUAL_NAMES and len(first) == len(lines):
        return HeaderList.from_index(first)
    if first.keys() <= KEYS.keys():
        # short forms, other spellings, a name on several lines
        items = [line.split(": ", 1) for line in lines]
        # a line without colon may have hidden behind a later one of the same name
        return HeaderList(items) if min(map(len, items)) == 2 else None
    return None


def _read_any(lines: list[str], limits: Limits) -> tuple[HeaderList, str | None]:
    """Any header section; a fault is told, not raised, so that a 400 can still be built."""
    items: list[Sequence[str]] = []
    fault: str | None = None
    if len(lines) > limits.headers:
        fault, lines = "too many headers", lines[: limits.headers]
    for line in _unfolded(lines):
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or (name not in KEYS and not is_token(name)):
            fault = fault or f"malformed header line {line[:60]!r}"
            continue
        if "\n" in value or "\r" in value:
            fault = fault or f"stray CR or LF in {name[:40]}"
            continue
        items.append((name, value.strip(" \t")))
    return HeaderList(items), fault


def _unfolded(lines: list[str]) -> list[str]:
    """A line that begins with white space continues the one before (section 7.3.1)."""
    out: list[str] = []
    for line in lines:
        if line[:1] in (" ", "\t") and out:
            out[-1] = f"{out[-1].rstrip(' ' + chr(9))} {line.lstrip(' ' + chr(9))}"
        else:
            out.append(line)
    return out


def _read_start_line(line: str, headers: HeaderList) -> Message:
    known = _request_lines.get(line)
    if known is not None:
        return Request.received(known[0], known[1], headers)
    if line[:4].upper() == "SIP/":
        match = _STATUS_LINE(line)
        if match is None:
            raise ParseError(f"malformed status line {line[:60]!r}", None)
        return Response(int(match[1]), match[2], headers)
    match = _REQUEST_LINE(line)
    if match is not None:
        remember(_request_lines, line, (match[1], match[2]))
        return Request(match[1], match[2], headers)
    method, _, rest = line.partition(" ")
    version = line.rpartition(" ")[2]
    if not is_token(method) or not rest:
        raise ParseError("not a SIP message", None)
    partial = Request(method, rest.rpartition(" ")[0], headers)
    wrong = _VERSION(version)
    if wrong is not None and wrong[1] != "2.0":
        raise _fault(f"version {wrong[1]} is not supported", 505, partial)
    raise _fault("malformed request line", 400, partial)


def _core_of(headers: HeaderList) -> Sequence[str | None]:
    """The values of CORE as they stand there; no Contact if it has several lines."""
    first, repeated = headers.index()
    get = first.get
    contact = get("Contact")
    if repeated:
        for key in _SINGLE.intersection(repeated):
            if len(set(headers.all(key))) > 1:
                raise ParseError(f"more than one {key}")
        contact = None if "Contact" in repeated else contact
    via, from_, to, call_id = get("Via"), get("From"), get("To"), get("Call-ID")
    return via, from_, to, call_id, get("CSeq"), contact, get("Content-Length")


def _type_core(
    message: Message, headers: HeaderList, core: Sequence[str | None] | None
) -> int | None:
    """Type what every layer routes by; returns Content-Length."""
    try:
        via, from_, to, call_id, cseq, contact, length = core or _core_of(headers)
        if not via or not from_ or not to or not cseq or not call_id or call_id.isspace():
            needed = ("Via", "From", "To", "Call-ID", "CSeq")
            missing = [name for name in needed if not headers.get(name)]
            raise ParseError(f"missing {', '.join(missing)}")
        sequence = _cseq(cseq)
        headers.views = {
            "via": _via(via if "," not in via else first_element(via)),
            "from": _name_addr(from_),
            "to": _name_addr(to),
            "cseq": sequence,
            "call_id": call_id.strip(" \t"),
            "contact_line": contact,
        }
        if type(message) is Request and sequence[1] != message.method:
            raise ParseError("CSeq does not name the method of the request")
        return None if length is None else parse_uint(length, 2**31, "Content-Length")
    except ParseError as error:
        fault = _fault(error.reason, error.status, message)
        fault.body_length = _plain_length(headers)
        raise fault from None


def _plain_length(headers: HeaderList) -> int | None:
    lines = headers.all("Content-Length")
    if len(set(lines)) != 1:
        return None
    try:
        return parse_uint(lines[0], 2**31, "Content-Length")
    except ParseError:
        return None


def _fault(reason: str, status: int | None, message: Message) -> ParseError:
    """An error that carries the request when it can be answered; responses are dropped."""
    if isinstance(message, Request) and _answerable(message):
        return ParseError(reason, status, message)
    return ParseError(reason, None)


def _answerable(request: Request) -> bool:
    # ACK is never answered; without any Via there is nowhere to answer to
    if request.method == "ACK":
        return False
    try:
        return bool(request.via)
    except ParseError:
        return _salvage_via(request)


def _salvage_via(request: Request) -> bool:
    """Reduce an unreadable top Via to what can be read of it, so that a 400 finds its way."""
    line = request.headers.get("Via")
    match = None if line is None else _VIA_START(line)
    if line is None or match is None:
        return False
    params = "".join(f";{part}" for part in _VIA_PARAMS(line[match.end() :]))
    request.headers.set("Via", f"SIP/2.0/{match[1]}{params}")
    try:
        return bool(request.via)
    except ParseError:
        return False
