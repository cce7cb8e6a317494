"""News of the PBX: in order, once, and only about lines of the site that brought them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.bus import PbxReachable
from gateway.connectors import cti
from gateway.connectors.cti import CtiLink, refusal
from gateway.connectors.registrar import SiteKey
from gateway.ports import ConnectorStatus, Line, Problem, SiteProfile
from protocols.csta.codec import encode
from protocols.csta.dialects import LINK
from protocols.csta.events.device import DoNotDisturbEvent
from protocols.csta.message import ErrorResponse, Message, operation_error, resource_error
from protocols.csta.services.features import GetDoNotDisturb
from protocols.csta.services.system import SystemStatus
from protocols.csta.values import ErrorCategory, SystemState
from protocols.sip.parser import parse_datagram
from tests.support.gateway_ports import LINE, SITE, TENANT, FakeLines, soon

HERE = SiteKey(TENANT, SITE)


@dataclass
class FakeDesk:
    told_of: list[Any] = field(default_factory=list)
    late: list[Any] = field(default_factory=list)
    forgotten: list[tuple[str, ...]] = field(default_factory=list)
    left: list[tuple[str, ...]] = field(default_factory=list)
    sites: set[tuple[str, str]] = field(default_factory=set)

    async def told(
        self, line: Line, site: SiteProfile, message: Message, session: str | None
    ) -> None:
        self.told_of.append((line.line_id, type(message).__name__, session))

    async def told_late(
        self, line: Line, site: SiteProfile, message: Message, joined: bool, at: object
    ) -> None:
        self.late.append((type(message).__name__, joined, at))

    async def left_open(self, *call: str) -> None:
        self.left.append(call)

    async def forget(self, *key: str) -> None:
        self.forgotten.append(key)

    def set_reachable(self, tenant_id: str, site_id: str, on: bool) -> bool:
        before = (tenant_id, site_id) in self.sites
        (self.sites.add if on else self.sites.discard)((tenant_id, site_id))
        return before is not on

    def reachable(self, tenant_id: str, site_id: str) -> bool:
        return (tenant_id, site_id) in self.sites


class FakeEdge:
    def __init__(self) -> None:
        self.news: dict[str, Any] = {}
        self.directory = self
        self.listeners: list[Any] = []

    def subscribe(self, listener: Any) -> None:
        self.listeners.append(listener)


class Context:
    """A NOTIFY as the edge hands it on."""

    def __init__(self, line_id: str, seq: str | None, body: bytes, *more: tuple[str, str]) -> None:
        numbered = () if seq is None else (("Offhook-Seq", seq),)
        headers = "".join(f"{name}: {value}\r\n" for name, value in (*numbered, *more))
        text = (
            f"NOTIFY sip:{line_id}@link.test SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\n"
            "From: <sip:a@link.test>;tag=1\r\nTo: <sip:b@link.test>\r\nCall-ID: 1\r\n"
            f"CSeq: 1 NOTIFY\r\nMax-Forwards: 70\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        )
        self.request = parse_datagram(text.encode() + body)
        self.status = 0

    def respond(self, status: int, *args: object, **more: object) -> None:
        self.status = status


class Rig:
    def __init__(self) -> None:
        self.desk, self.edge = FakeDesk(), FakeEdge()
        self.heard: list[object] = []
        self.link = CtiLink(self.edge, self, self.desk, self.heard.append)  # type: ignore[arg-type]
        self.lines = FakeLines()
        self.away = 0

    async def line(self, *key: str) -> tuple[Line, SiteProfile] | None:
        """The database, which is away for some questions."""
        if self.away:
            self.away -= 1
            raise ConnectionError("the database is away")
        return await self.lines.line(*key)

    def notify(
        self,
        seq: str | None,
        message: Message | None = None,
        *more: tuple[str, str],
        line_id: str = LINE,
        site: SiteKey = HERE,
    ) -> int:
        news = message or DoNotDisturbEvent(do_not_disturb_on=True)
        context = Context(line_id, seq, encode(news, LINK.style), *more)
        self.link.notified(site, context)  # type: ignore[arg-type]
        return context.status


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = Rig()
    yield made
    await made.link.aclose()


async def test_a_repeated_number_has_no_effect_again(rig: Rig) -> None:
    assert [rig.notify("7.0"), rig.notify("7.0"), rig.notify("7.1")] == [200, 200, 200]

    await soon(lambda: len(rig.desk.told_of) == 2)


async def test_an_epoch_that_is_over_is_over(rig: Rig) -> None:
    rig.notify("7.0")
    rig.notify("8.0")

    assert rig.notify("7.1") == 200  # taken, so that nobody repeats it, and without effect
    rig.notify("8.1")
    await soon(lambda: len(rig.desk.told_of) == 3)


@pytest.mark.parametrize("seq", ["7.1", "8.3"])
async def test_who_has_not_heard_what_was_before_says_so(rig: Rig, seq: str) -> None:
    if seq == "8.3":
        assert [rig.notify("8.0"), rig.notify("8.1")] == [200, 200]

    assert rig.notify(seq) == 412
    assert rig.notify("9.0") == 200  # the connector begins anew


async def test_a_call_that_our_devices_left_is_looked_at_however_much_waits(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cti, "MOST_WAITING", 1)
    assert [rig.notify("7.0"), rig.notify("7.1")] == [200, 503]
    left = SimpleNamespace(tenant_id=TENANT, site_id=SITE, line_id=LINE, session_id="5")
    rig.link.look_again(left)  # type: ignore[arg-type]

    await soon(lambda: rig.desk.left == [(TENANT, SITE, LINE, "5")])


async def test_unreadable_news_leave_their_number_to_the_next(rig: Rig) -> None:
    rig.notify("7.0")
    unreadable = Context(LINE, "7.1", b"<no")
    rig.link.notified(HERE, unreadable)  # type: ignore[arg-type]
    assert unreadable.status == 400

    assert rig.notify("7.1") == 200
    await soon(lambda: len(rig.desk.told_of) == 2)


async def test_news_wait_for_a_database_that_comes_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cti, "READ_AGAIN", (0.0, 0.0))
    rig.away = 2
    rig.notify("7.0", DoNotDisturbEvent(do_not_disturb_on=True), ("Session-ID", "a"))
    rig.notify("7.1", DoNotDisturbEvent(do_not_disturb_on=True), ("Session-ID", "b"))

    await soon(lambda: len(rig.desk.told_of) == 2)
    assert [session for _, _, session in rig.desk.told_of] == ["a", "b"]
    assert rig.notify("7.2") == 200


async def test_news_that_were_lost_are_made_good_by_a_new_picture(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cti, "READ_AGAIN", (0.0, 0.0))
    rig.away = 3
    rig.notify("7.0")
    await soon(lambda: rig.away == 0)

    await soon(lambda: rig.notify("7.1") == 412)
    rig.notify("8.0")
    await soon(lambda: rig.desk.told_of)


@pytest.mark.parametrize("seq", [None, "", "7", "7.", ".7", "7.x", "7.-1", "7." + "9" * 40])
async def test_without_a_number_it_is_not_taken(rig: Rig, seq: str | None) -> None:
    assert rig.notify(seq) == 400


async def test_a_line_of_another_site_or_tenant_is_nobody_s(rig: Rig) -> None:
    rig.notify("7.0", site=SiteKey(TENANT, "site-2"))
    rig.notify("7.0", site=SiteKey("tenant-2", SITE))
    rig.notify("7.0", line_id="line-9")
    rig.notify("7.1")

    await soon(lambda: rig.desk.told_of)
    assert len(rig.desk.told_of) == 1
    assert (TENANT, SITE, "line-9") in rig.desk.forgotten


async def test_the_session_id_and_history_are_read(rig: Rig) -> None:
    rig.notify("7.0", None, ("Session-ID", "ABCD;remote=0"))
    late = (("Offhook-History", "1"), ("Offhook-At", "2026-01-02T03:04:05.000Z"))
    rig.notify("7.1", None, *late)

    await soon(lambda: rig.desk.late)
    assert rig.desk.told_of == [(LINE, "DoNotDisturbEvent", "abcd")]
    assert rig.desk.late[0][:2] == ("DoNotDisturbEvent", False)


async def test_who_can_be_reached_is_told_once(rig: Rig) -> None:
    up, down = SystemState.NORMAL, SystemState.DISABLED
    for number, state in enumerate((up, up, down)):
        rig.notify(f"7.{number}", SystemStatus(system_status=state), line_id="gateway")

    await soon(lambda: len(rig.heard) == 2)
    assert rig.heard == [PbxReachable(TENANT, SITE, True), PbxReachable(TENANT, SITE, False)]


async def test_with_the_connector_its_pbx_is_out_of_reach(rig: Rig) -> None:
    rig.notify("7.0", SystemStatus(system_status=SystemState.NORMAL), line_id="gateway")
    await soon(lambda: rig.heard)

    (listener,) = rig.edge.listeners
    listener(TENANT, ConnectorStatus(SITE, "down", (("registration", "down", ""),)))

    assert rig.heard[-1] == PbxReachable(TENANT, SITE, False)
    line, _ = await rig.lines.line(TENANT, SITE, LINE) or (None, None)
    assert line is not None
    with pytest.raises(Problem, match="pbx_unreachable"):
        await rig.link.ask(line, GetDoNotDisturb(device="101"))


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (operation_error("serviceNotSupported"), 409, "not_offered"),
        (operation_error("invalidCalledDeviceID"), 502, "pbx_refused"),
        (ErrorResponse(category=ErrorCategory.PERFORMANCE, value="x"), 429, "too_fast"),
        (ErrorResponse(category=ErrorCategory.SYSTEM_RESOURCE, value="x"), 503, "pbx_unreachable"),
        (resource_error("resourceBusy"), 502, "pbx_refused"),
    ],
)
def test_a_refusal_has_the_words_of_the_api(error: ErrorResponse, status: int, code: str) -> None:
    problem = refusal(error)

    assert (problem.status, problem.code) == (status, code)
