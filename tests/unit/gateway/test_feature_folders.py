"""Features meet in ports and on the bus, never in each other's modules."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
FEATURES = ROOT / "gateway" / "features"


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_no_feature_imports_another() -> None:
    for folder in FEATURES.iterdir():
        for file in folder.glob("*.py"):
            for module in imports(file):
                other = re.match(r"gateway\.features\.(\w+)", module)
                assert other is None or other[1] == folder.name, f"{file.name}: {module}"


def test_storage_and_credentials_know_no_edge() -> None:
    for package in ("storage", "credentials"):
        for file in (ROOT / "gateway" / package).rglob("*.py"):
            wrong = [m for m in imports(file) if re.match(r"gateway\.(http|realtime|features)", m)]
            assert wrong == [], f"{file.name}: {wrong}"


def test_only_their_features_read_the_index_tables() -> None:
    allowed = {"login", "passwords", "email_change", "api_keys", "provisioning"}
    for folder in FEATURES.iterdir():
        for file in folder.glob("*.py"):
            if re.search(r"\b(LoginIndex|KeyIndex)\b", file.read_text()):
                assert folder.name in allowed, file


def test_every_feature_has_a_scenario_of_its_name() -> None:
    for folder in FEATURES.iterdir():
        if (folder / "__init__.py").exists():
            assert (ROOT / "tests" / "scenario" / f"test_{folder.name}.py").exists(), folder.name
