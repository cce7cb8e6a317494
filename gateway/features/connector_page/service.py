"""The connector page: what the link says, what storage knows, and what to do about it."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_
from sqlmodel import col

from gateway import compatibility
from gateway.features.connector_page import models as m
from gateway.features.connector_page.advice import FLOWS, TEXTS, Circumstances, Judged, judge
from gateway.features.connector_page.config_file import FILE_NAME, config_file, install_command
from gateway.link_ports import LinkPicture, SiteLinks
from gateway.ports import Problem
from gateway.running_out import SOON, capacity_warnings, certificate_ends
from gateway.storage.ids import utc_now
from gateway.storage.models import ApiKey, Connector, Line, Site, User
from gateway.storage.storage import Storage, TenantSession
from gateway.storage.tables.connector_page import LinkTrouble

MOST_UNREGISTERED = 20


class ConnectorPageService:
    def __init__(
        self,
        storage: Storage,
        links: SiteLinks,
        *,
        public_url: str,
        edge_certificate: Path,
        portal_certificate: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._storage = storage
        self._links = links
        self._public_url = public_url
        self._edge_certificate = edge_certificate
        self._portal_certificate = portal_certificate
        self._now = now
        self._version = _own_version()

    async def page(self, tenant_id: str, site_id: str) -> m.ConnectorPage:
        edge, portal = await asyncio.to_thread(self._certificates)
        picture, now = self._links.picture(tenant_id, site_id), self._now()
        async with self._storage.read(tenant_id) as db:
            site = await _known(db, site_id)
            installations = await db.find(
                Connector,
                Connector.site_id == site_id,
                order_by=[col(Connector.last_seen).desc()],
                limit=20,
            )
            keys = await self._keys(db, site_id)
            errors = await db.find(
                LinkTrouble,
                LinkTrouble.site_id == site_id,
                order_by=[col(LinkTrouble.id).desc()],
                limit=50,
            )
            lines = await db.count(Line, Line.site_id == site_id)
            unregistered = await self._unregistered(db, site_id, picture)
        used = [key for key in keys if key.key_id in picture.key_ids]
        about = Circumstances(
            ever_connected=bool(installations),
            edge_certificate_ends=edge,
            key_ends=min((key.expires_at for key in used if key.expires_at), default=None),
            key_replaced=any(key.replaced_by is not None for key in used),
        )
        return m.ConnectorPage(
            site=m.PageSite(
                id=site.id, name=site.name, profile=site.profile, pbx_release=site.pbx_release
            ),
            state=_state(picture, bool(installations)),
            layers=[
                self._layer(judged, picture, edge, used) for judged in judge(picture, about, now)
            ],
            versions=self._versions(site, picture, installations),
            certificates=[
                _certificate(of, ends, now)
                for of, ends in (("edge", edge), ("portal", portal))
                if ends is not None
            ],
            errors=[
                m.PageTrouble(at=row.at, layer=row.layer, code=row.code, detail=row.detail)
                for row in errors
            ],
            capacity=self._capacity(site, picture, lines),
            installations=[
                m.PageInstallation(
                    instance=row.instance,
                    version=row.version,
                    last_seen=row.last_seen,
                    connected=row.instance in picture.instances,
                )
                for row in installations
            ],
            keys=[
                m.PageKey(
                    id=row.key_id,
                    name=row.name,
                    expires_at=row.expires_at,
                    in_use=row.key_id in picture.key_ids,
                )
                for row in keys
            ],
            unregistered=unregistered,
        )

    async def installation(self, tenant_id: str, site_id: str) -> m.Installation:
        async with self._storage.read(tenant_id) as db:
            site = await _known(db, site_id)
        return m.Installation(
            command=install_command(),
            file_name=FILE_NAME,
            config=config_file(site, self._public_url),
        )

    # -- parts -------------------------------------------------------------------------------------
    async def _keys(self, db: TenantSession, site_id: str) -> list[ApiKey]:
        unexpired = or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > self._now())
        return await db.find(
            ApiKey,
            ApiKey.site_id == site_id,
            col(ApiKey.revoked_at).is_(None),
            unexpired,
            order_by=[col(ApiKey.id)],
        )

    async def _unregistered(
        self, db: TenantSession, site_id: str, picture: LinkPicture
    ) -> list[m.PageLine]:
        details = {row.line_id: row.detail for row in picture.lines if not row.registered}
        some = list(details)[:MOST_UNREGISTERED]
        if not some:
            return []
        found = await db.pairs(
            Line,
            User,
            col(Line.user_id) == col(User.id),
            Line.site_id == site_id,
            col(Line.line_id).in_(some),
            limit=MOST_UNREGISTERED,
        )
        rows = [
            m.PageLine(number=line.number, name=user.name, detail=details[line.line_id])
            for line, user in found
        ]
        return sorted(rows, key=lambda row: (len(row.number), row.number))

    def _layer(
        self,
        judged: Judged,
        picture: LinkPicture,
        certificate: datetime | None,
        used: Sequence[ApiKey],
    ) -> m.PageLayer:
        layer, code = judged.layer, judged.advice
        values: dict[str, Any] = {"layer": layer.layer, "state": judged.state}
        return m.PageLayer(
            **values,
            since=layer.since,
            last_proof=layer.proved,
            detail=layer.detail,
            measured=self._measured(layer.layer, picture, certificate, used),
            advice=None if code is None else m.Advice(code=code, text=TEXTS[code]),
        )

    def _measured(
        self,
        layer: str,
        picture: LinkPicture,
        certificate: datetime | None,
        used: Sequence[ApiKey],
    ) -> list[m.Measured]:
        found: dict[m.MeasureCode, tuple[float | str | None, float | None]] = {}
        trip = picture.round_trip
        match layer:
            case "network":
                found["round_trip_ms"] = (None if trip is None else round(trip * 1000, 1), None)
            case "tls":
                found["tls_version"] = (picture.tls or None, None)
                if certificate is not None:
                    found["certificate_days"] = ((certificate - self._now()).days, None)
            case "key":
                found["key"] = (", ".join(key.name for key in used) or None, None)
            case "registration":
                found["connections"] = (picture.flows, FLOWS)
            case "voice":
                registered = sum(line.registered for line in picture.lines)
                found["lines"] = (registered if picture.flows else None, len(picture.lines))
        return [
            m.Measured(code=code, value=value, of=of)
            for code, (value, of) in found.items()
            if value is not None
        ]

    def _versions(
        self, site: Site, picture: LinkPicture, installations: Sequence[Connector]
    ) -> m.PageVersions:
        known = installations[0].version if installations else ""
        connector = picture.status.version or known
        table = compatibility.load()
        verdict = table.look_up(site.profile, site.pbx_release, self._version)
        releases = [
            {"offhook": row.offhook, "release": row.release, "state": row.state, "note": row.note}
            for row in table.rows
            if row.profile == site.profile
        ]
        values: dict[str, Any] = {"compatibility": verdict.state, "note": verdict.note}
        values["releases"] = [m.PageRelease.model_validate(row) for row in releases]
        return m.PageVersions(
            gateway=self._version,
            connector=connector,
            pbx_release=site.pbx_release,
            newer_connector=bool(connector) and _order(connector) < _order(self._version),
            **values,
        )

    def _capacity(self, site: Site, picture: LinkPicture, lines: int) -> m.PageCapacity:
        calls = self._links.calls_at(site.tenant_id, site.id)
        return m.PageCapacity(
            calls=calls,
            channels=site.channels,
            lines=lines,
            registered=sum(line.registered for line in picture.lines),
            ip_licences=site.ip_licences,
            warnings=capacity_warnings(site, calls, lines),
        )

    def _certificates(self) -> tuple[datetime | None, datetime | None]:
        portal = self._portal_certificate
        edge = certificate_ends(self._edge_certificate)
        return edge, None if portal is None else certificate_ends(portal)


async def _known(db: TenantSession, site_id: str) -> Site:
    site = await db.get(Site, site_id)
    if site is None:
        raise Problem(404, "not_found", "There is no such site")
    return site


def _state(picture: LinkPicture, ever: bool) -> Any:
    if not ever and picture.status.state in ("unknown", "connecting"):
        return "not_set_up"
    return picture.status.state


def _certificate(of: str, ends: datetime, now: datetime) -> m.PageCertificate:
    values: dict[str, Any] = {
        "of": of,
        "state": "expired" if ends <= now else "soon" if ends - now < SOON else "ok",
    }
    return m.PageCertificate(**values, not_after=ends, days_left=(ends - now).days)


def _own_version() -> str:
    try:
        return importlib.metadata.version("offhook")
    except importlib.metadata.PackageNotFoundError:
        return "0"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def etag_of(page: m.ConnectorPage) -> str:
    """Weak (RFC 9110 8.8.1): that a layer was proven again, or took a little longer, is no news."""
    said: Mapping[str, Any] = page.model_dump(mode="json")
    for layer in said["layers"]:
        del layer["last_proof"]
        layer["measured"] = [one for one in layer["measured"] if one["code"] != "round_trip_ms"]
    return f'W/"{_digest(said)}"'


def _digest(said: Mapping[str, Any]) -> str:

    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]
