"""Janus with its NoSIP plugin, driven over its Unix socket, as a third system to compare with."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.media.peers import Flow, RtpPeer, WebRtcPeer
from bench.media.systems import first_in_line
from media.worker.remote import read_description

Json = dict[str, Any]
PARTS = (("plugins", "libjanus_nosip.so"), ("transports", "libjanus_pfunix.so"))
STARTS = 40  # its transport thread sometimes ends before it is told that it may run

_MAIN = """
general: {{ configs_folder = "{conf}", plugins_folder = "{plugins}",
  transports_folder = "{transports}", debug_level = 1, session_timeout = 0,
  candidates_timeout = 45 }}
nat: {{ ice_enforce_list = "{host}" }}
media: {{ ipv6 = false, rtp_port_range = "50000-54999" }}
"""
_NOSIP = 'general: {{ local_ip = "{host}", rtp_port_range = "55000-59999" }}\n'
_PFUNIX = (
    'general: {{ enabled = true, json = "compact", path = "{socket}", type = "SOCK_SEQPACKET" }}\n'
    "admin: {{ admin_enabled = false }}\n"
)


def outer_address() -> str:
    """An address that is not loopback, which Janus' ICE library insists on. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("192.0.2.1", 9))
        return str(sock.getsockname()[0])


class Janus:
    def __init__(self) -> None:
        self.name = "janus"
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None
        self._host = outer_address()
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._reader: asyncio.Task[None] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._numbers = itertools.count()
        self._waiting: dict[str, asyncio.Queue[Json]] = {}
        self._session = 0

    async def start(self) -> None:
        for _ in range(STARTS):
            directory = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
            path = self._write_configuration(directory)
            self._process = await asyncio.create_subprocess_exec(
                *first_in_line(),
                "janus",
                "-F",
                str(directory / "conf"),
                "-C",
                str(directory / "conf/janus.jcfg"),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            if await self._connect(path):
                break
        else:
            raise RuntimeError("janus did not open its control socket")
        self._sock.setblocking(False)
        self._reader = asyncio.create_task(self._read())
        self._session = (await self._ask({"janus": "create"}))["data"]["id"]

    async def _connect(self, path: Path) -> bool:
        """Until the socket answers or the process gave up: some starts find no transport."""
        assert self._process is not None
        while self._process.returncode is None:
            try:
                self._sock.connect(str(path))
            except OSError:
                await asyncio.sleep(0.05)
            else:
                return True
        return False

    def _write_configuration(self, directory: Path) -> Path:
        """A configuration that loads nothing but the plugin and the transport in use."""
        for kind, pattern in PARTS:
            (directory / kind).mkdir()
            (found, *_) = Path("/usr/lib").glob(f"*/janus/{kind}/{pattern}")
            (directory / kind / pattern).symlink_to(found)
        conf = directory / "conf"
        conf.mkdir()
        values = {
            "conf": conf,
            "plugins": directory / "plugins",
            "transports": directory / "transports",
            "host": self._host,
            "socket": directory / "control",
        }
        for name, text in (
            ("janus", _MAIN),
            ("janus.plugin.nosip", _NOSIP),
            ("janus.transport.pfunix", _PFUNIX),
        ):
            (conf / f"{name}.jcfg").write_text(text.format(**values))
        return directory / "control"

    def pids(self) -> list[int]:
        return [self._process.pid] if self._process is not None else []

    async def call(self, number: int) -> tuple[Flow, Flow]:
        attached = await self._ask(
            {"janus": "attach", "session_id": self._session, "plugin": "janus.plugin.nosip"}
        )
        handle = attached["data"]["id"]
        phone, peer = RtpPeer(self._host), WebRtcPeer(self._host)
        offer = await self._message(
            handle, {"request": "generate"}, {"type": "offer", "sdp": peer.sdp("actpass")}
        )
        plain = offer["plugindata"]["data"]["result"]["sdp"]
        answer = await self._message(
            handle, {"request": "process", "type": "answer", "sdp": phone.sdp()}
        )
        jsep = answer["jsep"]["sdp"]
        client = read_description(jsep).setup == "passive"
        return await peer.connect(jsep, client=client), phone.flow(plain)

    async def _message(self, handle: int, body: Json, jsep: Json | None = None) -> Json:
        request: Json = {
            "janus": "message",
            "session_id": self._session,
            "handle_id": handle,
            "body": body,
        }
        if jsep is not None:
            request["jsep"] = jsep
        return await self._ask(request, until="event")

    async def _ask(self, request: Json, until: str = "success") -> Json:
        """Send and wait for the answer; an ``ack`` only says that one is coming."""
        transaction = f"t{next(self._numbers)}"
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._waiting[transaction] = queue
        message = json.dumps({**request, "transaction": transaction}).encode()
        await asyncio.get_running_loop().sock_sendall(self._sock, message)
        try:
            async with asyncio.timeout(15):
                while True:
                    reply = await queue.get()
                    if reply["janus"] == until:
                        return reply
                    if reply["janus"] == "error":
                        raise RuntimeError(f"janus: {reply['error']}")
        finally:
            del self._waiting[transaction]

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(self._sock, 1 << 17):
            message = json.loads(data)
            queue = self._waiting.get(message.get("transaction", ""))
            if queue is not None:
                queue.put_nowait(message)

    async def stop(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
        self._sock.close()
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
        await self._stack.aclose()
