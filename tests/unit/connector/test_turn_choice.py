"""Which relay of the gateway's offer the connector uses."""

from __future__ import annotations

import pytest

from connector.turn import choose, parse_stun

OFFER = {
    "urls": [
        "stun:turn.example.com",
        "turn:turn.example.com:3478?transport=udp",
        "turn:turn.example.com?transport=tcp",
        "turns:[2001:db8::1]:443?transport=tcp",
    ],
    "username": "1700000000:site-1",
    "credential": "secret",
}


@pytest.mark.parametrize(
    ("wanted", "host", "port", "transport", "tls"),
    [
        ("udp", "turn.example.com", 3478, "udp", False),
        ("tcp", "turn.example.com", 3478, "tcp", False),
        ("tls", "2001:db8::1", 443, "tcp", True),
    ],
)
def test_by_transport(wanted: str, host: str, port: int, transport: str, tls: bool) -> None:
    server = choose(OFFER, wanted, only=True)
    assert server is not None
    assert (server.host, server.port, server.transport, server.tls) == (host, port, transport, tls)
    assert (server.username, server.password) == ("1700000000:site-1", "secret")
    assert server.relay_only


def test_defaults_of_the_url_and_nothing_that_fits() -> None:
    server = choose({"urls": ["turns:h"]}, "tls", only=False)
    assert server is not None
    assert (server.port, server.transport) == (5349, "tcp")
    assert choose({"urls": ["turn:h"]}, "tls", only=False) is None
    assert choose({"urls": ["turn:h:x", "http://h"]}, "udp", only=False) is None
    assert choose({"urls": ["turn:h:70000"]}, "udp", only=False) is None
    assert choose({}, "udp", only=False) is None


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("stun:turn.example.com", ("turn.example.com", 3478)),
        ("stun:turn.example.com:5000", ("turn.example.com", 5000)),
        ("stun:[2001:db8::1]:3479", ("2001:db8::1", 3479)),
        ("stun:[2001:db8::1]", ("2001:db8::1", 3478)),
        ("stun:turn.example.com?transport=udp", None),
        ("stun:turn.example.com:70000", None),
        ("turn:turn.example.com", None),
    ],
)
def test_the_server_of_a_stun_url(url: str, server: tuple[str, int] | None) -> None:
    assert parse_stun(url) == server
