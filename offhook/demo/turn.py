"""The demo's TURN relay: coturn with the configuration of ``infra/coturn``, if it is installed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from offhook.demo.ca import Leaf

#: Relay sessions of one name: what a site's connector needs for all its calls (infra/coturn).
USER_QUOTA = 100
#: Of all names together: no single one may use up the relay.
TOTAL_QUOTA = 2 * USER_QUOTA

TEMPLATE = Path(__file__).resolve().parents[2] / "infra" / "coturn" / "turnserver.conf"


@dataclass(frozen=True, slots=True)
class TurnPlan:
    """Where the relay listens and whom it may reach."""

    address: str
    port: int
    tls_port: int
    min_port: int
    secret: str
    realm: str
    peers: Sequence[str]

    @property
    def max_port(self) -> int:
        """Every session takes one port: fewer would make the quota a lie."""
        return self.min_port + TOTAL_QUOTA - 1

    def urls(self, host: str) -> list[str]:
        """What clients are told. ``host`` for TLS must be a name: Firefox ignores ``turns:`` with
        an address (measured)."""
        return [
            f"turn:{self.address}:{self.port}?transport=udp",
            f"turn:{self.address}:{self.port}?transport=tcp",
            f"turns:{host}:{self.tls_port}?transport=tcp",
        ]

    def write(self, folder: Path, leaf: Leaf) -> Path:
        """Render the configuration into ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "turnserver.conf"
        path.touch(mode=0o600)
        path.write_text(
            Template(TEMPLATE.read_text()).substitute(
                listening_ips="\n".join(
                    # loopback too, so that "localhost" is a name for the TLS port
                    f"listening-ip={ip}"
                    for ip in dict.fromkeys((self.address, "127.0.0.1"))
                ),
                relay_ip=self.address,
                port=self.port,
                tls_port=self.tls_port,
                min_port=self.min_port,
                max_port=self.max_port,
                secret=self.secret,
                realm=self.realm,
                cert=leaf.certificate.resolve(),
                key=leaf.key.resolve(),
                user_quota=USER_QUOTA,
                total_quota=TOTAL_QUOTA,
                allowed_peers="\n".join(f"allowed-peer-ip={peer}" for peer in self.peers),
                state=folder.resolve(),
            )
        )
        return path


def installed() -> bool:
    return shutil.which("turnserver") is not None
