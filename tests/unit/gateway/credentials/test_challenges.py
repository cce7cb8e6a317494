"""Challenges that are not stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gateway.credentials.challenges import Challenges
from gateway.credentials.secrets import Secrets


class Clock:
    at = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def test_for_its_purpose_its_time_and_its_maker_only() -> None:
    clock = Clock()
    secrets = Secrets.ephemeral()
    challenges = Challenges(secrets, timedelta(minutes=5), clock)
    one, two = challenges.new("sign in"), challenges.new("sign in")
    assert one != two and len(one) >= 16
    assert challenges.end_of(one, "sign in") == clock.at + timedelta(minutes=5)
    assert challenges.end_of(one, "register/somebody") is None
    assert Challenges(Secrets.ephemeral(), now=clock).end_of(one, "sign in") is None
    clock.at += timedelta(minutes=5)
    assert challenges.end_of(one, "sign in") is None


def test_no_bit_of_it_can_be_changed() -> None:
    challenges = Challenges(Secrets.ephemeral())
    good = challenges.new("sign in")
    for index in range(len(good)):
        broken = bytearray(good)
        broken[index] ^= 1
        assert challenges.end_of(bytes(broken), "sign in") is None
    for broken_one in (b"", good[:-1], good + b"x"):
        assert challenges.end_of(broken_one, "sign in") is None
