"""Which hosts may be named to reach the console."""

import pytest

from emulator.console.guard import host_is_ours


@pytest.mark.parametrize("host", ["127.0.0.1:8090", "localhost:1", "[::1]:8090", "10.0.0.7", "pbx"])
def test_our_own_names(host: str) -> None:
    assert host_is_ours(host, "pbx")


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test:8090", "", "127.0.0.1.nip.io"])
def test_names_of_others(host: str) -> None:
    assert not host_is_ours(host, "127.0.0.1")


def test_a_configured_origin_names_its_host() -> None:
    assert host_is_ours("pbx.lab:443", "127.0.0.1", ("https://pbx.lab",))
