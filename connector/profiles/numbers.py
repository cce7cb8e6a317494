"""Numbers as the PBX dials and shows them, and as they cross the link (canonical). Pure.

Canonical is `+E.164`, or the bare digits of an extension of the site. Codes that begin with `*`
or `#` pass unchanged, and so do emergency numbers: nothing as short as an extension is ever
given a prefix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SEPARATORS = re.compile(r"[\s\-./()]")


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """How one PBX writes numbers.

    `exit_code` seizes an outside line ("0"), `national` and `international` are the public
    network's prefixes, `trunk_number` the site's number without extension (area code included,
    no leading zero), for which the PBX shows bare extensions.
    """

    exit_code: str = "0"
    national: str = "0"
    international: str = "00"
    country_code: str = ""
    area_code: str = ""
    trunk_number: str = ""
    extension_digits: int = 4  # longest extension
    e164: bool = False
    shows_exit_code: bool = True  # callers' numbers come with the exit code before them

    def to_pbx(self, canonical: str) -> str:
        """What to dial at the PBX for a canonical number."""
        number = _SEPARATORS.sub("", canonical)
        if not number.startswith("+"):
            # extension, service code or emergency number: as it is
            return number
        digits = number[1:]
        own = self.country_code + self.trunk_number
        if self.trunk_number and digits.startswith(own):
            extension = digits[len(own) :]
            if 0 < len(extension) <= self.extension_digits:
                return extension
        if self.e164:
            return f"{self.exit_code}+{digits}" if self.exit_code else number
        if self.country_code and digits.startswith(self.country_code):
            return f"{self.exit_code}{self.national}{digits[len(self.country_code) :]}"
        return f"{self.exit_code}{self.international}{digits}"

    def to_canonical(self, shown: str) -> str:
        """The canonical form of a number the PBX sent; what fits no rule stays as it is."""
        number = _SEPARATORS.sub("", shown)
        if number.startswith("+"):
            return self._own_extension(number)
        if not number.isdigit() or self._is_extension(number):
            return number
        digits = number.removeprefix(self.exit_code) if self.shows_exit_code else number
        found = self._public(digits)
        return number if found is None else self._own_extension(found)

    def _public(self, digits: str) -> str | None:
        if digits.startswith(self.international) and len(digits) > len(self.international) + 4:
            return f"+{digits[len(self.international) :]}"
        if not self.country_code:
            return None
        if self.national and digits.startswith(self.national) and len(digits) > 4:
            return f"+{self.country_code}{digits[len(self.national) :]}"
        if self.area_code and len(digits) > self.extension_digits:
            return f"+{self.country_code}{self.area_code}{digits}"
        return None

    def _is_extension(self, digits: str) -> bool:
        return len(digits) <= self.extension_digits

    def _own_extension(self, number: str) -> str:
        own = f"+{self.country_code}{self.trunk_number}"
        if self.trunk_number and number.startswith(own):
            extension = number[len(own) :]
            if 0 < len(extension) <= self.extension_digits:
                return extension
        return number
