"""From bytes to text: what Excel and its friends write, and nothing that is packed (pure)."""

from __future__ import annotations

import codecs

from gateway.uploads.faults import FileFault

_PACKED = {
    b"PK\x03\x04": "This is a ZIP file or an Excel workbook: save it as CSV",
    b"PK\x05\x06": "This is a ZIP file or an Excel workbook: save it as CSV",
    b"\x1f\x8b": "This is packed with gzip: unpack it first",
    b"BZh": "This is packed with bzip2: unpack it first",
    b"\xfd7zXZ\x00": "This is packed with xz: unpack it first",
    b"(\xb5/\xfd": "This is packed with zstd: unpack it first",
    b"7z\xbc\xaf": "This is packed with 7-Zip: unpack it first",
    b"Rar!": "This is packed with RAR: unpack it first",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook: save it as CSV",
    b"%PDF": "This is a PDF: a CSV or JSON file is needed",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "cp1252": "cp1252"}


def decode(raw: bytes, wanted: str) -> tuple[str, str]:
    """The text and its encoding; ``wanted``: ``auto`` or one of :data:`ENCODINGS`."""
    for start, words in _PACKED.items():
        if raw.startswith(start):
            raise FileFault("file_packed", words)
    mark = next((one for one in _MARKS if raw.startswith(one[0])), None)
    if mark is not None:
        return _decoded(raw[len(mark[0]) :], mark[1]), mark[1]
    if not raw.strip():
        raise FileFault("file_empty", "There is nothing in this file")
    if wanted != "auto":
        return _decoded(raw, ENCODINGS[wanted]), ENCODINGS[wanted]
    unmarked = _unmarked_utf16(raw)
    if unmarked is not None:
        return _decoded(raw, unmarked), unmarked
    try:
        return _decoded(raw, "utf-8"), "utf-8"
    except FileFault:
        return _decoded(raw, "cp1252"), "cp1252"


def _unmarked_utf16(raw: bytes) -> str | None:
    """Headings are mostly ASCII: every other byte is NUL."""
    head = raw[:200]
    if head[1::2].count(0) * 2 > len(head[1::2]):
        return "utf-16-le"
    if head[0::2].count(0) * 2 > len(head[0::2]):
        return "utf-16-be"
    return None


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        row = _lines(raw[: error.start], encoding)
        words = f"These are no characters of {encoding}"
        raise FileFault("file_encoding", words, row) from None
    if "\0" in text:
        row = text[: text.index("\0")].count("\n") + 1
        raise FileFault("file_binary", "This is not a text file", row)
    if not text.strip():
        raise FileFault("file_empty", "There is nothing in this file")
    return text


def _lines(before: bytes, encoding: str) -> int:
    return before.decode(encoding, errors="ignore").count("\n") + 1
