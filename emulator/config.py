"""The emulator's configuration. Variables: ``OFFHOOK_PBX_SIP__UDP_PORT=5060``.

Everything binds to loopback unless told otherwise: this is a test PBX.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from emulator.plan.model import Extension
from emulator.plan.profiles import PROFILES, ProfileName
from settings import Section, Settings, off_is_none


class Sip(Section):
    """Where phones and the connector reach us. A port of 0 is any free one."""

    host: str = "127.0.0.1"
    advertise: str | None = Field(
        default=None, description="address in Contact; default: the flow's own"
    )
    udp_port: Annotated[int | None, off_is_none] = Field(
        default=5060, ge=0, le=65535, description='or "off"'
    )
    tcp_port: Annotated[int | None, off_is_none] = Field(
        default=5060, ge=0, le=65535, description='or "off"'
    )
    tls_port: int | None = Field(
        default=None, ge=0, le=65535, description="needs cert_file and key_file"
    )
    cert_file: Path | None = None
    key_file: Path | None = None
    realm: str = "pbx.offhook.test"
    device_password: SecretStr = Field(description="digest password of every device without own")
    passwords: dict[str, SecretStr] = Field(
        default={}, description="device user -> its own password"
    )
    desk_algorithms: tuple[Literal["MD5", "SHA-256", "SHA-512-256"], ...] = ("MD5",)
    line_algorithms: tuple[Literal["MD5", "SHA-256", "SHA-512-256"], ...] = ("SHA-256", "MD5")
    secure_media: bool = Field(default=True, description="devices on TLS get SDES-SRTP if they can")
    min_expires: int = Field(default=30, ge=1, le=3600)
    max_expires: int = Field(default=3600, ge=60, le=86400)
    session_expires: Annotated[int | None, off_is_none] = Field(
        default=1800, ge=90, description='seconds, RFC 4028; or "off"'
    )

    @field_validator("host", "advertise")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            ipaddress.ip_address(value)
        return value

    @model_validator(mode="after")
    def _tls_needs_a_certificate(self) -> Self:
        if self.tls_port is not None and (self.cert_file is None or self.key_file is None):
            raise ValueError("sip.tls_port needs sip.cert_file and sip.key_file")
        if ipaddress.ip_address(self.host).is_unspecified and self.advertise is None:
            # phones would be told to send to 0.0.0.0, which in SDP means hold
            raise ValueError("sip.host means all addresses: set sip.advertise to the one to show")
        if self.udp_port is None and self.tcp_port is None and self.tls_port is None:
            raise ValueError("at least one of sip.udp_port, tcp_port and tls_port must be set")
        return self

    def password(self, user: str) -> str:
        own = self.passwords.get(user)
        return (own or self.device_password).get_secret_value()


class Media(Section):
    """RTP of virtual phones, announcements, music on hold and voicemail."""

    address: str | None = Field(
        default=None, description="address in SDP; default: sip.advertise or host"
    )
    ports: tuple[int, int] = Field(default=(32000, 32999), description="first and last, inclusive")

    @field_validator("ports")
    @classmethod
    def _range(cls, value: tuple[int, int]) -> tuple[int, int]:
        low, high = value
        if not 1024 <= low < high <= 65535:
            raise ValueError("media.ports must be [first, last] within 1024..65535")
        return value


class Console(Section):
    """The page and the JSON API. Its only guard is where it listens: keep it on loopback."""

    enabled: bool = True
    host: str = "127.0.0.1"
    port: int = Field(default=8090, ge=0, le=65535)
    origins: tuple[str, ...] = Field(default=(), description="more origins than the page's own")


class Csta(Section):
    """The CSTA face: XML over TCP as OpenScape Voice speaks it. Whoever reaches it controls every
    phone: keep it on loopback, or give it a certificate and the CA of its clients."""

    host: str = "127.0.0.1"
    port: Annotated[int | None, off_is_none] = Field(
        default=None, ge=0, le=65535, description='0 = any free one; or "off"'
    )
    notify_user: str | None = Field(
        default=None,
        min_length=1,
        description="SIP user that speaks CSTA in NOTIFY (b2buaCSTA)",
    )
    cert_file: Path | None = Field(default=None, description="then the links are TLS")
    key_file: Path | None = None
    client_ca: Path | None = Field(default=None, description="clients need a certificate of it")
    offer_seconds: float = Field(
        default=0.0,
        ge=0,
        le=60,
        description="Voice, 4000: so long a call to a monitored number waits to be accepted",
    )
    heartbeat_seconds: float | None = Field(
        default=None, gt=0.05, le=3600, description="default: the platform's"
    )
    max_links: int | None = Field(default=None, ge=1, le=64, description="default: the platform's")
    max_monitors: int = Field(default=1000, ge=1, le=100000, description="of one link")

    @model_validator(mode="after")
    def _certificate_is_whole(self) -> Self:
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("csta.cert_file and csta.key_file belong together")
        if self.client_ca is not None and self.cert_file is None:
            raise ValueError("csta.client_ca needs csta.cert_file")
        return self


class Voicemail(Section):
    max_seconds: float = Field(default=120, gt=1, le=600)
    silence_seconds: float = Field(
        default=4, gt=0.5, le=60, description="a message ends after so much"
    )
    max_messages: int = Field(default=50, ge=1, le=1000)


class EmulatorConfig(Settings):
    """Everything the emulator can be told."""

    model_config = SettingsConfigDict(env_prefix="OFFHOOK_PBX_")

    profile: ProfileName = "business"
    state_dir: Path | None = Field(default=None, description="keeps mailboxes over a restart")
    ring_seconds: float = Field(
        default=30, gt=0.1, le=300, description="then voicemail, or no answer"
    )
    hunt_seconds: float = Field(
        default=10, gt=0.1, le=300, description="of ringing before the next one of a series rings"
    )
    codes: dict[str, str] = Field(
        default={}, description="feature codes that differ from the defaults; empty = none"
    )
    sip: Sip
    media: Media = Media()
    console: Console = Console()
    csta: Csta = Csta()
    voicemail: Voicemail = Voicemail()
    extensions: tuple[Extension, ...] | None = Field(
        default=None, description="default: the profile's"
    )

    @model_validator(mode="after")
    def _numbers_are_unique(self) -> Self:
        seen: set[str] = set()
        for extension in self.plan:
            if extension.number in seen:
                raise ValueError(f"extension {extension.number} is there twice")
            seen.add(extension.number)
        for device in (user for extension in self.plan for user in extension.device_users):
            if device in seen:
                raise ValueError(f"{device} is the name of two devices, or a number too")
            seen.add(device)
        return self

    @property
    def plan(self) -> tuple[Extension, ...]:
        if self.extensions is not None:
            return self.extensions
        return PROFILES[self.profile].extensions

    @property
    def media_address(self) -> str:
        return self.media.address or self.sip.advertise or self.sip.host
