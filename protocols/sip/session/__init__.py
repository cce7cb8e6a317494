"""The INVITE session as a pure machine: `step(session, event, env) -> (session, effects)`."""

from protocols.sip.session.machine import step
from protocols.sip.session.state import Phase, Session, Settings
from protocols.sip.session.turn import Env
from protocols.sip.session.uac import outgoing
from protocols.sip.session.uas import incoming, refusal

__all__ = ["Env", "Phase", "Session", "Settings", "incoming", "outgoing", "refusal", "step"]
