"""Configuration: file, environment, and refusals that name the key."""

from pathlib import Path

import phonenumbers
import pytest
from pydantic import ValidationError

from emulator.config import EmulatorConfig
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Kind
from emulator.plan.profiles import PROFILES

BASE = '[sip]\ndevice_password = "x"\n'


def load(tmp_path: Path, text: str) -> EmulatorConfig:
    path = tmp_path / "pbx.toml"
    path.write_text(text)
    return EmulatorConfig.load(path)


def test_defaults_stay_on_loopback(tmp_path: Path) -> None:
    config = load(tmp_path, BASE)
    assert config.sip.host == config.console.host == config.media_address == "127.0.0.1"
    assert config.profile == "business"
    assert config.sip.tls_port is None


def test_environment_wins_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFHOOK_PBX_SIP__UDP_PORT", "5099")
    monkeypatch.setenv("OFFHOOK_PBX_SIP__DEVICE_PASSWORD", "from env")
    config = load(tmp_path, BASE + "udp_port = 5061\ntcp_port = 5062\n")
    assert (config.sip.udp_port, config.sip.tcp_port) == (5099, 5062)
    assert config.sip.password("5101") == "from env"


def test_a_password_of_its_own_and_none_in_the_repr(tmp_path: Path) -> None:
    config = load(tmp_path, BASE + '[sip.passwords]\n5101 = "secret-of-5101"\n')
    assert config.sip.password("5101") == "secret-of-5101"
    assert config.sip.password("5102") == "x"
    assert "secret-of-5101" not in repr(config)


def test_a_plan_of_its_own(tmp_path: Path) -> None:
    text = BASE + '[[extensions]]\nnumber = "20"\nname = "Tone"\nkind = "tone"\nfrequency = 800\n'
    (extension,) = load(tmp_path, text).plan
    assert (extension.kind, extension.frequency) == (Kind.TONE, 800)


def test_further_devices_of_a_number(tmp_path: Path) -> None:
    text = BASE + '[[extensions]]\nnumber = "20"\nname = "Anna"\nmore_devices = ["720"]\n'
    (extension,) = load(tmp_path, text).plan
    assert extension.device_users == ("520", "620", "720")
    for taken in ("620", "20"):
        with pytest.raises(ValidationError, match=f"{taken} is the name of two devices"):
            load(tmp_path, text.replace("720", taken))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "sip"),
        ("[sip]\n", "device_password"),
        (BASE + "nonsense = 1\n", "nonsense"),
        (BASE + 'host = "pbx.example"\n', "host"),
        (BASE + "tls_port = 5061\n", "sip"),
        (BASE + 'host = "0.0.0.0"\n', "sip"),
        (BASE + "udp_port = 70000\n", "udp_port"),
        ('profile = "avaya"\n' + BASE, "profile"),
        (BASE + "[media]\nports = [9000, 8000]\n", "ports"),
        (BASE + '[[extensions]]\nnumber = "x"\nname = "?"\n', "number"),
    ],
)
def test_what_is_refused_is_named(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        load(tmp_path, text)
    assert any(key in error["loc"] for error in caught.value.errors())


def test_a_number_twice_and_a_missing_file(tmp_path: Path) -> None:
    row = '[[extensions]]\nnumber = "20"\nname = "a"\n'
    with pytest.raises(ValidationError, match="20 is there twice"):
        load(tmp_path, BASE + row + row)
    with pytest.raises(FileNotFoundError):
        EmulatorConfig.load(tmp_path / "nothing.toml")


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_profile_has_the_demo_numbers(name: str) -> None:
    plan = DialPlan(PROFILES[name].extensions)
    kinds = {number: plan.extension(number).kind for number in ("101", "710", "712", "199")}
    assert kinds == {
        "101": Kind.USER,
        "710": Kind.SPEAKER,
        "712": Kind.BUSY,
        "199": Kind.VOICEMAIL,
    }


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_no_extension_is_an_emergency_number(name: str) -> None:
    """The gateway lets those pass its limits, and nobody should get used to dialling one."""
    for extension in PROFILES[name].extensions:
        assert not phonenumbers.connects_to_emergency_number(extension.number, "DE")


def test_numbers_and_devices_reach_their_extension() -> None:
    plan = DialPlan(PROFILES["business"].extensions)
    for dialled in ("101", "1 0-1", "5101", "6101"):
        found = plan.resolve(dialled)
        assert found is not None and found.number == "101"
    for unknown in ("", "5110", "7101", "+101", "199x"):
        assert plan.resolve(unknown) is None
    assert plan.voicemail().number == "199"
    assert sorted(plan.devices())[:2] == ["5101", "5102"]
