"""Configuration of the embedded engine, as the parent gives it and as it reaches a worker."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker grants to sources and peers. All counts are per worker."""

    stun_per_source: int = 50  # checks per second for one leg from one address and port
    stun_failures_per_host: int = 500  # forged checks per second before a host's new ports wait
    audio_pps: int = 300  # RTP packets per second from one leg, bursts of a second allowed
    ssrc_per_leg: int = 16  # sources a peer may use during one leg
    handshake_retries: int = 5
    credential_life_s: float = 40.0  # an ICE generation after it was replaced
    unanswered_leg_s: float = 180.0  # a leg that never saw its peer
    quarantine_s: float = 5.0  # an RTP port after its leg closed
    max_legs: int = 4000


@dataclass(frozen=True, slots=True, repr=False)
class TurnServer:
    """A relay for WEBRTC_FULL legs. Its credentials live minutes and stay out of ``repr``."""

    host: str
    port: int = 3478
    username: str = ""
    password: str = ""
    transport: str = "udp"  # udp or tcp
    tls: bool = False
    relay_only: bool = False


def default_workers() -> int:
    """A second one costs nothing before it is needed and halves the longest delays, where it has a
    processor to run on."""
    return min(2, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class EmbeddedConfig:
    """``port`` is worker 0's UDP port, worker i uses ``port + i``; 0 lets the system choose.
    ``workers`` is how many there may be: worker i starts when those before it fill up.

    ``bind`` is one address or several (IPv4 and IPv6). ``advertise`` are the addresses that SDP
    names, one per family at most: the public side of a 1:1 NAT; empty means the bound ones.
    ``rtp_bind``/``rtp_advertise`` do the same for plain RTP legs and default to ``bind`` and
    ``advertise``.
    """

    port: int = 0
    workers: int = field(default_factory=default_workers)
    bind: str | tuple[str, ...] = "0.0.0.0"  # noqa: S104 - media has to be reachable
    advertise: tuple[str, ...] = ()
    rtp_bind: str = ""
    rtp_advertise: str = ""
    rtp_ports: tuple[int, int] = (20000, 29999)
    portable_io: bool = False  # force the loop without recvmmsg/sendmmsg
    realtime: bool = True  # ask the system to run media before everything else
    full_ice: bool = False  # WEBRTC_FULL legs by aioice even before a TURN server is known
    limits: Limits = field(default_factory=Limits)

    @property
    def binds(self) -> tuple[str, ...]:
        return (self.bind,) if isinstance(self.bind, str) else self.bind


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """One worker's share of :class:`EmbeddedConfig`, carried as JSON on its command line."""

    index: int
    control_path: str
    port: int
    binds: tuple[str, ...]
    advertise: tuple[str, ...]
    rtp_bind: str
    rtp_advertise: str
    rtp_ports: tuple[int, int]
    portable_io: bool
    realtime: bool
    full_ice: bool
    limits: Limits

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> WorkerConfig:
        low, high = data["rtp_ports"]
        fields = {**data, "rtp_ports": (low, high), "limits": Limits(**data["limits"])}
        for name in ("binds", "advertise"):
            fields[name] = tuple(data[name])
        return cls(**fields)


def worker_share(config: EmbeddedConfig, index: int, control_path: str) -> WorkerConfig:
    """Worker ``index``'s UDP port and its equal slice of the RTP port range."""
    low, high = config.rtp_ports
    size = (high - low + 1) // config.workers & ~1
    if size < 2:
        raise ValueError(f"rtp_ports {low}-{high} is too small for {config.workers} workers")
    first = low + (low & 1) + index * size
    return WorkerConfig(
        index=index,
        control_path=control_path,
        port=config.port + index if config.port else 0,
        binds=config.binds,
        advertise=config.advertise,
        rtp_bind=config.rtp_bind or config.binds[0],
        rtp_advertise=config.rtp_advertise or (config.advertise[0] if config.advertise else ""),
        rtp_ports=(first, min(high, first + size - 1)),
        portable_io=config.portable_io,
        realtime=config.realtime,
        full_ice=config.full_ice,
        limits=config.limits,
    )
