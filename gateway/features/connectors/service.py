"""The link session: a key and an installation in, a token and the site's lines out.

The PBX passwords of the lines leave the gateway here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import phonenumbers
import structlog

from gateway.credentials.secrets import Secrets, line_context
from gateway.features.connectors.models import (
    LinkConfig,
    LinkEdge,
    LinkLine,
    LinkSession,
    LinkSessionRequest,
    LinkSite,
    LinkTurn,
)
from gateway.features.connectors.tokens import TTL, LinkTokens
from gateway.ports import KeyIdentity, Problem, TurnIssuer
from gateway.storage.ids import utc_now
from gateway.storage.models import Connector, Line, Site
from gateway.storage.storage import Storage

log = structlog.get_logger(__name__)

Edges = Callable[[], Sequence[tuple[str, int]]]


class ConnectorsService:
    def __init__(
        self,
        storage: Storage,
        secrets: Secrets,
        tokens: LinkTokens,
        turn: TurnIssuer,
        service_domain: str,
        edges: Edges,
    ) -> None:
        self._storage = storage
        self._secrets = secrets
        self._tokens = tokens
        self._turn = turn
        self._service_domain = service_domain
        self._edges = edges  # asked each time: the port is known once the edge listens

    async def open_session(self, key: KeyIdentity, wanted: LinkSessionRequest) -> LinkSession:
        instance = str(wanted.instance)
        await self._note_installation(key, instance, wanted)
        config = await self._config(key)
        log.info(
            "connector.session",
            tenant=key.tenant_id,
            site=key.site_id,
            instance=instance,
            version=wanted.version,
        )
        return LinkSession(**dict(config), token=self._tokens.issue(key, instance), expires_in=TTL)

    async def config(self, key: KeyIdentity, since: int | None) -> LinkConfig | None:
        """``None``: nothing changed since that version."""
        if since is not None:
            async with self._storage.read(key.tenant_id) as db:
                site = await db.get(Site, key.site_id)
            if site is not None and site.config_version == since:
                return None
        return await self._config(key)

    async def _note_installation(
        self, key: KeyIdentity, instance: str, wanted: LinkSessionRequest
    ) -> None:
        async with self._storage.write(key.tenant_id) as db:
            site = await db.get(Site, key.site_id)
            if site is None:
                raise Problem(403, "site_gone", "The site of this key was removed")
            if site.profile != wanted.profile:
                raise Problem(
                    403,
                    "wrong_profile",
                    "The connector is set up for another kind of PBX",
                    expected=site.profile,
                )
            known = await db.first(
                Connector, Connector.site_id == key.site_id, Connector.instance == instance
            )
            if known is not None:
                known.version, known.profile = wanted.version, wanted.profile
                known.last_seen = utc_now()
            else:
                await db.add(
                    Connector(
                        tenant_id=key.tenant_id,
                        site_id=key.site_id,
                        instance=instance,
                        version=wanted.version,
                        profile=wanted.profile,
                    )
                )

    async def _config(self, key: KeyIdentity) -> LinkConfig:
        async with self._storage.read(key.tenant_id) as db:
            site = await db.get(Site, key.site_id)
            lines = await db.find(Line, Line.site_id == key.site_id, order_by=[Line.number])
        if site is None:
            raise Problem(403, "site_gone", "The site of this key was removed")
        return LinkConfig(
            site=LinkSite(
                id=site.id,
                country=site.country,
                area_code=site.area_code,
                exit_code=site.exit_code,
                trunk_number=_trunk_number(site),
                extension_digits=site.extension_digits,
                codecs=site.codecs.split(","),
            ),
            service_domain=self._service_domain,
            edges=[LinkEdge(host=host, port=port) for host, port in self._edges()],
            config_version=site.config_version,
            lines=[self._line(line) for line in lines],
            turn=LinkTurn(**self._turn.issue(f"site-{site.id}")),
        )

    def _line(self, line: Line) -> LinkLine:
        context = line_context(line.tenant_id, line.site_id, line.line_id)
        return LinkLine(
            line_id=line.line_id,
            device_id=line.device_id,
            number=line.number,
            desk_number=line.desk_number,
            mailbox_number=line.mailbox_number,
            auth_user=line.auth_user,
            auth_password=self._secrets.unseal(line.auth_password, context),
        )


def _trunk_number(site: Site) -> str:
    country = phonenumbers.country_code_for_region(site.country.upper())
    return site.number_block.removeprefix(f"+{country}").removeprefix("+")
