"""One bridged call inside a worker: its legs, which one is attached, what crosses the bridge."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from media.engine import (
    DigitEvent,
    FirstAudioEvent,
    LegEvent,
    LegKind,
    LegProfile,
    LegState,
    LegStats,
    LocalSdpChanged,
    MediaError,
    MediaEvent,
    Playback,
    SessionStats,
    Side,
    SilenceEvent,
)
from media.worker.generators import DigitSender, FramePlayer
from media.worker.leg import Leg, LegHost
from media.worker.lite import LiteLeg
from media.worker.negotiate import (
    audio_format,
    bridgeable,
    event_format,
    forwarding,
    listening,
)
from media.worker.playback import prepare
from media.worker.port import MediaPort
from media.worker.reports import Reports
from media.worker.rtp_leg import rtp_leg
from media.worker.watchdog import SilenceWatch
from protocols.rtp.dtmf import DIGITS, ReceivedDigit

LINE = "line"
LOOK_S = 0.5  # the longest between two looks at a session
_MIN_DIGIT_MS = 40  # a regenerated digit shorter than this is not detected by many PBXs


@dataclass(slots=True)
class _Wanted:
    """What is to be played towards a side. It outlives the leg that it is played to."""

    what: Playback
    leg: str | None
    player: FramePlayer | None = None
    port: MediaPort | None = None


class Session:
    """All on the control thread; the bridge itself is a set of sinks on the media thread."""

    def __init__(
        self, host: LegHost, session_id: str, user: str, emit: Callable[[str, MediaEvent], None]
    ) -> None:
        self.host = host
        self.session_id = session_id
        self.user = user
        self.legs: dict[str, Leg] = {}
        self.attached: str | None = None
        self._emit = emit
        self._muted = False
        self._direction: dict[Side, tuple[bool, bool]] = dict.fromkeys(Side, (True, True))
        self._wanted: dict[Side, _Wanted] = {}
        self._digits: dict[Side, DigitSender] = {}
        self._watches: dict[Leg, SilenceWatch] = {}
        self._reports: dict[Leg, Reports] = {}
        self._asked: set[str] = set()
        self.closed = False
        self.due = 0.0  # when to look after it again, see tick()
        self._ticked = host.now()

    def event(self, event: MediaEvent) -> None:
        if not self.closed:
            self._emit(self.session_id, event)

    # -- legs ---------------------------------------------------------------------------------

    def leg(self, name: str) -> Leg:
        leg = self.legs.get(name)
        if leg is None:
            raise MediaError("leg", f"no leg named {name}")
        return leg

    def _find_or_make(self, side: Side, name: str, profile: LegProfile | None) -> Leg:
        leg = self.legs.get(name)
        if leg is not None:
            if leg.side is not side:
                raise MediaError("leg", f"leg {name} belongs to the other side")
            return leg
        if profile is None:
            raise MediaError("leg", "a new leg needs a profile")
        if (side is Side.LINE) != (name == LINE):
            raise MediaError("leg", 'the line has one leg, named "line"; a device leg is not')
        if profile.kind is LegKind.WEBRTC_LITE:
            leg = LiteLeg(self.host, self, side, name, profile)
        elif profile.kind is LegKind.WEBRTC_FULL:
            leg = self.host.full_leg(self.host, self, side, name, profile)
        else:
            leg = rtp_leg(self.host, self, side, name, profile)
        leg.sends, leg.receives = self._direction[side]
        self.legs[name] = leg
        self._reports[leg] = Reports(leg)
        return leg

    async def offer(self, side: Side, profile: LegProfile, name: str) -> str:
        with self._leg_for(side, name, profile) as leg:
            await leg.prepare(None)
            sdp = leg.offer(profile)
        self.reroute()
        return sdp

    async def accept(
        self, side: Side, sdp: str, profile: LegProfile | None, name: str
    ) -> str | None:
        """``profile`` says that ``sdp`` is an offer; a peer that offers did not take ours."""
        with self._leg_for(side, name, profile) as leg:
            if profile is not None:
                leg.withdraw_offer()  # first, so that a restart of ICE is seen as one
            await leg.prepare(sdp)
            answer = leg.accept(sdp, profile)
        self.reroute()
        return answer

    @contextlib.contextmanager
    def _leg_for(self, side: Side, name: str, profile: LegProfile | None) -> Iterator[Leg]:
        """The leg called ``name``; one that was made for this and fails leaves nothing behind."""
        fresh = name not in self.legs
        leg = self._find_or_make(side, name, profile)
        try:
            yield leg
        except BaseException:
            if fresh:
                self.drop(name)
            raise

    def attach(self, name: str | None) -> None:
        if name is not None:
            leg = self.leg(name)
            if leg.side is not Side.DEVICE:
                raise MediaError("leg", "only a device leg can be attached")
        self.attached = name
        self.reroute()

    def drop(self, name: str) -> None:
        leg = self.legs.pop(name, None)
        if leg is None:
            return
        if self.attached == name:
            self.attached = None
        self._watches.pop(leg, None)
        self._reports.pop(leg, None)
        leg.close()
        self.reroute()

    def close(self) -> None:
        self.closed = True
        for wanted in self._wanted.values():
            self._halt(wanted)
        for sender in self._digits.values():
            self._stop_generator(sender)
        for leg in self.legs.values():
            leg.close()
        self.legs.clear()
        self._watches.clear()
        self._reports.clear()

    # -- the bridge ---------------------------------------------------------------------------

    def _active(self, side: Side) -> Leg | None:
        name = LINE if side is Side.LINE else self.attached
        return self.legs.get(name) if name is not None else None

    def direction(self, side: Side, send: bool, receive: bool) -> None:
        self._direction[side] = (send, receive)
        for leg in self.legs.values():
            if leg.side is side:
                leg.sends, leg.receives = send, receive
        self.reroute()

    def mute(self, muted: bool) -> None:
        self._muted = muted
        self.reroute()

    def reroute(self) -> None:
        """Work out every leg's sink and switch all of them in one step on the media thread."""
        line, device = self._active(Side.LINE), self._active(Side.DEVICE)
        self._start_wanted()
        plan: list[tuple[MediaPort, MediaPort | None, list[int]]] = []
        for leg in self.legs.values():
            sink, actions = None, listening(leg.ours)
            other = device if leg is line else line if leg is device else None
            if other is not None and leg.ours and other.theirs:
                actions = forwarding(leg.ours, other.theirs, muted=self._muted and leg is device)
                if self._passes(leg, other):
                    sink = other.port
            plan.append((leg.port, sink, actions))
        if line is not None and device is not None:
            self._ask_for_codec(line, device)

        def switch() -> None:
            for port, sink, actions in plan:
                port.sink, port.actions = sink, actions

        self.host.plane.post(switch)

    def _passes(self, source: Leg, target: Leg) -> bool:
        receives = self._direction[source.side][1]
        sends = self._direction[target.side][0]
        busy = target.side in self._digits or self._plays_to(target)
        return receives and sends and target.may_send and not busy

    def _plays_to(self, leg: Leg) -> bool:
        wanted = self._wanted.get(leg.side)
        return wanted is not None and wanted.port is leg.port

    def _ask_for_codec(self, line: Leg, device: Leg) -> None:
        """No codec in common and none that we convert: the device has to offer another."""
        if not (line.theirs and device.theirs) or device.name in self._asked:
            return
        if not (bridgeable(line.ours, device.theirs) and bridgeable(device.ours, line.theirs)):
            self._asked.add(device.name)
            self.event(LocalSdpChanged(Side.DEVICE, device.name))

    # -- tones, files, digits -------------------------------------------------------------------

    def play(self, side: Side, what: Playback, name: str | None) -> None:
        self.stop(side)
        target = self.legs.get(name) if name is not None else self._active(side)
        if target is not None and target.theirs:
            prepare(what, target.theirs)  # fail now, not when the leg is attached
        self._wanted[side] = _Wanted(what, name)
        self.reroute()

    def stop(self, side: Side) -> None:
        wanted = self._wanted.pop(side, None)
        if wanted is not None:
            self._halt(wanted)
            self.reroute()

    def _start_wanted(self) -> None:
        """Let each playback follow the leg it is meant for, when that leg can be sent to."""
        for side, wanted in list(self._wanted.items()):
            name = wanted.leg if wanted.leg is not None else None
            leg = self.legs.get(name) if name is not None else self._active(side)
            ready = leg is not None and bool(leg.theirs) and self._direction[side][0]
            port = leg.port if ready and leg is not None else None
            if port is wanted.port:
                continue
            self._halt(wanted)
            if leg is None or port is None:
                continue
            frames = prepare(wanted.what, leg.theirs)
            until = None if frames.seconds is None else self.host.now() + frames.seconds
            wanted.port = port
            wanted.player = FramePlayer(
                port,
                frames.payload_type,
                frames.frames,
                frames.advance,
                loop=frames.loop,
                until=until,
                done=lambda s=side, w=wanted: self._hop(self._played, s, w),  # type: ignore[misc]
            )
            self._start_generator(wanted.player)

    def _played(self, side: Side, wanted: _Wanted) -> None:
        if self._wanted.get(side) is wanted:
            del self._wanted[side]
            self.reroute()

    def _halt(self, wanted: _Wanted) -> None:
        if wanted.player is not None:
            self._stop_generator(wanted.player)
        wanted.player, wanted.port = None, None

    def dtmf(self, side: Side, digits: str, duration_ms: int, gap_ms: int) -> None:
        leg = self._active(side)
        if leg is None or not leg.theirs:
            raise MediaError("state", "there is no leg to send digits to")
        event, audio = event_format(leg.theirs), audio_format(leg.theirs)
        if any(d.upper() not in DIGITS for d in digits) or not digits:
            raise MediaError("digits", "digits are 0-9 * # A-D")
        if event is None or audio is None:
            raise MediaError("dtmf", "the peer negotiated no telephone-event")
        running = self._digits.get(side)
        if running is not None:
            self.host.plane.post(lambda: running.append(digits))
            return
        sender = DigitSender(
            leg.port,
            event.pt,
            event.codec.clock,
            digits,
            duration_ms=duration_ms,
            gap_ms=gap_ms,
            done=lambda: self._hop(self._digits_sent, side, sender),
        )
        self._digits[side] = sender
        self.reroute()
        self._start_generator(sender)

    def _digits_sent(self, side: Side, sender: DigitSender) -> None:
        if self._digits.get(side) is sender:
            del self._digits[side]
            self.reroute()

    def _hop(self, call: Callable[..., None], *args: object) -> None:
        self.host.loop.call_soon_threadsafe(call, *args)

    def _start_generator(self, generator: FramePlayer | DigitSender) -> None:
        plane = self.host.plane
        plane.post(lambda: plane.add_generator(generator))

    def _stop_generator(self, generator: FramePlayer | DigitSender) -> None:
        plane = self.host.plane
        plane.post(lambda: plane.remove_generator(generator))

    # -- what legs report -----------------------------------------------------------------------

    def leg_state(self, leg: Leg, state: LegState, reason: str) -> None:
        if state is LegState.CONNECTED:
            self._watches[leg] = SilenceWatch(self.host.now())
        elif state in (LegState.LOST, LegState.CLOSED):
            self._watches.pop(leg, None)
        self.event(LegEvent(leg.side, leg.name, state, reason))

    def leg_first_audio(self, leg: Leg) -> None:
        self.event(FirstAudioEvent(leg.side, leg.name))

    def leg_rtcp(self, leg: Leg, data: bytes) -> None:
        reports = self._reports.get(leg)
        if reports is not None:
            reports.receive(data, self.host.now())

    def leg_digit(self, leg: Leg, digit: ReceivedDigit, regenerate: bool) -> None:
        self.event(DigitEvent(leg.side, leg.name, digit.digit, digit.duration_ms))
        if not regenerate or leg is not self._active(leg.side):
            return
        other = Side.DEVICE if leg.side is Side.LINE else Side.LINE
        try:
            self.dtmf(other, digit.digit, max(_MIN_DIGIT_MS, min(digit.duration_ms, 1000)), 70)
        except MediaError:
            pass  # the other side takes no events; the digit was reported all the same

    # -- time -----------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Silence, token buckets, reports. Sets ``due``: while all legs are heard there is nothing
        to see for half a second, and looking costs as much as forwarding."""
        limit = self.host.config.limits.audio_pps
        earned = int(limit * min(now - self._ticked, 1.0))
        due = now + LOOK_S
        for leg in list(self.legs.values()):
            port = leg.port
            port.quota = min(port.packets_in + limit, port.quota + earned)
            watch = self._watches.get(leg)
            if watch is not None:
                for seconds in watch.update(port.packets_in, now, port.heard):
                    self.event(SilenceEvent(leg.side, leg.name, seconds))
                due = min(due, watch.due)
            self._reports[leg].tick(now)
            self._expire(leg, now)
        self._ticked, self.due = now, due

    def _expire(self, leg: Leg, now: float) -> None:
        waiting = leg.state in (LegState.NEW, LegState.CONNECTING)
        if waiting and now - leg.waiting_since > self.host.config.limits.unanswered_leg_s:
            leg.become(LegState.LOST, "expired")

    # -- figures --------------------------------------------------------------------------------

    def stats(self) -> SessionStats:
        return SessionStats(tuple(self._leg_stats(leg) for leg in self.legs.values()))

    def _leg_stats(self, leg: Leg) -> LegStats:
        port, reports = leg.port, self._reports[leg]
        age = self.host.now() - port.heard if port.heard else None
        return LegStats(
            side=leg.side,
            leg=leg.name,
            state=leg.state,
            codec=leg.codec,
            packets_in=port.packets_in,
            packets_out=port.out.packets,
            bytes_in=port.bytes_in,
            bytes_out=port.out.octets,
            lost_in=max(0, port.expected - port.received),
            jitter_ms=round(port.jitter * 1000 / port.clock, 2),
            rtt_ms=reports.rtt_ms,
            remote_lost_fraction=reports.remote_lost_fraction,
            auth_failures=port.auth_failures,
            dropped=port.dropped,
            last_packet_age_s=age,
        )
