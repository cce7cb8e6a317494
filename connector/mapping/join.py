"""Which CSTA call is which SIP dialog of a line: the one place that sees both.

A connection at the line's own device belongs to the oldest dialog of that line that has no CSTA
call yet, goes the same way and has the same number at its far end, or an unknown one. A call that
came to the desk phone belongs to such a dialog too, if the number is known: the line rings for it,
only its connection was not told, or not yet. Whatever comes first waits for the other for a moment;
after that the call is taken for the desk phone's.
Pure; times are seconds of any clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

#: How long news of a call that has, or may yet have, a dialog wait for it.
WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Dialog:
    """A SIP dialog of a line. `remote`: canonical, "" for unknown or withheld. `incoming` None: it
    dialled a code, and may have fetched a call of either direction."""

    key: str
    line_id: str
    incoming: bool | None
    remote: str
    session_id: str
    call_id: str = ""
    closed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the CSTA view says of one call."""

    line_id: str
    call_id: str
    incoming: bool | None
    remote: str
    #: One of its connections is at the line's own device.
    at_line: bool


class JoinTable:
    """Dialogs by age, and the calls that were joined to one."""

    def __init__(self) -> None:
        self._dialogs: list[Dialog] = []
        self._sessions: dict[tuple[str, str], str] = {}
        self.unjoined = 0

    # -- SIP -----------------------------------------------------------------------------------

    def opened(self, dialog: Dialog) -> None:
        self._dialogs.append(dialog)

    def closed(self, key: str, now: float) -> None:
        """Its CSTA call keeps its Session-ID until the call itself ends. One that has none yet may
        still get it: somebody answered elsewhere, and CSTA is late to tell. A code that fetched
        nothing has no call, and would take the next one for its own."""
        self._dialogs = [
            replace(dialog, closed_at=now) if dialog.key == key else dialog
            for dialog in self._dialogs
            if not (dialog.key == key and (dialog.call_id or dialog.incoming is None))
            and (dialog.closed_at is None or now - dialog.closed_at < WAIT)
        ]

    # -- CSTA ----------------------------------------------------------------------------------

    def session(self, line_id: str, call_id: str) -> str | None:
        """The Session-ID of the dialog that this call was joined to."""
        return self._sessions.get((line_id, call_id))

    def seen(self, call: Sighting, now: float) -> str | None:
        """Join the call if it can be joined; its Session-ID."""
        known = self.session(call.line_id, call.call_id)
        if known is not None or not (call.at_line or call.incoming):
            return known
        # what a code fetched may be any call: those that fit better come first
        for index, dialog in sorted(
            enumerate(self._dialogs), key=lambda it: it[1].incoming is None
        ):
            late = dialog.closed_at is not None and now - dialog.closed_at >= WAIT
            if not late and _fits(dialog, call):
                self._dialogs[index] = replace(dialog, call_id=call.call_id)
                self._sessions[call.line_id, call.call_id] = dialog.session_id
                return dialog.session_id
        return None

    def taken_by_line(self, call: Sighting, now: float) -> str | None:
        """An answered call of the desk phone has come to the line, which was called for it: it is
        that dialog from now on, whichever it was before. Its Session-ID, if there is one."""
        for index, dialog in enumerate(self._dialogs):
            late = dialog.closed_at is not None and now - dialog.closed_at >= WAIT
            if not late and dialog.incoming and _fits(dialog, call):
                self._dialogs[index] = replace(dialog, call_id=call.call_id)
                self._sessions[call.line_id, call.call_id] = dialog.session_id
                return dialog.session_id
        return None

    def became(self, line_id: str, old: str, new: str) -> None:
        """The call goes on under another id (transfer, conference)."""
        session = self._sessions.get((line_id, old))
        if session is not None and (line_id, new) not in self._sessions:
            self._sessions[line_id, new] = session
            self._dialogs = [
                replace(dialog, call_id=new)
                if (dialog.line_id, dialog.call_id) == (line_id, old)
                else dialog
                for dialog in self._dialogs
            ]

    def ended(self, line_id: str, call_id: str) -> None:
        self._sessions.pop((line_id, call_id), None)


def _fits(dialog: Dialog, call: Sighting) -> bool:
    if dialog.call_id or dialog.line_id != call.line_id:
        return False
    if None not in (call.incoming, dialog.incoming) and call.incoming is not dialog.incoming:
        return False
    if not dialog.remote or not call.remote:
        return call.at_line
    return dialog.remote == call.remote
