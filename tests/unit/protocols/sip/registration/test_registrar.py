"""The registrar core (RFC 3261 10.3, RFC 5626, RFC 3327, RFC 5627)."""

from __future__ import annotations

import pytest

from protocols.sip.dialog import build_request
from protocols.sip.message import Request, Response
from protocols.sip.registration.registrar import Binding, Registrar
from protocols.sip.uri import SipUri, parse_uri

INSTANCE = "<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>"


def register(
    *contacts: str, cseq: int = 1, call_id: str = "c1", user: str = "100", **headers: str
) -> Request:
    request = build_request(
        "REGISTER", "sip:pbx.test", from_=f"<sip:{user}@pbx.test>;tag=1",
        to=f"<sip:{user}@pbx.test>", call_id=call_id, cseq=cseq,
    )  # fmt: skip
    request.headers.prepend("Via", "SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1")
    for contact in contacts:
        request.headers.add("Contact", contact)
    for name, value in headers.items():
        request.headers.add(name.replace("_", "-"), value)
    return request


class Desk:
    def __init__(self, **options: object) -> None:
        self.registrar = Registrar(
            aor_of=lambda uri: uri.user_text if uri.user_text != "999" else None,
            **options,  # type: ignore[arg-type]
        )
        self.now = 1000.0

    def send(self, request: Request, flow: str = "f1") -> Response:
        return self.registrar.handle(request, flow, "192.0.2.1:5060", self.now)

    def bound(self, user: str = "100") -> list[Binding]:
        return self.registrar.bindings(user, self.now)

    def contacts(self) -> list[str]:
        return [binding.contact for binding in self.bound()]


def test_binding_query_refresh_and_removal() -> None:
    desk = Desk()
    response = desk.send(register("<sip:100@192.0.2.1:5060>", Expires="600"))
    assert response.status == 200
    assert [str(c) for c in response.contacts] == ["<sip:100@192.0.2.1:5060>;expires=600"]
    desk.now += 100
    query = desk.send(register(cseq=2))
    assert query.contacts[0].param("expires") == "500"
    desk.send(register("<sip:100@192.0.2.1:5060>;expires=3600", cseq=3))
    assert desk.bound()[0].expires_at == desk.now + 3600
    response = desk.send(register("<sip:100@192.0.2.1:5060>", cseq=4, Expires="0"))
    assert (response.status, response.contacts, desk.bound()) == (200, [], [])


def test_bindings_run_out() -> None:
    desk = Desk()
    desk.send(register("<sip:100@192.0.2.1>;expires=60"))
    desk.now += 60
    assert desk.bound() == []
    assert [b.contact for b in desk.registrar.expire(desk.now)] == ["sip:100@192.0.2.1"]
    assert desk.registrar.aors() == []


def test_several_contacts_by_preference() -> None:
    desk = Desk()
    desk.send(register("<sip:100@a.test>;q=0.2", "<sip:100@b.test>;q=0.9"))
    desk.now += 1
    desk.send(register("<sip:100@c.test>;q=0.9", call_id="c2"))
    assert desk.contacts() == ["sip:100@c.test", "sip:100@b.test", "sip:100@a.test"]


def test_star_removes_all_but_only_with_expires_zero() -> None:
    # 10.2.2
    desk = Desk()
    desk.send(register("<sip:100@a.test>", "<sip:100@b.test>"))
    assert desk.send(register("*", cseq=2)).status == 400
    assert desk.send(register("*", cseq=2, Expires="60")).status == 400
    assert len(desk.bound()) == 2
    assert desk.send(register("*", cseq=2, Expires="0")).status == 200
    assert desk.bound() == []


def test_too_short_is_refused_with_the_least() -> None:
    # 10.2.8
    desk = Desk(min_expires=120)
    response = desk.send(register("<sip:100@a.test>;expires=60"))
    assert (response.status, response.headers.get("Min-Expires")) == (423, "120")
    assert desk.bound() == []


def test_too_long_is_shortened() -> None:
    desk = Desk(max_expires=900)
    response = desk.send(register("<sip:100@a.test>", Expires="86400"))
    assert response.contacts[0].param("expires") == "900"


def test_an_old_request_of_the_same_call_changes_nothing() -> None:
    # step 7
    desk = Desk()
    desk.send(register("<sip:100@a.test>", cseq=5))
    response = desk.send(register("<sip:100@a.test>", cseq=5, Expires="0"))
    assert response.status == 500
    assert len(desk.bound()) == 1
    assert desk.send(register("<sip:100@a.test>", cseq=1, call_id="c2")).status == 200


def test_all_contacts_or_none() -> None:
    desk = Desk(min_expires=60)
    response = desk.send(register("<sip:100@a.test>", "<sip:100@b.test>;expires=5"))
    assert response.status == 423
    assert desk.bound() == []


def test_unknown_user_and_too_many_contacts() -> None:
    desk = Desk(max_contacts=2)
    assert desk.send(register("<sip:999@a.test>", user="999")).status == 404
    many = [f"<sip:100@{name}.test>" for name in "abc"]
    assert desk.send(register(*many)).status == 403
    for number, contact in enumerate(many[:2]):
        assert desk.send(register(contact, call_id=f"x{number}")).status == 200
    assert desk.send(register(many[2], call_id="x3")).status == 403


def test_unknown_extension_is_named() -> None:
    response = Desk().send(register("<sip:100@a.test>", Require="path, magic"))
    assert (response.status, response.headers.get("Unsupported")) == (420, "magic")


@pytest.mark.parametrize("contact", ["<sip:100@a.test>;expires=soon", "<sip:100@a.test>;q=much"])
def test_malformed_parameters_are_forgiven(contact: str) -> None:
    # 10.2.1.1: a malformed expires counts as 3600
    desk = Desk()
    assert desk.send(register(contact)).status == 200
    assert desk.bound()[0].expires_at == desk.now + 3600


def test_a_new_flow_of_the_same_instance_takes_the_place_of_the_old() -> None:
    # RFC 5626 section 6
    desk = Desk(flow_timer=20)
    contact = f'<sip:100@10.0.0.1:4000;transport=tls>;+sip.instance="{INSTANCE}";reg-id=1'
    first = desk.send(register(contact, Supported="outbound, path"))
    assert first.headers.get("Flow-Timer") == "20"
    assert "outbound" in first.required
    moved = contact.replace("10.0.0.1:4000", "10.0.0.9:4100")
    desk.send(register(moved, call_id="c2", Supported="outbound, path"), flow="f2")
    assert [(b.contact, b.flow_id) for b in desk.bound()] == [
        ("sip:100@10.0.0.9:4100;transport=tls", "f2")
    ]
    second = moved.replace("reg-id=1", "reg-id=2")
    desk.send(register(second, call_id="c3", Supported="outbound, path"), flow="f3")
    assert sorted(b.reg_id or 0 for b in desk.bound()) == [1, 2]
    assert [b.flow_id for b in desk.registrar.drop_flow("f2")] == ["f2"]
    assert [b.flow_id for b in desk.bound()] == ["f3"]


def test_binding_without_reg_id_outlives_its_flow() -> None:
    desk = Desk()
    desk.send(register("<sip:100@a.test>"))
    assert desk.registrar.drop_flow("f1") == []
    assert len(desk.bound()) == 1


def test_path_is_kept_and_returned() -> None:
    # RFC 3327
    desk = Desk()
    response = desk.send(
        register("<sip:100@a.test>", Path="<sip:edge1.test;lr>, <sip:edge2.test;lr>")
    )
    assert response.headers.all("Path") == ["<sip:edge1.test;lr>, <sip:edge2.test;lr>"]
    assert desk.bound()[0].path == ("<sip:edge1.test;lr>", "<sip:edge2.test;lr>")


def test_first_hop_without_outbound_is_refused() -> None:
    # RFC 5626 section 6
    desk = Desk()
    contact = f'<sip:100@10.0.0.1>;+sip.instance="{INSTANCE}";reg-id=1'
    request = register(contact, Supported="outbound", Path="<sip:edge.test;lr>")
    request.headers.prepend("Via", "SIP/2.0/TCP edge.test;branch=z9hG4bK2")
    assert desk.send(request).status == 439
    request.headers.set("Path", "<sip:edge.test;lr;ob>")
    assert desk.send(request).status == 200


def test_service_route() -> None:
    desk = Desk(service_route=("<sip:home.test;lr>",))
    response = desk.send(register("<sip:100@a.test>"))
    assert response.headers.get("Service-Route") == "<sip:home.test;lr>"


def test_gruu_leads_back_here_and_to_one_instance() -> None:
    # RFC 5627; the port must be in it, phones use it as their Contact
    desk = Desk(gruu_host="192.0.2.9:25060")
    contact = f'<sip:100@10.0.0.1>;+sip.instance="{INSTANCE}"'
    response = desk.send(register(contact, Supported="gruu"))
    gruu = response.contacts[0].param("pub-gruu")
    assert gruu == "sip:100@192.0.2.9:25060;gr=urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF"
    desk.send(register("<sip:100@10.0.0.2>", call_id="c2"))
    uri = parse_uri(gruu)
    assert isinstance(uri, SipUri)
    assert [b.contact for b in desk.registrar.resolve(uri, desk.now)] == ["sip:100@10.0.0.1"]
    everybody = SipUri.of("100", "pbx.test")
    assert len(desk.registrar.resolve(everybody, desk.now)) == 2
    stranger = uri.with_param("gr", "urn:uuid:other")
    assert desk.registrar.resolve(stranger, desk.now) == []


def test_changes_are_announced() -> None:
    heard: list[tuple[str, int]] = []
    desk = Desk(on_change=lambda aor, bindings: heard.append((aor, len(bindings))))
    desk.send(register("<sip:100@a.test>"))
    desk.send(register(cseq=2))  # a query is no change
    desk.send(register("*", cseq=3, Expires="0"))
    assert heard == [("100", 1), ("100", 0)]
