"""What rings in a pickup group, and commands that fetch a call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from gateway.calls import events as ev
from gateway.calls.dialling import outgoing
from gateway.calls.parties import Fetch, Number, Outgoing, Party, Referral
from gateway.calls.pickup import PickupOffers, picked
from gateway.calls.states import Hold, Phase
from gateway.calls.view import actions
from gateway.ports import Problem, UserKey
from protocols.csta.events.call import CallInformationEvent, ConnectionClearedEvent
from protocols.csta.ids import ConnectionId, Device, DeviceStatus
from protocols.csta.message import Message
from protocols.csta.pickup import MOST_RINGING, group_device
from tests.support.call_script import Script
from tests.support.call_script import outgoing as dialled
from tests.support.gateway_ports import ANNA, FakeLines, FakeNumbers, Sink

LINES = FakeLines()
LINE, SITE = next(iter(LINES.lines.values())), LINES.profile
RINGS = ConnectionId("7", "N<102>")
CARLA = Device("N<103>Carla")


class Group:
    """Anna's line in pickup group 1."""

    def __init__(self) -> None:
        self.sink = Sink()
        self.asked: dict[str, Callable[[str], None]] = {}
        ids = count(1)
        self.offers = PickupOffers(FakeNumbers(), self.sink, self._ask, lambda: f"p{next(ids)}")

    def _ask(self, user: UserKey, canonical: str, known: Callable[[str], None]) -> None:
        self.asked[canonical] = known

    def told(self, message: Message) -> bool:
        return self.offers.told(LINE, SITE, message)

    def rings(self, caller: Device = CARLA, at: ConnectionId = RINGS) -> None:
        event = CallInformationEvent(connection=at, device=group_device("1"), calling_device=caller)
        assert self.told(event)

    def ends(self) -> None:
        assert self.told(
            ConnectionClearedEvent(dropped_connection=RINGS, releasing_device=group_device("1"))
        )

    @property
    def heard(self) -> list[str]:
        return [name for _, name, _ in self.sink.events]


def test_an_offer_its_names_and_its_end() -> None:
    group = Group()
    group.rings()
    (offer,) = group.offers.of(ANNA)
    assert (offer["id"], offer["group"]) == ("p1", "1")
    assert (offer["from"]["name"], offer["for"]["name"]) == ("Carla", None)
    assert list(group.asked) == ["102"]
    group.asked["102"]("Berta")
    assert group.offers.of(ANNA)[0]["for"]["name"] == "Berta"
    group.ends()
    group.asked["102"]("too late")
    group.ends()
    assert group.offers.of(ANNA) == []
    assert group.heard == ["pickup.offer", "pickup.offer", "pickup.gone"]


def test_a_caller_who_is_not_shown_stays_unknown() -> None:
    group = Group()
    group.rings(Device(status=DeviceStatus.RESTRICTED))
    (offer,) = group.offers.of(ANNA)
    assert offer["from"] == {
        "name": None,
        "number": {"dialled": "", "canonical": "anonymous", "display": ""},
    }
    assert "anonymous" not in group.asked


@pytest.mark.parametrize("how", ["line", "site"])
def test_nobody_says_any_more_what_rings(how: str) -> None:
    group = Group()
    group.rings()
    if how == "line":
        group.offers.begin(LINE)
    else:
        group.offers.lose(LINE.tenant_id, LINE.site_id)
    assert group.offers.of(ANNA) == [] and group.heard[-1] == "pickup.gone"


def test_a_picture_shows_what_rings_on_under_its_id() -> None:
    group = Group()
    group.rings()
    group.offers.begin(LINE)
    group.rings()
    assert [offer["id"] for offer in group.offers.of(ANNA)] == ["p1"]
    assert group.heard == ["pickup.offer", "pickup.gone", "pickup.offer"]
    group.offers.begin(LINE)
    group.ends()
    group.rings()  # the PBX uses its ids again
    assert [offer["id"] for offer in group.offers.of(ANNA)] == ["p2"]
    group.offers.forget(LINE)
    group.rings()
    assert [offer["id"] for offer in group.offers.of(ANNA)] == ["p3"]


def test_the_oldest_of_too_many_goes() -> None:
    group = Group()
    for number in range(MOST_RINGING + 1):
        group.rings(at=ConnectionId(str(number), "N<102>"))
    offers = [offer["id"] for offer in group.offers.of(ANNA)]
    assert offers == [f"p{number}" for number in range(2, MOST_RINGING + 2)]
    gone = [payload for _, name, payload in group.sink.events if name == "pickup.gone"]
    assert gone == [{"id": "p1"}]


def test_offers_go_with_the_line_to_its_next_user() -> None:
    group = Group()
    group.rings()
    other = replace(LINE, user_id="somebody-else")
    end = ConnectionClearedEvent(dropped_connection=RINGS, releasing_device=group_device("1"))
    assert group.offers.told(other, SITE, end)
    assert group.offers.of(ANNA) == [] and group.heard[-1] == "pickup.gone"


@pytest.mark.parametrize(
    "other", [UserKey("another-tenant", ANNA.user_id), UserKey(ANNA.tenant_id, "somebody-else")]
)
def test_an_offer_is_nothing_to_anybody_else(other: UserKey) -> None:
    group = Group()
    group.rings()
    assert group.offers.find(ANNA, "p1") is not None
    assert group.offers.find(other, "p1") is None and group.offers.of(other) == []
    with pytest.raises(Problem, match="pickup_unknown"):
        picked({"id": "p1"}, lambda pickup: group.offers.find(other, pickup))


def test_what_is_no_notice_is_left_to_others() -> None:
    assert not Group().told(ConnectionClearedEvent(dropped_connection=RINGS))


def wanted(verb: str, group: Group | None = None, **body: object) -> Outgoing:
    offers = ("pickup", "unpark", "hide_number")
    found = group or Group()
    return outgoing(
        verb,
        body,
        SITE,
        numbers=FakeNumbers(),
        offers=offers,
        find=lambda pickup_id: found.offers.find(ANNA, pickup_id),
    )


def test_what_is_dialled_for_it() -> None:
    group = Group()
    group.rings()
    call = wanted("pickup", group, id="p1")
    assert (call.fetch, call.number.canonical, call.name, call.meant_for) == (
        Fetch("pickup", "102"),
        "103",
        "Carla",
        "102",
    )
    assert wanted("pickup", number="104").fetch == Fetch("pickup", "104")
    assert wanted("unpark", slot="42").fetch == Fetch("unpark", "42")
    assert wanted("dial", to="102", hide_number=True).hides_number
    emergency = wanted("dial", to="112", hide_number=True)
    assert emergency.emergency and not emergency.hides_number


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("pickup", {"id": "p9"}, "pickup_unknown"),
        ("pickup", {"id": 7}, "pickup_unknown"),
        ("pickup", {}, "number_missing"),
        ("unpark", {"slot": "4*"}, "slot_invalid"),
        ("unpark", {"slot": "123456789"}, "slot_invalid"),
        ("unpark", {}, "slot_invalid"),
        ("dial", {"to": "102", "hide_number": "yes"}, "hide_number_invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(verb: str, body: dict[str, object], code: str) -> None:
    with pytest.raises(Problem) as refusal:
        wanted(verb, **body)
    assert refusal.value.code == code


# -- who is on the other side ----------------------------------------------------------------------
def number(digits: str) -> Number:
    return Number(digits, digits, digits)


def test_whose_call_was_fetched_from_a_park_place() -> None:
    script = Script(dialled(fetch=Fetch("unpark", "42"), number=number("42")))
    script.do(ev.FarSide(number("102"), "Berta"))
    assert (script.state.number.canonical, script.state.name) == ("102", "Berta")
    assert script.state.entry_direction == "out"
    assert Script(dialled(fetch=Fetch("pickup", "102"))).state.entry_direction == "in"


def test_a_call_like_any_other_keeps_its_number() -> None:
    script = Script(dialled())
    assert script.do(ev.FarSide(number("999"))) == []
    assert script.state.number.canonical == "710"


def test_a_conference_is_followed_and_participants_keep_their_ids() -> None:
    joined = (Party("c1", number("102"), "Berta"), Party("c2", number("103")))
    script = Script(dialled(phase=Phase.CONNECTED, participants=joined, hosts=True))
    told = (Party("1", number("103"), "Carla"), Party("2", number("102")))
    script.do(ev.FarSide(number("103"), None, told, may_drop=True))
    assert [(p.id, p.name) for p in script.state.participants] == [
        ("c2", "Carla"),
        ("c1", "Berta"),
    ]
    assert "drop" in actions(script.state)
    script.do(ev.FarSide(number("102"), "Berta"))
    assert script.state.participants == () and "drop" not in actions(script.state)
    assert script.state.number.canonical == "102"


def test_the_pbx_may_tell_of_a_conference_before_the_merge_is_reported() -> None:
    gains = (Party("c1", number("710")), Party("c2", number("103")))
    merge = Referral("merge", number("103"), None, "c2", gains, device_id="d1", sent=True)
    script = Script(dialled(phase=Phase.CONNECTED, hold=Hold.LOCAL, referral=merge))
    told = (Party("1", number("103"), "Carla"), Party("2", number("710")))
    script.do(ev.FarSide(number("103"), None, told, may_drop=True))
    assert script.state.participants == ()
    script.do(ev.LineReferred(200, over=True))
    assert script.state.participants == gains and "drop" in actions(script.state)


def test_who_only_takes_part_in_a_conference_sends_nobody_away() -> None:
    script = Script(dialled(phase=Phase.CONNECTED))
    told = (Party("1", number("710")), Party("2", number("102")))
    script.do(ev.FarSide(number("710"), None, told, may_drop=True))
    assert len(script.state.participants) == 2 and "drop" not in actions(script.state)


def test_a_conference_of_which_nobody_tells_stays_as_it_was_made() -> None:
    joined = (Party("c1", number("102")), Party("c2", number("103")))
    script = Script(dialled(phase=Phase.CONNECTED, participants=joined))
    assert script.do(ev.FarSide(number("102"))) == []
    assert len(script.state.participants) == 2 and "drop" not in actions(script.state)


def test_a_pickup_that_fails_says_so_in_words() -> None:
    script = Script(dialled(fetch=Fetch("pickup", "102")))
    script.do(ev.LineFailed(403))
    assert script.state.words == "Nothing rings there any more."
