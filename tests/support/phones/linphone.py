"""linphonec 5.1 as a desk phone: PRACK, UPDATE, GRUU.

It is typed at through its standard input and watched through its log (`output`), which also
holds every SIP message. Over TLS the server's certificate needs its address as a DNS name.

    async with Linphone(folder, user="5102", password="...", server="127.0.0.1:5060") as phone:
        await phone.registered()
        await phone.dial("101")
        await phone.connected()

It plays a WAV file as its microphone and records what it hears to `heard`.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from tests.support.phones.phone import Phone
from tests.support.phones.process import Child
from tests.support.phones.wav import write_tone
from tests.support.ports import free_port, free_port_range

_RC = """\
[sip]
sip_port={sip_udp}
sip_tcp_port={sip_tcp}
sip_tls_port={sip_tls}
bind_address=127.0.0.1
default_proxy=0
guess_hostname=0
contact="{user}" <sip:{user}@127.0.0.1>
use_ipv6=0
media_encryption={encryption}
media_encryption_mandatory={mandatory}
verify_server_certs={verify}
verify_server_cn={verify}
root_ca={ca_file}
supported=replaces, outbound, gruu, 100rel
uuid={uuid}
use_info=0
use_rfc2833=1
inc_timeout=120
rtp_bundle=0

[net]
nat_policy_ref=
mtu=1300
download_bw=0
upload_bw=0

[rtp]
audio_rtp_port={first}-{last}
audio_adaptive_jitt_comp_enabled=0
audio_jitt_comp=20
nortp_timeout=120

[sound]
playback_dev_id=
ringer_dev_id=
capture_dev_id=
echocancellation=0
remote_ring=

[video]
enabled=0
capture=0
display=0

[audio_codec_0]
mime=PCMA
rate=8000
channels=1
enabled=1

[audio_codec_1]
mime=PCMU
rate=8000
channels=1
enabled=1

[audio_codec_2]
mime=telephone-event
rate=8000
channels=1
enabled=1

[proxy_0]
reg_proxy=<sip:{server};transport={transport}>
reg_identity=sip:{user}@{domain}
reg_expires={expires}
reg_sendregister={register}
publish=0
avpf=0
quality_reporting_enabled=0

[auth_info_0]
username={user}
userid={user}
passwd={password}
"""


# its log names every change of a call: LinphoneCallOutgoingRinging, LinphoneCallEnd ...
_STATE = r"moving from state \[?LinphoneCall\w+\]? to \[?LinphoneCall(State)?"


class Linphone(Phone):
    """One linphonec process with one account. `media_encryption`: "none" or "srtp" (SDES)."""

    def __init__(
        self,
        folder: Path,
        *,
        user: str,
        server: str,
        password: str = "",
        transport: str = "udp",
        media_encryption: str = "none",
        auto_answer: bool = False,
        says: float | Path = 660.0,
        ca_file: Path | None = None,
        register_every: int = 60,
        register: bool = True,
    ) -> None:
        self.user = user
        self.server = server
        self.transport = transport
        self.folder = folder / f"linphone-{user}-{free_port()}"
        self._says = says
        self._auto_answer = auto_answer
        self._child = Child(f"linphonec {user}")
        self._seen = 0
        self._ringing = ""  # its number for the call that rings
        first, last = free_port_range(10)
        self._rc = _RC.format(
            user=user,
            server=server,
            domain=server,
            password=password,
            transport=transport,
            encryption=media_encryption,
            mandatory=int(media_encryption != "none"),
            verify=int(ca_file is not None),
            ca_file=ca_file or "",
            expires=register_every,
            register=int(register),
            uuid=uuid.uuid4(),
            first=first,
            last=last,
            sip_udp=free_port() if transport == "udp" else 0,
            sip_tcp=free_port() if transport == "tcp" else 0,
            sip_tls=free_port() if transport == "tls" else 0,
        )

    def uri(self, number: str) -> str:
        suffix = "" if self.transport == "udp" else f";transport={self.transport}"
        user = number.replace("#", "%23")  # RFC 3261 25.1: no character of a user part
        return f"sip:{user}@{self.server}{suffix}"

    async def start(self) -> None:
        for data in (".local/share/linphone", ".config/linphone"):
            (self.folder / data).mkdir(parents=True)
        (self.folder / "linphonerc").write_text(self._rc)
        says = self._says
        if not isinstance(says, Path):
            says = write_tone(self.folder / "says.wav", says)
        flags = ["-a"] if self._auto_answer else []
        await self._child.start(
            "stdbuf",  # or its output waits in a buffer until it ends
            "-oL",
            "linphonec",
            "-c",
            str(self.folder / "linphonerc"),
            "-d",
            "6",
            "-l",
            "/dev/stderr",
            *flags,
            env={"HOME": str(self.folder), "TERM": "dumb"},
        )
        self._child.write("soundcard use files")
        await self._child.line("Using wav files", within=15)
        self._child.write(f"play {says}")
        self._child.write(f"record {self.heard_file}")

    async def stop(self) -> None:
        if self._child.running:
            self._child.write("quit")
        await self._child.stop(grace=5)

    @property
    def heard_file(self) -> Path:
        return self.folder / "heard.wav"

    # -- what it says ------------------------------------------------------------------------------

    async def registered(self, within: float = 15.0) -> None:
        await self._child.line("to .LinphoneRegistrationOk", within=within)

    async def refused(self, within: float = 15.0) -> str:
        """The registration failed; the line that says with which status."""
        return await self._child.line("Register refresher .[3-6]", within=within)

    def forget(self) -> None:
        self._seen = len(self._child.lines)

    async def incoming(self, within: float = 10.0) -> str:
        state = await self._next(_STATE + "IncomingReceived", within)
        call = await self._next("Receiving new incoming call", within)
        self._ringing = call.rpartition(" ")[2]
        return state

    async def ringing(self, within: float = 10.0) -> str:
        return await self._next(_STATE + "Outgoing(Ringing|EarlyMedia)", within)

    async def connected(self, within: float = 10.0) -> str:
        """Media streams run."""
        return await self._next(_STATE + "StreamsRunning", within)

    async def paused(self, within: float = 10.0) -> str:
        """Somebody holds the call: we (Paused) or the far end (PausedByRemote)."""
        return await self._next(_STATE + "Paused", within)

    async def ended(self, within: float = 10.0) -> str:
        """The call is over or was refused (Error)."""
        return await self._next(_STATE + "(End|Error)", within)

    async def hears_on(self, frequency: float) -> None:
        await self.hears(frequency)

    async def _next(self, pattern: str, within: float) -> str:
        """A line that was not yet returned by this method."""
        line = await self._child.line(pattern, after=self._seen, within=within)
        self._seen = self._child.lines.index(line, self._seen) + 1
        return line

    # -- what it does ------------------------------------------------------------------------------

    async def dial(self, number: str) -> None:
        self._child.write(f"call {number if number.startswith('sip:') else self.uri(number)}")

    async def accept(self) -> None:
        self._child.write(f"answer {self._ringing}")

    async def hang_up(self) -> None:
        self._child.write("terminate all")

    async def hold(self) -> None:
        self._child.write("pause")

    async def resume(self) -> None:
        self._child.write("resume")

    async def transfer(self, number: str) -> None:
        self._child.write(f"transfer {self.uri(number)}")

    async def join(self) -> None:
        """Bring the parties of its two calls together: REFER with Replaces (RFC 3891)."""
        made = [line for line in self.output if "assigned id" in line][-2:]
        first, second = (line.rpartition(" ")[2] for line in made)
        self._child.write(f"transfer {first} --to-call {second}")

    async def digits(self, digits: str) -> None:
        for digit in digits:
            self._child.write(digit)
