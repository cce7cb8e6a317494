"""Bytes to Message (RFC 3261 section 7, 18.3).

Strict where leniency would let two readers disagree about one message: line ends, start
line, the headers every layer routes by, and lengths. Everything else is kept as received
and judged by `validate` or by the typed view when somebody looks at it.
"""

from __future__ import annotations

import re

from protocols.sip.errors import ParseError
from protocols.sip.grammar import is_token
from protocols.sip.header_list import KEYS, HeaderList
from protocols.sip.headers_misc import parse_uint
from protocols.sip.limits import DEFAULT_LIMITS, Limits
from protocols.sip.message import Message, Request, Response

_STATUS_LINE = re.compile(r"SIP/2\.0 ([1-6][0-9]{2}) (.*)", re.IGNORECASE).fullmatch
_REQUEST_LINE = re.compile(
    r"([A-Za-z0-9\-.!%*_+`'~]+) ([^\s<>\"]+) SIP/2\.0", re.IGNORECASE
).fullmatch
_VERSION = re.compile(r"SIP/([0-9]+\.[0-9]+)", re.IGNORECASE).fullmatch
_folds = re.compile(r"[ \t]*\r\n[ \t]+")

# more than one line of these is malformed (RFC 3261 section 7.3.1, RFC 4475 section 3.3.9)
_SINGLE = ("from", "to", "call-id", "cseq", "max-forwards", "content-length", "content-type")


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
    if length is not None:
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
    text = head.decode("utf-8", "surrogateescape")
    start, _, rest = text.partition("\r\n")
    items, index, fault = _parse_lines(rest, limits)
    headers = HeaderList._from_parser(items, index)
    message = _parse_start_line(start, headers)
    if fault is not None:
        raise _fault(fault, 400, message)
    return message, _check_core(message, index)


def _parse_lines(
    text: str, limits: Limits
) -> tuple[list[tuple[str, str]], dict[str, list[str]], str | None]:
    """Header lines; a fault is told, not raised, so that a 400 can still be built."""
    items: list[tuple[str, str]] = []
    index: dict[str, list[str]] = {}
    fault: str | None = None
    if not text:
        return items, index, None
    if "\r\n " in text or "\r\n\t" in text:
        text = _folds.sub(" ", text)
    lines = text.split("\r\n")
    if len(lines) > limits.headers:
        return items, index, "too many headers"
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        fault = "stray CR or LF in the header section"
    for line in lines:
        name, colon, value = line.partition(":")
        key = KEYS.get(name)
        if key is None:
            name = name.rstrip(" \t")
            if not colon or not is_token(name):
                fault = fault or f"malformed header line {line[:60]!r}"
                continue
            key = KEYS[name]
        value = value.strip(" \t")
        items.append((name, value))
        if key in index:
            index[key].append(value)
        else:
            index[key] = [value]
    return items, index, fault


def _parse_start_line(line: str, headers: HeaderList) -> Message:
    if line[:4].upper() == "SIP/":
        match = _STATUS_LINE(line)
        if match is None:
            raise ParseError(f"malformed status line {line[:60]!r}", None)
        return Response(int(match[1]), match[2], headers)
    match = _REQUEST_LINE(line)
    if match is not None:
        return Request(match[1], match[2], headers)
    method, _, rest = line.partition(" ")
    version = line.rpartition(" ")[2]
    if not is_token(method) or not rest:
        raise ParseError("not a SIP message", None)
    partial = Request(method, rest.rpartition(" ")[0], headers)
    wrong = _VERSION(version)
    if wrong is not None and wrong[1] != "2.0":
        raise ParseError(f"version {wrong[1]} is not supported", 505, partial)
    raise ParseError("malformed request line", 400, partial)


def _check_core(message: Message, index: dict[str, list[str]]) -> int | None:
    """Type what every layer routes by; returns Content-Length."""
    try:
        for key in _SINGLE:
            lines = index.get(key)
            if lines is not None and len(lines) > 1 and len(set(lines)) > 1:
                raise ParseError(f"more than one {key}")
        message.via  # noqa: B018 - typed here so that later readers cannot fail
        message.from_  # noqa: B018
        message.to  # noqa: B018
        if not message.call_id:
            raise ParseError("empty Call-ID")
        cseq = message.cseq
        if isinstance(message, Request) and cseq.method != message.method:
            raise ParseError("CSeq does not name the method of the request")
        lines = index.get("content-length")
        if lines is None:
            return None
        return parse_uint(lines[0], 2**31, "Content-Length")
    except ParseError as error:
        fault = _fault(error.reason, error.status, message)
        fault.body_length = _plain_length(index)
        raise fault from None


def _plain_length(index: dict[str, list[str]]) -> int | None:
    lines = index.get("content-length")
    if lines is None or len(set(lines)) != 1:
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
    # ACK is never answered; without a readable Via there is nowhere to answer to
    if request.method == "ACK":
        return False
    try:
        return bool(request.via)
    except ParseError:
        return False
