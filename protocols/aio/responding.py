"""Where responses go: back over their flow, else to where Via says (RFC 3261 18.2.2)."""

from __future__ import annotations

import ipaddress
import logging

from protocols.aio.flow import Address, Flow, Transport
from protocols.aio.resolver import Resolver, Target, numeric_target
from protocols.aio.udp import UdpFlow
from protocols.sip.headers import Via
from protocols.sip.message import Response
from protocols.sip.txn.routing import DEFAULT_PORTS, bare, response_address
from protocols.sip.uri import SipUri

logger = logging.getLogger(__name__)


def response_flow(flow: Flow, response: Response) -> Flow:
    """The same flow; over UDP the one to the port that Via names, from the same socket."""
    if not isinstance(flow, UdpFlow):
        return flow
    host, port = response_address(response.via)
    address = Address(host, port or DEFAULT_PORTS["UDP"])
    if address == flow.peer or not is_numeric(host):
        return flow
    return flow.owner.flow(address, flow.local.host)


async def return_targets(resolver: Resolver, transport: Transport, via: Via) -> list[Target]:
    """When the connection is gone: where the request came from, with the port of sent-by; then
    what sent-by leads to as a name (RFC 3263 section 5)."""
    targets: list[Target] = []
    host, port = response_address(via)
    if is_numeric(host):
        port = via.port or DEFAULT_PORTS[transport]  # rport is the port of the dead connection
        targets.append(Target(transport, host, port, bare(via.host)))
    named = SipUri("sip", None, None, via.host, via.port).with_param("transport", transport)
    if numeric_target(named) is None:
        try:
            targets += await resolver.resolve(named)
        except OSError as error:
            logger.debug("%s: %s", named, error)
    return targets


def is_numeric(host: str) -> bool:
    """Names from a peer's Via never reach the socket: it would look them up and block."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
