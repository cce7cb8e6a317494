"""The emulator in this process, and SIP devices of our own stack that register at it.

Everything is waited for by events: changes of the PBX, of a call, of what an ear hears.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from emulator.config import EmulatorConfig
from emulator.main import Emulator, started
from emulator.pbx import Pbx
from emulator.phones.phone import VirtualPhone
from media.audio import measure
from media.endpoint import Recorder, RtpEndpoint, ToneSource
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.registration import RegistrationClient
from protocols.aio.useragent import Call, IncomingCall, RequestContext, UserAgent
from protocols.sdp import Direction, SdpError
from protocols.sdp.negotiate import Srtp
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.message import Request, Response

PASSWORD = "device-secret"


class Ear(Recorder):
    """A recorder that can be waited for."""

    def __init__(self) -> None:
        super().__init__(30)
        self._waiting: list[tuple[Callable[[], bool], asyncio.Future[None]]] = []

    def write(self, pcm: bytes) -> None:
        super().write(pcm)
        for condition, future in list(self._waiting):
            if not future.done() and condition():
                future.set_result(None)

    async def until(self, condition: Callable[[], bool], what: str, within: float = 8.0) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (condition, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(within):
                await future
        except TimeoutError:
            raise AssertionError(f"{what} was not heard in {within} s") from None
        finally:
            self._waiting.remove(entry)

    async def tone(self, frequency: float) -> None:
        """Half a second of that tone and of nothing else."""
        self.clear()
        await self.until(
            lambda: self.seconds >= 0.5 and self.tone_now(frequency), f"{frequency} Hz"
        )

    def tone_now(self, frequency: float) -> bool:
        return measure.find_tone(self.pcm(0.5), frequency).heard

    async def tone_of_the_tape(self) -> None:
        """The short tone after which the mailbox records."""
        self.clear()
        await self.until(
            lambda: measure.find_tone(self.pcm(0.2), 1000).heard, "the tone of the mailbox"
        )

    async def sound(self, original: bytes, what: str = "the sound") -> None:
        """Part of ``original`` is heard (checked every 200 ms)."""

        def found() -> bool:
            if self.total % 1600:
                return False
            part = self.pcm(0.8)
            return len(part) >= 12800 and measure.correlation(original, part) > 0.9

        self.clear()
        await self.until(found, what)


class DeviceCall:
    """One call of a device, as listener: answers re-INVITEs by the book."""

    def __init__(self, device: Device, media: RtpEndpoint) -> None:
        self.device = device
        self.media = media
        self.ear = Ear()
        media.sinks.append(self.ear)
        self.call: Call | None = None
        self.events: list[tuple[Any, ...]] = []
        self._changed = asyncio.Event()

    async def seen(self, name: str, within: float = 5.0) -> tuple[Any, ...]:
        try:
            async with asyncio.timeout(within):
                while True:
                    for event in self.events:
                        if event[0] == name:
                            return event
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"no {name!r} within {within} s: {self.events}") from None

    def _note(self, *event: Any) -> None:
        self.events.append(event)
        self._changed.set()

    def answer(self) -> None:
        assert self.call is not None and self.call.remote_sdp is not None
        self.call.accept(self.media.answer(self.call.remote_sdp))

    def hold(self, on: bool = True) -> None:
        assert self.call is not None
        direction = Direction.SENDONLY if on else Direction.SENDRECV
        self.events.clear()
        self.call.offer(self.media.offer(direction))

    def hang_up(self) -> None:
        assert self.call is not None
        self.call.hang_up()

    def on_progress(self, call: Call, response: Response, sdp: bytes | None) -> None:
        if sdp is not None:
            self.media.session.reopen()
            self.media.accept(sdp)
        self._note("progress", response.status, response)

    def on_answer(self, call: Call, response: Response, sdp: bytes | None) -> None:
        assert sdp is not None
        if call.invite.body:
            self.media.session.reopen()
            self.media.accept(sdp)
        else:
            call.acknowledge(self.media.answer(sdp))
        self._note("answer", response)

    def on_failure(self, call: Call, status: int, response: Response | None) -> None:
        self._note("failure", status)

    def on_established(self, call: Call) -> None:
        self._note("established")

    def on_offer(self, call: Call, sdp: bytes | None, request: Request) -> None:
        assert sdp is not None
        try:
            call.answer(self.media.answer(sdp))
        except SdpError:
            call.refuse_offer()
        self._note("offer", self.media.negotiated)

    def on_offer_result(self, call: Call, status: int, sdp: bytes | None) -> None:
        if sdp is not None:
            self.media.accept(sdp)
        self._note("offer result", status)

    def on_end(self, call: Call, cause: str, request: Request | None) -> None:
        self._note("end", cause, request)

    def on_request(self, call: Call, ctx: RequestContext) -> None:
        self._note("request", ctx.request)
        ctx.respond(200)


class Device:
    """A phone or client line at the emulator. ``frequency`` is what it says into its calls."""

    def __init__(
        self, agent: UserAgent, user: str, target: str, frequency: int, srtp: Srtp, password: str
    ) -> None:
        self.agent = agent
        self.user = user
        self.frequency = frequency
        self.level_db = -15.0
        self.credentials = DigestCredentials(user, password)
        self.notified: asyncio.Queue[Request] = asyncio.Queue()
        self.incoming: asyncio.Queue[DeviceCall] = asyncio.Queue()
        self.media: list[RtpEndpoint] = []
        self._target = target
        self._srtp = srtp
        agent.on_invite = self._invited
        agent.handle("NOTIFY", self._notify)

    def uri(self, user: str) -> str:
        return f"sip:{user}@{self._target}"

    def _notify(self, ctx: RequestContext) -> None:
        ctx.respond(200)
        self.notified.put_nowait(ctx.request)

    async def _open(self) -> RtpEndpoint:
        media = await RtpEndpoint.open("127.0.0.1", srtp=self._srtp)
        media.source = ToneSource.sine(self.frequency, self.level_db)
        self.media.append(media)
        return media

    async def prepare(self) -> None:
        """Have media ready for the next incoming call (its handler cannot wait)."""
        self._ready = await self._open()

    def _invited(self, incoming: IncomingCall) -> None:
        call = DeviceCall(self, self._ready)
        call.call = incoming.take(call)
        incoming.ring()
        self.incoming.put_nowait(call)

    async def register(self) -> RegistrationClient:
        done = asyncio.Event()
        client = RegistrationClient(
            self.agent,
            aor=f"sip:{self.user}@pbx.offhook.test",
            registrar=f"sip:{self._target}",
            credentials=self.credentials,
            on_state=lambda s: done.set() if s.phase in ("registered", "failed") else None,
        )
        client.start()
        async with asyncio.timeout(5):
            await done.wait()
        assert client.state.phase == "registered", client.state
        return client

    async def dial(self, number: str, *, offer: bool | bytes = True, **options: Any) -> DeviceCall:
        """``offer`` False waits for the other side's offer; bytes are sent as they are."""
        call = DeviceCall(self, await self._open())
        own = call.media.offer() if offer is True else None
        call.call = self.agent.invite(
            target=self.uri(number),
            from_=f"sip:{self.user}@pbx.offhook.test",
            sdp=offer if isinstance(offer, bytes) else own,
            credentials=self.credentials,
            listener=call,
            **options,
        )
        return call


class PbxRig:
    def __init__(self, emulator: Emulator, stack: AsyncExitStack) -> None:
        self.emulator = emulator
        self.pbx: Pbx = emulator.pbx
        self._stack = stack
        self._changed = asyncio.Event()
        self.pbx.watchers.append(lambda *_: self._changed.set())

    async def until(self, condition: Callable[[], bool], what: str, within: float = 5.0) -> None:
        """Wait for a state of the PBX."""
        try:
            async with asyncio.timeout(within):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"the PBX did not come to: {what}") from None

    @staticmethod
    async def until_true(condition: Callable[[], bool], what: str, within: float = 5.0) -> None:
        """For what nothing announces: look again every turn of the loop."""
        try:
            async with asyncio.timeout(within):
                while not condition():  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(what) from None

    async def until_heard(
        self, phone: VirtualPhone, condition: Callable[[], bool], within: float = 8.0
    ) -> None:
        """Wait for something about what a virtual phone hears; asked with every packet."""
        assert phone.end is not None and phone.end.media is not None
        ear = Ear()
        phone.end.media.sinks.append(ear)
        await ear.until(condition, f"what {phone.name} waits for", within)

    async def phone_is(self, number: str, state: str) -> None:
        phone = self.pbx.phones[number]
        await self.until(lambda: phone.state == state, f"{number} {state}, it is {phone.state}")

    async def device(
        self,
        user: str,
        *,
        transport: str = "UDP",
        frequency: int = 620,
        srtp: Srtp = Srtp.OFF,
        tls: ssl.SSLContext | None = None,
        register: bool = True,
        password: str = PASSWORD,
        level_db: float = -15.0,
    ) -> Device:
        """A registered device with media ready for one incoming call."""
        endpoint = SipEndpoint(tls_client=tls)
        self._stack.push_async_callback(endpoint.aclose)
        if transport == "UDP":
            await endpoint.listen("UDP", "127.0.0.1", 0)
        agent = UserAgent(endpoint)
        self._stack.push_async_callback(agent.aclose)
        address = self.emulator.addresses[f"sip_{transport.lower()}"]
        if transport != "UDP":
            address = f"{address};transport={transport.lower()}"
        device = Device(agent, user, address, frequency, srtp, password)
        device.level_db = level_db
        self._stack.push_async_callback(self._close_media, device)
        await device.prepare()
        if register:
            client = await device.register()
            self._stack.push_async_callback(client.stop)
        return device

    @staticmethod
    async def _close_media(device: Device) -> None:
        for media in device.media:
            await media.aclose()

    async def nothing_left(self) -> None:
        """No call, dialog, port or task remains (transactions may still linger)."""
        async with asyncio.timeout(5):
            while any(self.leftovers()):  # noqa: ASYNC110 - sockets close a turn later
                await asyncio.sleep(0.01)

    def leftovers(self) -> tuple[int, ...]:
        pbx = self.pbx
        assert not pbx.ledger.misfits, "calls and the switch's model differ"
        return (
            len(pbx.calls),
            len(pbx.agent.calls),
            pbx.media.open_ports,
            len(pbx.tasks),
            len(pbx.switch.calls),
        )


@asynccontextmanager
async def pbx_rig(
    *, state_dir: Path | None = None, tls: tuple[Path, Path] | None = None, **options: Any
) -> AsyncIterator[PbxRig]:
    sip: dict[str, Any] = {"device_password": PASSWORD, "udp_port": 0, "tcp_port": 0}
    if tls is not None:
        sip |= {"tls_port": 0, "cert_file": tls[0], "key_file": tls[1]}
    sip |= options.pop("sip", {})
    console = options.pop("console", {"enabled": False})
    config = EmulatorConfig.load(None, sip=sip, console=console, state_dir=state_dir, **options)
    async with started(config) as emulator, AsyncExitStack() as stack:
        rig = PbxRig(emulator, stack)
        yield rig
