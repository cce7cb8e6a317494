"""What the drivers of real phones have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.phones.process import Child
from tests.support.phones.wav import RATE, hears, samples_so_far


class Phone(ABC):
    """A phone that runs inside `async with`, and what it hears."""

    _child: Child

    @property
    @abstractmethod
    def heard_file(self) -> Path | None:
        """The file of the latest call with what it hears; grows during the call."""

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def stop(self) -> None: ...

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()  # a half-started phone would stay behind
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @abstractmethod
    def forget(self) -> None:
        """What it said so far does not count for ``incoming``, ``connected`` and ``ended``."""

    @abstractmethod
    async def incoming(self) -> str:
        """The next call rings."""

    @abstractmethod
    async def connected(self) -> str:
        """The next call is answered."""

    @abstractmethod
    async def ended(self) -> str:
        """The next call is over, or was refused."""

    @abstractmethod
    async def dial(self, number: str) -> None: ...

    @abstractmethod
    async def accept(self) -> None:
        """Take the call that rings; one that it is in is held by it first."""

    @abstractmethod
    async def hang_up(self) -> None: ...

    @abstractmethod
    async def hold(self) -> None: ...

    @abstractmethod
    async def resume(self) -> None: ...

    @abstractmethod
    async def transfer(self, number: str) -> None:
        """Send the other side there, by a REFER of its own."""

    def heard(self, last_seconds: float = 1.0) -> list[float]:
        """Samples (8 kHz, -1 to 1) that it heard last."""
        return samples_so_far(self.heard_file, last_seconds)

    async def hears(self, frequency: float, within: float = 5.0) -> None:
        """Wait until that tone fills half a second of what it hears from now on."""
        file, size = self._recorded()

        def since(seconds: float) -> list[float]:
            now, grown = self._recorded()
            fresh = grown - (size if now == file else 0)
            return self.heard(seconds) if fresh >= int(seconds * RATE) * 2 else []

        await hears(since, frequency, within)

    def _recorded(self) -> tuple[Path | None, int]:
        file = self.heard_file
        return file, file.stat().st_size if file is not None and file.exists() else 0

    @abstractmethod
    async def hears_on(self, frequency: float) -> None:
        """As ``hears``, after the call was renegotiated by the PBX: as far as the phone tells."""

    @property
    def output(self) -> list[str]:
        return self._child.lines
