"""`offhook operator` and `offhook tenant`, as an operator types them."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col
from typer.testing import CliRunner

from gateway.config import GatewayConfig
from gateway.storage.storage import Storage
from gateway.storage.tables.audit import AuditEntry
from offhook.cli import app


class Shell:
    def __init__(self, folder: Path) -> None:
        self.config = folder / "gateway.toml"
        self.config.write_text(
            f'database_url = "sqlite+aiosqlite:///{folder}/gateway.sqlite3"\n'
            f'secrets_dir = "{folder}/secrets"\n'
            'public_url = "https://phone.example.test"\n'
            '[sip_edge]\ncert = "edge.pem"\nkey = "edge.key"\n'
        )

    def run(self, *words: str, status: int = 0) -> str:
        result = CliRunner().invoke(app, [*words, "--config", str(self.config)])
        assert result.exit_code == status, (result.output, result.exception)
        return result.output

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--json"))

    def audit(self, tenant_id: str) -> list[AuditEntry]:
        async def read() -> list[AuditEntry]:
            config = GatewayConfig.load(self.config)
            storage = await Storage.open(*config.databases)
            try:
                async with storage.read(tenant_id) as db:
                    return await db.find(AuditEntry, order_by=[col(AuditEntry.number)])
            finally:
                await storage.aclose()

        return asyncio.run(read())


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_from_the_first_operator_to_the_end_of_a_tenant(shell: Shell, tmp_path: Path) -> None:
    first = shell.json("operator", "create", "olga@platform.test", "--name", "Olga")
    assert first["mail"] == "not_configured"
    assert first["link"].startswith("https://phone.example.test/welcome#token=")
    made = shell.json(
        "tenant", "invite", "Neue GmbH", "nora@neue.test", "--licences", "5", "--by", "Olga"
    )
    assert made["link"].startswith("https://phone.example.test/welcome#token=")
    views = {view["name"]: view for view in shell.json("tenant", "list")}
    assert views["Platform"]["kind"] == "platform"
    assert (views["Neue GmbH"]["status"], views["Neue GmbH"]["licences"]) == ("invited", 5)
    assert shell.json("tenant", "quotas", "Neue GmbH", "--calls", "3")["quotas"] == {"calls": 3}
    assert shell.json("tenant", "quotas", "Neue GmbH", "--licences", "9")["quotas"] == {"calls": 3}
    suspended = shell.json("tenant", "suspend", "Neue GmbH", "--why", "unpaid")
    assert (suspended["status"], suspended["suspended_why"]) == ("suspended", "unpaid")
    assert shell.json("tenant", "resume", made["tenant_id"])["status"] == "invited"
    file = tmp_path / "export.zip"
    assert shell.json("tenant", "export", "Neue GmbH", str(file))["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600
    people = zipfile.ZipFile(file).read("user_account.jsonl").decode()
    assert "nora@neue.test" in people
    deleted = shell.json("tenant", "delete", "Neue GmbH", "--confirm", "Neue GmbH")
    assert deleted["status"] == "deleting" and deleted["delete_after"]
    entries = shell.audit(made["tenant_id"])
    assert [(entry.action, entry.actor_kind) for entry in entries if entry.target == "tenant"] == [
        ("tenant.create", "operator"),
        ("tenant.agree", "operator"),
        ("tenant.agree", "operator"),
        ("tenant.suspend", "operator"),
        ("tenant.resume", "operator"),
        ("tenant.export", "operator"),
        ("tenant.delete", "operator"),
    ]
    assert entries[0].actor_name == "Olga"
    platform = shell.audit(views["Platform"]["id"])
    assert {entry.action for entry in platform} >= {"tenant.create", "tenant.suspend"}


def test_every_quota_can_be_set_and_taken_back(shell: Shell) -> None:
    shell.json("tenant", "invite", "Neue GmbH", "nora@neue.test", "--licences", "5")
    more = ("--storage-mb", "100", "--requests-per-minute-each", "60", "--calls", "3")
    set_to = shell.json("tenant", "quotas", "Neue GmbH", *more)
    wanted = {"storage_mb": 100, "requests_per_minute_each": 60, "calls": 3}
    assert (set_to["quotas"], set_to["licences"]) == (wanted, 5)
    back = shell.json("tenant", "quotas", "Neue GmbH", "--calls", "any", "--licences", "any")
    assert back["quotas"] == {"storage_mb": 100, "requests_per_minute_each": 60}
    assert back["licences"] is None
    for wrong in ("0", "-1", "many", "1.5"):
        assert "--calls" in shell.run("tenant", "quotas", "Neue GmbH", f"--calls={wrong}", status=2)


def test_an_export_that_cannot_be_is_told_to_nobody(shell: Shell, tmp_path: Path) -> None:
    made = shell.json("tenant", "invite", "Neue GmbH", "nora@neue.test")
    file = tmp_path / "export.zip"
    file.write_text("somebody's")
    assert "is there already" in shell.run("tenant", "export", "Neue GmbH", str(file), status=1)
    assert file.read_text() == "somebody's"
    assert "tenant.export" not in {entry.action for entry in shell.audit(made["tenant_id"])}


def test_a_second_invitation_goes_to_the_same_tenant(shell: Shell) -> None:
    first = shell.json("tenant", "invite", "Neue GmbH", "nora@neue.test")
    again = shell.json("tenant", "invite", "Neue GmbH", "nora@neue.test")
    other = shell.json("tenant", "invite", "Neue GmbH", "nils@neue.test")
    assert first["tenant_id"] == again["tenant_id"] == other["tenant_id"]
    assert first["link"] != again["link"]
    assert shell.json("tenant", "show", "Neue GmbH")["users"] == 2


def test_refusals_say_why_and_end_with_one(shell: Shell) -> None:
    assert "no tenant 'Nobody'" in shell.run("tenant", "show", "Nobody", status=1)
    assert "not an e-mail address" in shell.run("tenant", "invite", "A", "nonsense", status=1)
    assert shell.json("tenant", "list") == []
    shell.json("tenant", "invite", "Neue GmbH", "nora@neue.test")
    wrong = shell.run("tenant", "delete", "Neue GmbH", "--confirm", "Neue", status=1)
    assert "not the tenant's name" in wrong
    taken = shell.run("tenant", "invite", "Other", "nora@neue.test", status=1)
    assert "email_taken" in taken


def test_what_people_read_has_no_secret_unless_it_is_needed(shell: Shell) -> None:
    shell.config.write_text(shell.config.read_text() + '[mail]\nhost = "mail.example.test"\n')
    said = shell.run("tenant", "invite", "Neue GmbH", "nora@neue.test")
    assert "A letter to nora@neue.test" in said and "token=" not in said
    assert "token=" in shell.run("tenant", "invite", "Neue GmbH", "nora@neue.test", "--link")
    assert "Neue GmbH" in shell.run("tenant", "list")


@pytest.mark.parametrize(
    "command", ["invite", "list", "show", "suspend", "resume", "delete", "quotas", "export"]
)
def test_every_command_explains_itself(command: str) -> None:
    result = CliRunner().invoke(app, ["tenant", command, "--help"])
    assert result.exit_code == 0 and "--config" in result.output and "--json" in result.output
