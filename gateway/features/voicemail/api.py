"""/voicemail."""

from __future__ import annotations

from gateway.features.voicemail.models import VoicemailView
from gateway.features.voicemail.service import VoicemailService
from gateway.http.endpoint import Exchange, endpoint


class VoicemailApi:
    def __init__(self, service: VoicemailService) -> None:
        self._service = service

    @endpoint(
        "GET", "/voicemail", "Your mailbox's number, and whether messages wait", reply=VoicemailView
    )
    async def voicemail(self, exchange: Exchange) -> VoicemailView:
        return await self._service.voicemail(exchange.actor.user)
