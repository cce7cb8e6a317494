"""baresip 1.0 as a desk phone: headless, its own folder, driven by its JSON control socket.

    async with Baresip(folder, user="5101", password="...", server="127.0.0.1:5060") as phone:
        await phone.registered()
        await phone.event("CALL_INCOMING")
        await phone.accept()

It plays a tone (or a WAV file) as its microphone and writes what it hears to `heard()`.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

from tests.support.phones.phone import Phone
from tests.support.phones.process import Child
from tests.support.phones.wav import write_tone
from tests.support.ports import free_port, free_port_range

MODULES = "/usr/lib/baresip/modules"

_CONFIG = """\
poll_method epoll
sip_listen 127.0.0.1:0
net_interface 127.0.0.1
{tls}
audio_source {source}
audio_player aufile,{folder}/played.wav
audio_alert ausine,440
call_local_timeout 120
rtp_ports {first}-{last}
jitter_buffer_delay 5-10
module_path {modules}
module g711.so
module g722.so
module ausine.so
module aufile.so
module srtp.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app mwi.so
module ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
"""


class Baresip(Phone):
    """One baresip process with one account.

    `media_encryption`: None, "srtp", "srtp-mand" (SDES). `says`: the frequency of its tone, or a
    WAV file at 8 kHz. The tone lasts two minutes; a file that ends hangs up the call.
    """

    def __init__(
        self,
        folder: Path,
        *,
        user: str,
        server: str,
        password: str = "",
        transport: str = "udp",
        media_encryption: str | None = None,
        auto_answer: bool = False,
        says: float | Path = 440.0,
        codecs: str = "PCMA,PCMU",
        ca_file: Path | None = None,
        register_every: int = 60,
        mailbox: bool = False,
        trace: bool = False,
    ) -> None:
        self.user = user
        self.server = server
        self.transport = transport
        self.folder = folder / f"baresip-{user}-{free_port()}"
        self.events: list[dict[str, Any]] = []
        self._says = says
        self._ca_file = ca_file
        # With a lamp its account comes when it runs: 1 ms after its start baresip 1.0 subscribes
        # once for every subscription it has, in a loop over the list that it appends to. Usually
        # the list is empty then; a registrar that answers sooner puts one in, and it never leaves
        # that loop: it floods SUBSCRIBEs and reads no answer.
        self._account_later = mailbox
        self._trace = trace
        self._child = Child(f"baresip {user}")
        self._control = free_port()
        self._socket: asyncio.StreamWriter | None = None
        self._listener: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._tokens = 0
        self._counted: Counter[str] = Counter()
        self._lines_seen = 0
        options = [
            f"auth_user={user}",
            f"auth_pass={password or 'none'}",  # without one it asks on the terminal
            f"answermode={'auto' if auto_answer else 'manual'}",
            f"audio_codecs={codecs}",
            f"regint={register_every}",
            f"mediaenc={media_encryption}" if media_encryption else "",
            f"mwi={'yes' if mailbox else 'no'}",
        ]
        suffix = "" if transport == "udp" else f";transport={transport}"
        self._account = f"<{self.uri(user)}{suffix}>;" + ";".join(o for o in options if o)

    def uri(self, number: str) -> str:
        """A number at our server. The account's transport is added by the phone itself."""
        return f"sip:{number}@{self.server}"

    async def start(self) -> None:
        self.folder.mkdir(parents=True)
        first, last = free_port_range(20)
        says = self._says
        if not isinstance(says, Path):
            says = write_tone(self.folder / "says.wav", says)
        tls = "" if self._ca_file is None else f"sip_cafile {self._ca_file}"
        (self.folder / "config").write_text(
            _CONFIG.format(
                tls=tls,
                source=f"aufile,{says}",
                folder=self.folder,
                first=first,
                last=last,
                modules=MODULES,
                control=self._control,
            )
        )
        (self.folder / "accounts").write_text("\n" if self._account_later else self._account + "\n")
        (self.folder / "contacts").write_text("\n")
        flags = ["-s"] if self._trace else []
        await self._child.start(
            "baresip", *flags, "-f", str(self.folder), env={"HOME": str(self.folder)}
        )
        await self._child.line("baresip is ready")
        reader, self._socket = await asyncio.open_connection("127.0.0.1", self._control)
        self._listener = asyncio.create_task(self._listen(reader), name=f"baresip {self.user}")
        if self._account_later:
            await self.command("uanew", self._account)

    async def stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        await self._child.stop()
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    # -- what it says ------------------------------------------------------------------------------

    async def registered(self, within: float = 10.0) -> None:
        """Wait for the 200 to its REGISTER (also one that came before the control socket)."""
        await self._child.line(r"200 OK|registered successfully", within=within)

    async def refused(self, within: float = 10.0) -> str:
        """Wait for a registration that failed for good; the line that says why."""
        return await self._child.line(r"reg: .*(?:[4-6]\d\d |failed)|40[13] ", within=within)

    async def event(self, kind: str, *, count: int = 1, within: float = 10.0) -> dict[str, Any]:
        """The `count`-th event of that type: CALL_INCOMING, CALL_RINGING, CALL_ESTABLISHED,
        CALL_CLOSED (its `param` says why), CALL_DTMF_START (`param` is the digit) ..."""
        try:
            async with asyncio.timeout(within):
                while True:
                    self._changed.clear()
                    found = [event for event in self.events if event.get("type") == kind]
                    if len(found) >= count:
                        return found[count - 1]
                    await self._changed.wait()
        except TimeoutError:
            seen = [event.get("type") for event in self.events]
            raise AssertionError(f"{kind} not in {seen}\n{self._child.tail()}") from None

    def forget(self) -> None:
        self._counted = Counter(str(event.get("type")) for event in self.events)
        self._lines_seen = len(self._child.lines)

    async def incoming(self) -> str:
        return await self._next("CALL_INCOMING")

    async def connected(self) -> str:
        return await self._next("CALL_ESTABLISHED")

    async def ended(self) -> str:
        return await self._next("CALL_CLOSED")

    async def _next(self, kind: str) -> str:
        """What an event says that was not yet returned by this method."""
        event = await self.event(kind, count=self._counted[kind] + 1)
        self._counted[kind] += 1
        return str(event.get("param"))

    async def said(self, pattern: str, within: float = 10.0) -> str:
        """Wait for a line of its terminal."""
        return await self._child.line(pattern, within=within)

    async def hears_on(self, frequency: float) -> None:
        """Its recording ends with the first re-INVITE of either side. What is left to see is that
        it takes packets of another party than before, which it says."""
        line = await self._child.line("SSRC changed", after=self._lines_seen)
        self._lines_seen = self._child.lines.index(line, self._lines_seen) + 1

    @property
    def heard_file(self) -> Path | None:
        files = sorted(self.folder.glob("dump-*-dec.wav"))
        return files[-1] if files else None

    # -- what it does ------------------------------------------------------------------------------

    async def dial(self, number: str) -> None:
        await self.command("dial", number if number.startswith("sip:") else self.uri(number))

    async def accept(self) -> None:
        await self.command("accept")

    async def hang_up(self) -> None:
        await self.command("hangup")

    async def hold(self) -> None:
        await self.command("hold")

    async def resume(self) -> None:
        await self.command("resume")

    async def transfer(self, number: str) -> None:
        await self.command("transfer", self.uri(number))

    async def digits(self, digits: str) -> None:
        """Press keys in the call (RFC 4733)."""
        for digit in digits:
            await self.command("sndcode", digit)

    async def command(self, name: str, params: str = "") -> dict[str, Any]:
        """A command of its menu by its long name; waits for the answer."""
        assert self._socket is not None
        self._tokens += 1
        token = str(self._tokens)
        message = json.dumps({"command": name, "params": params, "token": token}).encode()
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[token] = future
        self._socket.write(b"%d:%s," % (len(message), message))
        async with asyncio.timeout(5):
            answer = await future
        assert answer["ok"], f"{name} {params}: {answer}"
        return answer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """Netstrings: events, and answers to commands."""
        while True:
            try:
                length = int((await reader.readuntil(b":"))[:-1])
                body = (await reader.readexactly(length + 1))[:-1]
            except (asyncio.IncompleteReadError, ConnectionError):
                return
            message = json.loads(body.decode("utf-8", "replace"), strict=False)
            if message.get("response"):
                future = self._answers.pop(message.get("token", ""), None)
                if future is not None and not future.done():
                    future.set_result(message)
            else:
                self.events.append(message)
                self._changed.set()
