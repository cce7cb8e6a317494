"""A site's one TURN name carries the calls of a whole site, through coturn as it is configured."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aioice.turn import create_turn_endpoint

from gateway.config import TurnConfig
from gateway.features.turn_credentials.service import TurnCredentials
from tests.support.coturn import SECRET, relay_as_configured

CALLS = 30


async def test_a_sites_name_carries_more_calls_than_a_browsers_would(tmp_path: Path) -> None:
    async with relay_as_configured(tmp_path) as relay:
        config = TurnConfig(urls=tuple(relay.urls("localhost")), secret=SECRET)  # type: ignore[arg-type]
        issued = TurnCredentials(config).issue("site-01a20019-14a5-7472-8cdf-edbe29ad83c0")
        legs = []
        try:
            for _ in range(CALLS):
                leg, _ = await create_turn_endpoint(
                    asyncio.DatagramProtocol,
                    (relay.address, relay.port),
                    username=str(issued["username"]),
                    password=str(issued["credential"]),
                )
                legs.append(leg)
        finally:
            for leg in legs:
                leg.close()
        assert len({leg.get_extra_info("sockname") for leg in legs}) == CALLS
