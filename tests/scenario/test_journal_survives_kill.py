"""kill -9 in the middle of writing: what was acknowledged is there, once, and nothing is open."""

from __future__ import annotations

import asyncio
import random
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from gateway.bus import Bus, BusEventSink
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.journal.models import JournalQuery
from gateway.features.journal.reading import JournalReader
from gateway.features.journal.service import JournalService
from gateway.features.provisioning.service import NewUser, ProvisioningService
from gateway.ports import UserKey
from tests.support.gateway_platform import CHEAP, empty_storage
from tests.support.gateway_ports import FakeDirectory

ROOT = Path(__file__).parents[2]


async def killed_after(lines: int, url: str, user: UserKey) -> dict[str, set[str]]:
    """Run the writer, kill it after so many promises, and return what it had promised."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.journal_child",
        url,
        user.tenant_id,
        user.user_id,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout is not None
    promised: dict[str, set[str]] = defaultdict(set)
    for _ in range(lines):
        what, call_id = (await child.stdout.readline()).decode().split()
        promised[what].add(call_id)
    child.kill()
    rest = (await child.stdout.read()).decode()
    for line in rest.splitlines(keepends=True):
        if line.endswith("\n"):  # printed in full before the end
            what, call_id = line.split()
            promised[what].add(call_id)
    await child.wait()
    return promised


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_promise_is_kept(tmp_path: Path, seed: int) -> None:
    storage = await empty_storage(tmp_path)
    passwords = Passwords(hasher=CHEAP)
    provisioning = ProvisioningService(storage, Secrets.ephemeral(), passwords)
    tenant_id = await provisioning.create_tenant("T")
    user_id = await provisioning.create_user(tenant_id, NewUser("a@x.test", "A", "x" * 12))
    user = UserKey(tenant_id, user_id)
    passwords.close()
    url = storage.engine.url.render_as_string(hide_password=False)
    promised = await killed_after(random.Random(seed).randint(5, 60), url, user)
    journal = JournalService(storage, BusEventSink(Bus()))
    orphans = await journal.reap()
    assert orphans <= 1
    listed = []
    reader = JournalReader(storage, FakeDirectory())
    after = None
    while True:
        page = await reader.page(user, JournalQuery(cursor=after, limit=100))
        listed += page.items
        after = page.next_cursor
        if after is None:
            break
    by_call = {entry.call_id: entry for entry in listed}
    assert len(by_call) == len(listed)  # none twice
    assert promised["opened"] <= set(by_call)  # none lost
    for call_id in promised["answered"]:
        assert by_call[call_id].kind == "answered"
    for call_id in promised["settled"]:
        assert (by_call[call_id].reason, by_call[call_id].duration_ms) == ("hung_up", 1)
    assert sum(entry.reason == "node_failed" for entry in listed) == orphans
    await storage.aclose()
