"""The same command again has the same result and no second effect (api: ``command_id``)."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gateway.ports import CommandResult, Problem, UserKey

MOST_USERS = 10_000
#: Seconds: longer than any client repeats a command, short enough to keep few results.
REMEMBERED = 120.0


@dataclass(frozen=True, slots=True)
class _Command:
    since: float
    result: asyncio.Future[CommandResult]


Results = OrderedDict[str, _Command]


class Repetitions:
    """Remembers the latest commands of each user for two minutes, while this node lives."""

    def __init__(self, per_user: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_user = per_user
        self._clock = clock
        self._users: OrderedDict[UserKey, Results] = OrderedDict()

    async def once(
        self, user: UserKey, command_id: str, work: Callable[[], Awaitable[CommandResult]]
    ) -> CommandResult:
        """Run ``work``, or give (or wait for) the result of the first time."""
        known = self._of(user)
        if (earlier := known.get(command_id)) is not None:
            return await asyncio.shield(earlier.result)
        future: asyncio.Future[CommandResult] = asyncio.get_running_loop().create_future()
        known[command_id] = _Command(self._clock(), future)
        while len(known) > self._per_user:
            known.popitem(last=False)
        try:
            result = await work()
        except Problem as refusal:
            _fail(future, refusal)
            raise
        except BaseException:  # cancelled, or a fault of ours: a repetition may try again
            known.pop(command_id, None)
            _fail(future, Problem(503, "interrupted", "The command was interrupted."))
            raise
        future.set_result(result)
        return result

    def _of(self, user: UserKey) -> Results:
        known = self._users.pop(user, None)
        if known is None:
            known = OrderedDict()
        self._users[user] = known
        over = self._clock() - REMEMBERED
        while known and next(iter(known.values())).since < over:
            known.popitem(last=False)
        while len(self._users) > MOST_USERS:
            self._users.popitem(last=False)
        return known


def _fail(future: asyncio.Future[CommandResult], problem: Problem) -> None:
    future.set_exception(problem)
    future.exception()  # seen: perhaps nobody repeats the command
