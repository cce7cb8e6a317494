"""What the gateway takes out of diagnostics; the page does the same by the same corpus."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.credentials import api_key
from gateway.features.diagnostics.redaction import MAX_DEPTH, REMOVED, Redaction

ROOT = Path(__file__).parents[4]
CORPUS = json.loads((ROOT / "sdk/src/diagnostics/redaction.cases.json").read_text())


@pytest.mark.parametrize("case", CORPUS["cases"], ids=lambda case: json.dumps(case["in"])[:60])
def test_the_corpus(case: dict[str, Any]) -> None:
    redaction = Redaction()
    assert redaction.of(case["in"]) == case["out"]
    assert (redaction.count > 0) == (case["in"] != case["out"])


@pytest.mark.parametrize("case", CORPUS["secrets_only"], ids=lambda case: json.dumps(case["in"]))
def test_with_names_secrets_go_all_the_same(case: dict[str, Any]) -> None:
    assert Redaction(people=False).of(case["in"]) == case["out"]


WORDS = st.text("ab @:.-/=\"'", max_size=6)


@given(WORDS, WORDS, st.sampled_from(["key", "jwt", "number", "email", "one-time"]))
def test_a_secret_is_found_wherever_it_stands(before: str, after: str, kind: str) -> None:
    secret = {
        "key": KEY,
        "jwt": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "number": "+498955501234",
        "email": "anna.koenig@example.test",
        "one-time": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b.Zm9vYmFyYmF6cXV4Zm9v",
    }[kind]
    said = json.dumps(Redaction().of({"log": [{"now": f"{before} {secret} {after}"}]}))
    assert secret not in said and secret[:-2] not in said


KEY = api_key.new_key().text


def test_what_is_too_deep_is_cut() -> None:
    value: Any = "bottom"
    for _ in range(200):
        value = {"a": [value]}
    text = json.dumps(Redaction().of(value))
    assert "bottom" not in text and REMOVED in text
    assert text.count("[{") <= MAX_DEPTH


@pytest.mark.parametrize(
    "piece",
    ["1 ", "a", "a-", "eyJ", "a://", "1:", "token", "@", "(", "gwc_", "a@", "1.", "Bearer ", "=-"],
)
def test_no_text_is_slow_to_read(piece: str) -> None:
    """Twice the text takes twice the time, not four times."""

    def seconds(size: int) -> float:
        began = time.process_time()
        Redaction().text(piece * (size // len(piece)))
        return time.process_time() - began

    assert seconds(250_000) < 2.0
