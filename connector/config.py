"""The connector's configuration. Variables: ``OFFHOOK_CONNECTOR_GATEWAY__API_KEY=gwc_...``."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from media.worker.config import default_workers
from settings import Section, Settings

#: A feature code; empty where the PBX has none.
_CODE = r"^[0-9*#]*$"


class GatewayLink(Section):
    """The cloud gateway this site belongs to."""

    url: str = Field(description="https://... of the gateway, as users reach it")
    api_key: SecretStr | None = Field(default=None, description="the site's connector key")
    api_key_file: Path | None = Field(default=None, description="file that holds the key instead")
    ca_file: Path | None = Field(
        default=None, description="PEM bundle to trust beside the system's"
    )

    @field_validator("url")
    @classmethod
    def _https(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{value!r} must be an absolute https URL")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            # the API key and the lines' passwords travel here
            raise ValueError("plain http is allowed only to this machine (localhost)")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if (self.api_key is None) == (self.api_key_file is None):
            raise ValueError("set exactly one of gateway.api_key and gateway.api_key_file")
        return self

    def read_key(self) -> str:
        """The key itself; read when needed, so that a rotated file is seen without restart."""
        if self.api_key is not None:
            return self.api_key.get_secret_value()
        if self.api_key_file is None:
            raise ValueError("no key configured")
        return self.api_key_file.read_text(encoding="ascii").strip()


class PbxLink(Section):
    """The PBX on the local network."""

    host: str
    port: int | None = Field(default=None, ge=1, le=65535, description="default 5060, TLS 5061")
    transport: Literal["udp", "tcp", "tls"] = "udp"
    domain: str | None = Field(default=None, description="domain in From and To; default: host")
    realm: str | None = Field(
        default=None, description="accept digest challenges of this realm only"
    )
    ca_file: Path | None = Field(
        default=None, description="PEM bundle that signs the PBX certificate"
    )
    server_name: str | None = Field(
        default=None, description="name in the PBX certificate, default host"
    )
    media: Literal["rtp", "sdes"] = "rtp"
    local_address: str | None = Field(default=None, description="our address on the PBX's network")
    local_port: int = Field(default=0, ge=0, le=65535, description="0 = any free port")
    codecs: tuple[str, ...] | None = Field(default=None, description="overrides the profile's list")
    park_code: str | None = Field(
        default=None,
        pattern=_CODE,
        description="before a park place; default: the profile's",
    )
    unpark_code: str | None = Field(
        default=None,
        pattern=_CODE,
        description="before the place to fetch from; default: the profile's",
    )
    pickup_code: str | None = Field(
        default=None,
        pattern=_CODE,
        description="before the number that rings; default: the profile's",
    )
    conference_code: str | None = Field(
        default=None, pattern=_CODE, description="joins the held calls; default: the profile's"
    )
    register_expires: int = Field(default=300, ge=60, le=86400, description="seconds")

    @property
    def effective_port(self) -> int:
        return self.port or (5061 if self.transport == "tls" else 5060)

    @model_validator(mode="after")
    def _sdes_needs_tls(self) -> Self:
        # RFC 4568 section 8: keys in SDP need a secured signalling path
        if self.media == "sdes" and self.transport != "tls" and not _is_loopback(self.host):
            raise ValueError("pbx.media = sdes needs pbx.transport = tls (keys travel in SDP)")
        return self


class Control(Section):
    """The PBX's CSTA link: desk phones are shown and commanded through it. CSTA itself knows no
    login; what protects the link is TLS, or the network that it runs in."""

    host: str | None = Field(default=None, description="default: pbx.host")
    port: int | None = Field(
        default=None, ge=1, le=65535, description="of the CSTA link; without it there is none"
    )
    transport: Literal["tcp", "tls", "notify"] = Field(
        default="tcp", description="notify: CSTA in SIP NOTIFY, over the connection of [pbx]"
    )
    ca_file: Path | None = Field(
        default=None, description="PEM bundle that signs the certificate; default: pbx.ca_file"
    )
    server_name: str | None = Field(
        default=None, description="name in the certificate, default host"
    )
    user: str | None = Field(default=None, description="of notify: who we are at the PBX")
    password: SecretStr | None = Field(default=None, description="of notify")

    @model_validator(mode="after")
    def _notify_needs_a_user(self) -> Self:
        if self.transport == "notify" and (self.user is None or self.password is None):
            raise ValueError("control.transport = notify needs control.user and control.password")
        return self


class Media(Section):
    """The media worker: link legs leave by one UDP port, PBX legs take ports of their own."""

    port: int = Field(
        default=0, ge=0, le=65535, description="UDP port of link legs; 0 = any free port"
    )
    workers: int = Field(default_factory=default_workers, ge=1, le=64)
    bind: str = "0.0.0.0"  # noqa: S104 - narrowed by configuration
    advertise: tuple[str, ...] = Field(default=(), description="addresses written into SDP")
    rtp_ports: tuple[int, int] = Field(
        default=(30000, 31999), description="first and last, inclusive"
    )

    turn: Literal["off", "udp", "tcp", "tls"] = Field(
        default="off",
        description="how to reach the gateway's relay where UDP may not leave directly",
    )
    relay_only: bool = Field(default=False, description="with turn: never try the direct way")

    @field_validator("rtp_ports")
    @classmethod
    def _range(cls, value: tuple[int, int]) -> tuple[int, int]:
        low, high = value
        if not 1024 <= low < high <= 65535:
            raise ValueError("rtp_ports must be [first, last] within 1024..65535")
        return value

    @field_validator("bind")
    @classmethod
    def _address(cls, value: str) -> str:
        ipaddress.ip_address(value)
        return value

    @field_validator("advertise")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            ipaddress.ip_address(address)
        return value


class Numbers(Section):
    """How this PBX dials; what is left out comes from the gateway's site settings."""

    country_code: str | None = Field(default=None, pattern=r"^[1-9][0-9]{0,2}$")
    area_code: str | None = Field(default=None, pattern=r"^[0-9]{0,6}$")
    exit_code: str | None = Field(default=None, pattern=r"^[0-9*#]{0,4}$")
    trunk_number: str | None = Field(
        default=None, pattern=r"^[0-9]{0,10}$", description="the site's number without extension"
    )


class ConnectorConfig(Settings):
    """Everything the connector can be told."""

    model_config = SettingsConfigDict(env_prefix="OFFHOOK_CONNECTOR_")

    profile: Literal["business", "voice", "os4000"] = "business"
    instance_file: Path = Field(
        default=Path("var/connector/instance"), description="keeps the id of this installation"
    )
    drain_timeout: float = Field(default=5.0, ge=0, description="s that a stop waits for calls")
    gateway: GatewayLink
    pbx: PbxLink
    control: Control = Control()
    media: Media = Media()
    numbers: Numbers = Numbers()


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
