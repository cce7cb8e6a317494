"""Reads the table of docs/features.md, and finds out from the sources what a named test runs on.

Nothing is imported: the scenarios would pull in the whole product, only to be asked for a name.
"""

from __future__ import annotations

import ast
import functools
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
PLATFORMS = ("business", "voice", "os4000")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Row:
    """``platforms``: what each of them is said to do; ``screen``: the tests in a browser."""

    ids: tuple[str, ...]
    scenarios: tuple[str, ...]
    platforms: dict[str, str]
    screen: tuple[str, ...]


def rows_below(heading: str, text: str) -> list[Row]:
    """The rows of the first table after this heading."""
    chapter = text.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in chapter.splitlines() if line.startswith("|")]
    rows = []
    for line in lines[2:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        ids, _, scenarios, business, voice, os4000, screen = cells
        rows.append(
            Row(
                tuple(re.findall(r"[A-Z]\d+", ids)),
                _tests(scenarios),
                dict(zip(PLATFORMS, (business, voice, os4000), strict=True)),
                _tests(screen),
            )
        )
    return rows


def _tests(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


@functools.cache
def _module(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def find_test(name: str) -> Function | None:
    """``scenario/test_hold.py::test_x`` or ``file::TestClass::test_x`` as it is written there."""
    file, _, function = name.partition("::")
    path = TESTS / file
    return _functions(path).get(function) if path.is_file() else None


def exists_in_web(name: str) -> bool:
    """``webapp/src/x.test.tsx::`` and words from what one of its tests is called."""
    file, _, words = name.partition("::")
    path = ROOT / file
    if not words or not path.is_file():
        return False
    called = re.findall(r"""^ *(?:it|\]\))\(\s*"([^"]+)\"""", path.read_text(), re.M)
    return any(words in title for title in called)


def platforms_of(name: str) -> set[str]:
    """What the test is parametrised over, itself or by a fixture it uses; else the usual one."""
    function = find_test(name)
    assert function is not None, name
    path = TESTS / name.partition("::")[0]
    found = _parameters(path, function, set())
    return found & set(PLATFORMS) or {"business"}


@functools.cache
def _functions(path: Path) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for node in _module(path).body:
        if isinstance(node, Function):
            found[node.name] = node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    found[f"{node.name}::{inner.name}"] = inner
    return found


def _parameters(path: Path, function: Function, seen: set[str]) -> set[str]:
    """The words in the parameters of a function's decorators and of the fixtures it asks for."""
    words: set[str] = set()
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call):
            given = [*decorator.args, *(word.value for word in decorator.keywords)]
            for value in given:
                words |= _words(path, value)
    for argument in (*function.args.args, *function.args.kwonlyargs):
        if argument.arg in seen:
            continue
        seen.add(argument.arg)
        fixture = _fixture(path, argument.arg)
        if fixture is not None:
            words |= _parameters(*fixture, seen)
    return words


def _fixture(path: Path, name: str) -> tuple[Path, Function] | None:
    """Where a fixture is written: beside the test, imported there, or in the layer's conftest."""
    places = [path, _imported_from(path, name), path.parent / "conftest.py"]
    for place in places:
        if place is not None and place.is_file() and name in _functions(place):
            return place, _functions(place)[name]
    return None


def _imported_from(path: Path, name: str) -> Path | None:
    for node in _module(path).body:
        names = node.names if isinstance(node, ast.ImportFrom) else []
        if name in {alias.asname or alias.name for alias in names}:
            assert isinstance(node, ast.ImportFrom)
            return ROOT / f"{str(node.module).replace('.', '/')}.py"
    return None


def _words(path: Path, value: ast.expr) -> set[str]:
    """The string constants in an expression; a name stands for what is assigned to it."""
    words: set[str] = set()
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        elif isinstance(node, ast.Name):
            words |= _assigned(path, node.id)
    return words


def _assigned(path: Path, name: str) -> set[str]:
    for node in _module(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            return _words(path, node.value) if node.value is not None else set()
    source = _imported_from(path, name)
    return _assigned(source, name) if source is not None and source.is_file() else set()
