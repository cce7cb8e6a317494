"""By which way the configuration says that the PBX's CSTA is reached."""

from __future__ import annotations

from connector.config import ConnectorConfig
from connector.csta.carrier import Carrier
from connector.csta.notify import NotifyCarrier, PbxPeer
from connector.csta.stream import StreamCarrier, Where
from connector.sip.pbx import PbxSide
from protocols.aio.tls import client_context
from protocols.csta.dialects import LINK, Dialect, Heartbeat
from protocols.csta.session.client import ClientSession
from protocols.csta.sip_link import EVENT_PACKAGE
from protocols.sip.auth.credentials import DigestCredentials

#: Without a connection only questions show that the PBX is another one now.
ASK_OFTEN = Heartbeat(interval=2.0)


def control_address(config: ConnectorConfig) -> Where | None:
    """Where the PBX's CSTA link is, if the site has one on TCP or TLS."""
    control = config.control
    if control.port is None or control.transport == "notify":
        return None
    host = control.host or config.pbx.host
    if control.transport == "tcp":
        return Where(host, control.port)
    context = client_context(control.ca_file or config.pbx.ca_file)
    context.check_hostname = True
    return Where(host, control.port, context, control.server_name or host)


def control_access(
    config: ConnectorConfig, pbx: PbxSide, dialect: Dialect
) -> tuple[Carrier, ClientSession] | None:
    """None: the site has no CSTA link."""
    if config.control.transport == "notify":
        carrier = _by_notify(config, pbx)
        return carrier, ClientSession(ASK_OFTEN, connectionless=True)
    where = control_address(config)
    if where is None:
        return None
    return StreamCarrier(where, dialect.style), ClientSession(dialect.heartbeat)


def _by_notify(config: ConnectorConfig, pbx: PbxSide) -> NotifyCarrier:
    control = config.control
    assert control.user is not None and control.password is not None
    secret = control.password.get_secret_value()
    peer = PbxPeer(
        target=f"sip:pbx@{pbx.addresses.target()}",
        identity=f"<sip:{control.user}@{pbx.domain}>",
        credentials=DigestCredentials(control.user, secret, config.pbx.realm),
    )
    carrier = NotifyCarrier(pbx.ua, peer, LINK.style)
    pbx.site_news[EVENT_PACKAGE] = carrier.notified
    return carrier
