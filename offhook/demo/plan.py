"""Where everything of the demo listens and what each part is told."""

from __future__ import annotations

import json
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from emulator.plan.profiles import ProfileName
from offhook.demo.addresses import machine_addresses
from offhook.demo.ca import LocalCA
from offhook.demo.hints import hints
from offhook.demo.turn import TurnPlan, installed

ROOT = Path(__file__).resolve().parents[2]
WEBAPP = ROOT / "webapp" / "dist"
PORTAL = ROOT / "admin" / "dist"
SERVICE_DOMAIN = "link.offhook.test"
REALM = "pbx.offhook.test"
PROFILE: ProfileName = "business"
USERS = ("anna@example.test", "berta@example.test", "carla@example.test")
OPERATOR = "operator@example.test"


@dataclass(frozen=True, slots=True)
class Ports:
    http: int
    https: int
    edge: int
    media: int
    connector_media: int
    pbx: int
    pbx_tls: int
    control: int
    console: int
    turn: int
    turn_tls: int


@dataclass(frozen=True, slots=True)
class Command:
    """One process to start. ``ready_port``: it cannot say that it is ready, so its TCP port is
    watched instead."""

    name: str
    argv: tuple[str, ...]
    ready_port: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class DemoPlan:
    state: Path
    addresses: tuple[str, ...]
    ports: Ports
    host: str

    @classmethod
    def make(
        cls, *, state: Path, http_port: int, https_port: int, advertise: tuple[str, ...]
    ) -> DemoPlan:
        """Take the usual ports where they are free and any free one elsewhere."""
        addresses = advertise or machine_addresses()
        host = addresses[0]
        tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
        ports = Ports(
            http=_free("127.0.0.1", http_port, tcp),
            https=_free("0.0.0.0", https_port, tcp),  # noqa: S104 - for other machines, by TLS
            edge=_free("127.0.0.1", 65061, tcp),
            media=_free("0.0.0.0", 40000, udp),  # noqa: S104 - browsers elsewhere
            connector_media=_free("0.0.0.0", 40100, udp),  # noqa: S104
            pbx=_free("127.0.0.1", 25060, tcp, udp),
            pbx_tls=_free("127.0.0.1", 25061, tcp),
            control=_free("127.0.0.1", 25040, tcp),
            console=_free("127.0.0.1", 8090, tcp),
            turn=_free(host, 3478, tcp, udp),
            turn_tls=_free(host, 5349, tcp),
        )
        return cls(state.resolve(), addresses, ports, host)

    @property
    def web(self) -> str:
        return f"http://localhost:{self.ports.http}"

    @property
    def secure_web(self) -> str:
        return f"https://{self.host}:{self.ports.https}"

    @property
    def console(self) -> str:
        return f"http://127.0.0.1:{self.ports.console}"

    @property
    def key_file(self) -> Path:
        return self.state / "connector.key"

    @property
    def ca(self) -> LocalCA:
        return LocalCA(self.state / "ca")

    @property
    def turn(self) -> TurnPlan | None:
        if not installed():
            return None
        return TurnPlan(
            address=self.host,
            port=self.ports.turn,
            tls_port=self.ports.turn_tls,
            min_port=49160,
            secret=self._secret("turn"),
            realm="offhook.test",
            peers=self.addresses,
        )

    def forget(self) -> None:
        """Throw the state away. Only a folder that a demo made is touched."""
        if (self.state / "secrets.json").exists():
            shutil.rmtree(self.state)

    def password(self) -> str:
        """The users' password, made at the first start."""
        return self._secret("users")

    def log(self, name: str) -> Path:
        return self.state / "logs" / f"{name}.log"

    async def prepare(self) -> None:
        """Certificates, configuration files, the tenant with its users. Repeatable."""
        from gateway.config import GatewayConfig
        from gateway.features.provisioning.seed import seed_demo_of

        (self.state / "logs").mkdir(parents=True, exist_ok=True, mode=0o700)
        self.ca.ensure()
        self._write("gateway", self._gateway())
        self._write("pbx", self._pbx())
        config = GatewayConfig.load(self._file("gateway"))
        await seed_demo_of(
            config,
            user_password=self.password(),
            pbx_password=self._secret("pbx"),
            api_key_file=self.key_file,
        )
        self._write("connector", self._connector())

    def commands(self) -> list[Command]:
        parts = [
            Command(name, ("offhook", name, "--config", str(self._file(name))))
            for name in ("pbx", "gateway", "connector")
        ]
        turn = self.turn
        if turn is not None:
            leaf = self.ca.issue("turn", ["localhost", *self.addresses])
            path = turn.write(self.state / "turn", leaf)
            relay = Command("turn", ("turnserver", "-c", str(path)), (turn.address, turn.port))
            parts.insert(0, relay)
        return parts

    def facts(self) -> dict[str, Any]:
        """What a test or a script needs to use the demo."""
        return {
            "web": self.web,
            "secure_web": self.secure_web,
            "console": self.console,
            "ca": str(self.ca.certificate),
            "users": dict.fromkeys(USERS, self.password()),
            "pbx": {
                "host": "127.0.0.1",
                "port": self.ports.pbx,
                "tls_port": self.ports.pbx_tls,
                "realm": REALM,
                "password": self._secret("pbx"),
            },
            "turn": self.turn.urls("localhost") if self.turn else [],
        }

    def _gateway(self) -> dict[str, Any]:
        web = self.ca.issue("web", ["localhost", "127.0.0.1", *self.addresses])
        edge = self.ca.issue("edge", ["localhost", SERVICE_DOMAIN])
        turn = self.turn
        return {
            "public_url": self.web,
            "origins": [self.secure_web, f"https://localhost:{self.ports.https}"],
            "database_url": f"sqlite+aiosqlite:///{self.state / 'gateway.sqlite3'}",
            "secrets_dir": str(self.state / "secrets"),
            "drain_timeout": 2.0,
            "http": {
                "host": "127.0.0.1",
                "port": self.ports.http,
                "tls_host": "0.0.0.0",  # noqa: S104 - so that another machine can try it, by TLS
                "tls_port": self.ports.https,
                "tls_cert": str(web.certificate),
                "tls_key": str(web.key),
                "webapp_dir": str(WEBAPP),
                "admin_dir": str(PORTAL),
            },
            "sip_edge": {
                "host": "127.0.0.1",
                "port": self.ports.edge,
                "public_host": "localhost",
                "cert": str(edge.certificate),
                "key": str(edge.key),
                "service_domain": SERVICE_DOMAIN,
            },
            "media": {"port": self.ports.media, "advertise": list(self.addresses)},
            "turn": {"urls": turn.urls("localhost"), "secret": turn.secret} if turn else {},
            "metrics": {"port": 0},
            "demo_hints": [hint.model_dump() for hint in hints(PROFILE)],
        }

    def _pbx(self) -> dict[str, Any]:
        leaf = self.ca.issue("pbx", ["localhost", "127.0.0.1", REALM])
        return {
            "profile": PROFILE,
            "state_dir": str(self.state / "pbx"),
            "sip": {
                "host": "127.0.0.1",
                "udp_port": self.ports.pbx,
                "tcp_port": self.ports.pbx,
                "tls_port": self.ports.pbx_tls,
                "cert_file": str(leaf.certificate),
                "key_file": str(leaf.key),
                "realm": REALM,
                "device_password": self._secret("pbx"),
            },
            "csta": {"port": self.ports.control},
            "console": {"host": "127.0.0.1", "port": self.ports.console},
        }

    def _connector(self) -> dict[str, Any]:
        return {
            "profile": PROFILE,
            "instance_file": str(self.state / "connector.instance"),
            "gateway": {
                "url": f"https://localhost:{self.ports.https}",
                "api_key": self.key_file.read_text().strip(),
                "ca_file": str(self.ca.certificate),
            },
            "pbx": {
                "host": "127.0.0.1",
                "port": self.ports.pbx_tls,
                "transport": "tls",
                "media": "sdes",
                "ca_file": str(self.ca.certificate),
                "realm": REALM,
            },
            "control": {"port": self.ports.control},
            "media": {"port": self.ports.connector_media, "bind": "0.0.0.0"},  # noqa: S104
        }

    def _file(self, name: str) -> Path:
        return self.state / f"{name}.toml"

    def _write(self, name: str, content: dict[str, Any]) -> None:
        path = self._file(name)
        path.touch(mode=0o600)  # holds secrets
        path.write_text(tomli_w.dumps(content))

    def _secret(self, name: str) -> str:
        path = self.state / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(12)
            self.state.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
            path.write_text(json.dumps(known))
        return known[name]


def _free(host: str, port: int, *kinds: int) -> int:
    """``port`` if it is free for all ``kinds``, else one that is."""
    for candidate in (port, 0):
        probes = [socket.socket(socket.AF_INET, kind) for kind in kinds]
        try:
            for probe in probes:
                if probe.type == socket.SOCK_STREAM:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, candidate))
                candidate = int(probe.getsockname()[1])
            return candidate
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise OSError(f"no free port on {host}")
