"""What the realtime edge needs from features, wired by main."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from gateway.ports import Actor, JsonObject, UserKey


class DevicePresence(Protocol):
    async def resolve(self, actor: Actor, wanted: str | None) -> tuple[str, str]:
        """The device a socket speaks for, and its name; raises Problem if it was removed."""

    def attach(self, user: UserKey, device_id: str, socket: str, name: str) -> bool:
        """True if the device has just come online."""

    def detach(self, user: UserKey, device_id: str, socket: str) -> bool:
        """True if the device has just gone offline."""


class SnapshotSource(Protocol):
    async def snapshot(self, actor: Actor) -> tuple[JsonObject, str | None]:
        """The snapshot and the user's site."""


class MeReader(Protocol):
    async def me(self, actor: Actor) -> Any:
        """A model with ``site`` (or None), as REST gives it."""


class PresenceReader(Protocol):
    def own(self, user: UserKey) -> JsonObject:
        """The user's own presence, as REST gives it."""

    def seen(self, viewer: UserKey, user_ids: Sequence[str]) -> list[JsonObject]:
        """Colleagues as the viewer may see them."""


class LampReader(Protocol):
    def mailbox(self, user: UserKey) -> JsonObject | None:
        """The user's voicemail lamp as clients see it; None: nobody knows."""


class OfferReader(Protocol):
    async def offers(self, user: UserKey) -> Sequence[str]:
        """What the user's phone system offers now."""


class DeviceLister(Protocol):
    async def list(self, user: UserKey, this: str) -> Sequence[Any]:
        """Models, as REST gives them."""
