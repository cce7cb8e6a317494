"""The gateway's configuration. Variables: ``OFFHOOK_GATEWAY_HTTP__PORT=8080``."""

from __future__ import annotations

import ipaddress
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from gateway.terms import VERSION
from media.worker.config import default_workers
from settings import Section, Settings, off_is_none


class HttpConfig(Section):
    """Where browsers and connectors reach REST, Socket.IO and the web app."""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535, description="plain HTTP; 0 = any free port")
    tls_host: str | None = None
    tls_port: int | None = Field(
        default=None, ge=0, le=65535, description="HTTPS beside it; needs both"
    )
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="networks whose X-Forwarded-For and X-Forwarded-Proto are believed"
    )
    webapp_dir: Path | None = Field(
        default=None, description="the built web app (index.html inside)"
    )
    admin_dir: Path | None = Field(
        default=None, description="the built admin portal, served under /admin/"
    )
    header_timeout: float = Field(
        default=10.0, gt=0, description="s to send a complete request head"
    )
    body_timeout: float = Field(default=30.0, gt=0, description="s to send a complete body")
    max_connections_per_ip: int = Field(default=200, ge=1, description="IPv4 address or IPv6 /64")
    max_connections: int = Field(default=8192, ge=1, description="in all; keep below nofile")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @model_validator(mode="after")
    def _tls_is_complete(self) -> Self:
        if self.tls_port is not None and not (self.tls_cert and self.tls_key):
            raise ValueError("http.tls_port needs http.tls_cert and http.tls_key")
        return self


class SipEdgeConfig(Section):
    """The SIP/TLS listener for connectors."""

    host: str = "127.0.0.1"
    port: int = Field(default=65061, ge=0, le=65535)
    public_host: str = Field(
        default="localhost", description="name in the certificate, given to connectors"
    )
    public_port: int | None = Field(
        default=None, ge=1, le=65535, description="default: the bound port"
    )
    cert: Path = Field(description="PEM; connectors verify it")
    key: Path
    client_ca: Path | None = Field(
        default=None, description="if set, connectors may show a certificate"
    )
    service_domain: str = "offhook.invalid"
    alert_after_minutes: float = Field(
        default=5.0, ge=0, description="that a link is down before its admins are written to"
    )


class MediaConfig(Section):
    """The embedded media engine: one process and one UDP port per worker."""

    port: int = Field(default=40000, ge=0, le=65535)
    workers: int = Field(default_factory=default_workers, ge=1, le=64)
    bind: str = "0.0.0.0"  # noqa: S104 - media must be reachable; narrowed by configuration
    advertise: tuple[str, ...] = Field(
        default=(), description="addresses offered as ICE candidates"
    )


class TurnConfig(Section):
    """Time-limited TURN credentials (coturn ``use-auth-secret``)."""

    urls: tuple[str, ...] = ()
    secret: SecretStr | None = None
    ttl: int = Field(default=600, ge=60, le=86400, description="seconds")

    @field_validator("urls")
    @classmethod
    def _schemes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if not url.startswith(("stun:", "stuns:", "turn:", "turns:")):
                raise ValueError(f"{url!r} must start with stun:, stuns:, turn: or turns:")
        return value

    @model_validator(mode="after")
    def _secret_with_turn(self) -> Self:
        if self.secret is None and any(u.startswith("turn") for u in self.urls):
            raise ValueError("turn.urls with turn: needs turn.secret")
        return self


class AuthConfig(Section):
    """Sign-in, sessions and their limits."""

    access_ttl: int = Field(
        default=600, ge=60, le=600, description="s; never longer than 10 minutes"
    )
    refresh_ttl: int = Field(default=30 * 86400, ge=600, description="s since the last refresh")
    session_ttl: int = Field(default=90 * 86400, ge=600, description="s since sign-in, absolute")
    refresh_grace: float = Field(
        default=10.0, ge=0, le=60, description="s, same device, same answer"
    )
    logins_per_account: int = Field(
        default=5, ge=1, description="attempts per minute, IP and account"
    )
    logins_per_ip: int = Field(default=30, ge=1, description="attempts per minute and IP")
    argon2_parallel: int = Field(default=2, ge=1, le=64, description="password checks at one time")
    argon2_queue: int = Field(
        default=32, ge=1, description="password checks that may wait; then 503"
    )
    breached_passwords: Path | None = Field(
        default=None,
        description="sorted SHA-1 digests (or equally long beginnings), one a line, in hex",
    )
    issuer: str = Field(
        default="Offhook", max_length=60, description="what authenticator apps and passkeys show"
    )


class TermsConfig(Section):
    """What a company's first administrator accepts for it."""

    version: str = Field(default=VERSION, min_length=1, max_length=20)
    url: str = Field(
        default="", max_length=300, description="terms of the operator's own; default: ours"
    )


class TenantsConfig(Section):
    grace_days: int = Field(
        default=30, ge=0, le=365, description="between a tenant's deletion and its erasure"
    )


class MailConfig(Section):
    """How letters leave. Without a host they are kept, and the API says so."""

    host: str | None = None
    port: int = Field(default=587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none: for a server on this machine only"
    )
    ca_file: Path | None = Field(default=None, description="who signs the server's certificate")
    user: str | None = None
    password: SecretStr | None = None
    sender: str = Field(default="Offhook <noreply@localhost>", description="From: of every letter")
    timeout: float = Field(default=20.0, gt=0, le=120, description="s for one letter")
    connections: int = Field(default=10, ge=1, le=100, description="to the server at one time")
    per_minute: int | None = Field(default=None, ge=6, description="letters; none: as many as go")

    @field_validator("sender")
    @classmethod
    def _one_address(cls, value: str) -> str:
        name, address = parseaddr(value)
        Address(display_name=name, addr_spec=address)
        if not address:
            raise ValueError("must be an address: Name <user@example.com>")
        return value

    @model_validator(mode="after")
    def _plain_text_stays_here(self) -> Self:
        if self.tls == "none" and self.host is not None and not _is_loopback(self.host):
            raise ValueError("mail.tls none is for a server on this machine (127.0.0.1) only")
        if self.password is not None and self.user is None:
            raise ValueError("mail.password needs mail.user")
        return self


class QuotasConfig(Section):
    """What one tenant may use at most, where nothing else is agreed with it."""

    calls: int = Field(default=200, ge=1, description="live at one time")
    sockets: int = Field(default=5000, ge=1, description="open at one time")
    requests_per_minute: int = Field(default=6000, ge=1, description="all users and keys together")
    requests_per_minute_each: int = Field(default=600, ge=1, description="of one user or key")
    storage_mb: int = Field(default=2048, ge=1)
    webhooks: int = Field(default=10, ge=0, description="set up at one time")


class RealtimeConfig(Section):
    events_per_second: float = Field(default=20.0, gt=0)
    burst: int = Field(default=40, ge=1)
    auth_timeout: float = Field(default=5.0, gt=0, description="s from the open socket to CONNECT")
    ping_interval: float = Field(
        default=5.0, gt=0, le=60, description="s between pings: how soon a dead socket is seen"
    )
    ping_timeout: float = Field(default=3.0, gt=0, le=60, description="s for the answer")
    max_sockets_per_user: int = Field(default=20, ge=1, description="devices and tabs at once")
    max_message: int = Field(default=65536, ge=1024, description="bytes")
    session_check: float = Field(
        default=2.0, gt=0, le=5, description="s between looks at the sessions"
    )


class MetricsConfig(Section):
    host: str = "127.0.0.1"
    port: Annotated[int | None, off_is_none] = Field(
        default=9464, ge=0, le=65535, description='"off" switches the listener off'
    )


class OutboundConfig(Section):
    """Where the gateway itself may connect to for a tenant: identity providers, webhooks."""

    allowed_private: tuple[str, ...] = Field(
        default=(),
        description="names, addresses and networks that tenants may use although they are private",
    )
    ca_file: Path | None = Field(
        default=None, description="PEM; certificate authorities trusted beside the system's"
    )


class MicrosoftConfig(Section):
    """Where Microsoft's sign-in and Graph are; others in national clouds."""

    login_url: str = "https://login.microsoftonline.com"
    graph_url: str = "https://graph.microsoft.com/v1.0"


class DemoHint(Section):
    """A number to try, shown to new users of the demo."""

    number: str
    name: str
    about: str
    kind: str = Field(default="", description="what is there; clients may have own words for it")


class GatewayConfig(Settings):
    """Everything the gateway can be told."""

    model_config = SettingsConfigDict(env_prefix="OFFHOOK_GATEWAY_")

    public_url: str = Field(
        default="http://localhost:8080", description="how users reach the web app"
    )
    origins: tuple[str, ...] = Field(default=(), description="further origins that may use the API")
    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///var/gateway/gateway.sqlite3")
    database_owner_url: SecretStr | None = Field(
        default=None, description="PostgreSQL: the role that owns the tables; default: the same"
    )
    secrets_dir: Path = Path("var/gateway/secrets")
    drain_timeout: float = Field(default=3600.0, ge=0, description="s that SIGTERM waits for calls")
    http: HttpConfig = HttpConfig()
    sip_edge: SipEdgeConfig
    media: MediaConfig = MediaConfig()
    turn: TurnConfig = TurnConfig()
    auth: AuthConfig = AuthConfig()
    realtime: RealtimeConfig = RealtimeConfig()
    terms: TermsConfig = TermsConfig()
    mail: MailConfig = MailConfig()
    tenants: TenantsConfig = TenantsConfig()
    quotas: QuotasConfig = QuotasConfig()
    metrics: MetricsConfig = MetricsConfig()
    outbound: OutboundConfig = OutboundConfig()
    microsoft: MicrosoftConfig = MicrosoftConfig()
    demo_hints: tuple[DemoHint, ...] = Field(default=(), description="for the demo only")

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        return _origin(value)

    @field_validator("origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_origin(item) for item in value)

    @property
    def databases(self) -> tuple[str, str | None]:
        """The working role's URL and the owner's: what ``Storage.open`` takes."""
        owner = self.database_owner_url
        return self.database_url.get_secret_value(), owner.get_secret_value() if owner else None

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.public_url, *self.origins)))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(url: str) -> str:
    """RFC 6454 section 6.2: scheme, host and port only."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} must be an absolute http or https URL")
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"{url!r} must be scheme, host and port only")
    return f"{parts.scheme}://{parts.netloc.lower()}"
