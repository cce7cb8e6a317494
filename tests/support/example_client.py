"""The client of the documentation, as whoever copies it has it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

_FILE = Path(__file__).parents[2] / "docs" / "examples" / "python" / "offhook_client.py"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("offhook_client", _FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["offhook_client"] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


example = _load()
Client = example.Client
Refused = example.Refused
is_genuine = example.is_genuine
