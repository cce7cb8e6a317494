"""Checks of a connector's configuration: the way to the gateway and to the PBX, as it goes them."""

from __future__ import annotations

import asyncio

from connector.config import ConnectorConfig
from connector.instance import load_or_create
from connector.lines import LineConfig
from connector.main import version
from connector.sip.addresses import TRANSPORTS
from connector.sip.pbx import PbxSide
from connector.uplink.session import Edge, GatewayApi, Grant, SessionError, tls_context
from offhook.doctor.certificates import unusable_ca
from offhook.doctor.control import control_link
from offhook.doctor.network import answers, unreachable
from offhook.doctor.relay import relays
from offhook.doctor.verdict import Verdict, fail, ok, warn
from protocols.sip.errors import SipError

PBX_WAIT_S = 8.0

_LAYERS = {
    "network": "Check gateway.url, the DNS and that this port is open outbound.",
    "tls": "Name the CA that signed it in gateway.ca_file, or check the name in gateway.url.",
    "key": "Check the API key, and that `profile` is the one of the site.",
}


async def examine_site(config: ConnectorConfig) -> list[Verdict]:
    verdict, grant = await _session(config)
    rows = [verdict]
    if grant is not None:
        rows += [await _edge(config, edge) for edge in grant.site.edges]
        if config.media.turn != "off":
            rows += await relays(grant.turn)
        rows.append(_lines(grant.site.lines))
    rows.append(await _pbx(config))
    rows.append(await control_link(config))
    return rows


async def _session(config: ConnectorConfig) -> tuple[Verdict, Grant | None]:
    """Sign in with the key; the answer says where the rest is."""
    link = config.gateway
    file = link.api_key_file
    if file is not None and not file.is_file():
        return fail("gateway", f"there is no file {file}", "Check gateway.api_key_file."), None
    if (verdict := unusable_ca("gateway", "gateway.ca_file", link.ca_file)) is not None:
        return verdict, None
    # The gateway counts installations: an id of our own would be one more that never comes back.
    instance = load_or_create(config.instance_file)
    api = GatewayApi(link, instance=instance, version=version(), profile=config.profile)
    try:
        grant = await api.open_session()
    except SessionError as error:
        return fail("gateway", f"{link.url}: {error.detail}", _LAYERS[error.layer]), None
    finally:
        await api.aclose()
    return ok("gateway", f"{link.url} takes the key, site {grant.site.site_id}"), grant


async def _edge(config: ConnectorConfig, edge: Edge) -> Verdict:
    return await answers("SIP edge", edge.host, edge.port, tls_context(config.gateway.ca_file))


def _lines(lines: tuple[LineConfig, ...]) -> Verdict:
    if lines:
        return ok("lines", f"{len(lines)} to register at the PBX")
    return warn("lines", "none", "Give users of this site a line at the gateway.")


async def _pbx(config: ConnectorConfig) -> Verdict:
    """OPTIONS (RFC 3261 section 11): any answer says that SIP gets there and back."""
    pbx = config.pbx
    where = f"{pbx.host}:{pbx.effective_port}/{pbx.transport}"
    if (verdict := unusable_ca("PBX", "pbx.ca_file", pbx.ca_file)) is not None:
        return verdict
    side = PbxSide(
        pbx.model_copy(update={"local_port": 0}),  # a running connector has the configured one
        user_agent=f"Offhook-Doctor/{version()}",
        on_call=lambda _line, incoming: incoming.reject(480),
        on_lines=lambda: None,
    )
    try:
        async with asyncio.timeout(PBX_WAIT_S):
            await side.start()
            flow = await side.endpoint.connect(
                TRANSPORTS[pbx.transport],
                pbx.host,
                pbx.effective_port,
                server_name=side.addresses.name,
            )
            reply = await side.ua.request(
                "OPTIONS",
                f"sip:{side.addresses.target()}",
                from_=f"<sip:doctor@{side.domain}>",
                flow=flow,
            )
    except (OSError, SipError) as error:  # TimeoutError is one
        return unreachable("PBX", where, error)
    finally:
        await side.aclose()
    if reply.local:  # nothing came back
        return fail("PBX", f"{where} does not answer", "Check pbx.host, pbx.port and transport.")
    return ok("PBX", f"{where} answers {reply.status} {reply.reason}")
