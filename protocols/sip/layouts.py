"""Header sections whose names come in an order that was seen before.

A phone or PBX writes the same names in the same order in message after message. One match of an
expression made for that order checks every line of such a section, and takes it apart in a
quarter of the time of line after line. Other messages lose next to nothing.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from itertools import count
from time import monotonic
from typing import NamedTuple, TypeAlias

from protocols.sip.header_list import HeaderList

# an expression takes milliseconds to make: not for an order that does not come again, and not for
# ever more, since peers choose the orders
_LOOK_EVERY = 4
_WORTH_IT = 8
_AT_MOST = 64
# with so many in hand another one takes the place of one that is not in use: so often in a minute,
# or peers that send ever new orders would have expressions made all the time
_A_MINUTE = 4
_KEYS = 1024
_SIGHTINGS = 256

# what every layer routes by, as `parser` types it
CORE = ("Via", "From", "To", "Call-ID", "CSeq", "Contact", "Content-Length")

# how a message begins, and how many line ends its head has
Key: TypeAlias = tuple[str, int]


class Layout(NamedTuple):
    """`match` takes a whole head: group 1 is the start line, the next ones are the values of
    `names`. `core` are the groups of CORE."""

    match: Callable[[str], re.Match[str] | None]
    names: tuple[str, ...]
    core: tuple[int, ...]


_layouts: dict[Key, Layout] = {}
_made: dict[tuple[str, ...], Layout] = {}
_sightings: dict[tuple[str, ...], int] = {}
_replaced: deque[float] = deque(maxlen=_A_MINUTE)  # when

_turn = count()

known_layout = _layouts.get


def learn(key: Key, headers: HeaderList) -> None:
    """A head that no layout took apart, and that is well-formed."""
    # looking at each of them would cost those who never send the same order twice
    if next(_turn) % _LOOK_EVERY:
        return
    names = headers.order
    if names is None:
        return
    layout = _made.pop(names, None)
    if layout is None:
        seen = _sightings[names] = _sightings.get(names, 0) + 1
        if len(_sightings) > _SIGHTINGS:
            _sightings.clear()
        if seen < _WORTH_IT or not _room():
            return
        layout = _make(names)
    _made[names] = layout  # the last one: it was of use just now
    if len(_layouts) >= _KEYS:
        _layouts.clear()
    _layouts[key] = layout


def _room() -> bool:
    """For one more; the one that was of use longest ago goes for it."""
    if len(_made) < _AT_MOST:
        return True
    now = monotonic()
    if len(_replaced) == _A_MINUTE and now - _replaced[0] < 60:
        return False
    _replaced.append(now)
    in_use = {layout.names for layout in _layouts.values()}
    gone = next((names for names in _made if names not in in_use), next(iter(_made)))
    del _made[gone]
    for key in [key for key, layout in _layouts.items() if layout.names == gone]:
        del _layouts[key]
    return True


def _make(names: tuple[str, ...]) -> Layout:
    # a value holds no CR, nor LF: the key counts those, and as many as names stand between lines
    lines = "".join(f"\r\n{re.escape(name)}: ([^\r]*)" for name in names)
    # the last group is that of names that are not there: it never takes part
    never = len(names) + 2
    groups = {name: at for at, name in enumerate(names, 2)}
    core = tuple(groups.get(name, never) for name in CORE)
    return Layout(re.compile(rf"([^\r]*){lines}((?!))?").fullmatch, names, core)
