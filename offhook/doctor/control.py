"""Check of the PBX's CSTA link: connect, and let the session come up as the connector would."""

from __future__ import annotations

import asyncio

from connector.config import ConnectorConfig
from connector.csta.access import control_address
from connector.csta.client import CstaClient
from connector.csta.stream import StreamCarrier
from offhook.doctor.certificates import unusable_ca
from offhook.doctor.verdict import Verdict, fail, ok
from protocols.csta.dialects import DIALECTS
from protocols.csta.session.actions import ClientAction, Phase, PhaseChanged
from protocols.csta.session.client import ClientSession

WAIT_S = 8.0
NAME = "PBX control"


async def control_link(config: ConnectorConfig) -> Verdict:
    if config.control.transport == "tls":
        ca_file = config.control.ca_file or config.pbx.ca_file
        verdict = unusable_ca(NAME, "control.ca_file", ca_file)
        if verdict is not None:
            return verdict
    if config.control.transport == "notify":
        return ok(NAME, "CSTA in SIP NOTIFY: not tried, the PBX would take us for the connector")
    where = control_address(config)
    if where is None:
        return ok(NAME, "no CSTA link is configured: desk phones are not shown")
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def tell(word: str) -> None:
        if not told.done():
            told.set_result(word)

    def action(what: ClientAction) -> None:
        if isinstance(what, PhaseChanged) and what.phase in (Phase.UP, Phase.DISABLED):
            tell("" if what.phase is Phase.UP else "the PBX says that it is out of service")

    dialect = DIALECTS[config.profile]
    carrier, session = StreamCarrier(where, dialect.style), ClientSession(dialect.heartbeat)
    client = CstaClient(carrier, session, on_action=action, on_down=tell)
    client.start()
    try:
        async with asyncio.timeout(WAIT_S):
            wrong = await told
    except TimeoutError:
        wrong = "what answers does not speak CSTA"
    finally:
        await client.aclose()
    place = f"{where.host}:{where.port}/{config.control.transport}"
    if wrong:
        return fail(NAME, f"{place}: {wrong}", "Check control.host, control.port and transport.")
    return ok(NAME, f"{place} speaks CSTA")
