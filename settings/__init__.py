"""What every program is told at its start: read, checked, and explained when it is wrong."""

from settings.faults import faults
from settings.model import Section, Settings, off_is_none

__all__ = ["Section", "Settings", "faults", "off_is_none"]
