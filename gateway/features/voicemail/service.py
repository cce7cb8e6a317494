"""The newest word on every user's lamp, whoever brought it.

Nothing is stored: a connector that comes back tells every lamp anew, and until it does a lamp is
unknown, not dark. So is one of which the control link knew and does not know any more.
"""

from __future__ import annotations

from gateway.bus import Bus, PbxFeatureChanged
from gateway.features.voicemail.models import MailboxView, VoicemailView
from gateway.ports import EventSink, JsonObject, Lamp, LineDirectory, UserKey


class VoicemailService:
    """Implements the ports ``LampNews`` (what the link brings) and ``LampReader``."""

    def __init__(self, lines: LineDirectory, events: EventSink, bus: Bus) -> None:
        self._lines = lines
        self._events = events
        self._lamps: dict[UserKey, Lamp] = {}
        self._by_control: dict[UserKey, bool] = {}
        bus.subscribe(PbxFeatureChanged, self._feature_changed)

    async def lamp_told(
        self, tenant_id: str, site_id: str, line_id: str, lamp: Lamp | None
    ) -> bool:
        found = await self._lines.line(tenant_id, site_id, line_id)
        if found is None:
            return False
        self._keep(UserKey(tenant_id, found[0].user_id), lamp)
        return True

    def _feature_changed(self, event: PbxFeatureChanged) -> None:
        """The control link repeats all that it knows with every change: only what differs from
        its own last word is news, or an old word would overrule the other way's newer one. Where
        the other way knows nothing, there is nothing to overrule."""
        waiting, known = event.message_waiting, self._lamps.get(event.user)
        if waiting is None:
            if self._by_control.pop(event.user, None) is not None:
                self._keep(event.user, None)
            return
        if known is not None and self._by_control.get(event.user) == waiting:
            return
        self._by_control[event.user] = waiting
        if known is None or known.waiting != waiting:
            self._keep(event.user, Lamp(waiting))

    def _keep(self, user: UserKey, lamp: Lamp | None) -> None:
        if lamp == self._lamps.get(user):
            return
        if lamp is None:
            del self._lamps[user]
        else:
            self._lamps[user] = lamp
        self._events.to_user(user, "mwi.changed", {"mwi": self.mailbox(user)})

    def mailbox(self, user: UserKey) -> JsonObject | None:
        view = self._view(user)
        return None if view is None else view.model_dump()

    async def voicemail(self, user: UserKey) -> VoicemailView:
        home = await self._lines.home_line(user)
        number = None if home is None else home[0].mailbox_number
        return VoicemailView(number=number, mwi=self._view(user))

    def _view(self, user: UserKey) -> MailboxView | None:
        lamp = self._lamps.get(user)
        if lamp is None:
            return None
        return MailboxView(waiting=lamp.waiting, new=lamp.new, old=lamp.old)
