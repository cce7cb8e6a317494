"""The transaction layer: which message belongs to which machine (RFC 3261 17.1.3, 17.2.3).

Pure: every method takes what happened and returns `Step`s, each an effect for one
transaction. The driver carries them out in order and feeds timers and errors back.
"""

from __future__ import annotations

import enum
import secrets
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from protocols.sip.message import Request, Response
from protocols.sip.txn import ict, ist, nict, nist
from protocols.sip.txn.ack import cancel_for
from protocols.sip.txn.effects import (
    Cancelled,
    Effect,
    Effects,
    Finished,
    SetTimer,
    Stateless,
    StrayAck,
    ToUser,
)
from protocols.sip.txn.events import Ev, Event, answered, received
from protocols.sip.txn.timers import Timer, Timers

MAGIC_COOKIE: Final = "z9hG4bK"

# Each request is remembered for 32 s over UDP and costs about 9 kB: a flood must not take all
# memory. 100 calls per second need a third of this.
MAX_SERVERS: Final = 20_000

Machine = ict.InviteClient | nict.NonInviteClient | ist.InviteServer | nist.NonInviteServer
Verdict = Callable[[Request], Response | None]


class CancelState(enum.Enum):
    """What became of the user's wish to cancel an INVITE (RFC 3261 9.1)."""

    NONE = enum.auto()
    WANTED = enum.auto()  # no provisional response yet: the CANCEL has to wait
    SENT = enum.auto()


class Transaction:
    """A machine with its identity. `peer` and `user` belong to the driver.

    `peer` is where it talks (a flow), `user` whom its effects concern, `timers` the driver's
    running timer handles, `wire` the message last sent with its bytes.
    """

    __slots__ = (
        "_to_tag",
        "cancel_headers",
        "cancel_state",
        "key",
        "machine",
        "merge_key",
        "peer",
        "timers",
        "user",
        "wire",
    )

    def __init__(self, key: Hashable, machine: Machine, peer: Any, user: Any = None) -> None:
        self.key = key
        self.machine = machine
        self.peer = peer
        self.user = user
        self.timers: dict[Timer, Any] = {}
        self.wire: tuple[Any, bytes] | None = None
        self.merge_key: Hashable | None = None
        self.cancel_state = CancelState.NONE
        self.cancel_headers: Sequence[tuple[str, str]] = ()
        self._to_tag: str | None = None

    @property
    def request(self) -> Request:
        return self.machine.request

    @property
    def is_server(self) -> bool:
        return isinstance(self.machine, ist.InviteServer | nist.NonInviteServer)

    @property
    def terminated(self) -> bool:
        return self.machine.state.name == "TERMINATED"

    @property
    def to_tag(self) -> str:
        """This side's tag for every response to the request (RFC 3261 8.2.6.2, 9.2)."""
        if self._to_tag is None:
            self._to_tag = secrets.token_hex(6)
        return self._to_tag

    @to_tag.setter
    def to_tag(self, tag: str) -> None:
        self._to_tag = tag

    def __repr__(self) -> str:
        machine = self.machine
        return f"<{type(machine).__name__} {machine.request.method} {machine.state.name}>"


class Step(NamedTuple):
    """One effect for one transaction; None for a stray ACK and a stateless answer."""

    transaction: Transaction | None
    effect: Effect


Steps = list[Step]


class TransactionLayer:
    """All transactions of one endpoint."""

    def __init__(
        self,
        timers: Timers | None = None,
        verdict: Verdict | None = None,
        *,
        max_servers: int = MAX_SERVERS,
    ) -> None:
        self.timers = timers or Timers()
        self._max_servers = max_servers
        self._verdict = verdict
        self._clients: dict[Hashable, Transaction] = {}
        self._servers: dict[Hashable, Transaction] = {}
        self._merges: dict[Hashable, Transaction] = {}

    def __len__(self) -> int:
        return len(self._clients) + len(self._servers)

    def __iter__(self) -> Iterator[Transaction]:
        yield from list(self._clients.values())
        yield from list(self._servers.values())

    # Client side

    def start_client(
        self, request: Request, *, reliable: bool, peer: Any, user: Any
    ) -> tuple[Transaction, Steps]:
        """Begin a client transaction; the request's top Via carries a fresh branch."""
        machine: Machine
        if request.method == "INVITE":
            machine = ict.InviteClient(request, reliable, self.timers)
        else:
            machine = nict.NonInviteClient(request, reliable, self.timers)
        key = (request.via.branch, request.method)
        if key in self._clients:
            raise AssertionError("a client transaction needs a branch of its own")
        transaction = Transaction(key, machine, peer, user)
        self._clients[key] = transaction
        return transaction, self._step(transaction, Ev.START)

    def receive_response(self, response: Response) -> Steps:
        """Match by branch and CSeq method (17.1.3); unmatched responses are dropped.

        RFC 6026 section 8.9: an unmatched 2xx too: nobody could acknowledge it rightly.
        """
        transaction = self._clients.get((response.via.branch, response.cseq.method))
        if transaction is None:
            return []
        steps = self._step(transaction, received(response.status), response)
        if transaction.cancel_state is CancelState.WANTED:
            steps += self._send_cancel(transaction)
        return steps

    def cancel(self, transaction: Transaction, headers: Sequence[tuple[str, str]] = ()) -> Steps:
        """The user gives up an INVITE. Waits for a provisional response (9.1)."""
        machine = transaction.machine
        if not isinstance(machine, ict.InviteClient):
            return []  # 9.1: CANCEL is for INVITE only
        if transaction.cancel_state is not CancelState.NONE:
            return []
        transaction.cancel_headers = tuple(headers)
        transaction.cancel_state = CancelState.WANTED
        return self._send_cancel(transaction)

    def _send_cancel(self, invite: Transaction) -> Steps:
        machine = invite.machine
        if not isinstance(machine, ict.InviteClient) or machine.state is not ict.State.PROCEEDING:
            return []
        invite.cancel_state = CancelState.SENT
        cancel = cancel_for(machine.request, invite.cancel_headers)
        # 9.1: sent to the same place as the request it cancels, over the same transport.
        _, steps = self.start_client(cancel, reliable=machine.reliable, peer=invite.peer, user=None)
        return [*steps, Step(invite, SetTimer(Timer.CANCEL, self.timers.timeout))]

    # Server side

    def receive_request(self, request: Request, *, reliable: bool, peer: Any) -> Steps:
        """Match, or begin a server transaction (17.2.3); CANCEL and ACK find their INVITE."""
        if request.method == "ACK":
            return self._receive_ack(request, peer)
        key = server_key(request, request.method)
        known = self._servers.get(key)
        if known is not None:
            known.peer = peer  # the client may have lost its first connection
            return self._step(known, Ev.REQUEST, request)
        if len(self._servers) >= self._max_servers:
            # RFC 3261 21.5.4, without state as section 8.2.7 has it.
            busy = Response.for_request(request, 503, to_tag=secrets.token_hex(6))
            busy.headers.add("Retry-After", "10")
            return [Step(None, Stateless(busy, peer))]
        transaction = self._new_server(key, request, reliable, peer)
        steps = self._step(transaction, Ev.START)
        refusal = self._verdict(request) if self._verdict is not None else None
        if refusal is None and request.method == "CANCEL":
            return self._receive_cancel(transaction, _without_user(steps))
        if refusal is None:
            refusal = self._merged(transaction)
        if refusal is not None:
            return [*_without_user(steps), *self.respond(transaction, refusal)]
        return steps

    def respond(self, transaction: Transaction, response: Response) -> Steps:
        """The user answers; responses after the final one are absorbed by the machine."""
        return self._step(transaction, answered(response.status), response)

    def _new_server(
        self, key: Hashable, request: Request, reliable: bool, peer: Any
    ) -> Transaction:
        machine: Machine
        if request.method == "INVITE":
            machine = ist.InviteServer(request, reliable, self.timers)
        else:
            machine = nist.NonInviteServer(request, reliable, self.timers)
        transaction = Transaction(key, machine, peer)
        self._servers[key] = transaction
        return transaction

    def _receive_ack(self, request: Request, peer: Any) -> Steps:
        transaction = self._servers.get(server_key(request, "INVITE"))
        if transaction is not None and _acknowledges(transaction, request):
            return self._step(transaction, Ev.ACK, request)
        if self._verdict is not None and self._verdict(request) is not None:
            return []  # an ACK is never answered, not even a broken one
        return [Step(None, StrayAck(request, peer))]

    def _receive_cancel(self, cancel: Transaction, steps: Steps) -> Steps:
        invite = self._servers.get(server_key(cancel.request, "INVITE"))
        if invite is None:  # 9.2: the method is unknown, only INVITE is worth cancelling
            response = Response.for_request(cancel.request, 481, to_tag=cancel.to_tag)
            return [*steps, *self.respond(cancel, response)]
        # 9.2: the To tag of both responses should be the same.
        response = Response.for_request(cancel.request, 200, to_tag=invite.to_tag)
        steps = [*steps, *self.respond(cancel, response)]
        if invite.machine.state is ist.State.PROCEEDING:
            steps.append(Step(invite, Cancelled(cancel.request)))
        return steps

    def _merged(self, transaction: Transaction) -> Response | None:
        """482 for the same request by another path (RFC 3261 8.2.2.2)."""
        request = transaction.request
        if request.to.tag is not None:
            return None
        key = (request.from_.tag, request.call_id, request.cseq)
        first = self._merges.setdefault(key, transaction)
        transaction.merge_key = key
        if first is transaction:
            return None
        return Response.for_request(request, 482, to_tag=transaction.to_tag)

    # Both sides

    def timer(self, transaction: Transaction, timer: Timer) -> Steps:
        """A timer set by an effect has fired."""
        return self._step(transaction, timer)

    def transport_error(self, transaction: Transaction) -> Steps:
        """What was to be sent could not be sent, or the flow is gone."""
        return self._step(transaction, Ev.TRANSPORT_ERROR)

    def clear(self) -> None:
        """Forget everything: the endpoint closes."""
        self._clients.clear()
        self._servers.clear()
        self._merges.clear()

    def _step(self, transaction: Transaction, event: Event, message: Any = None) -> Steps:
        effects: Effects
        machine = transaction.machine
        if isinstance(machine, ict.InviteClient):
            transaction.machine, effects = ict.step(machine, event, message)
        elif isinstance(machine, nict.NonInviteClient):
            transaction.machine, effects = nict.step(machine, event, message)
        elif isinstance(machine, ist.InviteServer):
            transaction.machine, effects = ist.step(machine, event, message)
        else:
            transaction.machine, effects = nist.step(machine, event, message)
        if effects and isinstance(effects[-1], Finished):
            self._forget(transaction)
        return [Step(transaction, effect) for effect in effects]

    def _forget(self, transaction: Transaction) -> None:
        table = self._servers if transaction.is_server else self._clients
        table.pop(transaction.key, None)
        if self._merges.get(transaction.merge_key) is transaction:
            del self._merges[transaction.merge_key]


def server_key(request: Request, method: str) -> Hashable:
    """What identifies a server transaction (17.2.3); `method` is INVITE for an ACK."""
    via = request.via
    branch = via.branch
    if branch is not None and branch.startswith(MAGIC_COOKIE) and branch != MAGIC_COOKIE:
        return (branch, via.host.lower(), via.port, method)
    # RFC 2543 client: its branch promises nothing, so the whole request identifies itself.
    cseq = request.cseq
    return (str(via), request.uri, request.from_.tag, request.call_id, cseq.number, method)


def _acknowledges(transaction: Transaction, ack: Request) -> bool:
    """For an RFC 2543 ACK the To tag must be that of the response sent (17.2.3)."""
    machine = transaction.machine
    if not isinstance(machine, ist.InviteServer):
        return False
    if (ack.via.branch or "").startswith(MAGIC_COOKIE) or machine.last is None:
        return True
    return ack.to.tag == machine.last.to.tag


def _without_user(steps: Steps) -> Steps:
    return [step for step in steps if not isinstance(step.effect, ToUser)]
