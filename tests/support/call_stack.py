"""Gateway, connector and PBX emulator in one process: every part real, on loopback, free ports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from argon2 import PasswordHasher

from connector.config import ConnectorConfig
from connector.main import Connector
from connector.main import running as connector_running
from emulator.config import EmulatorConfig
from emulator.main import Emulator
from emulator.main import started as pbx_started
from emulator.plan.model import Extension
from emulator.plan.profiles import PROFILES
from gateway.calls.model import CallsConfig
from gateway.calls.service import Calls
from gateway.config import GatewayConfig
from gateway.connectors.wiring import CallStack as GatewayCalls
from gateway.connectors.wiring import open_calls
from gateway.credentials import passwords as passwords_module
from gateway.features.provisioning.seed import seed_demo_of
from gateway.main import Gateway, open_gateway
from media.worker import EmbeddedConfig, EmbeddedEngine
from offhook.demo.ca import LocalCA
from tests.support import databases
from tests.support.device_client import Device
from tests.support.ports import free_port

PASSWORD = "correct horse battery"
PBX_PASSWORD = "pbx-secret-of-the-test"
REALM = "pbx.offhook.test"
ANNA, BERTA = "anna@example.test", "berta@example.test"
PATIENCE = 10.0


@dataclass
class Parts:
    """The running system and hands on each part."""

    folder: Path
    gateway: Gateway
    edge: Any
    engine: EmbeddedEngine
    pbx_config: EmulatorConfig
    connector_config: ConnectorConfig
    connector: Connector | None = None
    emulator: Emulator | None = None
    devices: list[Device] = field(default_factory=list)
    _connector_stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _pbx_stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        return str(self.gateway.addresses["http"])

    @property
    def web(self) -> str:
        """Where a browser opens the web app: the origin that the gateway expects."""
        return self.connector_config.gateway.url

    @property
    def calls(self) -> Calls:
        calls = self.gateway.calls
        assert isinstance(calls, Calls)
        return calls

    @property
    def pbx(self) -> Any:
        assert self.emulator is not None
        return self.emulator.pbx

    def phone(self, number: str) -> Any:
        return self.pbx.phones[number]

    def link_flows(self) -> list[Any]:
        """The connector's live flows as the gateway sees them."""
        return [flow for flow in self.edge.endpoint.manager.flows if flow.alive]

    async def control_works(self) -> None:
        """The connector's CSTA link is up, every line monitored, and the gateway knows."""

        def known() -> bool:
            site = self.edge.directory.sites()[0]
            status = self.edge.directory.status(*site)
            return ("control", "working") in [layer[:2] for layer in status.layers]

        await self._until(known, "the control layer")

    async def line_registered(self, user: str) -> None:
        """The PBX (which may have been started anew) knows where the connector's line is."""
        await self._until(
            lambda: bool(self.pbx.registrations.bindings(user)), f"{user} is registered"
        )

    async def rings(self, number: str) -> None:
        """The desk phone of this extension rings."""
        await self._until(lambda: self.phone(number).state == "ringing", f"{number} rings")

    async def rings_alone(self, device: str) -> None:
        """Of all devices at the PBX this one alone rings."""
        await self._until(
            lambda: [e.name for c in self.pbx.calls.values() for e in c.ringing_ends] == [device],
            f"{device} rings alone",
        )

    async def news_joined(self, number: str) -> None:
        """The gateway was told over CSTA of a call that is a SIP call of this number's line."""
        phones = self.calls.desk._desk._lines  # type: ignore[union-attr]

        def known() -> bool:
            return any(line.sessions for line in phones.values() if line.line.number == number)

        await self._until(known, f"a joined call of {number}")

    async def joined(self) -> None:
        """The connector holds no news of a call back any more for want of its dialog."""
        connector = self.connector
        assert connector is not None and connector.control is not None
        control = connector.control
        await self._until(lambda: not control.waiting, "the calls' dialogs")

    def cut_csta(self) -> None:
        """The CSTA link breaks; the connector will make it anew."""
        assert self.connector is not None
        assert self.connector.control is not None
        self.connector.control.client.cut()

    def connector_state(self) -> str:
        states = self.edge.directory.sites()
        return str(self.edge.directory.status(*states[0]).state) if states else "unknown"

    async def start_pbx(self) -> None:
        self.emulator = await self._pbx_stack.enter_async_context(pbx_started(self.pbx_config))

    async def stop_pbx(self) -> None:
        await self._pbx_stack.aclose()
        self.emulator = None

    async def start_connector(self) -> None:
        running = connector_running(self.connector_config)
        self.connector = await self._connector_stack.enter_async_context(running)
        async with asyncio.timeout(PATIENCE):
            await self.connector.ready()

    async def stop_connector(self) -> None:
        await self._connector_stack.aclose()
        self.connector = None

    async def device(
        self,
        email: str = ANNA,
        *,
        hertz: float = 1000.0,
        pre_arm: bool = True,
        device_id: str | None = None,
    ) -> Device:
        made = Device(self.url, hertz, pre_arm=pre_arm)
        self.devices.append(made)
        await made.sign_in(email, PASSWORD, device_id=device_id)
        return made

    async def sign_off(self) -> None:
        """All devices go, desk phones hang up."""
        for device in self.devices:
            await device.aclose()
        self.devices.clear()
        for phone in self.pbx.phones.values():
            if phone.active is not None:
                phone.hang_up()

    async def nothing_left(self) -> None:
        """No call, no media session, no dialog is left anywhere."""
        async with asyncio.timeout(PATIENCE):
            await self.calls.idle()
        assert self.calls.active() == 0
        assert not [t for t in asyncio.all_tasks() if t.get_name().startswith("media of call")]
        await self._until(lambda: not self.edge.ua.calls, "dialogs at the gateway")
        assert await self.engine.sessions() == [], "media sessions of the gateway"
        if self.connector is not None:
            await self._until(lambda: not self.connector.exchange.calls, "calls at the connector")
        if self.emulator is not None:
            await self._until(lambda: not self.pbx.agent.calls, "dialogs at the PBX")

    async def _until(self, condition: Any, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():  # noqa: ASYNC110 - several parts, no common event
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"left behind: {what}") from None

    async def aclose(self) -> None:
        if self.emulator is not None:
            await self.sign_off()
        for device in self.devices:
            await device.aclose()
        await self.stop_connector()
        await self.stop_pbx()


def _cheap_passwords() -> Any:
    """Password hashing is slow on purpose; here it would only cost time."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return mock.patch.object(passwords_module, "PasswordHasher", lambda: cheap)


def _gateway_config(folder: Path, webapp: Path | None) -> GatewayConfig:
    ca = LocalCA(folder / "ca")
    ca.ensure()
    leaf = ca.issue("edge", ["localhost", "127.0.0.1", "link.offhook.test"])
    port = free_port()
    return GatewayConfig.load(
        None,
        public_url=f"http://localhost:{port}",
        database_url=f"sqlite+aiosqlite:///{folder / 'gateway.sqlite3'}",
        secrets_dir=folder / "secrets",
        http={"host": "127.0.0.1", "port": port, "webapp_dir": webapp},
        sip_edge={
            "host": "127.0.0.1",
            "port": 0,
            "public_host": "localhost",
            "cert": leaf.certificate,
            "key": leaf.key,
            "service_domain": "link.offhook.test",
        },
        metrics={"port": None},
    )


@asynccontextmanager
async def call_stack(
    folder: Path,
    *,
    connector: bool = True,
    calls_config: CallsConfig | None = None,
    media_host: str = "127.0.0.1",
    webapp: Path | None = None,
    profile: str = "business",
    csta: bool = False,
    by_notify: bool = False,
    colleagues: Sequence[Extension] = (),
) -> AsyncIterator[Parts]:
    """The whole chain, seeded with the demo's tenant. A browser needs a ``media_host`` that is not
    loopback. ``csta``: the PBX has a CSTA link, and the connector uses it; ``by_notify``:
    inside SIP. ``colleagues`` are at the PBX beside those of the demo, with desk phones only."""
    config = _gateway_config(folder, webapp)
    key_file = folder / "connector.key"
    await databases.empty_file(folder / "gateway.sqlite3")
    with _cheap_passwords():
        await seed_demo_of(
            config,
            user_password=PASSWORD,
            pbx_password=PBX_PASSWORD,
            api_key_file=key_file,
            profile=profile,
        )
    sip_port, csta_port = free_port(), free_port()
    face: dict[str, Any] = {"port": csta_port}
    control: dict[str, Any] = {"port": csta_port}
    if by_notify:
        face = {"notify_user": "cloud"}
        control = {"transport": "notify", "user": "cloud", "password": PBX_PASSWORD}
    pbx_config = EmulatorConfig.load(
        None,
        profile=profile,
        state_dir=folder / "pbx",
        sip={
            "host": "127.0.0.1",
            "udp_port": sip_port,
            "tcp_port": None,
            "realm": REALM,
            "device_password": PBX_PASSWORD,
        },
        console={"host": "127.0.0.1", "port": free_port()},
        **({"csta": face} if csta else {}),
        extensions=(*PROFILES[profile].extensions, *colleagues),
    )
    connector_config = ConnectorConfig.load(
        None,
        profile=profile,
        instance_file=folder / "connector.instance",
        drain_timeout=0,
        gateway={
            "url": config.public_url,
            "api_key_file": key_file,
            "ca_file": folder / "ca" / "ca.pem",
        },
        pbx={"host": "127.0.0.1", "port": sip_port, "realm": REALM},
        media={"bind": media_host},
        **({"control": control} if csta else {}),
    )
    async with AsyncExitStack() as stack:
        stack.enter_context(_cheap_passwords())
        engine = EmbeddedEngine(EmbeddedConfig(bind=media_host))
        stack.push_async_callback(engine.aclose)
        await engine.start()
        seen: list[GatewayCalls] = []

        @asynccontextmanager
        async def opened(*args: Any) -> AsyncIterator[GatewayCalls]:
            async with open_calls(*args, calls_config) as calls:
                seen.append(calls)
                yield calls

        gateway = await stack.enter_async_context(open_gateway(config, opened, engine))
        parts = Parts(folder, gateway, seen[0].edge, engine, pbx_config, connector_config)
        stack.push_async_callback(parts.aclose)
        await parts.start_pbx()
        if connector:
            await parts.start_connector()
        yield parts
