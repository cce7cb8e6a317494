"""Dialogs (RFC 3261 section 12)."""

from __future__ import annotations

import pytest

from protocols.sip.dialog import Dialog, Order, build_request, from_invitation, from_response
from protocols.sip.errors import ParseError
from protocols.sip.message import Request, Response


def invite(**changes: str) -> Request:
    request = build_request(
        "INVITE",
        "sip:bob@biloxi.test",
        from_="Alice <sip:alice@atlanta.test>;tag=a1",
        to="Bob <sip:bob@biloxi.test>",
        call_id="c1",
        cseq=314,
        headers=[("Contact", "<sip:alice@pc33.atlanta.test>")],
    )
    for name, value in changes.items():
        request.headers.add(name.replace("_", "-"), value)
    return request


def answer(status: int = 200, tag: str | None = "b1", *routes: str) -> Response:
    response = Response.for_request(invite(), status, to_tag=tag)
    for route in routes:
        response.headers.add("Record-Route", route)
    response.headers.add("Contact", "<sip:bob@192.0.2.4>")
    return response


def test_uac_dialog_reverses_the_record_route() -> None:
    # 12.1.2
    dialog = from_response(invite(), answer(200, "b1", "<sip:p2.test;lr>, <sip:p1.test;lr>"))
    assert dialog is not None
    assert dialog.id == ("c1", "a1", "b1")
    assert dialog.route_set == ("<sip:p1.test;lr>", "<sip:p2.test;lr>")
    assert (dialog.target, dialog.local_cseq, dialog.confirmed) == ("sip:bob@192.0.2.4", 314, True)
    bumped, bye = dialog.request("BYE")
    assert bumped.local_cseq == 315
    assert bye.uri == "sip:bob@192.0.2.4"
    assert bye.headers.all("Route") == ["<sip:p1.test;lr>", "<sip:p2.test;lr>"]
    assert bye.headers.get("To") == "Bob <sip:bob@biloxi.test>;tag=b1"
    assert str(bye.cseq) == "315 BYE"
    assert str(dialog.ack(314).cseq) == "314 ACK"


def test_uas_dialog_keeps_the_order_of_the_record_route() -> None:
    # 12.1.1
    request = invite(Record_Route="<sip:p1.test;lr>, <sip:p2.test;lr>")
    dialog = from_invitation(request, "b1")
    assert dialog.id == ("c1", "b1", "a1")
    assert dialog.route_set == ("<sip:p1.test;lr>", "<sip:p2.test;lr>")
    assert (dialog.local_cseq, dialog.remote_cseq) == (0, 314)
    _, bye = dialog.request("BYE")
    assert bye.headers.get("From") == "Bob <sip:bob@biloxi.test>;tag=b1"
    assert bye.headers.get("To") == "Alice <sip:alice@atlanta.test>;tag=a1"
    assert bye.uri == "sip:alice@pc33.atlanta.test"


def test_strict_router_takes_the_request_uri() -> None:
    # 12.2.1.1: the first route without lr
    dialog = from_response(invite(), answer(200, "b1", "<sip:p2.test;lr>, <sip:p1.test>"))
    assert dialog is not None
    _, info = dialog.request("INFO")
    assert info.uri == "sip:p1.test"
    assert info.headers.all("Route") == ["<sip:p2.test;lr>", "<sip:bob@192.0.2.4>"]


def test_confirming_takes_the_route_set_of_the_success() -> None:
    # 13.2.2.4
    early = from_response(invite(), answer(180, "b1", "<sip:old.test;lr>"))
    assert early is not None and not early.confirmed
    confirmed = early.confirm(answer(200, "b1", "<sip:new.test;lr>"))
    assert confirmed.route_set == ("<sip:new.test;lr>",)
    assert confirmed.confirmed


@pytest.mark.parametrize(("status", "tag"), [(100, "b1"), (180, None)])
def test_responses_that_make_no_dialog(status: int, tag: str | None) -> None:
    assert from_response(invite(), answer(status, tag)) is None


def test_a_success_without_tag_comes_from_rfc2543() -> None:
    dialog = from_response(invite(), answer(200, None))
    assert dialog is not None and dialog.remote_tag == ""


def test_cseq_of_the_peer_must_rise() -> None:
    # 12.2.2
    dialog = from_invitation(invite(), "b1")
    later = build_request(
        "INFO", "sip:b", from_="<sip:a>;tag=a1", to="<sip:b>", call_id="c1", cseq=320
    )
    dialog, order = dialog.receive(later)
    assert (order, dialog.remote_cseq) == (Order.IN_ORDER, 320)
    earlier = build_request(
        "INFO", "sip:b", from_="<sip:a>;tag=a1", to="<sip:b>", call_id="c1", cseq=319
    )
    unchanged, order = dialog.receive(earlier)
    assert (order, unchanged) == (Order.TOO_LOW, dialog)


def test_target_refresh() -> None:
    dialog = from_invitation(invite(), "b1")
    update = Request("UPDATE", "sip:b", [("Contact", "<sip:alice@new.test;transport=tcp>")])
    assert dialog.refresh_target(update).target == "sip:alice@new.test;transport=tcp"
    assert dialog.refresh_target(Request("UPDATE", "sip:b")) is dialog


def test_an_invitation_needs_a_contact() -> None:
    request = invite()
    request.headers.remove("Contact")
    with pytest.raises(ParseError):
        from_invitation(request, "b1")


def test_round_trip_through_a_dict() -> None:
    dialog = from_response(invite(), answer(200, "b1", "<sip:p1.test;lr>"))
    assert dialog is not None
    assert Dialog.from_dict(dialog.to_dict()) == dialog
