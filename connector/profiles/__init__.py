"""What differs between PBX platforms, as data."""

from __future__ import annotations

from connector.profiles.base import Profile
from connector.profiles.business import BUSINESS
from connector.profiles.os4000 import OS4000
from connector.profiles.voice import VOICE

PROFILES: dict[str, Profile] = {p.name: p for p in (BUSINESS, VOICE, OS4000)}

__all__ = ["PROFILES", "Profile"]
