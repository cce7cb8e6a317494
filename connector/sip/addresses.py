"""Where the PBX is, and whose requests we take for the PBX's.

Its name is looked up anew for every request that opens a way to it (RFC 3263), so a line's next
REGISTER follows the name wherever it leads. Who may call in is kept apart, since a request that
arrives cannot wait for a look-up.
"""

from __future__ import annotations

from collections.abc import Sequence

from connector.config import PbxLink
from protocols.aio.flow import Transport
from protocols.aio.resolver import DnsResolver, Resolver, Target
from protocols.sip.txn.routing import bare
from protocols.sip.uri import SipUri

TRANSPORTS: dict[str, Transport] = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}


class PbxAddresses:
    """A :class:`Resolver` that knows the PBX by the name of its certificate, too."""

    def __init__(self, config: PbxLink, dns: Resolver | None = None) -> None:
        self._config = config
        self._dns: Resolver = dns or DnsResolver(transports=(TRANSPORTS[config.transport],))
        #: What URIs call the PBX: over TLS it has to prove this name (RFC 5922).
        self.name = config.server_name or config.host
        self.known: frozenset[str] = frozenset()

    async def resolve(self, uri: SipUri) -> Sequence[Target]:
        if bare(uri.host).lower() != self.name.lower():
            return await self._dns.resolve(uri)
        return await self._of_pbx()

    async def _of_pbx(self) -> Sequence[Target]:
        """Raises ResolveError when the name leads nowhere."""
        config = self._config
        params = (("transport", config.transport),)
        uri = SipUri.of(None, _reference(config.host), config.effective_port, params=params)
        return [target._replace(domain=self.name) for target in await self._dns.resolve(uri)]

    async def look_up(self) -> str:
        """Learn whom to take for the PBX from now on; gives the first address."""
        targets = await self._of_pbx()
        self.known = frozenset(target.host for target in targets)
        return targets[0].host

    def target(self) -> str:
        """What follows `sip:` or the `@` in a URI that leads to the PBX."""
        host, port = _reference(self.name), self._config.effective_port
        return f"{host}:{port};transport={self._config.transport}"


def _reference(host: str) -> str:
    return f"[{host}]" if ":" in host else host
