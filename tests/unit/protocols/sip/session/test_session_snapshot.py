"""A restored session answers the next event as the original would."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from protocols.sip.auth.credentials import DigestCredentials
from protocols.sip.session import Env, events, step
from protocols.sip.session.snapshot import from_dict, to_dict
from tests.support.session_bench import Bench, ringing, sdp, talking


@pytest.mark.parametrize(
    ("make", "side"),
    [(Bench, "a"), (ringing, "a"), (ringing, "b"), (talking, "a"), (talking, "b")],
)
def test_the_next_event_has_the_same_effects(make: Callable[[], Bench], side: str) -> None:
    party = getattr(make(), side)
    restored = from_dict(json.loads(json.dumps(to_dict(party.session))))
    assert restored == party.session
    for event in (
        events.HangUp(),
        events.Offer(sdp(2)),
        events.FlowLost(),
        events.Transmit(1, "INFO"),
    ):
        first = step(party.session, event, Env(random.Random(1)))
        second = step(restored, event, Env(random.Random(1)))
        assert first == second


def test_octets_survive() -> None:
    bench = Bench(b"v=0\r\ns=\xff\xfe\r\n", headers=(("Subject", "J\udcfcrgen"),))
    restored = from_dict(json.loads(json.dumps(to_dict(bench.a.s))))
    assert restored.offer == b"v=0\r\ns=\xff\xfe\r\n"
    assert restored.invite.headers.get("Subject") == "J\udcfcrgen"


def test_no_password_is_written() -> None:
    bench = Bench(credentials=DigestCredentials("100", "top-secret"))
    assert "top-secret" not in json.dumps(to_dict(bench.a.s))


def test_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version"):
        from_dict({"version": 0, "session": {}})
