"""OpenScape Business."""

from connector.profiles.base import Profile
from connector.profiles.numbers import NumberPlan

BUSINESS = Profile(
    name="business",
    title="OpenScape Business",
    codecs=("G722", "PCMA", "PCMU"),
    numbers=NumberPlan(exit_code="0"),
)
