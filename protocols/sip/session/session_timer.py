"""Session timers (RFC 4028): what each message says and what follows from it."""

from __future__ import annotations

from dataclasses import replace

from protocols.sip.errors import ParseError
from protocols.sip.headers import SessionExpires, parse_uint
from protocols.sip.message import Request, Response
from protocols.sip.session.events import Headers, Timer
from protocols.sip.session.state import SessionTimer
from protocols.sip.session.turn import Turn

#: RFC 4028 section 4: no interval below 90 s.
FLOOR = 90


def request_headers(t: Turn) -> Headers:
    """Session-Expires and Min-SE of our INVITE, re-INVITE or UPDATE.

    Section 7.4: every refresh carries it, and names the present refresher so that the roles stay.
    """
    timer, settings = t.s.timer, t.s.settings
    if "timer" not in settings.supported:
        return ()
    if t.s.current is not None and t.s.current.dialog.confirmed:
        if timer.interval == 0:
            return ()
        role = "uac" if timer.refresher else "uas"
        value = f"{max(timer.interval, timer.min_se)};refresher={role}"
    elif settings.session_expires is not None:
        value = str(max(settings.session_expires, timer.min_se))
    else:
        return ()
    floor = max(settings.min_se, timer.min_se)
    return (("Session-Expires", value), ("Min-SE", str(floor)))


def min_se(message: Request | Response) -> int:
    """Min-SE of a message, 0 when absent or malformed."""
    value = message.headers.get("Min-SE")
    try:
        return 0 if value is None else parse_uint(value.partition(";")[0], 2**31, "Min-SE")
    except ParseError:
        return 0


def _asked(message: Request | Response) -> SessionExpires | None:
    try:
        return message.session_expires
    except ParseError:
        return None


def too_small(request: Request, floor: int) -> bool:
    """Whether a request must be refused with 422 (section 9): the interval is below our minimum
    and the UAC understands the refusal."""
    asked = _asked(request)
    return asked is not None and asked.seconds < floor and "timer" in request.supported


def raised(t: Turn, response: Response) -> bool:
    """Take the Min-SE of a 422 (section 7.3). False when that leads nowhere."""
    floor = min_se(response)
    if floor <= max(t.s.timer.min_se, t.s.timer.interval, t.s.settings.session_expires or 0):
        return False
    t.change(timer=replace(t.s.timer, min_se=floor))
    return True


def answer_headers(t: Turn, request: Request) -> Headers:
    """UAS (section 9): choose interval and refresher for our 2xx, start the timers."""
    if "timer" not in t.s.settings.supported:
        return ()
    asked = _asked(request)
    capable = "timer" in request.supported
    wish = t.s.settings.session_expires
    if asked is None and (wish is None or not capable):
        _agree(t, 0, False)
        return ()
    # section 9: at most what was asked, at least what any Min-SE on the way demands
    floor = max(FLOOR, min_se(request))
    if asked is None:
        interval = max(wish or FLOOR, floor)
    else:
        # An asker that does not know 422 gets its value even below our floor (section 9).
        interval = max(min(asked.seconds, wish or asked.seconds), min(floor, asked.seconds))
    if not capable:
        role = "uas"  # section 9, table 2: the UAC cannot refresh
    elif asked is not None and asked.refresher in ("uac", "uas"):
        role = asked.refresher
    elif t.s.timer.interval and t.s.timer.refresher:
        role = "uas"  # keep what was agreed
    else:
        role = "uac"
    _agree(t, interval, role == "uas")
    headers: Headers = (("Session-Expires", f"{interval};refresher={role}"),)
    return (*headers, ("Require", "timer")) if role == "uac" else headers


def take_answer(t: Turn, response: Response) -> None:
    """UAC (section 7.2): what the 2xx to our request decided."""
    if "timer" not in t.s.settings.supported:
        return
    decided = _asked(response)
    if decided is None or decided.seconds == 0:
        # No timer at the UAS. We could refresh alone; without its watch that gains nothing.
        _agree(t, 0, False)
        return
    _agree(t, decided.seconds, decided.refresher != "uas")


def _agree(t: Turn, interval: int, refresher: bool) -> None:
    t.change(timer=SessionTimer(interval, refresher, t.s.timer.min_se))
    if interval == 0:
        t.stop(Timer.REFRESH, Timer.EXPIRE)
        return
    # Section 10: refresh at half the interval; whoever hears none hangs up
    # min(32, interval/3) before the end.
    if refresher:
        t.set_timer(Timer.REFRESH, interval / 2)
    else:
        t.stop(Timer.REFRESH)
    t.set_timer(Timer.EXPIRE, interval - min(32.0, interval / 3))
