"""Status in layers: one word, the failing layer, since when, and who hears of a change."""

from __future__ import annotations

from gateway.connectors.registrar import SiteKey
from gateway.connectors.status import StatusBoard
from gateway.connectors.trust import Admission
from gateway.link_ports import LayerPicture, LinePicture
from gateway.ports import ConnectorStatus

SITE = SiteKey("t", "s1")


def layer(status: ConnectorStatus, name: str) -> tuple[str, str]:
    return next((state, since) for n, state, since in status.layers if n == name)


def test_a_site_never_seen_is_unknown():
    assert StatusBoard().status("t", "s1") == ConnectorStatus("s1", "unknown")


def test_life_of_a_link():
    board, heard = StatusBoard(), []
    board.subscribe(lambda tenant, status: heard.append((tenant, status.state)))
    board.registered(SITE, 1, 100.0)
    board.registered(SITE, 2, 101.0)
    board.reported(SITE, {"voice": "working", "network": "down", "nonsense": "x"}, "1.0", 102.0)
    status = board.status(*SITE)
    assert status.state == "working"
    assert layer(status, "voice") == ("working", "1970-01-01T00:01:42.000Z")
    assert layer(status, "network")[0] == "working", "a connector cannot report the link's layers"
    assert status.version == "1.0"
    board.flow_lost(SITE, 1, 103.0)
    assert board.status(*SITE).state == "weak"
    board.flow_lost(SITE, 0, 104.0)
    status = board.status(*SITE)
    assert status.state == "down"
    assert layer(status, "network") == ("down", "1970-01-01T00:01:44.000Z")
    assert layer(status, "voice")[0] == "unknown", "nothing is known of the PBX any more"
    board.registered(SITE, 1, 105.0)
    assert board.status(*SITE).state == "working"
    assert [state for _, state in heard] == ["working", "working", "weak", "down", "working"]


def test_since_stays_while_nothing_changes():
    board, heard = StatusBoard(), []
    board.registered(SITE, 1, 100.0)
    board.subscribe(lambda tenant, status: heard.append(status))
    board.registered(SITE, 1, 200.0)
    assert layer(board.status(*SITE), "registration")[1] == "1970-01-01T00:01:40.000Z"
    assert heard == []


def test_pbx_down_is_weak_and_a_revoked_key_is_refused():
    board = StatusBoard()
    board.registered(SITE, 1, 100.0)
    for voice in ("down", "weak"):
        board.reported(SITE, {"voice": voice}, "", 101.0)
        assert board.status(*SITE).state == "weak"
    board.reported(SITE, {"voice": "refused"}, "", 101.5)
    assert layer(board.status(*SITE), "voice")[0] == "weak", "unknown words change nothing"
    board.flow_lost(SITE, 0, 102.0)
    board.revoked(SITE, 102.0)
    assert board.status(*SITE).state == "refused"


def picture(board: StatusBoard, name: str) -> LayerPicture:
    return next(layer for layer in board.layers(SITE) if layer.layer == name)


def test_a_revoked_key_says_nothing_of_a_link_that_goes_on_by_another_one():
    board = StatusBoard()
    board.registered(SITE, 2, 100.0)
    board.flow_lost(SITE, 1, 101.0)
    board.revoked(SITE, 101.0)
    assert board.status(*SITE).state == "weak"
    assert layer(board.status(*SITE), "key")[0] == "working"


def test_each_layer_has_a_detail_and_the_moment_of_its_last_proof():
    board = StatusBoard()
    assert {row.state for row in board.layers(SITE)} == {"unknown"}
    board.registered(SITE, 2, 100.0)
    lines = (LinePicture("line-101", True), LinePicture("line-102", False, "403"))
    said = {"voice": "1 of 2 lines registered"}
    board.reported(SITE, {"voice": "weak"}, "1.0", 101.0, details=said, lines=lines)
    assert picture(board, "voice").detail == "1 of 2 lines registered"
    assert picture(board, "voice").proved is None
    board.reported(SITE, {"voice": "working"}, "1.0", 102.0)
    board.reported(SITE, {"voice": "weak"}, "1.0", 103.0)
    proved, since = picture(board, "voice").proved, picture(board, "voice").since
    assert proved is not None and since is not None
    assert (proved.timestamp(), since.timestamp()) == (102.0, 103.0)
    assert board.lines(SITE) == lines
    board.flow_lost(SITE, 0, 104.0, "no keep-alive answer")
    assert picture(board, "network").detail == "no keep-alive answer"
    assert board.lines(SITE) == (), "nobody can say any more"


def test_a_connector_says_that_its_key_file_is_wrong_and_when_it_is_right_again():
    board = StatusBoard()
    board.registered(SITE, 2, 100.0)
    said = {"key": "the new key was refused"}
    board.reported(SITE, {"key": "weak"}, "1.0", 101.0, details=said)
    assert (picture(board, "key").state, picture(board, "key").detail) == ("weak", said["key"])
    board.registered(SITE, 2, 102.0)
    assert picture(board, "key").state == "weak", "a REGISTER by the former key changes nothing"
    board.reported(SITE, {"key": "working"}, "1.0", 103.0)
    assert picture(board, "key").state == "working"


def test_a_refused_newcomer_does_not_spoil_the_status_of_the_one_in_place():
    board = StatusBoard()
    board.registered(SITE, 1, 100.0)
    board.refused(SITE, 101.0)
    assert board.status(*SITE).state == "working"


def test_a_failing_listener_does_not_stop_the_others():
    board, heard = StatusBoard(), []

    def fails(tenant: str, status: ConnectorStatus) -> None:
        raise RuntimeError("listener")

    board.subscribe(fails)
    board.subscribe(lambda tenant, status: heard.append(status.state))
    board.registered(SITE, 1, 100.0)
    assert heard == ["working"]


def test_knocking_is_limited_per_address():
    gate = Admission(4, 2.0, 100)
    assert [gate.admit("192.0.2.1", 0.0) for _ in range(6)] == [True] * 4 + [False] * 2
    assert gate.admit("192.0.2.2", 0.0), "somebody else is not affected"
    assert [gate.admit("192.0.2.1", 1.0) for _ in range(3)] == [True, True, False]


def test_the_memory_of_addresses_is_bounded():
    gate = Admission(1, 1.0, 2)
    for address in ("a", "b", "c"):
        assert gate.admit(address, 0.0)
    assert gate.admit("a", 0.0), "the oldest was forgotten"
    assert not gate.admit("c", 0.0)
