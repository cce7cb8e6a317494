"""What the portal shows of values that the gateway names: each has its words there."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from gateway.features.call_control.service import VERBS
from gateway.features.people.erasing import tables

ROOT = Path(__file__).resolve().parents[3]
WORDS = json.loads((ROOT / "admin/src/i18n/en.json").read_text(encoding="utf-8"))
#: How services hand an act on to the audit.
WRITERS = {"record", "_record", "_told"}


def written() -> Iterator[str]:
    for file in (ROOT / "gateway").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr not in WRITERS:
                continue
            for given in node.args:
                if isinstance(given, ast.Constant) and "." in str(given.value):
                    yield str(given.value)


def test_each_act_has_its_words() -> None:
    acts = {*written(), *(f"call.{verb}" for verb in VERBS)}
    assert {"person.create", "webhook.stop", "call.hold"} <= acts
    assert sorted(act for act in acts if f"audit.{act}" not in WORDS) == []


def test_what_is_kept_of_a_person_has_its_words() -> None:
    kinds = {str(model.__tablename__) for model in tables()}
    assert {"device", "one_time_token"} <= kinds
    assert sorted(kind for kind in kinds if f"kept.{kind}" not in WORDS) == []
