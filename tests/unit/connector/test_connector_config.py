"""Configuration: precedence, refusals, and the installation's id."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from pydantic import ValidationError

from connector.config import ConnectorConfig, GatewayLink
from connector.instance import InstanceFileError, load_or_create
from connector.lines import LineConfig, compare, parse_lines
from connector.uplink.session import GatewayApi, SessionError, parse_grant

TOML = """
profile = "voice"
[gateway]
url = "https://gw.example.com/"
api_key = "gwc_file"
[pbx]
host = "10.0.0.5"
transport = "tls"
media = "sdes"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "connector.toml"
    path.write_text(TOML)
    return path


def test_file_and_defaults(file: Path) -> None:
    config = ConnectorConfig.load(file)
    assert config.profile == "voice"
    assert config.gateway.url == "https://gw.example.com"
    assert config.gateway.read_key() == "gwc_file"
    assert config.pbx.effective_port == 5061
    assert "gwc_file" not in repr(config)


def test_environment_wins(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFHOOK_CONNECTOR_GATEWAY__API_KEY", "gwc_env")
    monkeypatch.setenv("OFFHOOK_CONNECTOR_PBX__PORT", "5555")
    config = ConnectorConfig.load(file)
    assert config.gateway.read_key() == "gwc_env"
    assert config.pbx.effective_port == 5555


def test_key_from_a_file_is_read_each_time(tmp_path: Path, file: Path) -> None:
    key = tmp_path / "key"
    key.write_text("gwc_one\n")
    file.write_text(TOML.replace('api_key = "gwc_file"', f'api_key_file = "{key}"'))
    config = ConnectorConfig.load(file)
    assert config.gateway.read_key() == "gwc_one"
    key.write_text("gwc_two\n")
    assert config.gateway.read_key() == "gwc_two"


async def test_a_key_file_that_is_not_there_is_a_matter_of_the_key(tmp_path: Path) -> None:
    """Not of the network: the operator would look for the fault in the wrong place."""
    link = GatewayLink(url="https://gw.example.com", api_key_file=tmp_path / "lost")
    api = GatewayApi(link, instance=str(uuid.uuid4()), version="0", profile="voice")
    with pytest.raises(SessionError, match="lost") as caught:
        await api.open_session()
    assert caught.value.layer == "key"
    await api.aclose()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('profile = "voice"', 'profile = "other"', "profile"),
        ('profile = "voice"', 'profil = "voice"', "profil"),
        ("https://gw.example.com/", "http://gw.example.com/", "gateway.url"),
        ("https://gw.example.com/", "gw.example.com", "gateway.url"),
        ('api_key = "gwc_file"', "", "gateway"),
        ('api_key = "gwc_file"', 'api_key = "a"\napi_key_file = "b"', "gateway"),
        ('transport = "tls"', 'transport = "udp"', "pbx"),
        ('host = "10.0.0.5"', 'host = "10.0.0.5"\nport = 70000', "pbx.port"),
        (
            'media = "sdes"',
            'media = "sdes"\n[media]\nrtp_ports = [40000, 30000]',
            "media.rtp_ports",
        ),
        ('media = "sdes"', 'media = "sdes"\n[media]\nadvertise = ["nowhere"]', "media.advertise"),
    ],
)
def test_refused(file: Path, old: str, new: str, where: str) -> None:
    file.write_text(TOML.replace(old, new))
    with pytest.raises(ValidationError) as caught:
        ConnectorConfig.load(file)
    assert ".".join(str(part) for part in caught.value.errors()[0]["loc"]) == where


def test_plain_http_is_for_this_machine_only(file: Path) -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:80"):
        file.write_text(TOML.replace("https://gw.example.com/", f"http://{host}"))
        assert ConnectorConfig.load(file).gateway.url == f"http://{host}"


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ConnectorConfig.load(tmp_path / "nowhere.toml")


def test_the_installation_keeps_its_id(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "instance"
    first = load_or_create(path)
    assert str(uuid.UUID(first)) == first
    assert load_or_create(path) == first
    assert [p.name for p in path.parent.iterdir()] == ["instance"]
    path.write_text("garbage")
    with pytest.raises(InstanceFileError):
        load_or_create(path)


def line(line_id: str, password: str = "p") -> LineConfig:
    return LineConfig(line_id, "6101", password)


def test_changes_of_lines() -> None:
    changes = compare([line("a"), line("b"), line("c")], [line("b"), line("c", "new"), line("d")])
    assert [x.line_id for x in changes.added] == ["d"]
    assert [x.line_id for x in changes.removed] == ["a"]
    assert [x.line_id for x in changes.changed] == ["c"]
    assert "'p'" not in repr(line("a"))


GRANT = {
    "token": "abc.def",
    "expires_in": 600,
    "site": {"id": "s1", "country": "de"},
    "service_domain": "offhook.invalid",
    "edges": [{"host": "e1", "port": 65061}],
    "config_version": 3,
    "lines": [{"line_id": "l", "auth_user": "u", "auth_password": "p", "more": 1}],
}


def test_the_gateways_answer() -> None:
    grant = parse_grant(GRANT)
    assert grant.site.host == "s1.offhook.invalid"
    assert grant.site.numbers == {"country": "de"}
    assert grant.site.lines[0].extension == "u"
    assert "abc.def" not in repr(grant)
    assert parse_grant({**GRANT, "site": "s2"}).site.site_id == "s2"


@pytest.mark.parametrize(
    "change",
    [
        {"token": "a b"},
        {"token": "a\r\nX: y"},
        {"token": ""},
        {"edges": []},
        {"lines": [{"line_id": "l"}]},
        {"site": {}},
        {"lines": GRANT["lines"] * 2},  # type: ignore[operator]
    ],
)
def test_unusable_answers(change: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        parse_grant({**GRANT, **change})
    with pytest.raises(KeyError):
        parse_lines([{}])
