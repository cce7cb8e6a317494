"""OpenScape Voice."""

from connector.profiles.base import Profile
from connector.profiles.numbers import NumberPlan

VOICE = Profile(
    name="voice",
    title="OpenScape Voice",
    codecs=("G722", "PCMA", "PCMU"),
    # the platform takes and shows E.164 numbers with their plus sign
    numbers=NumberPlan(exit_code="", e164=True),
)
