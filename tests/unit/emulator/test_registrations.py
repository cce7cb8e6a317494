"""Who may register and call: judged on requests alone, with time by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from emulator.config import EmulatorConfig
from emulator.plan.dialplan import DialPlan
from emulator.registrations import Registrations
from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.auth.digest_client import DigestClient
from protocols.sip.message import Request, Response
from protocols.sip.parser import parse_datagram


@dataclass
class FakeFlow:
    id: str
    alive: bool = True
    peer: str = "127.0.0.1:5070"


class FakeContext:
    def __init__(self, request: Request, flow: FakeFlow) -> None:
        self.request, self.flow = request, flow
        self.sent: Response | None = None

    def send(self, response: Response) -> None:
        self.sent = response


class Desk:
    def __init__(self) -> None:
        self.now = 1000.0
        self.changed: list[str] = []
        config = EmulatorConfig.load(
            None, sip={"device_password": "pw", "passwords": {"5102": "own"}}
        )
        self.registrations = Registrations(
            config, DialPlan(config.plan), clock=lambda: self.now, on_change=self.changed.append
        )

    def judge(self, request: Request, user: str | None, password: str = "pw") -> int | None:
        """The status after answering a challenge as ``user``; None = may be handled."""
        flow = FakeFlow("udp-1")
        refused = self.registrations.judge(request, flow)
        if refused is None or user is None:
            return None if refused is None else refused.status
        client = DigestClient.of(DigestCredentials(user, password))
        again = answered(client, request, refused)
        refused = self.registrations.judge(again, flow)
        return None if refused is None else refused.status

    def register(self, user: str, flow: FakeFlow, contact: str = "", expires: int = 60) -> None:
        contact = contact or f"<sip:{user}@127.0.0.1:5070>"
        ctx = FakeContext(message("REGISTER", user, contact=contact, expires=expires), flow)
        self.registrations.handle(ctx)
        assert ctx.sent is not None and ctx.sent.status == 200, ctx.sent


def answered(client: DigestClient, request: Request, refused: Response) -> Request:
    """The request again with credentials."""
    ready = client.challenged(request, refused)
    assert ready is not None
    _, headers = ready.sign(request.method, request.uri, request.body, "cnonce")
    again = parse_datagram(request.to_bytes())
    assert isinstance(again, Request)
    again.headers.extend(headers)
    return again


_calls = iter(range(10_000))


def message(
    method: str, user: str, *, contact: str = "", expires: int = 60, to: str = ""
) -> Request:
    number = next(_calls)
    text = (
        f"{method} sip:pbx.offhook.test SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:5070;branch=z9hG4bK{number}\r\nMax-Forwards: 70\r\n"
        f"From: <sip:{user}@pbx.offhook.test>;tag=1\r\nTo: <sip:{user}@pbx.offhook.test>\r\n"
        f"Call-ID: c{number}\r\nCSeq: {number + 1} {method}\r\n"
        + (f"Contact: {contact}\r\nExpires: {expires}\r\n" if contact else "")
        + "Content-Length: 0\r\n\r\n"
    )
    request = parse_datagram(text.encode())
    assert isinstance(request, Request)
    return request


def test_options_is_open_and_register_is_challenged() -> None:
    desk = Desk()
    assert desk.judge(message("OPTIONS", "anyone"), None) is None
    assert desk.judge(message("REGISTER", "5101"), None) == 401
    assert desk.judge(message("INVITE", "5101"), None) == 407


def test_old_desk_phones_see_md5_alone_and_lines_sha_256_first() -> None:
    desk = Desk()

    def offered(user: str) -> list[str]:
        refused = desk.registrations.judge(message("REGISTER", user), FakeFlow("udp-1"))
        assert refused is not None
        return [
            "SHA-256" if "SHA-256" in line else "MD5"
            for line in refused.headers.all("WWW-Authenticate")
        ]

    assert offered("5101") == ["MD5"]
    assert offered("6101") == ["SHA-256", "MD5"]
    assert offered("nobody") == ["MD5"]  # unknown users look like any other


@pytest.mark.parametrize(
    ("user", "password", "status"),
    [("5101", "pw", None), ("5102", "own", None), ("5102", "pw", 401), ("999", "pw", 401)],
)
def test_passwords(user: str, password: str, status: int | None) -> None:
    assert Desk().judge(message("REGISTER", user), user, password) == status


def test_nobody_registers_for_somebody_else() -> None:
    assert Desk().judge(message("REGISTER", "5101"), "5103") == 403


def test_only_registered_devices_may_call_and_only_as_themselves() -> None:
    desk = Desk()
    assert desk.judge(message("INVITE", "6101"), "6101") == 403
    desk.register("6101", FakeFlow("udp-1"))
    assert desk.judge(message("INVITE", "6101"), "6101") is None
    assert desk.judge(message("SUBSCRIBE", "6101"), "6101") is None
    assert desk.judge(message("INVITE", "6101"), "5103") == 403
    desk.now += 61
    assert desk.judge(message("INVITE", "6101"), "6101") == 403


def test_a_change_of_place_is_told_and_a_refresh_is_not() -> None:
    desk, flow = Desk(), FakeFlow("tcp-1")
    desk.register("6101", flow)
    desk.register("6101", flow)
    assert desk.changed == ["6101"]
    assert [route.flow for route in desk.registrations.routes("6101")] == [flow]
    desk.register("6101", flow, expires=0)
    assert desk.changed == ["6101", "6101"]
    assert desk.registrations.routes("6101") == []


def test_a_dead_connection_is_no_route() -> None:
    desk, flow = Desk(), FakeFlow("tcp-1")
    desk.register("6101", flow)
    flow.alive = False
    desk.registrations.flow_closed(flow)
    assert desk.registrations.bindings("6101") == [] and desk.changed[-1] == "6101"


def test_many_sources_do_not_pile_up() -> None:
    desk = Desk()
    for number in range(200):
        desk.register("6101", FakeFlow(f"udp-{number}"))
    assert len(desk.registrations.flows()) <= 65
    assert len(desk.registrations.bindings("6101")) == 1


def test_after_a_restart_nobody_is_registered() -> None:
    desk = Desk()
    desk.register("6101", FakeFlow("udp-1"))
    desk.registrations.forget_all()
    assert desk.registrations.registered(["6101", "5101"]) == []
    assert desk.changed == ["6101", "6101"]
