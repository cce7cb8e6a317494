"""OpenScape 4000."""

from connector.profiles.base import Profile
from connector.profiles.numbers import NumberPlan

OS4000 = Profile(
    name="os4000",
    title="OpenScape 4000",
    codecs=("PCMA", "PCMU"),
    numbers=NumberPlan(exit_code="0"),
    info_dtmf=True,
)
