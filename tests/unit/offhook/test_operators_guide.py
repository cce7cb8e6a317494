"""The guide names every key that an operator can set."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from connector.config import ConnectorConfig
from gateway.config import GatewayConfig
from settings import Settings

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "operator.md"


@pytest.mark.parametrize(
    ("kind", "chapter"), [(GatewayConfig, "## Reference"), (ConnectorConfig, "## The connector")]
)
def test_every_key_is_named_in_its_chapter(kind: type[Settings], chapter: str) -> None:
    text = GUIDE.read_text().split(f"{chapter}\n")[1].split("\n## ")[0]
    keys = []
    for name, field in kind.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel):
            keys += [f"{name}.{key}" for key in table.model_fields]
        else:
            keys.append(name)
    assert [key for key in keys if f"`{key}`" not in text] == []
