"""Transfer: by REFER (RFC 3515, RFC 5589), with Replaces (RFC 3891), and by a phone's own key.

The PBX carries a transfer out itself, it passes no REFER on. In a blind transfer the party that is
moved stays in its call, with music, until the target has answered; if nobody does it goes back to
who transferred it, and if that one has hung up meanwhile, it rings there again (recall).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.calls.call import CallState, PbxCall
from emulator.calls.descriptions import answer_from, speaking
from emulator.calls.end import End, Headers, Party
from emulator.calls.sip_end import SipEnd
from emulator.calls.waiter import StandIn, Waiter
from emulator.plan.model import Extension
from emulator.switch.codes import Code
from emulator.switch.features import Target
from emulator.switch.model import SwitchError
from protocols.aio.useragent import RequestContext
from protocols.sdp import SdpError
from protocols.sip.errors import ParseError
from protocols.sip.event.refer import ReferReport, ReferRequest
from protocols.sip.uri import SipUri, TelUri

if TYPE_CHECKING:
    from emulator.pbx import Pbx

logger = logging.getLogger(__name__)

Tell = Callable[[int], None]


@dataclass(slots=True)
class _Transfer:
    """``tell`` hears of the progress; a final status ends it."""

    call: PbxCall
    end: End
    tell: Tell
    attempt: PbxCall | None = None
    waiter: Waiter | None = None  # in the place of who transferred and hung up
    to: str = ""
    own: bool = False  # to another device of the same user
    recalling: bool = False
    over: bool = False
    caller: Party | None = None  # whom the target sees instead of the moved party


class Transfers:
    def __init__(self, pbx: Pbx) -> None:
        self._pbx = pbx

    # -- asked by a device -------------------------------------------------------------------

    def referred(self, end: SipEnd, ctx: RequestContext) -> None:
        try:
            refer = ReferRequest.parse(ctx.request)
        except ParseError as error:
            ctx.respond(error.status or 400)
            return
        call = self._pbx.call_of(end)
        uri = refer.uri
        number = uri.digits if isinstance(uri, TelUri) else None
        if isinstance(uri, SipUri):
            number = uri.user_text
        if call is None or not self._may_move(call, end) or refer.method != "INVITE" or not number:
            ctx.respond(603)
            return
        second = None
        if refer.replaces is not None:
            # RFC 3891 section 3: the tags are as the other side of that dialog (us) sees it
            named = self._pbx.agent.find_call(refer.replaces.call_id, refer.replaces.to_tag)
            second = self._pbx.end_of(named)
            if second is None or second.party.number != end.party.number or second is end:
                ctx.respond(481)
                return
        ctx.respond(202, headers=refer.response_headers())
        tell = self._reporter(end, ReferReport.of(refer))
        tell(100)
        try:
            if second is not None:
                self.join(call, end, second, tell)
            else:
                self.blind(call, end, number, tell)
        except SwitchError as error:
            logger.info("transfer by %s: %s", end.name, error)
            tell(480)

    def _may_move(self, call: PbxCall, end: End) -> bool:
        peer = call.other(end)
        free = call.state is CallState.CONNECTED and call.keeper is None
        return free and peer is not None and not peer.silent

    def _reporter(self, end: SipEnd, report: ReferReport) -> Tell:
        """NOTIFYs for one REFER; after a success the device is let go."""
        state = [report]

        def tell(status: int) -> None:
            state[0], notify = state[0].report(status)
            self._pbx.tasks.start(self._notify(end, notify, status), f"notify {end.name}")

        return tell

    async def _notify(self, end: SipEnd, notify: tuple[Headers, bytes] | None, status: int) -> None:
        if notify is not None and end.call is not None and end.call.state == "confirmed":
            headers = [(name, value) for name, value in notify[0] if name != "Content-Type"]
            content_type = dict(notify[0])["Content-Type"]
            await end.call.request("NOTIFY", headers, content_type, notify[1])
        if 200 <= status < 300:
            end.hang_up()

    # -- INVITE with Replaces ----------------------------------------------------------------

    def take_over(self, new: SipEnd, old: SipEnd) -> None:
        """A device of the same user takes over a call; the replaced dialog is ended by the user
        agent after our 200 (RFC 3891 section 3)."""
        call = self._pbx.call_of(old)
        allowed = new.party.number == old.party.number or self._pbx.handing.same_group(new, old)
        if call is None or not allowed:
            new.refuse(403)
        elif call.state is CallState.RINGING and old in call.ringing_ends:
            call.pick_up(new)
        elif call.state is CallState.CONNECTED and new.party.number == old.party.number:
            peer = call.other(old)
            answer = agree(new, peer)
            if answer is not None and peer is not None:
                self._pbx.ledger.transferred(call, old.name, None, new.name, "keyOperation")
                call.substitute(old, new)
                new.accept(answer, peer.party, ())
        else:
            new.refuse(403)

    # -- the three kinds ---------------------------------------------------------------------

    def join(
        self, call: PbxCall, end: End, second: End, tell: Tell, *, at_once: bool = False
    ) -> None:
        """Attended: whom ``end`` speaks to gets whom ``second`` speaks to, or rings. ``at_once``:
        ``end`` does not wait until somebody answers there."""
        other = self._pbx.call_of(second)
        if other is None or other is call or not self._may_move(call, end):
            raise SwitchError("invalidConnectionID")
        if other.state is CallState.CONNECTED:
            target = other.other(second)
            if target is None or target.silent:
                raise SwitchError("invalidConnectionState", "nobody is there")
            self._move(call, end, other, target, "transfer")
            tell(200)
        elif other.state is CallState.RINGING and second is other.caller:
            transfer = self._begin(call, end, tell)
            transfer.attempt, transfer.to = other, other.dialled
            other.call_for(self._stand_in(transfer))
            second.refuse(487)
            if at_once:
                self._left(transfer, end)
            tell(180)
        else:
            raise SwitchError("invalidConnectionState", f"the second call is {other.state}")

    def blind(
        self,
        call: PbxCall,
        end: End,
        number: str,
        tell: Tell,
        *,
        at_once: bool = False,
        caller: Party | None = None,
    ) -> None:
        """``at_once``: ``end`` does not wait for the outcome; the party comes back by recall.
        ``caller``: in whose name the moved party calls."""
        if not self._may_move(call, end):
            raise SwitchError("invalidConnectionState", "there is nobody to be transferred")
        code = self._pbx.codes.find(number)
        if code is not None and code.code is Code.PARK:
            self._pbx.handing.park(call, end, code.argument)
            tell(200)
            return
        transfer = self._begin(call, end, tell)
        transfer.to, transfer.caller = number, caller
        if at_once:
            self._left(transfer, end)
        self._try(transfer, number)

    def move(self, call: PbxCall, end: End, to: Extension, target: Target, tell: Tell) -> None:
        """To another device of the same user, which rings; ``end`` speaks until it answers."""
        if not self._may_move(call, end):
            raise SwitchError("invalidConnectionState", "there is nobody to be moved")
        transfer = self._begin(call, end, tell)
        transfer.own = True
        moved = call.other(end)
        assert moved is not None
        taker = to.line_user if target is Target.LINE else to.desk_user
        self._pbx.ledger.moves(call, moved, taker)
        self._try(transfer, to.number, to, target)

    def _begin(self, call: PbxCall, end: End, tell: Tell) -> _Transfer:
        transfer = _Transfer(call, end, tell)
        call.keeper = lambda who: self._left(transfer, who)
        return transfer

    def _stand_in(self, transfer: _Transfer) -> StandIn:
        holder = transfer.waiter or transfer.end
        moved = transfer.call.other(holder)
        assert moved is not None
        stand_in = StandIn(
            moved,
            on_ringing=lambda status: None if transfer.recalling else transfer.tell(status),
            on_answer=lambda: self._answered(transfer),
            on_failure=lambda status: self._failed(transfer, status),
        )
        if transfer.caller is not None:
            stand_in.name, stand_in.party = transfer.end.name, transfer.caller
        return stand_in

    def _try(
        self,
        transfer: _Transfer,
        number: str,
        to: Extension | None = None,
        target: Target = Target.ALL,
    ) -> None:
        stand_in = self._stand_in(transfer)
        moved = transfer.call.other(transfer.waiter or transfer.end)
        try:
            offer = speaking(moved.described or b"") if moved is not None else b""
        except SdpError:
            self._failed(transfer, 488)
            return
        by = f"<sip:{transfer.end.party.number}@{self._pbx.config.sip.realm}>"
        headers = (("Referred-By", by),)
        transfer.attempt = self._pbx.place(stand_in, number, offer, headers, to=to, target=target)

    # -- how it goes on ----------------------------------------------------------------------

    def _left(self, transfer: _Transfer, who: End) -> bool:
        """Somebody hung up while the target rings."""
        if who is transfer.end and transfer.waiter is None:
            transfer.waiter = Waiter(who.name, who.party)
            moved = transfer.call.other(who)
            if moved is not None:
                self._pbx.ledger.handed_over(
                    transfer.call, who.name, moved, transfer.to, transfer.attempt
                )
            transfer.call.substitute(who, transfer.waiter)
            return True
        self._end(transfer, 487)
        if transfer.attempt is not None:
            transfer.attempt.hang_up()
        return False

    def _answered(self, transfer: _Transfer) -> None:
        attempt = transfer.attempt
        target = attempt.callee if attempt is not None else None
        if transfer.over or attempt is None:
            return
        if target is None or transfer.call.state is not CallState.CONNECTED:
            attempt.hang_up()
            return
        transfer.over, transfer.call.keeper = True, None
        place = transfer.waiter or transfer.end
        cause = "recall" if transfer.recalling else "singleStepTransfer"
        self._move(transfer.call, place, attempt, target, cause)
        if transfer.own:
            self._pbx.moved(transfer.call)
        if transfer.waiter is None:
            transfer.tell(200)

    def _move(self, call: PbxCall, place: End, other: PbxCall, target: End, cause: str) -> None:
        """``target`` leaves ``other`` for ``call``, where it takes ``place``."""
        holds = other.holding.holds(target)
        self._pbx.ledger.transferred(call, place.name, other, target.name, cause)
        other.give_away(target)
        call.substitute(place, target, holds=holds)

    def _failed(self, transfer: _Transfer, status: int) -> None:
        if transfer.over:
            return
        if transfer.waiter is None or transfer.call.state is not CallState.CONNECTED:
            self._end(transfer, status)
            if transfer.own:
                self._pbx.moved(transfer.call)
        elif transfer.recalling:
            self._end(transfer, status)
            transfer.call.hang_up()
        else:
            transfer.recalling = True
            self._try(transfer, transfer.end.party.number)

    @staticmethod
    def _end(transfer: _Transfer, status: int) -> None:
        if not transfer.over:
            transfer.over, transfer.call.keeper = True, None
            transfer.tell(status)


def agree(new: End, peer: End | None) -> bytes | None:
    """The answer for an end that called to get into a call, from what its peer-to-be last said.
    None: it was refused."""
    try:
        if peer is None or new.described is None:
            raise SdpError("nothing to agree on")
        return answer_from(new.described, speaking(peer.described or b""))
    except SdpError as error:
        logger.info("%s cannot join: %s", new.name, error)
        new.refuse(488)
        return None
