"""Put call control and the SIP edge together, and take them apart in reverse order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from gateway.calls.desk import DeskPhones
from gateway.calls.desk_commands import DeskCommands
from gateway.calls.desk_moves import DeskMoves
from gateway.calls.model import CallsConfig
from gateway.calls.service import Calls, build
from gateway.calls.trial import Trials
from gateway.config import GatewayConfig
from gateway.connectors.cti import CtiLink
from gateway.connectors.edge import EdgeConfig, SipEdge
from gateway.connectors.lamps import PACKAGE as LAMP
from gateway.connectors.lamps import LinkLamps
from gateway.connectors.pbx_control import LinkPbxControl, announce_features
from gateway.connectors.site_links import LiveSiteLinks
from gateway.connectors.status import StatusBoard
from gateway.link_ports import SiteLinks
from gateway.pbx_ports import PbxControl
from gateway.ports import CallPorts, UserKey
from media.engine import MediaEngine
from protocols.aio.scope import TaskScope


@dataclass(frozen=True, slots=True)
class CallStack:
    calls: Calls
    connectors: StatusBoard
    edge: SipEdge
    pbx: PbxControl
    sites: SiteLinks


def edge_config(config: GatewayConfig) -> EdgeConfig:
    section = config.sip_edge
    return EdgeConfig(
        host=section.host,
        port=section.port,
        cert_file=section.cert,
        key_file=section.key,
        service_domain=section.service_domain,
        client_ca=section.client_ca,
    )


@asynccontextmanager
async def open_calls(
    config: GatewayConfig,
    ports: CallPorts,
    engine: MediaEngine,
    calls_config: CallsConfig | None = None,
) -> AsyncIterator[CallStack]:
    """The running call side of a gateway node; the engine belongs to the caller."""
    async with AsyncExitStack() as stack:
        edge = SipEdge(edge_config(config), tokens=ports.tokens)
        stack.push_async_callback(edge.aclose)
        calls = build(
            lines=ports.lines,
            directory=ports.directory,
            numbers=ports.numbers,
            journal=ports.journal,
            devices=ports.devices,
            events=ports.events,
            engine=engine,
            link=edge.link,
            setup_stage=ports.setup_stage,
            refuses_calls=ports.refuses_calls,
            routing=ports.routing,
            config=calls_config,
        )
        stack.push_async_callback(calls.shutdown)
        edge.on_call = calls.incoming
        calls.most_of_tenant = ports.most_calls
        calls.site_offers = lambda tenant, site: edge.directory.status(tenant, site).offers
        lamps = LinkLamps(ports.lamps)
        stack.push_async_callback(lamps.aclose)
        edge.news[LAMP] = lamps.notified
        edge.directory.subscribe(lamps.status_changed)
        pbx = _control(ports, edge, calls, stack)
        await edge.start()
        sites = LiveSiteLinks(edge, calls, Trials(edge.link, engine))
        yield CallStack(calls, edge.directory, edge, pbx, sites)


def _control(ports: CallPorts, edge: SipEdge, calls: Calls, stack: AsyncExitStack) -> PbxControl:
    """Desk phones and settings of the PBX, over the link's CSTA."""
    names = TaskScope("names")
    stack.push_async_callback(names.aclose)

    def ask_name(user: UserKey, canonical: str, known: Callable[[str], None]) -> None:
        async def ask() -> None:
            person = await ports.directory.name_of(user.tenant_id, canonical, user.user_id)
            if person is not None:
                known(person.name)

        names.start(ask(), "of a desk phone's call")

    desk = DeskPhones(
        book=calls.book,
        numbers=ports.numbers,
        journal=calls.journal,
        events=ports.events,
        ask_name=ask_name,
        on_features=announce_features(ports.announce, ports.numbers),
    )
    stack.push_async_callback(desk.aclose)
    link = CtiLink(edge, ports.lines, desk, ports.announce)
    stack.push_async_callback(link.aclose)
    calls.left_open = link.look_again
    calls.desk = DeskCommands(desk, link.ask, ports.lines, ports.numbers, ports.alternative)
    calls.movement.desk = DeskMoves(desk, link.ask)
    calls.movement.alternative = ports.alternative
    desk.places_of = calls.movement.places_of_new
    return LinkPbxControl(desk, link.ask, ports.lines, ports.numbers)
