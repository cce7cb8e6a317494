"""Which challenges a session answers: those to INVITEs it sends, with credentials it was given.

Challenges to BYE, INFO and the rest are not answered (nor are any in sessions the peer began): a
peer that hangs a 407 on a BYE collects digests to crack (CVE-2021-41158).
"""

from __future__ import annotations

from protocols.sip.auth.digest_client import signed
from protocols.sip.message import Request, Response
from protocols.sip.session.turn import Turn


def resign(t: Turn, request: Request, response: Response) -> Request | None:
    """A signed copy of our INVITE after a 401 or 407, CSeq still to be raised; None to give up."""
    if t.s.auth is None or request.method != "INVITE" or response.local:
        return None
    auth = t.s.auth.challenged(request, response)
    if auth is None:
        return None
    cnonce = f"{t.env.rng.getrandbits(64):016x}"
    auth, headers = auth.sign(request.method, request.uri, request.body, cnonce)
    t.change(auth=auth)
    return signed(request, headers)
