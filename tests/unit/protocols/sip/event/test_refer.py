"""REFER and its reports (RFC 3515, 4488, 3891, 3420), MWI bodies (RFC 3842), digits in INFO."""

from __future__ import annotations

import pytest

from protocols.sip.dialog import build_request
from protocols.sip.errors import ParseError
from protocols.sip.event.mwi import MessageSummary, SummaryError
from protocols.sip.event.refer import (
    ReferProgress,
    ReferReport,
    ReferRequest,
    parse_sipfrag,
    refer_to,
    sipfrag,
)
from protocols.sip.headers import Replaces
from protocols.sip.info.dtmf import PLAIN, RELAY, InfoDigit, InfoDigitError
from protocols.sip.message import Request


def refer(*lines: tuple[str, str]) -> Request:
    return build_request(
        "REFER", "sip:b@b.test", from_="<sip:a@a.test>;tag=1", to="<sip:b@b.test>;tag=2",
        call_id="c", cseq=93809823, headers=lines,
    )  # fmt: skip


def notify(event: str, state: str, body: bytes) -> Request:
    return Request("NOTIFY", "sip:a", [("Event", event), ("Subscription-State", state)], body)


REPLACES = Replaces("12@x", "to-1", "from.1")


def test_attended_transfer_carries_the_dialog() -> None:
    value = refer_to("sip:c@c.test;transport=tcp", REPLACES)
    asked = ReferRequest.parse(refer(("Refer-To", value), ("Referred-By", "<sip:a@a.test>")))
    assert str(asked.uri) == "sip:c@c.test;transport=tcp"
    assert asked.replaces == REPLACES
    assert asked.referred_by == "<sip:a@a.test>"
    assert (asked.method, asked.id, asked.wants_reports) == ("INVITE", "93809823", True)


def test_blind_transfer() -> None:
    asked = ReferRequest.parse(
        refer(("Refer-To", "<sip:c@c.test;method=BYE?Subject=x%20y>"), ("Refer-Sub", "false"))
    )
    assert (str(asked.uri), asked.method) == ("sip:c@c.test", "BYE")
    assert asked.headers == (("Subject", "x y"),)
    assert not asked.wants_reports
    assert asked.response_headers() == (("Refer-Sub", "false"),)
    assert refer_to("sip:c@c.test") == "<sip:c@c.test>"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (("Refer-To", "<sip:a@x>"), ("Refer-To", "<sip:b@x>")),
        (("Refer-To", "<sip:a@x>, <sip:b@x>"),),
        (("Refer-To", "<sip:a@x?Replaces=nothing>"),),
    ],
)
def test_malformed_refer(lines: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ParseError):
        ReferRequest.parse(refer(*lines))


def test_reports_from_trying_to_the_outcome() -> None:
    report = ReferReport("7")
    sent = []
    for status in (100, 100, 180, 200, 200):
        report, message = report.report(status)
        if message is not None:
            sent.append(message)
    assert [body for _, body in sent] == [sipfrag(100), sipfrag(180), sipfrag(200)]
    states = [dict(headers)["Subscription-State"] for headers, _ in sent]
    assert states == ["active;expires=180", "active;expires=180", "terminated;reason=noresource"]
    progress = ReferProgress("7")
    for headers, body in sent:
        taken = progress.take(Request("NOTIFY", "sip:a", headers, body))
        assert taken is not None
        progress = taken
    assert (progress.status, progress.reason, progress.over) == (200, "OK", True)


def test_no_reports_when_none_are_wanted() -> None:
    # RFC 4488
    report, message = ReferReport("7", wanted=False).report(200)
    assert message is None and report.over


def test_reports_of_another_refer_are_not_ours() -> None:
    assert ReferProgress("7").take(notify("refer;id=8", "active", sipfrag(100))) is None
    assert ReferProgress("7").take(notify("presence", "active", b"")) is None


def test_a_subscription_that_ends_early_leaves_the_outcome_open() -> None:
    progress = ReferProgress("7").take(notify("refer", "terminated;reason=timeout", sipfrag(180)))
    assert progress is not None
    assert (progress.status, progress.over) == (180, True)


@pytest.mark.parametrize("body", [b"", b"hello", b"SIP/2.0 999 x", b"INVITE sip:a SIP/2.0\r\n"])
def test_fragments_without_status(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_sipfrag(body)


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        (b"Messages-Waiting: yes\r\n", MessageSummary(True)),
        (b"messages-waiting:no\n", MessageSummary(False)),
        (
            b"Messages-Waiting: yes\r\nMessage-Account: sip:a@b\r\nVoice-Message: 4/8 (1/2)\r\n"
            b"Fax-Message: 1/0\r\n",
            MessageSummary(True, "sip:a@b", 4, 8, 1, 2),
        ),
        (b"Messages-Waiting: yes\r\nVoice-Message: 2/0\r\n", MessageSummary(True, None, 2, 0)),
    ],
)
def test_message_summary(body: bytes, summary: MessageSummary) -> None:
    assert MessageSummary.parse(body) == summary
    assert MessageSummary.parse(summary.to_bytes()) == summary


@pytest.mark.parametrize(
    "body",
    [b"", b"Messages-Waiting: maybe\r\n", b"Voice-Message: 1/2\r\n",
     b"Messages-Waiting: yes\r\nVoice-Message: many\r\n", b"\xff\xfe"],
)  # fmt: skip
def test_no_message_summary(body: bytes) -> None:
    with pytest.raises(SummaryError):
        MessageSummary.parse(body)


def test_no_line_break_gets_into_a_summary() -> None:
    with pytest.raises(SummaryError):
        MessageSummary(True, "a\r\nMessages-Waiting: no").to_bytes()


@pytest.mark.parametrize(
    ("kind", "body", "digit"),
    [
        (RELAY, b"Signal=5\r\nDuration=160\r\n", InfoDigit("5", 160)),
        (RELAY, b"Signal= *\nDuration= 90000\n", InfoDigit("*", 5000)),
        (RELAY, b"Signal=11\r\n", InfoDigit("#", 160)),
        (RELAY, b"signal=d\r\nduration=x\r\n", InfoDigit("D", 160)),
        (PLAIN, b"7", InfoDigit("7", 160)),
    ],
)
def test_digits_in_info(kind: str, body: bytes, digit: InfoDigit) -> None:
    assert InfoDigit.parse(kind, body) == digit
    assert InfoDigit.parse(RELAY, digit.to_relay()) == digit


@pytest.mark.parametrize(
    ("kind", "body"),
    [(RELAY, b""), (RELAY, b"Signal=42"), (PLAIN, b"hello"), ("text/plain", b"5"), (None, b"5")],
)
def test_no_digit(kind: str | None, body: bytes) -> None:
    with pytest.raises(InfoDigitError):
        InfoDigit.parse(kind, body)
