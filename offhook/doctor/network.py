"""Checks of ports, names and reachability."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from pathlib import Path

from aioice import stun

from offhook.demo.addresses import machine_addresses
from offhook.doctor.verdict import Verdict, fail, ok, warn

WAIT_S = 5.0


def port_is_free(subject: str, kind: int, host: str, port: int) -> Verdict:
    """Can we listen there? ``kind`` is SOCK_STREAM or SOCK_DGRAM."""
    label = f"{'TCP' if kind == socket.SOCK_STREAM else 'UDP'} {host}:{port}"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return fail(
                subject, f"{label} may not be used", "Use a port above 1023 or run as root."
            )
        except OSError as error:
            return warn(
                subject,
                f"{label} is taken: {error.strerror}",
                "Fine if Offhook runs already; else stop what listens there (ss -lntup).",
            )
    return ok(subject, f"{label} is free")


def advertised(addresses: tuple[str, ...]) -> list[Verdict]:
    """Are the media addresses that we hand out usable?"""
    if not addresses:
        return [
            warn(
                "media address",
                f"none configured; {', '.join(machine_addresses())} will be offered",
                "Behind NAT set media.advertise to the public address.",
            )
        ]
    mine = set(machine_addresses())
    rows: list[Verdict] = []
    for text in addresses:
        if ipaddress.ip_address(text).is_loopback:
            rows.append(
                warn(
                    "media address",
                    f"{text} is loopback",
                    "Only a browser on this machine can use it, and Firefox not even then.",
                )
            )
        elif text in mine:
            rows.append(ok("media address", f"{text} is on this machine"))
        else:
            rows.append(
                warn(
                    "media address",
                    f"{text} is not on this machine",
                    "Right for 1:1 NAT; then forward the media ports to this machine.",
                )
            )
    return rows


async def tcp_reachable(subject: str, host: str, port: int, advice: str) -> Verdict:
    try:
        async with asyncio.timeout(WAIT_S):
            _, writer = await asyncio.open_connection(host, port)
    except socket.gaierror:
        return fail(subject, f"the name {host} is not known", "Check the name and the DNS server.")
    except TimeoutError:
        return fail(subject, f"{host}:{port} does not answer", advice)
    except OSError as error:
        return fail(subject, f"{host}:{port}: {error.strerror or error}", advice)
    writer.close()
    return ok(subject, f"{host}:{port} answers")


async def tls_reachable(
    subject: str, host: str, port: int, ca: Path | None, name: str | None = None
) -> Verdict:
    """Connect with full verification, as the product does."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        async with asyncio.timeout(WAIT_S):
            _, writer = await asyncio.open_connection(
                host, port, ssl=context, server_hostname=name or host
            )
    except ssl.SSLCertVerificationError as error:
        return fail(
            subject,
            f"{host}:{port} shows a certificate that cannot be trusted: {error.verify_message}",
            "Name the right CA file, or let the server use a certificate for this name.",
        )
    except TimeoutError:
        return fail(subject, f"{host}:{port} does not answer", "Open the port outbound.")
    except OSError as error:
        return fail(subject, f"{host}:{port}: {error.strerror or error}", "Open the port outbound.")
    version = writer.get_extra_info("ssl_object").version()
    writer.close()
    with contextlib.suppress(OSError, ssl.SSLError):
        await writer.wait_closed()
    return ok(subject, f"{host}:{port} speaks {version}, certificate verified")


class _StunProbe(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.answer: asyncio.Future[stun.Message] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        with contextlib.suppress(ValueError):
            if not self.answer.done():
                self.answer.set_result(stun.parse_message(data))

    def error_received(self, exc: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(exc)


async def stun_answers(subject: str, host: str, port: int) -> Verdict:
    """A Binding request over UDP (RFC 8489 section 7.1)."""
    loop = asyncio.get_running_loop()
    try:
        transport, probe = await loop.create_datagram_endpoint(_StunProbe, remote_addr=(host, port))
    except OSError as error:
        return fail(subject, f"{host}:{port}/udp: {error.strerror or error}", "Check the address.")
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    try:
        transport.sendto(bytes(request))
        async with asyncio.timeout(WAIT_S):
            reply = await probe.answer
    except (TimeoutError, OSError):
        return fail(subject, f"{host}:{port}/udp does not answer", "Start coturn, open UDP.")
    finally:
        transport.close()
    mapped = reply.attributes.get("XOR-MAPPED-ADDRESS")
    return ok(
        subject, f"{host}:{port}/udp answers" + (f", it sees us as {mapped[0]}" if mapped else "")
    )
