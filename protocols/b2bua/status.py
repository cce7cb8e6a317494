"""What a failure on one leg becomes on the other."""

from __future__ import annotations

from protocols.sip.reasons import reason_phrase

# what one hop says about itself must not be claimed about the far end
_OWN = {
    # the challenge was ours to answer and we failed; A cannot answer it for us
    401: 403,
    407: 403,
    # matters of one leg's session machinery
    422: 500,
    481: 480,
    482: 500,
    487: 480,
    491: 480,
    # a re-direction we did not follow
    300: 480,
    301: 480,
    302: 480,
    305: 480,
    380: 480,
}


def relayed_failure(status: int, reason: str = "") -> tuple[int, str]:
    """Status and phrase for the other leg. 6xx becomes the 4xx of the same meaning.

    A 6xx would stop every other branch of a parallel ring (RFC 3261 section 21.6), which only
    the called user's own server may decide.
    """
    if status >= 600:
        status, reason = {600: 486, 603: 486, 604: 404, 606: 488}.get(status, 480), ""
    elif status in _OWN:
        status, reason = _OWN[status], ""
    return status, reason or reason_phrase(status)
