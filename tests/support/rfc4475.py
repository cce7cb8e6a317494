"""The 49 messages of RFC 4475 and what each must meet, with our choice where the RFC leaves one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "conformance" / "rfc4475" / "messages"

OK = 0  # understood, handed to the user
DROP = -1  # no answer at all
RESPONSE = -2  # a response: read, matches no transaction, dropped and counted
BAD_RESPONSE = -3  # a response that cannot be read: dropped


@dataclass(frozen=True, slots=True)
class Torture:
    """`core` is what parser and validation decide, `server` what the whole server of the test
    (user agent with registrar) answers; None = as `core`, or 200 where `core` is OK. On a stream
    `stream` replaces it."""

    name: str
    section: str
    core: int
    server: int | None = None
    stream: int | None = None
    note: str = ""

    @property
    def data(self) -> bytes:
        return (FOLDER / f"{self.name}.dat").read_bytes()


ALL = (
    # 3.1.1 valid
    Torture("wsinv", "3.1.1.1", OK, 481, note="its To tag names a dialog we do not have"),
    Torture("intmeth", "3.1.1.2", OK, 501, note="a method nobody implements: 501"),
    Torture("esc01", "3.1.1.3", OK),
    Torture("escnull", "3.1.1.4", OK),
    Torture("esc02", "3.1.1.5", OK, 501, note="RE%47IST%45R is not REGISTER: escapes do not count"),
    Torture("lwsdisp", "3.1.1.6", OK),
    Torture("longreq", "3.1.1.7", OK),
    Torture("dblreq", "3.1.1.8", OK, note="stream: both are read; the second has no Contact: 400"),
    Torture("semiuri", "3.1.1.9", OK),
    Torture("transports", "3.1.1.10", OK),
    Torture("mpart01", "3.1.1.11", OK, 405, note="MESSAGE has no handler in the test's server"),
    Torture("unreason", "3.1.1.12", RESPONSE),
    Torture("noreason", "3.1.1.13", RESPONSE),
    # 3.1.2 invalid
    Torture("badinv01", "3.1.2.1", 400, note="top Via reduced to what is readable, for the 400"),
    Torture(
        "clerr",
        "3.1.2.2",
        400,
        stream=DROP,
        note="a stream waits for the rest, the idle limit closes it",
    ),
    Torture("ncl", "3.1.2.3", 400),
    Torture("scalar02", "3.1.2.4", 400),
    Torture("scalarlg", "3.1.2.5", BAD_RESPONSE),
    Torture("quotbal", "3.1.2.6", 400),
    Torture("ltgtruri", "3.1.2.7", 400),
    Torture("lwsruri", "3.1.2.8", 400),
    Torture("lwsstart", "3.1.2.9", 400),
    Torture("trws", "3.1.2.10", 400),
    Torture("escruri", "3.1.2.11", 400, note="not ignored: nobody can mean headers there"),
    Torture("baddate", "3.1.2.12", OK, note="lenient: Date is informational, its zone is not used"),
    Torture("regbadct", "3.1.2.13", 400, note="strict: a lenient reading could bind a wrong URI"),
    Torture("badaspec", "3.1.2.14", 400),
    Torture("baddn", "3.1.2.15", 400, note="strict: the comma would split a list"),
    Torture("badvers", "3.1.2.16", 505),
    Torture("mismatch01", "3.1.2.17", 400),
    Torture("mismatch02", "3.1.2.18", 400, note="400 before 501: the mismatch is found first"),
    Torture("bigcode", "3.1.2.19", BAD_RESPONSE),
    # 3.2 transaction layer
    Torture("badbranch", "3.2.1", OK, note="matched as RFC 2543 does: the branch says nothing"),
    # 3.3 application layer
    Torture("insuf", "3.3.1", 400),
    Torture("unkscm", "3.3.2", 416),
    Torture("novelsc", "3.3.3", 416),
    Torture("unksm2", "3.3.4", 416),
    Torture("bext01", "3.3.5", 420),
    Torture("invut", "3.3.6", OK, 415),
    Torture("regaut01", "3.3.7", OK, 401),
    Torture("multi01", "3.3.8", 400),
    Torture("mcl01", "3.3.9", 400, note="400; on a stream the end is unknown and it is closed"),
    Torture("bcast", "3.3.10", RESPONSE),
    Torture("zeromf", "3.3.11", 483),
    Torture("cparam01", "3.3.12", OK),
    Torture("cparam02", "3.3.13", OK),
    Torture("regescrt", "3.3.14", OK),
    Torture("sdp01", "3.3.15", 406),
    # 3.4 RFC 2543
    Torture("inv2543", "3.4.1", OK, 400, note="no Contact: no dialog could be made, 400"),
)
