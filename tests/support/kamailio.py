"""Runs kamailio, an independent SIP proxy and registrar, on loopback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from protocols.aio.endpoint import SipEndpoint
from protocols.aio.flow import Transport
from tests.support.pki import TestCa
from tests.support.ports import HOST, free_port
from tests.support.sip_requests import make

CONFIG = Path(__file__).parent.parent / "interop" / "kamailio" / "kamailio.cfg"


@dataclass(frozen=True, slots=True)
class Kamailio:
    """Where it listens, and the CA that its certificate is from."""

    port: int
    tls_port: int
    ca_file: Path

    def at(self, transport: Transport) -> str:
        """host:port and transport parameter, for URIs."""
        port = self.tls_port if transport == "TLS" else self.port
        return f"{HOST}:{port};transport={transport.lower()}"


@asynccontextmanager
async def kamailio(folder: Path) -> AsyncIterator[Kamailio]:
    """Start it in `folder`, wait until it answers, stop it at the end."""
    ca = TestCa(folder)
    certificate, key = ca.issue("kamailio", addresses=[HOST])
    (folder / "tls.cfg").write_text(
        f"[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\n"
        f"private_key = {key}\ncertificate = {certificate}\n"
    )
    place = Kamailio(free_port(), free_port(), ca.ca_file)
    text = CONFIG.read_text().replace("SIP_PORT", str(place.port))
    text = text.replace("TLS_PORT", str(place.tls_port)).replace("FOLDER", str(folder))
    (folder / "kamailio.cfg").write_text(text)
    log = (folder / "kamailio.log").open("wb")
    # -DD: stay in the foreground with all workers as children; -Y: its control files here
    process = await asyncio.create_subprocess_exec(
        "/usr/sbin/kamailio",
        *("-f", str(folder / "kamailio.cfg"), "-DD", "-E", "-m", "64", "-M", "8"),
        *("-Y", str(folder), "-P", str(folder / "kamailio.pid")),
        stdout=log,
        stderr=log,
        env={**os.environ, "LC_ALL": "C"},
    )
    try:
        await _answers(place, process, folder)
        yield place
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        log.close()


async def _answers(place: Kamailio, process: asyncio.subprocess.Process, folder: Path) -> None:
    """OPTIONS until a 200 comes: our own retransmissions bridge its start."""
    endpoint = SipEndpoint()
    ended = asyncio.ensure_future(process.wait())
    try:
        while True:
            asking = asyncio.ensure_future(
                endpoint.send(make("OPTIONS", f"sip:{HOST}:{place.port}"))
            )
            await asyncio.wait({asking, ended}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                asking.cancel()
                raise AssertionError((folder / "kamailio.log").read_text()[-4000:])
            if asking.result().status == 200:
                return
            # refused by the kernel until its port is open: that answer comes at once
            await asyncio.wait({ended}, timeout=0.05)
    finally:
        ended.cancel()
        await endpoint.aclose()
