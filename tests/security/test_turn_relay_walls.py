"""The relay that we ship reaches the media workers and nothing else, whoever has credentials."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aioice import stun
from aioice.turn import TurnClientUdpProtocol, create_turn_endpoint

from gateway.config import TurnConfig
from gateway.features.turn_credentials.service import TurnCredentials
from tests.support.coturn import SECRET, relay_as_configured

#: One address or more of every range that is not the public network: this host, private, shared,
#: link-local (metadata services), documentation, multicast, reserved; then public ones, which are
#: nobody's business either; then IPv6 and IPv4 written as IPv6 (CVE-2020-26262, CVE-2026-27624).
NOWHERE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.2", "127.255.255.254", "169.254.169.254"),
    *("172.16.0.1", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "1.1.1.1", "93.184.216.34"),
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"),
    *("100::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "fc00::1", "fd00::1", "fe80::1"),
    *("ff02::1", "2606:4700:4700::1111"),
]
WORKER = "192.0.2.9"
FORBIDDEN, OTHER_FAMILY = 403, 443  # RFC 8656 18.11


async def bind(relay: TurnClientUdpProtocol, number: int, host: str) -> int:
    """The error code of a ChannelBind towards that host, 0 when it was granted."""
    try:
        await relay.channel_bind(number, (host, 4000))
    except stun.TransactionFailed as failure:
        return int(failure.response.attributes["ERROR-CODE"][0])
    return 0


async def test_credentials_open_no_way_but_to_the_media_workers(tmp_path: Path) -> None:
    async with relay_as_configured(tmp_path, WORKER) as plan:
        config = TurnConfig(urls=tuple(plan.urls("localhost")), secret=SECRET)  # type: ignore[arg-type]
        issued = TurnCredentials(config).issue("anna")
        leg, _ = await create_turn_endpoint(
            asyncio.DatagramProtocol,
            (plan.address, plan.port),
            username=str(issued["username"]),
            password=str(issued["credential"]),
        )
        try:
            relay = leg._TurnTransport__inner_protocol  # the library offers no probe
            verdicts = {
                host: await bind(relay, 0x4001 + number, host)
                for number, host in enumerate(NOWHERE)
            }
            granted = await bind(relay, 0x4000, WORKER)
        finally:
            leg.close()
        assert granted == 0
        assert {host: code for host, code in verdicts.items() if code != FORBIDDEN} == {
            host: OTHER_FAMILY for host in NOWHERE if verdicts[host] == OTHER_FAMILY and ":" in host
        }
