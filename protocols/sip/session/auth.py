"""Which challenges a session answers: those to INVITE and REFER, with credentials it was given.

The owner gives them where it knows the peer, in a session that the peer began too: many a PBX
challenges whatever a phone asks of it. Challenges to BYE, INFO and the rest are not answered: a
peer that hangs a 407 on a BYE collects digests to crack (CVE-2021-41158).
"""

from __future__ import annotations

from protocols.sip.auth.digest_client import signed
from protocols.sip.message import Request, Response
from protocols.sip.session.turn import Turn

#: Without these signed, a call could be neither held nor handed over.
SIGNED = frozenset({"INVITE", "REFER"})


def resign(t: Turn, request: Request, response: Response) -> Request | None:
    """A signed copy of our request after a 401 or 407, CSeq still to be raised; None to give up."""
    if t.s.auth is None or request.method not in SIGNED or response.local:
        return None
    auth = t.s.auth.challenged(request, response)
    if auth is None:
        return None
    cnonce = f"{t.env.rng.getrandbits(64):016x}"
    auth, headers = auth.sign(request.method, request.uri, request.body, cnonce)
    t.change(auth=auth)
    return signed(request, headers)
