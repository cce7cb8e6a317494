"""Checks of ports, addresses and of what should answer over TCP and TLS."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl

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


async def answers(subject: str, host: str, port: int, tls: ssl.SSLContext | None = None) -> Verdict:
    """Does it take a connection, and with ``tls`` does its certificate prove the name?"""
    try:
        async with asyncio.timeout(WAIT_S):
            _, writer = await asyncio.open_connection(
                host, port, ssl=tls, server_hostname=host if tls else None
            )
    except OSError as error:  # TimeoutError is one
        return unreachable(subject, f"{host}:{port}", error)
    label = f"{host}:{port} answers"
    if tls is not None:
        label = f"{host}:{port} speaks {writer.get_extra_info('ssl_object').version()}, verified"
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return ok(subject, label)


def unreachable(subject: str, where: str, error: Exception) -> Verdict:
    """What a failed connection means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return fail(
            subject,
            f"{where} shows a certificate that cannot be trusted: {error.verify_message}",
            "Name the right CA file, or let the server use a certificate for this name.",
        )
    if isinstance(error, socket.gaierror):
        return fail(subject, f"the name of {where} is not known", "Check the name and the DNS.")
    if isinstance(error, TimeoutError):
        return fail(subject, f"{where} does not answer", "Open this port outbound.")
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return fail(subject, f"{where}: {words}", "Does it run there, and is this port open?")
