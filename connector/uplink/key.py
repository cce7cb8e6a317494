"""The site's API key: read from its file whenever it is needed, and watched, so that a new one is
taken up without a restart and without a call noticing."""

from __future__ import annotations

import asyncio
import hashlib

import structlog

from connector.config import GatewayLink

log = structlog.get_logger("connector.uplink")

LOOK_EVERY = 2.0


class LinkKey:
    """The key in the file, and the one that the gateway took last.

    Half a key, or one of another site, in the file must not end a link that works: the former key
    is tried as well until the gateway refuses it too.
    """

    def __init__(self, link: GatewayLink) -> None:
        self._link = link
        self._good: str | None = None
        self._seen = b""
        #: What is in the file was refused, and the former key still works.
        self.refused = False

    def candidates(self) -> list[str]:
        """In the order in which they are to be tried. Raises OSError or ValueError: there is no
        key at all."""
        try:
            wanted = self._read()
        except (OSError, ValueError):
            if self._good is None:
                raise
            return [self._good]  # the file is being replaced
        if self._good is None or self._good == wanted:
            return [wanted]
        return [wanted, self._good]

    def _read(self) -> str:
        key = self._link.read_key()
        if not key or not key.isascii() or not key.isprintable():
            raise ValueError("it is empty or no text")
        return key

    def took(self, key: str, *, first: bool) -> None:
        """The gateway accepted this one; ``first``: no other was refused before it."""
        if not first and not self.refused:
            log.warning("the new API key was refused, the former one is still used")
        self.refused = not first
        self._good = key

    async def changed(self) -> None:
        """Return when the file holds another key than at the last look."""
        if not self._seen:
            self._seen = await asyncio.to_thread(self._digest)
        while True:
            await asyncio.sleep(LOOK_EVERY)
            now = await asyncio.to_thread(self._digest)
            if now and now != self._seen:
                self._seen = now
                return

    def _digest(self) -> bytes:
        try:
            return hashlib.sha256(self._read().encode()).digest()
        except (OSError, ValueError):
            return b""
