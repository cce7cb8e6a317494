"""Every command of the guide for developers, run as it stands against a gateway."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.permissions import KEY_SCOPES
from gateway.ports import CommandResult
from gateway.storage.folding import email_hash
from gateway.storage.models import LoginIndex, User
from tests.support.callers import key
from tests.support.gateway_platform import Bench, open_bench

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guides" / "developer.md").read_text()


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        opened.calls.answer = lambda _: CommandResult()
        anna = opened.demo.users["anna@example.test"]
        async with opened.gateway.features.storage.write(opened.demo.tenant_id) as db:
            await db.update(User, User.id == anna, email="anna@example.com")
            tenant, address = opened.demo.tenant_id, email_hash("anna@example.com")
            await db.add_index(LoginIndex(email_hash=address, tenant_id=tenant, user_id=anna))
        yield opened


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)


async def ran(bench: Bench, folder: Path, *command: str) -> str:
    scopes = await key(bench, KEY_SCOPES)
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "OFFHOOK": f"{bench.base}/api/v1",
            "OFFHOOK_KEY": scopes,
            "PYTHONPATH": str(ROOT / "docs" / "examples" / "python"),
            "NO_PROXY": "*",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    text = out.decode()
    assert process.returncode == 0, f"{text}\n{err.decode()}"
    return text


async def test_the_commands_of_the_guide_do_what_it_says(bench: Bench, tmp_path: Path) -> None:
    lines = "\n".join(blocks("sh")).splitlines()
    script = "\n".join(line for line in lines if not line.startswith("export "))
    (tmp_path / "guide.sh").write_text(f"set -euo pipefail\n{script}\n")
    told = await ran(bench, tmp_path, "bash", str(tmp_path / "guide.sh"))
    # The refusals that it wants to show, and no others.
    assert re.findall(r'"code": ?"(\w+)"', told) == ["person_unknown"], told
    assert "changed_meanwhile" in told and "\nSales\n" in told
    first, second = re.findall(r"^[0-9a-f-]{36}$", told, re.M)[:2]
    assert first == second  # one effect, one answer
    assert re.search(r"(?im)^ratelimit-policy: .*q=\d+;w=60", told)
    assert '"ok":true' in told and "event: ready" in told
    assert "\ncreated\n" in told and "\napplying\n" in told
    assert '"state":"done"' in told and '"sent":2' in told
    assert '"totalResults":1' in told.replace(" ", "") and '"created":1' in told, told

    (code,) = blocks("python")
    (tmp_path / "guide.py").write_text(code)
    told = await ran(bench, tmp_path, sys.executable, str(tmp_path / "guide.py"))
    assert "404 person_unknown" in told and "Dora Lind new" in told, told


def test_every_scope_is_explained() -> None:
    table = GUIDE.split("| scope | lets a key |", 1)[1].split("\n\n", 1)[0]
    assert set(re.findall(r"`([a-z_.]+)`", table)) - {"/provisioning"} == {
        scope.value for scope in KEY_SCOPES
    }
