"""The terms that a company's first administrator accepts, in seven languages.

An operator with terms of its own names them by ``terms.url``; these are for all others.
"""

from __future__ import annotations

from pathlib import Path

#: Changed with every change of meaning: it is what is noted as accepted.
VERSION = "2026-11"


# Read at the start: the loop must not wait for files later.
_TEXTS = {file.stem: file.read_text("utf-8") for file in Path(__file__).parent.glob("*.md")}


def text(language: str) -> str:
    """Markdown; English where there are none in the language."""
    base = language.lower().replace("_", "-").partition("-")[0]
    return _TEXTS.get(base, _TEXTS["en"])
