"""ICE-lite legs in a worker that is not started: checks are handed in by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aioice import stun

from media.engine import LegKind, LegProfile, LegState, MediaEvent, Side, SilenceEvent
from media.full_ice.leg import FullIceLeg
from media.worker.config import EmbeddedConfig, Limits, worker_share
from media.worker.lite import MAX_VERIFIED, LiteLeg
from media.worker.mux import MuxSocket
from media.worker.plane import udp_socket
from media.worker.worker import Worker

LITE = LegProfile(LegKind.WEBRTC_LITE)


class Bench:
    """A worker with one mux that nobody reads."""

    def __init__(self) -> None:
        limits = Limits(stun_failures_per_host=2)
        config = worker_share(EmbeddedConfig(bind="127.0.0.1", limits=limits), 0, "")
        self.events: list[MediaEvent] = []
        self.worker = Worker(
            config,
            asyncio.get_running_loop(),
            lambda _session, event: self.events.append(event),
            through_turn=FullIceLeg,
        )
        self.mux = MuxSocket(udp_socket("127.0.0.1", 0), self.worker._on_stun, self.worker._on_dtls)
        self.worker._muxes.append(self.mux)

    async def leg(self, name: str) -> LiteLeg:
        session = self.worker.open(name, "anna")
        await session.offer(Side.DEVICE, LITE, name)
        leg = session.legs[name]
        assert isinstance(leg, LiteLeg)
        return leg

    def check(self, leg: LiteLeg, port: int, password: str = "") -> None:
        message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
        ufrag = leg.credentials.ufrag
        message.attributes["USERNAME"] = f"{ufrag}:peer"
        message.add_message_integrity((password or leg.credentials.pwd).encode())
        source = ("127.0.0.1", port)
        proven = self.mux.key(source) in self.mux.table
        if self.worker.gate.admit(bytes(message), source, 0.5, proven=proven) == ufrag:
            self.worker._pending_stun += 1
            self.worker._stun(self.mux, bytes(message), source, ufrag)

    def owner(self, port: int) -> object:
        found = self.mux.table.get(self.mux.key(("127.0.0.1", port)))
        return None if found is None else found.owner


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    for session in made.worker.sessions.values():
        session.close()
    made.worker.plane._serve([], 0.0)
    made.mux.sock.close()


async def test_forged_checks_cost_their_host_its_new_ports_only(bench: Bench) -> None:
    leg = await bench.leg("page")
    bench.check(leg, 50001)
    for port in (50002, 50003):
        bench.check(leg, port, "not the password of the leg")
    bench.check(leg, 50004)
    assert bench.owner(50001) is leg and bench.owner(50004) is None
    dropped = bench.worker.gate.dropped
    bench.check(leg, 50001)  # proven: its consent checks go on
    assert bench.worker.gate.dropped == dropped == 1


async def test_an_evicted_address_that_another_leg_proved_stays_there(bench: Bench) -> None:
    first, second = await bench.leg("first"), await bench.leg("second")
    for port in (50001, 50002):  # the first of a leg's addresses is in use and stays
        bench.check(first, port)
    bench.worker.plane._serve([], 0.0)
    bench.check(second, 50002)
    for port in range(50003, 50003 + MAX_VERIFIED):
        bench.check(first, port)
    assert bench.owner(50002) is second
    assert bench.owner(50001) is first and bench.owner(50003) is None


async def test_a_leg_that_connects_anew_has_its_time_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    leg = await bench.leg("page")
    session = bench.worker.sessions["page"]
    patience = bench.worker.config.limits.unanswered_leg_s
    start = bench.worker.now()
    leg.become(LegState.CONNECTED)
    monkeypatch.setattr(bench.worker, "now", lambda: start + 1000)
    leg.become(LegState.CONNECTING, "new_association")
    session.tick(start + 1000 + patience - 1)
    assert leg.state is LegState.CONNECTING
    session.tick(start + 1000 + patience + 1)
    assert leg.state is LegState.LOST


async def test_a_session_is_looked_at_when_it_may_have_something_to_tell(bench: Bench) -> None:
    leg = await bench.leg("page")
    session, port = bench.worker.sessions["page"], leg.port
    share = bench.worker.config.limits.audio_pps
    leg.become(LegState.CONNECTED)
    start = bench.worker.now()
    port.packets_in, port.heard = share, start + 1.0
    session.tick(start + 1.1)
    assert session.due == pytest.approx(start + 1.5)  # half a second after the newest packet
    assert port.quota == 2 * share  # what it earned since it was opened
    session.tick(start + 1.5)
    silences = [e.seconds for e in bench.events if isinstance(e, SilenceEvent)]
    assert silences == [0.5]
    assert session.due < start + 1.5  # its return is looked for with every tick of the worker
