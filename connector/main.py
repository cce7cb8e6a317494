"""Wires the connector: configuration -> PBX side, uplink, media engine -> exchange."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import phonenumbers
import structlog

from connector.config import ConnectorConfig
from connector.config import Media as MediaConfig
from connector.csta.access import control_access
from connector.csta.control import PbxControlLink
from connector.instance import load_or_create
from connector.mapping.line import Told
from connector.mwi.lamps import Lamps
from connector.profiles import PROFILES
from connector.profiles.numbers import NumberPlan
from connector.sip.exchange import Exchange, FeatureCodes
from connector.sip.pbx import PbxLine, PbxSide
from connector.status import Layer, State, audio_state, voice_state
from connector.turn import choose
from connector.uplink.news import CstaNews
from connector.uplink.session import SiteConfig
from connector.uplink.uplink import Uplink
from media.engine import LegEvent, LegKind, MediaEngine, MediaEvent, Side
from media.worker import EmbeddedConfig, EmbeddedEngine
from media.worker.config import TurnServer
from protocols.aio.useragent import IncomingCall
from protocols.csta.dialects import DIALECTS

log = structlog.get_logger("connector")

_LINE_KINDS = {"rtp": LegKind.RTP, "sdes": LegKind.SDES}


def version() -> str:
    """The version of the installed distribution."""
    try:
        return importlib.metadata.version("offhook")
    except importlib.metadata.PackageNotFoundError:
        return "0"


async def run(
    config: ConnectorConfig, ready: Callable[[dict[str, Any]], None] | None = None
) -> None:
    """Run until cancelled. `ready` is called once the link is registered and every line tried."""
    async with running(config) as connector:
        await connector.ready()
        if ready is not None:
            ready(connector.addresses())
        await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def running(config: ConnectorConfig) -> AsyncIterator[Connector]:
    """A started connector; drained and taken apart on exit, whatever the reason."""
    connector = Connector(config)
    try:
        await connector.start()
        yield connector
    finally:
        await connector.aclose()


def engine_config(media: MediaConfig, pbx_facing: str) -> EmbeddedConfig:
    """``pbx_facing`` is our address on the PBX's network. The PBX is told that one, unless the
    sockets are bound to another."""
    told = media.advertise[0] if media.advertise else ""
    if not told and ip_address(media.bind).is_unspecified:
        told = pbx_facing
    return EmbeddedConfig(
        port=media.port,
        workers=media.workers,
        advertise=media.advertise,
        bind=media.bind,
        rtp_advertise=told,
        rtp_ports=media.rtp_ports,
    )


class Connector:
    """The running parts and how they tell each other what happened."""

    def __init__(self, config: ConnectorConfig, *, engine: MediaEngine | None = None) -> None:
        self.config = config
        self.engine = engine
        self.profile = PROFILES[config.profile]
        self._plan = self._number_plan({})
        name = f"Offhook-Connector/{version()}"
        self.uplink = Uplink(
            config.gateway,
            instance=load_or_create(config.instance_file),
            version=version(),
            profile=config.profile,
            on_site=self._site_changed,
            on_up=self._link_up,
            on_turn=self._turn_changed,
        )
        self.pbx = PbxSide(
            config.pbx, user_agent=name, on_call=self._pbx_call, on_lines=self._lines_changed
        )
        self.lamps = Lamps(self.pbx, self.uplink)
        self.exchange: Exchange | None = None
        self.control: PbxControlLink | None = None
        self.csta_news: CstaNews | None = None
        self._sites: asyncio.Queue[SiteConfig | TurnServer] = asyncio.Queue()
        self._site_task: asyncio.Task[None] | None = None
        self._site: SiteConfig | None = None

    async def start(self) -> None:
        await self.pbx.start()
        self.engine = self.engine or self._embedded_engine()
        await self.engine.start()
        self.exchange = Exchange(
            uplink=self.uplink,
            pbx=self.pbx,
            engine=self.engine,
            profile=self.profile,
            plan=lambda: self._plan,
            line_kind=_LINE_KINDS[self.config.pbx.media],
            codecs=self.config.pbx.codecs or self.profile.codecs,
            codes=self._codes(),
            on_media=self._media_event,
        )
        self.uplink.ua.on_invite = self.exchange.on_link_invite
        self.uplink.offers = self.exchange.offers
        self._start_control(self.exchange)
        self._site_task = asyncio.create_task(self._follow_site(), name="site configuration")
        self.lamps.start()
        self.uplink.start()

    def _start_control(self, exchange: Exchange) -> None:
        """The CSTA link, where the site has one."""
        dialect = DIALECTS[self.profile.name]
        access = control_access(self.config, self.pbx, dialect)
        if access is None:
            self.uplink.observe(Layer.CONTROL, State.UNKNOWN, "no CSTA link is configured")
            return
        news = CstaNews(self.uplink, self._control_picture, self._control_status)
        control = PbxControlLink(
            *access,
            dialect,
            plan=lambda: self._plan,
            can_ring=self._can_ring,
            tell=news.tell,
            observe=lambda state, detail: self.uplink.observe(Layer.CONTROL, state, detail),
            came_back=self._pbx_is_back,
        )
        self.control, self.csta_news = control, news
        exchange.watcher = control
        self.uplink.on_csta = control.notified
        news.start()
        control.start()

    def _control_picture(self) -> list[Told]:
        return [] if self.control is None else self.control.picture()

    def _control_status(self) -> list[Told]:
        return [] if self.control is None else [self.control.status()]

    def _can_ring(self, line_id: str) -> bool:
        line = self.pbx.lines.get(line_id)
        return line is not None and line.registered

    def _pbx_is_back(self, line_id: str) -> None:
        self.pbx.register_again(line_id)
        if self.exchange is not None:
            self.exchange.pbx_is_back(line_id)

    def _codes(self) -> FeatureCodes:
        pbx, profile = self.config.pbx, self.profile
        return FeatureCodes(
            park=profile.park if pbx.park_code is None else pbx.park_code,
            unpark=profile.unpark if pbx.unpark_code is None else pbx.unpark_code,
            pickup=profile.pickup if pbx.pickup_code is None else pbx.pickup_code,
            conference=profile.conference if pbx.conference_code is None else pbx.conference_code,
        )

    def _embedded_engine(self) -> MediaEngine:
        return EmbeddedEngine(engine_config(self.config.media, self.pbx.local[0]))

    async def ready(self) -> None:
        """At least one flow is registered and every line was tried once."""
        await self.uplink.registered.wait()
        if self._site is None or self._site.lines:
            await self.pbx.all_tried.wait()

    async def aclose(self) -> None:
        """Unwind in reverse: calls, lines, link, media."""
        if self.exchange is not None:
            await self.exchange.drain(self.config.drain_timeout)
        if self._site_task is not None:
            self._site_task.cancel()
            await asyncio.gather(self._site_task, return_exceptions=True)
        await self.lamps.aclose()
        await self.pbx.aclose()
        if self.control is not None:
            await self.control.aclose()
        if self.csta_news is not None:
            await self.csta_news.aclose()
        await self.uplink.aclose()
        if self.engine is not None:
            await self.engine.aclose()

    def addresses(self) -> dict[str, Any]:
        flow = self.uplink.flow
        host, port = self.pbx.local
        return {
            "uplink": "" if flow is None else str(flow.peer),
            "pbx": f"{self.config.pbx.transport} {host}:{port}",
            "lines": sum(line.registered for line in self.pbx.lines.values()),
        }

    # -- what happened -----------------------------------------------------------------------------

    def _site_changed(self, site: SiteConfig) -> None:
        if site != self._site:
            self._site = site
            self._sites.put_nowait(site)

    async def _follow_site(self) -> None:
        while True:
            news = await self._sites.get()
            try:
                await self._apply(news)
            except Exception:
                # the next configuration may be better; what runs goes on
                log.exception("configuration not applied")

    async def _apply(self, news: SiteConfig | TurnServer) -> None:
        if isinstance(news, TurnServer):
            if isinstance(self.engine, EmbeddedEngine):
                await self.engine.use_turn(news)
            return
        self._plan = self._number_plan(news.numbers)
        await self.pbx.apply(news.lines)
        if self.control is not None:
            self.control.apply(news.lines)

    def _turn_changed(self, turn: Mapping[str, Any]) -> None:
        media = self.config.media
        if media.turn == "off":
            return
        server = choose(turn, media.turn, only=media.relay_only)
        if server is None:
            self.uplink.observe(Layer.AUDIO, State.DOWN, f"the gateway has no {media.turn} relay")
        else:
            self._sites.put_nowait(server)

    def _number_plan(self, site: Any) -> NumberPlan:
        """The profile's plan, completed by the site's settings, then by the local file."""
        plan, local = self.profile.numbers, self.config.numbers
        known: dict[str, Any] = {}
        country = phonenumbers.country_code_for_region(str(site.get("country", "")).upper())
        if country:
            known["country_code"] = str(country)
        for key in ("country_code", "area_code", "exit_code", "trunk_number"):
            value = getattr(local, key)
            if value is None:
                value = site.get(key)
            if value is not None:
                known[key] = str(value).lstrip("+")
        if site.get("extension_digits"):
            known["extension_digits"] = int(site["extension_digits"])
        return replace(plan, **known)

    def _link_up(self) -> None:
        if self.exchange is not None:
            self.exchange.link_is_back()
        if self.csta_news is not None:
            self.csta_news.begin()

    def _pbx_call(self, line: PbxLine, incoming: IncomingCall) -> None:
        if self.exchange is None:
            incoming.reject(480)
        else:
            self.exchange.on_pbx_invite(line, incoming)

    def _lines_changed(self) -> None:
        lines = self.pbx.lines.values()
        state, detail = voice_state(sum(line.registered for line in lines), len(lines))
        self.uplink.lines_changed(
            tuple(
                {
                    "line_id": line.config.line_id,
                    "registered": line.registered,
                    "detail": line.detail,
                }
                for line in lines
            )
        )
        self.uplink.observe(Layer.VOICE, state, detail)
        self.lamps.lines_changed(self.pbx.lines)

    def _media_event(self, event: MediaEvent) -> None:
        if not isinstance(event, LegEvent) or event.side is not Side.DEVICE:
            return
        seen = audio_state(event.state, event.reason)
        if seen is not None:
            self.uplink.observe(Layer.AUDIO, *seen)
