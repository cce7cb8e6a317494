"""A virtual phone between its keys and a call that only writes down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from emulator.calls.end import End, Headers, Party
from emulator.phones.local_end import LocalEnd
from emulator.phones.phone import PhoneError, VirtualPhone
from emulator.plan.model import Extension
from media.endpoint import ManualPacer, RtpEndpoint
from protocols.aio.scope import TaskScope

CALLER = Party("102", "Berta")


class FakeCall:
    """The events of an end, and what can be waited for."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[tuple[str, object]] = asyncio.Queue()

    async def next(self) -> tuple[str, object]:
        async with asyncio.timeout(2):
            return await self.told.get()

    def ringing(self, end: End, status: int, sdp: bytes | None) -> None:
        self.told.put_nowait(("ringing", status))

    def answered(self, end: End, sdp: bytes | None, headers: Headers) -> None:
        self.told.put_nowait(("answered", sdp))

    def failed(self, end: End, status: int, reason: str) -> None:
        self.told.put_nowait(("failed", status))

    def awaits_ack(self, end: End) -> bool:
        return False

    def established(self, end: End) -> None:
        self.told.put_nowait(("established", None))

    def offered(self, end: End, sdp: bytes | None) -> None:
        self.told.put_nowait(("offered", sdp))

    def offer_result(self, end: End, status: int, sdp: bytes | None) -> None:
        self.told.put_nowait(("offer result", status))

    def info(self, end: End, content_type: str, body: bytes) -> None:
        self.told.put_nowait(("info", body))

    def ended(self, end: End, headers: Headers) -> None:
        self.told.put_nowait(("ended", None))


class Bench:
    def __init__(self) -> None:
        self.tasks = TaskScope("test")
        self.pacer = ManualPacer()
        self.opened: list[RtpEndpoint] = []
        self.placed: list[tuple[LocalEnd, str, bytes]] = []
        self.states: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.no_ports = False
        self.phone = VirtualPhone(
            Extension(number="101", name="Anna"),
            open_media=self.open,
            tasks=self.tasks,
            place=lambda end, number, offer: self.placed.append((end, number, offer)),
            on_change=lambda phone: self.states.append(phone.state),
        )
        self.call = FakeCall()

    async def open(self) -> RtpEndpoint:
        await self.gate.wait()
        if self.no_ports:
            raise OSError("none is free")
        self.opened.append(await RtpEndpoint.open("127.0.0.1", pacer=self.pacer))
        return self.opened[-1]

    async def rung(self, offer: bytes | None = None) -> LocalEnd:
        end = self.phone.ringing_end()
        assert end is not None
        end.events = self.call
        end.invite(offer, CALLER, "101", ())
        assert await self.call.next() == ("ringing", 180)
        return end


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    await bench.tasks.aclose()
    for endpoint in bench.opened:
        await endpoint.aclose()


async def peer_offer() -> bytes:
    peer = await RtpEndpoint.open("127.0.0.1")
    offer = peer.offer()
    await peer.aclose()
    return offer


async def test_it_rings_and_lifting_answers(bench: Bench) -> None:
    end = await bench.rung(await peer_offer())
    assert bench.phone.state == "ringing" and not end.media.sending
    bench.phone.lift()
    verb, sdp = await bench.call.next()
    assert verb == "answered" and b"m=audio" in sdp
    assert bench.phone.state == "connected" and end.media.sending and end.peer == CALLER
    bench.phone.hang_up()
    assert (await bench.call.next())[0] == "ended"
    assert bench.phone.state == "idle" and bench.states[-1] == "idle"


async def test_declining_is_busy_and_a_second_call_finds_it_taken(bench: Bench) -> None:
    await bench.rung(await peer_offer())
    assert bench.phone.ringing_end() is None
    bench.phone.hang_up()
    assert await bench.call.next() == ("failed", 486)
    assert bench.phone.ringing_end() is not None


async def test_a_lifted_phone_is_taken(bench: Bench) -> None:
    bench.phone.lift()
    assert bench.phone.state == "lifted" and bench.phone.ringing_end() is None
    bench.phone.hang_up()
    assert bench.phone.state == "idle"


async def test_an_offer_it_cannot_take(bench: Bench) -> None:
    end = bench.phone.ringing_end()
    end.events = bench.call
    end.invite(b"rubbish", CALLER, "101", ())
    assert await bench.call.next() == ("failed", 488)


async def test_no_port_for_an_incoming_and_an_outgoing_call(bench: Bench) -> None:
    bench.no_ports = True
    end = bench.phone.ringing_end()
    end.events = bench.call
    end.invite(await peer_offer(), CALLER, "101", ())
    assert await bench.call.next() == ("failed", 503)
    with pytest.raises(PhoneError, match="no RTP port"):
        await bench.phone.dial("102")
    assert bench.phone.state in ("idle", "calling")


async def test_dialling_places_a_cleaned_number_with_an_offer(bench: Bench) -> None:
    await bench.phone.dial(" 1-0 2#")
    ((end, number, offer),) = bench.placed
    assert number == "102#" and b"m=audio" in offer and bench.phone.state == "calling"
    end.events = bench.call
    end.refuse(486)
    assert (bench.phone.state, bench.phone.last_status) == ("idle", 486)


async def test_hanging_up_before_the_call_was_placed(bench: Bench) -> None:
    bench.gate.clear()
    dialling = asyncio.create_task(bench.phone.dial("102"))
    await asyncio.sleep(0)
    bench.phone.hang_up()
    bench.gate.set()
    with pytest.raises(PhoneError, match="hung up"):
        await dialling
    assert bench.placed == [] and bench.phone.state == "idle"
    assert all(endpoint.closed for endpoint in bench.opened)


async def test_the_caller_gives_up_while_the_port_is_opened(bench: Bench) -> None:
    bench.gate.clear()
    end = bench.phone.ringing_end()
    end.events = bench.call
    end.invite(await peer_offer(), CALLER, "101", ())
    end.hang_up()
    bench.gate.set()
    await asyncio.sleep(0)
    assert bench.phone.state == "idle" and bench.call.told.empty()


async def test_auto_answer(bench: Bench) -> None:
    bench.phone.answer_after(0)
    await bench.rung(await peer_offer())
    assert (await bench.call.next())[0] == "answered"


@pytest.mark.parametrize("act", ["answer", "reject", "keys", "hold"])
async def test_keys_that_do_nothing_now(bench: Bench, act: str) -> None:
    with pytest.raises(PhoneError):
        {
            "answer": bench.phone.answer,
            "reject": bench.phone.reject,
            "keys": lambda: bench.phone.keys("1"),
            "hold": lambda: bench.phone.hold(True),
        }[act]()


async def test_hold_offers_sendonly_and_a_refusal_leaves_the_call(bench: Bench) -> None:
    end = await bench.rung(await peer_offer())
    bench.phone.lift()
    await bench.call.next()
    bench.phone.hold(True)
    bench.phone.hold(True)  # it is held already
    verb, sdp = await bench.call.next()
    assert verb == "offered" and b"a=sendonly" in sdp and bench.phone.state == "holding"
    end.refuse_offer(491)
    assert bench.phone.state == "connected" and not end.media.session.offering
    bench.phone.hold(True)
    verb, sdp = await bench.call.next()
    assert b"a=sendonly" in sdp


async def test_keys_by_info_are_read_and_rubbish_is_not(bench: Bench) -> None:
    end = await bench.rung(await peer_offer())
    for body in (b"Signal=5", b"Signal=!", b"rubbish", b"Signal=*"):
        end.send_info("application/dtmf-relay", body)
    assert end.digits == ["5", "*"]
    assert await end.read_digit(1) == "5" and await end.read_digit(1) == "*"
    assert await end.read_digit(0) is None


async def test_a_second_call_knocks_and_answering_holds_the_first(bench: Bench) -> None:
    first = await bench.rung(await peer_offer())
    bench.phone.lift()
    await bench.call.next()
    second = await bench.rung(await peer_offer())
    assert (bench.phone.state, bench.phone.waiting) == ("connected", second)
    assert bench.phone.ringing_end() is None, "a third one finds it busy"
    bench.phone.answer()
    assert [(await bench.call.next())[0] for _ in range(2)] == ["offered", "answered"]
    assert first.holding and bench.phone.held == [first] and bench.phone.end is second
    bench.phone.hang_up()
    assert bench.phone.end is first and bench.phone.state == "holding"


async def test_a_call_that_knocks_is_refused_given_up_or_rings_on_alone(bench: Bench) -> None:
    await bench.rung(await peer_offer())
    bench.phone.lift()
    await bench.call.next()
    await bench.rung(await peer_offer())
    bench.phone.reject()
    assert await bench.call.next() == ("failed", 486)
    (await bench.rung(await peer_offer())).hang_up()
    assert bench.phone.waiting is None and bench.phone.state == "connected"
    third = await bench.rung(await peer_offer())
    bench.phone.hang_up()
    await bench.call.next()
    assert (bench.phone.state, bench.phone.end) == ("ringing", third)
    bench.phone.answer()
    assert (await bench.call.next())[0] == "answered" and bench.phone.state == "connected"


async def test_a_call_that_knocks_is_not_answered_by_itself(bench: Bench) -> None:
    await bench.rung(await peer_offer())
    bench.phone.lift()
    await bench.call.next()
    bench.phone.answer_after(0)
    await bench.rung(await peer_offer())
    bench.phone.hold(True)
    assert (await bench.call.next())[0] == "offered"
    bench.phone.reject()
    assert await bench.call.next() == ("failed", 486)
