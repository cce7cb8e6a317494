"""What a phone can be told to say."""

import pytest

from emulator.phones.phone import PhoneError, source_named


@pytest.mark.parametrize("what", ["silence", "tone", "tone:800", "speech", "prompt:echo", "echo"])
def test_sources_give_what_is_asked_for(what: str) -> None:
    source = source_named(what)
    assert len(source.read(160)) == len(source.read(160)) == 320


@pytest.mark.parametrize("what", ["", "song", "tone:20", "tone:9999", "prompt:../secret"])
def test_unknown_sources_say_why(what: str) -> None:
    with pytest.raises(PhoneError):
        source_named(what)
