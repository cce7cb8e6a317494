"""The Session-ID that joins a ring to its CSTA call is the one that the gateway reads."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from connector.mapping.join import Dialog
from connector.profiles import PROFILES
from connector.sip.exchange import Exchange, FeatureCodes
from connector.uplink.session import SiteConfig
from media.engine import LegKind
from protocols.sip.parser import parse_datagram

GOOD = "0123456789abcdef0123456789abcdef"


LINE_101 = SimpleNamespace(line_id="line-101")


class Rig:
    """An exchange between a PBX and a gateway that are not there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.dialog: Dialog | None = None
        self.headers: list[tuple[str, str]] = []
        self.dialled: list[str] = []
        uplink: Any = SimpleNamespace(
            site=SiteConfig("site", "link.test", (), 1, ()), flow=object(), ua=self
        )
        pbx: Any = SimpleNamespace(
            lines={"line-101": SimpleNamespace(config=LINE_101, registered=True)},
            domain="pbx.test",
            invite=lambda line, dialled, *more: self.dialled.append(dialled),
        )
        self.exchange = Exchange(
            uplink=uplink,
            pbx=pbx,
            engine=SimpleNamespace(),  # type: ignore[arg-type]
            profile=PROFILES["business"],
            plan=lambda: PROFILES["business"].numbers,
            line_kind=LegKind.RTP,
            codecs=("PCMA",),
            codes=FeatureCodes(pickup="79", unpark="#56"),
        )
        monkeypatch.setattr(self.exchange, "_bridge", self._bridge)

    def _bridge(self, *parts: Any) -> None:
        self.dialog = next(part for part in parts if isinstance(part, Dialog))
        parts[3](None, None)  # the INVITE of the other side

    def invite(self, *, headers: Any, **more: Any) -> None:
        self.headers = list(headers)

    def dials(self, user: str) -> None:
        """INVITE down the link."""
        number, _, parameter = user.partition(";")
        text = (
            f"INVITE sip:{number}@link.test{';' * bool(parameter)}{parameter} SIP/2.0\r\n"
            "Via: SIP/2.0/TLS a;branch=z9hG4bK1\r\nFrom: <sip:line-101@link.test>;tag=1\r\n"
            "To: <sip:101@link.test>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
            "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
        )
        incoming: Any = SimpleNamespace(invite=parse_datagram(text.encode()))
        self.exchange.on_link_invite(incoming)

    def rings(self, *lines: str) -> tuple[str, list[str]]:
        """The id that CSTA is joined by, and those in the INVITE up the link."""
        text = "\r\n".join(
            (
                "INVITE sip:101@pbx.test SIP/2.0",
                "Via: SIP/2.0/TCP a;branch=z9hG4bK1",
                "From: <sip:202@pbx.test>;tag=1",
                "To: <sip:101@pbx.test>",
                "Call-ID: 1",
                "CSeq: 1 INVITE",
                "Max-Forwards: 70",
                *lines,
                "Content-Length: 0",
                "\r\n",
            )
        )
        line: Any = SimpleNamespace(config=SimpleNamespace(line_id="line-101"))
        incoming: Any = SimpleNamespace(invite=parse_datagram(text.encode()))
        self.exchange.on_pbx_invite(line, incoming)
        assert self.dialog is not None
        told = [value for name, value in self.headers if name.lower() == "session-id"]
        return self.dialog.session_id, told


@pytest.mark.parametrize("name", ["Session-ID", "session-id", "Session-Id"])
def test_a_good_one_goes_through_however_its_name_is_written(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = f"{GOOD.upper()};remote={'0' * 32}"

    assert Rig(monkeypatch).rings(f"{name}: {value}") == (GOOD, [value])


@pytest.mark.parametrize("value", ["", "me", "0" * 32, GOOD + "0", "x" * 32, f";remote={GOOD}"])
def test_a_bad_one_is_replaced_on_both_sides(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session, told = Rig(monkeypatch).rings(f"Session-ID: {value}")

    assert re.fullmatch("[0-9a-f]{32}", session) and session != "0" * 32
    assert told == [f"{session};remote={'0' * 32}"]


def test_where_there_is_none_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    session, told = Rig(monkeypatch).rings()

    assert told == [f"{session};remote={'0' * 32}"]


@pytest.mark.parametrize(
    ("uri", "dialled", "remote"),
    [
        ("101;feature=pickup", "79101", ""),
        ("8;feature=unpark", "#568", ""),
        ("*55101", "*55101", ""),
        ("101", "101", "101"),
    ],
)
def test_what_a_code_of_any_characters_fetches_may_be_anybody_s_call(
    uri: str, dialled: str, remote: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = Rig(monkeypatch)
    rig.dials(uri)

    assert rig.dialled == [dialled] and rig.dialog is not None
    assert (rig.dialog.incoming, rig.dialog.remote) == (False if remote else None, remote)
