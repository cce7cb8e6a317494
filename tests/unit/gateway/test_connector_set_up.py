"""What the portal gives to set a connector up: its file, the line for the shell, the service."""

from __future__ import annotations

import configparser
import os
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

from connector.config import ConnectorConfig
from gateway.features.connector_page.config_file import (
    FILE_NAME,
    FOLDER,
    config_file,
    install_command,
)
from gateway.storage.models import Site

KEY = "ohc_the-key-of-this-site"
UNIT = Path(__file__).resolve().parents[3] / "infra/systemd/offhook-connector.service"


def _program(folder: Path, name: str, text: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def test_the_line_puts_file_and_key_where_the_connector_looks(tmp_path: Path) -> None:
    etc, state, programs, home = (tmp_path / name for name in ("etc", "state", "bin", "home"))
    programs.mkdir()
    home.mkdir()
    _program(programs, "sudo", 'exec "$@"')
    _program(programs, "offhook", f'echo "$@" > {tmp_path}/started')
    site = Site(tenant_id="t", name='Head "office"\n[x]', profile="business")
    text = config_file(site, "https://cloud.example.com")
    (home / FILE_NAME).write_text(text.replace(FOLDER, str(etc)))
    line = install_command().replace(FOLDER, str(etc)).replace("/var/lib/offhook", str(state))
    assert "\n" not in line
    subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=home,
        input=f"{KEY}\n",
        text=True,
        check=True,
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        timeout=20,
    )
    assert (tmp_path / "started").read_text().split() == [
        "connector",
        "--config",
        f"{etc}/{FILE_NAME}",
    ]
    key = etc / "connector.key"
    assert key.read_text().strip() == KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(etc.stat().st_mode) == stat.S_IMODE(state.stat().st_mode) == 0o700
    settings = ConnectorConfig(**tomllib.loads((etc / FILE_NAME).read_text()))
    assert settings.gateway.url == "https://cloud.example.com"
    assert settings.gateway.api_key_file == key


def test_the_service_starts_what_the_line_has_put_there() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(UNIT)
    start = unit["Service"]["ExecStart"].split()
    assert start[1:] == ["connector", "--config", f"{FOLDER}/{FILE_NAME}"]
    assert f"/var/lib/{unit['Service']['StateDirectory']}/" in config_file(
        Site(tenant_id="t", name="x", profile="business"), "https://x.example"
    )
    waits = ConnectorConfig.model_fields["drain_timeout"].default
    assert float(unit["Service"]["TimeoutStopSec"]) > waits
    if not Path("/usr/bin/systemd-analyze").exists():  # not every machine has systemd
        return
    found = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(UNIT)],
        capture_output=True,
        text=True,
        timeout=20,
    )
    faults = [line for line in found.stderr.splitlines() if "is not executable" not in line]
    assert not [line for line in faults if UNIT.name in line], found.stderr


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "#"])
def test_a_site_s_name_adds_no_line_to_the_file(name: str) -> None:
    site = Site(tenant_id="t", name=name, profile="business")
    assert "profile" in tomllib.loads(config_file(site, "https://x.example"))
