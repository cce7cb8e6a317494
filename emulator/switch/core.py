"""The switch itself: who is in which call, and the basic operations.

Every operation checks first and changes then, so a refused one leaves everything as it was. Events
are emitted after the change they tell of, in the order a monitor expects them.
"""

from __future__ import annotations

from collections.abc import Callable

from emulator.switch.model import (
    Call,
    CallEvent,
    ConnectionId,
    Event,
    Setting,
    SettingEvent,
    State,
    SwitchError,
    What,
)

#: States in which a device is in speech, or about to be.
ACTIVE = (State.INITIATED, State.CONNECTED, State.FAIL, State.QUEUED)


class Switch:
    """``new_id`` names calls, ``clock`` stamps events, ``emit`` hears of them.

    ``keeps_second_id``: a conference goes on under the id of the second call, as OpenScape 4000
    does; else under a new one. ``reports``: operations are reports of what SIP devices did, and
    those may well be in two calls at once.
    """

    def __init__(
        self,
        *,
        new_id: Callable[[], str],
        clock: Callable[[], float],
        emit: Callable[[Event], None],
        keeps_second_id: bool = False,
        reports: bool = False,
    ) -> None:
        self.calls: dict[str, Call] = {}
        self.keeps_second_id = keeps_second_id
        self._reports = reports
        self._new_id = new_id
        self._clock = clock
        self._emit = emit

    # -- what is known -----------------------------------------------------------------------

    def call(self, call_id: str) -> Call:
        call = self.calls.get(call_id)
        if call is None:
            raise SwitchError("invalidConnectionID", f"there is no call {call_id}")
        return call

    def state(self, connection: ConnectionId) -> State:
        call = self.calls.get(connection.call)
        return call.connections.get(connection.device, State.NULL) if call else State.NULL

    def require(self, connection: ConnectionId, *states: State) -> Call:
        """The call of ``connection``, which must be in one of ``states``."""
        call = self.call(connection.call)
        state = call.connections.get(connection.device)
        if state is None:
            raise SwitchError("invalidConnectionID", f"{connection.device} is not in {call.id}")
        if state not in states:
            raise SwitchError("invalidConnectionState", f"{connection.device} is {state}")
        return call

    def snapshot(self, device: str) -> dict[str, State]:
        """The calls of a device: what SnapshotDevice answers."""
        return {
            call.id: call.connections[device]
            for call in self.calls.values()
            if device in call.connections
        }

    def require_free(self, device: str, but: str | None = None) -> None:
        """A device speaks in one call at a time; what it holds or what rings does not count."""
        for call_id, state in self.snapshot(device).items():
            if call_id != but and state in ACTIVE and not self._reports:
                raise SwitchError("requestIncompatibleWithCallingDevice", f"{device} is in a call")

    # -- telling -----------------------------------------------------------------------------

    def open(self, calling: str, called: str = "") -> Call:
        call = Call(self._new_id(), calling, called)
        self.calls[call.id] = call
        return call

    def tell(
        self,
        what: What,
        call: Call,
        device: str,
        cause: str,
        *,
        gone: tuple[str, ...] = (),
        to: str | None = None,
        old: tuple[ConnectionId, ...] = (),
    ) -> None:
        """Tell everyone in ``call``, and those who have just left it."""
        states = call.connections | dict.fromkeys(gone, State.NULL)
        self._emit(
            CallEvent(
                what,
                self._clock(),
                ConnectionId(call.id, device),
                cause,
                call.calling,
                call.called,
                states,
                call.redirected_from,
                to,
                old,
                tuple(call.connections),
            )
        )

    def tell_setting(
        self, what: Setting, device: str, on: bool, kind: str | None = None, to: str | None = None
    ) -> None:
        self._emit(SettingEvent(what, self._clock(), device, on, kind, to))

    # -- making a call -----------------------------------------------------------------------

    def initiate(self, device: str) -> ConnectionId:
        """A device goes off-hook."""
        self.require_free(device)
        call = self.open(device)
        call.connections[device] = State.INITIATED
        self.tell(What.SERVICE_INITIATED, call, device, "makeCall")
        return ConnectionId(call.id, device)

    def originate(self, connection: ConnectionId, called: str) -> None:
        """It has dialled."""
        call = self.require(connection, State.INITIATED)
        call.called = called
        call.connections[connection.device] = State.CONNECTED
        self.tell(What.ORIGINATED, call, connection.device, "newCall")

    def offer(self, call_id: str, device: str) -> None:
        """Ask the owner of a device first, before it rings (OpenScape Voice and 4000)."""
        call = self._reachable(call_id, device)
        call.connections[device] = State.ALERTING
        self.tell(What.OFFERED, call, device, "newCall")

    def deliver(self, call_id: str, device: str, cause: str = "newCall") -> None:
        """``device`` rings; several may."""
        call = self.call(call_id)
        if call.connections.get(device) is not State.ALERTING:
            call = self._reachable(call_id, device)
        call.connections[device] = State.ALERTING
        for waiting in call.at(State.QUEUED, State.FAIL):
            call.connections[waiting] = State.CONNECTED
        call.parked_at = None
        self.tell(What.DELIVERED, call, device, cause)

    def _reachable(self, call_id: str, device: str) -> Call:
        call = self.call(call_id)
        if device in call.connections:
            raise SwitchError("invalidCalledDeviceID", f"{device} is in the call already")
        if call.at(State.INITIATED):
            raise SwitchError("invalidConnectionState", "nothing was dialled yet")
        return call

    def answer(self, connection: ConnectionId, cause: str = "newCall") -> None:
        """The first to answer gets the call, the others stop ringing."""
        call = self.require(connection, State.ALERTING)
        self.require_free(connection.device, but=call.id)
        call.connections[connection.device] = State.CONNECTED
        call.recall_to = None
        self.tell(What.ESTABLISHED, call, connection.device, cause)
        for other in call.at(State.ALERTING):
            self._drop(call, other, "normalClearing")

    # -- ending it ---------------------------------------------------------------------------

    def clear(self, connection: ConnectionId, cause: str = "normalClearing") -> None:
        """One device leaves; a call with nobody to talk to ends."""
        call = self.call(connection.call)
        if connection.device not in call.connections:
            raise SwitchError("invalidConnectionID", f"{connection.device} is not in {call.id}")
        self._drop(call, connection.device, cause)
        self.settle(call)

    def clear_call(self, call_id: str, cause: str = "normalClearing") -> None:
        call = self.call(call_id)
        for device in list(call.connections):
            self._drop(call, device, cause)
        self.settle(call)

    def _drop(self, call: Call, device: str, cause: str) -> None:
        del call.connections[device]
        self.tell(What.CLEARED, call, device, cause, gone=(device,))

    def settle(self, call: Call) -> None:
        """End what cannot go on: nobody left, one party alone, or only ringing devices."""
        if call.id not in self.calls:
            return
        waits = call.parked_at is not None or call.at(State.INITIATED, State.FAIL, State.QUEUED)
        alone = len(call.connections) == 1 and not waits
        ringing_for_nobody = len(call.at(State.ALERTING)) == len(call.connections)
        if alone or ringing_for_nobody:
            for device in list(call.connections):
                self._drop(call, device, "normalClearing")
        if not call.connections:
            del self.calls[call.id]

    def fail(self, call_id: str, device: str, cause: str) -> None:
        """``device`` cannot be reached: busy, doNotDisturb, destNotObtainable, destOutOfOrder.

        The last failure is the caller's; while others ring it is only theirs to know.
        """
        call = self.call(call_id)
        if call.at(State.INITIATED):
            raise SwitchError("invalidConnectionState", "nothing was dialled yet")
        left = call.connections.get(device)
        if left not in (None, State.ALERTING):
            raise SwitchError("invalidConnectionState", f"{device} is {left}")
        call.connections.pop(device, None)
        gone = (device,) if left is not None else ()
        if len(call.connections) == 1:
            ((waiting, state),) = call.connections.items()
            if state is State.CONNECTED:  # who holds is not listening
                call.connections[waiting] = State.FAIL
        self.tell(What.FAILED, call, device, cause, gone=gone)
        self.settle(call)

    # -- hold --------------------------------------------------------------------------------

    def hold(self, connection: ConnectionId) -> None:
        call = self.require(connection, State.CONNECTED)
        self._require_speech(call, connection.device)
        call.connections[connection.device] = State.HOLD
        self.tell(What.HELD, call, connection.device, "normal")

    def retrieve(self, connection: ConnectionId) -> None:
        call = self.require(connection, State.HOLD)
        self.require_free(connection.device, but=call.id)
        call.connections[connection.device] = State.CONNECTED
        self.tell(What.RETRIEVED, call, connection.device, "normal")

    def _require_speech(self, call: Call, device: str) -> None:
        if not [d for d in call.at(State.CONNECTED, State.HOLD) if d != device]:
            raise SwitchError("invalidConnectionState", "nobody has answered yet")

    def consult(self, connection: ConnectionId, called: str) -> ConnectionId:
        """Hold this call and begin a second one."""
        self.hold(connection)
        second = self.initiate(connection.device)
        self.originate(second, called)
        return second

    def alternate(self, held: ConnectionId, active: ConnectionId) -> None:
        """Swap the held call and the active one."""
        self.require_pair(held, active)
        self.hold(active)
        self.retrieve(held)

    def reconnect(self, held: ConnectionId, active: ConnectionId) -> None:
        """End the active call and go back to the held one."""
        self.require_pair(held, active)
        self.clear(active)
        if self.state(held) is State.HOLD:
            self.retrieve(held)

    def require_pair(self, held: ConnectionId, active: ConnectionId) -> tuple[Call, Call]:
        if held.device != active.device:
            raise SwitchError("invalidConnectionID", "the calls belong to different devices")
        first = self.require(held, State.HOLD)
        second = self.require(active, State.CONNECTED)
        return first, second
