"""What can be told, and in which words: the one list behind API, deliveries and documentation.

Payloads name things by id and hold no names of people: whoever may know more asks the API for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel
from gateway.permissions import Permission

#: Of the form of all payloads. A member that is added does not change it; one that goes does.
VERSION = 1


class Event(StrEnum):
    CALL_RINGING = "call.ringing"
    CALL_DIALLING = "call.dialling"
    CALL_ANSWERED = "call.answered"
    CALL_ENDED = "call.ended"
    CALL_MISSED = "call.missed"
    VOICEMAIL_CHANGED = "voicemail.changed"
    CONNECTOR_UP = "connector.up"
    CONNECTOR_DOWN = "connector.down"
    PERSON_CREATED = "person.created"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    PERSON_ERASED = "person.erased"
    IMPORT_FINISHED = "import.finished"
    IMPORT_UNDONE = "import.undone"
    KEY_CREATED = "key.created"
    KEY_REGENERATED = "key.regenerated"
    KEY_REVOKED = "key.revoked"


#: Not for choosing: sent when an administrator asks for it.
TEST = "webhook.test"


class CallBegun(ReplyModel):
    call_id: str
    user_id: str
    direction: Literal["in", "out"]
    number: str = Field(description="of the other side; empty where it withholds it")
    started_at: datetime


class CallAnswered(CallBegun):
    answered_at: datetime


class CallOver(CallBegun):
    outcome: str = Field(description="the kind of the journal's entry: answered, missed, declined")
    reason: str = Field(description="why it ended, in the words of the calls' ended.reason")
    answered_at: datetime | None
    ended_at: datetime
    duration_ms: int = Field(description="of the conversation")


class LampChanged(ReplyModel):
    user_id: str
    waiting: bool
    new: int | None = Field(description="messages; null: the telephone system gives no number")
    old: int | None


class SiteEvent(ReplyModel):
    site_id: str


class PersonEvent(ReplyModel):
    person_id: str


class ImportEvent(ReplyModel):
    import_id: str


class KeyEvent(ReplyModel):
    key_id: str


class TestSent(ReplyModel):
    webhook_id: str


@dataclass(frozen=True, slots=True)
class About:
    """``needs``: what a key must be allowed beside ``webhooks.write`` to be told of this."""

    summary: str
    data: type[ReplyModel]
    needs: Permission


_CALLS, _PEOPLE, _LINK, _AUDIT = (
    Permission.CALLS_READ,
    Permission.PEOPLE_READ,
    Permission.CONNECTOR_READ,
    Permission.AUDIT_READ,
)
ABOUT: Mapping[Event, About] = {
    Event.CALL_RINGING: About("A call comes in for somebody", CallBegun, _CALLS),
    Event.CALL_DIALLING: About("Somebody calls out", CallBegun, _CALLS),
    Event.CALL_ANSWERED: About("Both sides talk", CallAnswered, _CALLS),
    Event.CALL_ENDED: About("A call is over, be it a missed one", CallOver, _CALLS),
    Event.CALL_MISSED: About("A call is over and nobody has taken it", CallOver, _CALLS),
    Event.VOICEMAIL_CHANGED: About(
        "The lamp of somebody's mailbox is another one. Its state is told again after a restart",
        LampChanged,
        _CALLS,
    ),
    Event.CONNECTOR_UP: About("A site's link works", SiteEvent, _LINK),
    Event.CONNECTOR_DOWN: About("A site's link is lost", SiteEvent, _LINK),
    Event.PERSON_CREATED: About(
        "There is somebody new. An import tells of its end instead", PersonEvent, _PEOPLE
    ),
    Event.PERSON_CHANGED: About("Somebody's data are other ones", PersonEvent, _PEOPLE),
    Event.PERSON_DISABLED: About("Somebody may not sign in any more", PersonEvent, _PEOPLE),
    Event.PERSON_ENABLED: About("Somebody may sign in again", PersonEvent, _PEOPLE),
    Event.PERSON_ERASED: About("Nothing is left of somebody", PersonEvent, _PEOPLE),
    Event.IMPORT_FINISHED: About("An import of people is through", ImportEvent, _PEOPLE),
    Event.IMPORT_UNDONE: About("An import of people was taken back", ImportEvent, _PEOPLE),
    Event.KEY_CREATED: About("There is a new API key", KeyEvent, _AUDIT),
    Event.KEY_REGENERATED: About("Another key takes the place of this one", KeyEvent, _AUDIT),
    Event.KEY_REVOKED: About("An API key is refused from now on", KeyEvent, _AUDIT),
}
#: What is audited anyway: action -> what it is called here.
OF_AUDIT: Mapping[str, Event] = {
    "person.create": Event.PERSON_CREATED,
    "person.change": Event.PERSON_CHANGED,
    "person.disable": Event.PERSON_DISABLED,
    "person.enable": Event.PERSON_ENABLED,
    "person.erase": Event.PERSON_ERASED,
    "import.applied": Event.IMPORT_FINISHED,
    "import.undone": Event.IMPORT_UNDONE,
    "key.create": Event.KEY_CREATED,
    "key.regenerate": Event.KEY_REGENERATED,
    "key.revoke": Event.KEY_REVOKED,
}


def data_of_audit(event: Event, target_id: str) -> dict[str, Any]:
    """The one member of these payloads."""
    (member,) = ABOUT[event].data.model_fields
    return {member: target_id}
