"""How each platform writes devices and calls, and reads them back."""

from __future__ import annotations

import pytest

from emulator.csta.names import Names
from emulator.csta.quirks import QUIRKS
from emulator.plan.dialplan import DialPlan
from emulator.plan.model import Extension, Kind
from emulator.plan.profiles import ProfileName
from emulator.switch.model import SwitchError
from protocols.csta.device_names import parse_device

PLAN = (
    Extension(number="101", name="Anna <König>; Chefin"),
    Extension(number="710", name="Speaker", kind=Kind.SPEAKER),
)
PROFILES: tuple[ProfileName, ...] = ("business", "voice", "os4000")


def names(profile: ProfileName) -> Names:
    return Names(QUIRKS[profile], DialPlan(PLAN, hidden_lines=profile == "os4000"))


@pytest.mark.parametrize(
    ("profile", "device", "connection", "event"),
    [
        ("business", "5101", "N<101/5101>", "N<101/5101>Anna König Chefin"),
        ("business", "6101", "N<101/6101>", "N<101/6101>Anna König Chefin"),
        ("business", "710", "N<710>", "N<710>Speaker"),
        ("business", "0555", "N<0555>", "N<0555>"),
        ("voice", "5101", "101", "N<101>Anna König Chefin;displayNumber=101;noa=nk"),
        (
            "voice",
            "6101",
            "<101>;ond=6101;epid=SC6101",
            "N<101>Anna König Chefin;ond=6101;epid=SC6101",
        ),
        ("voice", "0555", "0555", "N<0555>;displayNumber=0555;noa=nk"),
        ("os4000", "5101", "101", "N<101>Anna König Chefin;displayNumber=101;noa=nk"),
        ("os4000", "6101", "<101>;ond=aux", "N<101>Anna König Chefin;ond=aux"),
        ("os4000", "0555", "0555", "N0555"),
    ],
)
def test_what_is_written(profile: ProfileName, device: str, connection: str, event: str) -> None:
    writer = names(profile)
    assert writer.device_id(device) == connection
    assert writer.device(device).identifier == event
    assert parse_device(event).number == parse_device(connection).number


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("device", ["5101", "6101"])
def test_what_was_written_is_understood(profile: ProfileName, device: str) -> None:
    reader = names(profile)
    named = reader.named(reader.device_id(device))
    assert named.extension.number == "101"
    # on Voice and 4000 a number without `ond` means the desk phone: the number as such
    assert named.device in (device, None if device == "5101" else device)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_number_means_no_device_of_it(profile: ProfileName) -> None:
    assert names(profile).named("N<101>Anna").device is None
    assert names(profile).monitored("101").number == "101"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("text", ["5101", "6101", "710", "999", "", "N<101/5555>", "<101>;ond=9"])
def test_what_cannot_be_monitored(profile: ProfileName, text: str) -> None:
    with pytest.raises(SwitchError) as refused:
        names(profile).monitored(text)
    assert refused.value.reason == "invalidDeviceID"


def test_the_auxiliary_line_is_never_named() -> None:
    writer = names("os4000")
    assert "6101" not in writer.device_id("6101") + writer.device("6101").identifier
    with pytest.raises(SwitchError):
        writer.named("<101>;ond=6101")


def test_a_call_keeps_its_id_but_for_the_first_byte_when_it_is_transferred() -> None:
    writer = names("voice")
    first = writer.call_id("0000002A")
    assert (len(first), first[:6], first[-8:]) == (32, "FF0001", "0000002A")
    for index, byte in enumerate(("03", "04", "05")):
        writer.renamed(f"{42 + index:08X}", f"{43 + index:08X}")
        moved = writer.call_id(f"{43 + index:08X}")
        assert moved == byte + first[2:]
        assert writer.switch_call(moved) == f"{43 + index:08X}"


def test_calls_that_are_over_are_forgotten() -> None:
    writer = names("voice")
    written = writer.call_id("0000002A")
    writer.forget({"0000002B"})
    assert writer.switch_call(written) == written
    assert names("business").call_id("0000002A") == "0000002A"
