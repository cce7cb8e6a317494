"""Configuration: file, environment, and faults that say what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.config import GatewayConfig

TOML = """
public_url = "https://phone.example"
origins = ["https://intranet.example/"]
[http]
port = 9000
[turn]
urls = ["turn:turn.example:3478?transport=udp"]
secret = "from-file"
[sip_edge]
cert = "edge.pem"
key = "edge.key"
"""


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(TOML)
    monkeypatch.setenv("OFFHOOK_GATEWAY_HTTP__PORT", "9001")
    monkeypatch.setenv("OFFHOOK_GATEWAY_TURN__SECRET", "from-env")
    config = GatewayConfig.load(file)
    assert config.http.port == 9001 and config.http.host == "127.0.0.1"
    assert config.turn.secret is not None
    assert config.turn.secret.get_secret_value() == "from-env"
    assert config.turn.urls == ("turn:turn.example:3478?transport=udp",)
    assert config.allowed_origins == ("https://phone.example", "https://intranet.example")
    assert "from-env" not in repr(config)


def test_without_a_file_the_defaults_are_loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFHOOK_GATEWAY_SIP_EDGE__CERT", "edge.pem")
    monkeypatch.setenv("OFFHOOK_GATEWAY_SIP_EDGE__KEY", "edge.key")
    config = GatewayConfig.load(None)
    assert config.http.host == config.sip_edge.host == config.metrics.host == "127.0.0.1"
    assert config.sip_edge.port == 65061


def test_the_metrics_listener_can_be_switched_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(TOML + '[metrics]\nport = "off"\n')
    assert GatewayConfig.load(file).metrics.port is None
    file.write_text(TOML)
    monkeypatch.setenv("OFFHOOK_GATEWAY_METRICS__PORT", "off")
    assert GatewayConfig.load(file).metrics.port is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("prot = 1", "prot"),
        ("", "sip_edge"),
        ("[sip_edge]\nport = 1", "sip_edge.cert"),
        ("[http]\nprot = 1", "http.prot"),
        ("[http]\nport = 70000", "http.port"),
        ("[http]\ntls_port = 443", "http"),
        ('[http]\ntrusted_proxies = ["10.0.0.1/8/8"]', "http.trusted_proxies"),
        ('[turn]\nurls = ["turn:x"]', "turn"),
        ('[turn]\nurls = ["http://x"]\nsecret = "s"', "turn.urls"),
        ("[auth]\naccess_ttl = 601", "auth.access_ttl"),
        ('public_url = "phone.example"', "public_url"),
        ('public_url = "https://phone.example/app"', "public_url"),
        ('origins = ["*"]', "origins"),
        ('origins = ["https://u:p@x"]', "origins"),
        ("[realtime]\nsession_check = 6", "realtime.session_check"),
    ],
)
def test_a_fault_names_its_key(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "gateway.toml"
    file.write_text(text)
    with pytest.raises(ValidationError) as caught:
        GatewayConfig.load(file)
    places = [".".join(map(str, error["loc"])) for error in caught.value.errors()]
    assert any(place.startswith(key) for place in places), places


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.toml"):
        GatewayConfig.load(tmp_path / "none.toml")
