"""What a new operator reads when the configuration is wrong, and what nobody reads."""

from pathlib import Path

import pytest
import typer

from connector.config import ConnectorConfig
from gateway.config import GatewayConfig
from offhook.running import load_config

SMALLEST = '[sip_edge]\ncert = "edge.pem"\nkey = "edge.key"\n'
KEY = "gwc_" + "A" * 12 + "_" + "b" * 43 + "_12345678"


def refused(kind: type, text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    file = folder / "config.toml"
    file.write_text(text)
    with pytest.raises(typer.Exit) as ended:
        load_config(kind, file)
    assert ended.value.exit_code == 2
    return capsys.readouterr().err


def test_a_bad_value_names_key_value_and_what_is_allowed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(GatewayConfig, "[http]\nport = 70000\n", tmp_path, capsys)
    assert "http.port" in said and "70000" in said and "65535" in said


def test_an_unknown_key_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(GatewayConfig, "[http]\nprot = 1\n", tmp_path, capsys)
    assert "http.prot" in said and "Did you mean port?" in said


def test_an_unknown_variable_is_named_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFHOOK_GATEWAY_HTPP__PORT", "8080")
    monkeypatch.setenv("OFFHOOK_GATEWAY_HTTP__PROT", "8080")
    said = refused(GatewayConfig, "", tmp_path, capsys)
    assert "environment variable OFFHOOK_GATEWAY_HTPP__PORT:" in said
    assert "Did you mean http?" in said
    assert "environment variable OFFHOOK_GATEWAY_HTTP__PROT:" in said
    assert "Did you mean port?" in said


def test_a_bad_value_of_a_variable_names_the_variable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFHOOK_GATEWAY_HTTP__PORT", "70000")
    said = refused(GatewayConfig, "[http]\nport = 8080\n", tmp_path, capsys)
    assert "environment variable OFFHOOK_GATEWAY_HTTP__PORT:" in said and "70000" in said


def test_what_kubernetes_says_about_a_service_is_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of Services that are named offhook-gateway and offhook-gateway-sip."""
    for name, value in {
        "SERVICE_HOST": "10.0.0.1",
        "SERVICE_PORT": "443",
        "SERVICE_PORT_HTTPS": "443",
        "PORT": "tcp://10.0.0.1:443",
        "PORT_443_TCP": "tcp://10.0.0.1:443",
        "PORT_443_TCP_PROTO": "tcp",
        "PORT_443_TCP_PORT": "443",
        "PORT_443_TCP_ADDR": "10.0.0.1",
        "SIP_SERVICE_HOST": "10.0.0.2",
        "SIP_PORT": "udp://10.0.0.2:5060",
        "SIP_PORT_5060_UDP": "udp://10.0.0.2:5060",
    }.items():
        monkeypatch.setenv(f"OFFHOOK_GATEWAY_{name}", value)
    file = tmp_path / "config.toml"
    file.write_text(SMALLEST)
    assert load_config(GatewayConfig, file).http.port == 8080


def test_a_slip_that_looks_nearly_so_is_still_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFHOOK_GATEWAY_HTTP_PORT", "9000")
    said = refused(GatewayConfig, SMALLEST, tmp_path, capsys)
    assert "environment variable OFFHOOK_GATEWAY_HTTP_PORT:" in said and "http?" in said


def test_a_variable_that_cannot_be_read_says_how_to_write_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OFFHOOK_GATEWAY_ORIGINS", "https://phone.example")
    said = refused(GatewayConfig, "", tmp_path, capsys)
    assert "origins" in said and "a list is JSON" in said


def test_a_missing_key_says_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f'[gateway]\napi_key = "{KEY}"\n[pbx]\nhost = "192.0.2.9"\n'
    said = refused(ConnectorConfig, text, tmp_path, capsys)
    assert "gateway.url: required" in said and "https://" in said


def test_no_key_is_shown_when_a_table_as_a_whole_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        f'[gateway]\nurl = "https://phone.example.test"\napi_key = "{KEY}"\n'
        'api_key_file = "also-this"\n[pbx]\nhost = "192.0.2.9"\n'
    )
    said = refused(ConnectorConfig, text, tmp_path, capsys)
    assert "gateway" in said and KEY not in said


def test_no_secret_is_shown_wherever_it_was_put(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "4711" not in refused(GatewayConfig, "[turn]\nsecret = 4711\n", tmp_path, capsys)
    assert "4711" not in refused(GatewayConfig, '[turn]\nsecert = "4711"\n', tmp_path, capsys)
    swapped = f'[gateway]\nurl = "{KEY}"\napi_key = "x"\n[pbx]\nhost = "192.0.2.9"\n'
    said = refused(ConnectorConfig, swapped, tmp_path, capsys)
    assert "gateway.url" in said and "b" * 43 not in said


def test_a_file_that_is_no_toml_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "config.toml" in refused(GatewayConfig, "http = [", tmp_path, capsys)
