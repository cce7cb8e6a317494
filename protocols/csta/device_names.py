"""The text of a device identifier, in the forms that OpenScape platforms and uaCSTA phones write.

```
4989700100                                      plain
N<4989700101>Berta;displayNumber=101;noa=nk     number, name, parameters (Voice, 4000)
N<350/102>Berta                                 MULAP group and member (Business)
N<350>PreferredDevice                           the alternative number of a user (Business)
<4989700100>;ond=4989700190;epid=WEB1           one device of a number with several (Voice)
N+1122334455                                    without a name (4000)
tel:+49...;ext=...   sip:user@host;tel=...      uaCSTA
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocols.csta.errors import LocalError

_BRACKETS = re.compile(r"(?P<mark>N?)<(?P<number>[^<>/]*)(?:/(?P<member>[^<>]*))?>")
_PARAMETER = re.compile(r"[A-Za-z]\w*=")
_URI = re.compile(r"(?:tel|sips?):(?P<user>[^;@]+)(?:@[^;]*)?", re.IGNORECASE)
#: Instead of a name: the alternative number of a user.
PREFERRED = "PreferredDevice"


@dataclass(frozen=True, slots=True)
class DeviceName:
    """What an identifier says. `number` is what to compare; `member` the device inside a group."""

    number: str
    member: str = ""
    name: str = ""
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def preferred(self) -> bool:
        """The user's alternative number is meant, not the desk (OpenScape Business)."""
        return self.name == PREFERRED

    def parameter(self, name: str) -> str:
        return next((value for key, value in self.parameters if key == name), "")

    @property
    def desk(self) -> bool:
        """OpenScape Voice: own devices carry `ond=`; without it the desk phone is meant."""
        return not self.parameter("ond")

    def __str__(self) -> str:
        inner = f"{self.number}/{self.member}" if self.member else self.number
        tail = "".join(f";{key}={value}" for key, value in self.parameters)
        if any(mark in part for mark in "<>" for part in (inner, self.name, tail)):
            raise LocalError("angle bracket inside a device identifier")
        return f"N<{inner}>{self.name}{tail}"


def parse_device(text: str) -> DeviceName:
    """Read any of the forms; what fits none is its own number, so that nothing is lost."""
    text = text.strip()
    brackets = _BRACKETS.match(text)
    if brackets is not None:
        rest = text[brackets.end() :]
        name, parameters = _split_parameters(rest)
        return DeviceName(brackets["number"], brackets["member"] or "", name.strip(), parameters)
    uri = _URI.match(text)
    if uri is not None:
        _, parameters = _split_parameters(text[uri.end() :])
        return DeviceName(uri["user"], parameters=parameters)
    head, parameters = _split_parameters(text)
    if re.fullmatch(r"N\+?\d+", head):
        head = head[1:]
    return DeviceName(head, parameters=parameters)


def _split_parameters(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A name may hold semicolons: parameters are the run of `;key=value` at the end."""
    head, *rest = text.split(";")
    start = len(rest)
    while start and _PARAMETER.match(rest[start - 1]):
        start -= 1
    pairs = (item.partition("=") for item in rest[start:])
    return ";".join((head, *rest[:start])), tuple((key, value) for key, _, value in pairs)
