from __future__ import annotations

from pydantic import Field

from gateway.http.endpoint import ReplyModel


class MailboxView(ReplyModel):
    """Voice messages that wait, as the PBX says. Not every PBX counts."""

    waiting: bool
    new: int | None = Field(description="null: the PBX gives no number")
    old: int | None = Field(description="null: the PBX gives no number")


class VoicemailView(ReplyModel):
    number: str | None = Field(description="dial it to reach the mailbox; null: there is none")
    mwi: MailboxView | None = Field(description="null: nobody knows")
