"""Whether a Replaces header may take over one of our sessions (RFC 3891 section 3)."""

from __future__ import annotations

from protocols.sip.headers import Replaces
from protocols.sip.session.state import Phase, Session

_CONFIRMED = (Phase.CONFIRMED, Phase.ACCEPTED, Phase.UNACKED)


def judge(session: Session | None, replaces: Replaces) -> int:
    """0 when `session` (found by Call-ID and our tag) may be replaced, else the final status.

    `replaces.to_tag` is the recipient's local tag, `from_tag` its remote one.
    """
    if session is None or session.fork(replaces.from_tag) is None:
        return 481
    if session.phase in (Phase.ENDED, Phase.CANCELLING, Phase.CLOSING) or session.reported:
        return 603
    if session.phase in _CONFIRMED:
        return 486 if replaces.early_only else 0
    # An early dialog may be replaced only by the side that began it.
    return 0 if session.uac else 481
