"""Network namespaces for tests: servers and browsers live where nothing else listens.

``own_network()`` moves this process into a fresh namespace that the kernel removes with it.
``Topology`` makes named ones for tests that need several hosts. Both need root.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    import pytest

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def run(*argv: str) -> str:
    """Run a command; its output, or an error that quotes what it said."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}; the tests need root for namespaces")


def own_network(address: str = "10.77.0.1") -> str:
    """Leave for a namespace of our own with loopback and one more address, which is returned.

    Browsers refuse loopback as a media address, so there has to be another. It is for good: the
    process and its children stay there.
    """
    _check(_libc.unshare(CLONE_NEWNET), "unshare")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "box0", "type", "veth", "peer", "name", "box1")
    run("ip", "addr", "add", f"{address}/24", "dev", "box0")
    run("ip", "link", "set", "box0", "up")
    run("ip", "link", "set", "box1", "up")
    # Firefox gathers no candidate at all without a default route (measured).
    gateway = address.rpartition(".")[0] + ".254"
    run("ip", "route", "add", "default", "via", gateway, "dev", "box0")
    return address


def worker_network(config: pytest.Config) -> None:
    """A worker of a parallel run leaves for a network of its own.

    There the ports that its tests find free stay free, and answers to the port that a protocol
    prescribes (RFC 3261 18.2.2) come to no other worker's test.
    """
    if hasattr(config, "workerinput"):
        own_network()


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Run the block, and start children, inside the named namespace (this thread only)."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        _check(_libc.setns(there, CLONE_NEWNET), f"setns {name}")
        yield
    finally:
        _check(_libc.setns(here, CLONE_NEWNET), "setns back")
        os.close(here)
        os.close(there)


def connector_in(name: str | None) -> aiohttp.TCPConnector:
    """An HTTP client's connections start in the named namespace (or in this one)."""

    def make(info: tuple[Any, ...]) -> socket.socket:
        with inside(name) if name is not None else nullcontext():
            made = socket.socket(info[0], info[1], info[2])
        made.setblocking(False)
        return made

    return aiohttp.TCPConnector(socket_factory=make)


@dataclass
class Topology:
    """Hosts joined by links, each host a namespace; removed by :meth:`remove`."""

    run_id: str = field(default_factory=lambda: secrets.token_hex(3))
    names: list[str] = field(default_factory=list)
    _links: int = 0

    def host(self, label: str) -> str:
        """Make a namespace, loopback up; returns its full name."""
        name = f"t{self.run_id}{label}"
        run("ip", "netns", "add", name)
        self.names.append(name)
        run("ip", "-n", name, "link", "set", "lo", "up")
        return name

    def link(self, left: str, left_address: str, right: str, right_address: str) -> tuple[str, str]:
        """Join two hosts; addresses with prefix length. Returns both interface names."""
        self._links += 1
        a, b = f"v{self.run_id}{self._links}a", f"v{self.run_id}{self._links}b"
        run(
            "ip", "link", "add", a, "netns", left, "type", "veth", "peer", "name", b, "netns", right
        )
        for name, interface, address in ((left, a, left_address), (right, b, right_address)):
            run("ip", "-n", name, "addr", "add", address, "dev", interface)
            run("ip", "-n", name, "link", "set", interface, "up")
        return a, b

    def route(self, host: str, via: str) -> None:
        run("ip", "-n", host, "route", "add", "default", "via", via)

    def forward(self, host: str) -> None:
        run("ip", "netns", "exec", host, "sysctl", "-qw", "net.ipv4.ip_forward=1")

    def resolve(self, host: str, names: Sequence[tuple[str, str]]) -> None:
        """Give ``host`` its own /etc/hosts: pairs of (address, names)."""
        folder = Path("/etc/netns") / host
        folder.mkdir(parents=True, exist_ok=True)
        rows = ["127.0.0.1 localhost", *(f"{address} {text}" for address, text in names)]
        (folder / "hosts").write_text("\n".join(rows) + "\n")
        (folder / "resolv.conf").write_text("")

    def remove(self) -> None:
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
            folder = Path("/etc/netns") / name
            for file in ("hosts", "resolv.conf"):
                (folder / file).unlink(missing_ok=True)
            if folder.is_dir():
                folder.rmdir()
        self.names.clear()
