"""The texts of device identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.csta.device_names import DeviceName, parse_device
from protocols.csta.errors import LocalError


@pytest.mark.parametrize(
    ("text", "number", "member", "name"),
    [
        ("4989700100", "4989700100", "", ""),
        ("+4989700100", "+4989700100", "", ""),
        ("N<4989700101>Berta;displayNumber=101;noa=nk", "4989700101", "", "Berta"),
        ("N<4989700101>;noa=nk", "4989700101", "", ""),
        ("N<350/102>Berta Meyer", "350", "102", "Berta Meyer"),
        ("N<350/102>", "350", "102", ""),
        ("N<350>PreferredDevice", "350", "", "PreferredDevice"),
        ("<4989700100>;ond=4989700190;epid=WEB1", "4989700100", "", ""),
        ("N+1122334455", "+1122334455", "", ""),
        ("N1122334455", "1122334455", "", ""),
        ("tel:+4989700100;ext=100", "+4989700100", "", ""),
        ("tel:73124;phone-context=dialstring", "73124", "", ""),
        ("sip:100@192.0.2.7:5060;tel=+4989700100", "100", "", ""),
        ("N<4930555>Doe; John;displayNumber=0555", "4930555", "", "Doe; John"),
        ("Pickup Group Number 1", "Pickup Group Number 1", "", ""),
        ("", "", "", ""),
        ("N<>", "", "", ""),
        ("N<350", "N<350", "", ""),
    ],
)
def test_forms(text: str, number: str, member: str, name: str) -> None:
    read = parse_device(text)
    assert (read.number, read.member, read.name) == (number, member, name)


def test_own_devices_of_a_voice_user_tell_desk_and_client_apart() -> None:
    client = parse_device("<4989700100>;ond=4989700190;epid=WEB1")
    assert (client.desk, client.parameter("ond"), client.parameter("epid")) == (
        False,
        "4989700190",
        "WEB1",
    )
    assert parse_device("N<4989700100>;uid=FF00AA").desk
    assert parse_device("N<350>PreferredDevice").preferred


def test_no_run_of_parameters_takes_long_to_read() -> None:
    """A pattern that backtracks would need minutes for one frame."""
    text = "N<1>" + ";a=" * 20_000 + ";;"
    assert parse_device(text).number == "1"


WORD = st.text(st.characters(codec="utf-8", exclude_characters="<>/;=", categories=["L", "N"]))


@given(WORD, WORD, WORD, st.lists(st.tuples(st.sampled_from(["noa", "uid"]), WORD)))
def test_what_is_written_is_read(
    number: str, member: str, name: str, parameters: list[tuple[str, str]]
) -> None:
    made = DeviceName(number, member, name, tuple(parameters))
    assert parse_device(str(made)) == made


def test_brackets_in_a_name_are_not_written() -> None:
    with pytest.raises(LocalError):
        str(DeviceName("1", name="a<b"))


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(parse_device(text), DeviceName)
