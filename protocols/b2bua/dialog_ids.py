"""Which dialog on one side belongs to which on the other.

Replaces, Target-Dialog, In-Reply-To and dialog-info bodies name dialogs as one side knows them;
crossing a B2BUA they must name the other leg's dialog (RFC 3891, RFC 4538, RFC 4235).
"""

from __future__ import annotations

from typing import NamedTuple

from protocols.sip.headers_misc import Replaces


class DialogId(NamedTuple):
    """A dialog as we see it (RFC 3261 section 12)."""

    call_id: str
    local_tag: str
    remote_tag: str

    @property
    def as_peer_sees_it(self) -> DialogId:
        return DialogId(self.call_id, self.remote_tag, self.local_tag)


class DialogIdMap:
    """Pairs of dialogs that one bridge holds together."""

    def __init__(self) -> None:
        self._other: dict[DialogId, DialogId] = {}

    def __len__(self) -> int:
        return len(self._other) // 2

    def pair(self, a: DialogId, b: DialogId) -> None:
        """Remember that `a` and `b` are legs of one call. Earlier pairs of either are dropped."""
        self.forget(a)
        self.forget(b)
        self._other[a] = b
        self._other[b] = a

    def forget(self, dialog: DialogId) -> None:
        partner = self._other.pop(dialog, None)
        if partner is not None:
            self._other.pop(partner, None)

    def other(self, dialog: DialogId) -> DialogId | None:
        return self._other.get(dialog)

    def map_replaces(self, replaces: Replaces) -> Replaces | None:
        """A Replaces received on one side, as it must be sent on the other.

        The tags of a Replaces are those of its recipient: to-tag is our local tag here, and
        must become the local tag of the peer there (RFC 3891 section 3). None: not our dialog.
        """
        other = self.other(DialogId(replaces.call_id, replaces.to_tag, replaces.from_tag))
        if other is None:
            return None
        seen = other.as_peer_sees_it
        return replaces._replace(
            call_id=seen.call_id, to_tag=seen.local_tag, from_tag=seen.remote_tag
        )
