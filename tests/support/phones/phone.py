"""What the drivers of real phones have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.phones.process import Child
from tests.support.phones.wav import hears, samples_so_far


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

    def heard(self, last_seconds: float = 1.0) -> list[float]:
        """Samples (8 kHz, -1 to 1) that it heard last."""
        return samples_so_far(self.heard_file, last_seconds)

    async def hears(self, frequency: float, within: float = 5.0) -> None:
        """Wait until that tone fills half a second of what it hears."""
        await hears(self.heard, frequency, within)

    @property
    def output(self) -> list[str]:
        return self._child.lines
