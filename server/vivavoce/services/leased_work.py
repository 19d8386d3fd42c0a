"""Work whose queue is a table: whatever is due, once at a time, for as long as this runs.

An attempt begins by leasing its row, so that a crash leaves nothing but a lease that runs out, and
a second program on the same file does not do the same work at the same time.
"""

import asyncio
import logging
import random
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from vivavoce.core.errors import VivavoceError
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation

log = logging.getLogger(__name__)

# Another program may write to the same file, and the clock of the machine may be set.
LONGEST_REST_SECONDS = 60.0
FAREWELL_SECONDS = 3.0

Claimed = TypeVar("Claimed")
Observe = Callable[[str], None]  # is told the outcome of each attempt


@dataclass(frozen=True)
class Pace:
    """`random` gives numbers from 0.0 to 1.0."""

    random: Callable[[], float] = random.SystemRandom().random
    rest_after_failure_seconds: float = 5.0


def _unobserved(_: str) -> None:
    return


class LeasedWorker(ABC, Generic[Claimed]):
    """`work` says in the log what halted; at most `at_once` attempts are under way."""

    work = "work"
    at_once = 1

    def __init__(
        self, foundation: Foundation, pace: Pace | None = None, observe: Observe | None = None
    ) -> None:
        self._at = foundation
        self._observe = observe or _unobserved
        self._pace = pace or Pace()
        self._woken = asyncio.Event()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False

    @abstractmethod
    async def _next_due(self, now: datetime) -> datetime | None:
        """When `_begin` may find something, if nothing is written until then."""

    @abstractmethod
    async def _begin(self, write: Tables, now: datetime, limit: int) -> tuple[Claimed, ...]:
        """Lease what is due."""

    @abstractmethod
    async def _attempt(self, claimed: Claimed) -> None:
        """Do it, and write down how it ended."""

    async def run(self) -> None:
        """Work for as long as this runs. A broken disk delays what is due and ends nothing."""
        release = self._at.stores.watch_outbox(self._woken.set)
        try:
            async with asyncio.TaskGroup() as attempts:
                while not self._stopping:
                    if not await self._came_through(self._serve(attempts)):
                        await asyncio.sleep(self._pace.rest_after_failure_seconds)
        finally:
            release()

    async def deliver_due(self) -> int:
        """Make every attempt that is due now; returns how many were made."""
        made = 0
        while claims := await self._claim():
            async with asyncio.TaskGroup() as group:
                for claim in claims:
                    group.create_task(self._one(claim))
            made += len(claims)
        return made

    async def stop(self, within_seconds: float = FAREWELL_SECONDS) -> None:
        """Begin nothing more, and let what is under way end: a lease left behind costs time."""
        self._stopping = True
        self._woken.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                await self._idle.wait()

    async def _serve(self, group: asyncio.TaskGroup) -> None:
        while not self._stopping:
            self._woken.clear()
            for claim in await self._claim():
                group.create_task(self._one(claim))
            await self._rest(await self._next_due(self._at.now()))

    async def _rest(self, until: datetime | None) -> None:
        seconds = LONGEST_REST_SECONDS
        if until is not None and self._under_way < self.at_once:
            seconds = min(seconds, max(0.0, (until - self._at.now()).total_seconds()))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()

    async def _claim(self) -> tuple[Claimed, ...]:
        now = self._at.now()
        due = await self._next_due(now)
        free = self.at_once - self._under_way
        if due is None or due > now or free == 0:
            return ()
        async with self._at.stores.transaction() as write:
            claims = await self._begin(write, now, free)
        self._under_way += len(claims)
        if claims:
            self._idle.clear()
        return claims

    async def _one(self, claim: Claimed) -> None:
        """However it fails, the row is left to its lease and the neighbours go on."""
        try:
            await self._came_through(self._attempt(claim))
        finally:
            self._ended(1)
            self._woken.set()

    async def _came_through(self, work: Coroutine[Any, Any, None]) -> bool:
        try:
            async with asyncio.TaskGroup() as alone:
                alone.create_task(work)
        except ExceptionGroup as failures:
            self._report(failures)
            return False
        return True

    def _ended(self, attempts: int) -> None:
        self._under_way -= attempts
        if self._under_way == 0:
            self._idle.set()

    def _report(self, failures: ExceptionGroup[Exception]) -> None:
        for failure in failures.exceptions:
            code = failure.code if isinstance(failure, VivavoceError) else "internal"
            facts = {"work": self.work, "code": code, "kind": type(failure).__name__}
            log.error("%s halted", self.work, extra=facts)


@asynccontextmanager
async def working(worker: LeasedWorker[Any]) -> AsyncIterator[None]:
    """Work until the block ends."""
    async with asyncio.TaskGroup() as group:
        running = group.create_task(worker.run())
        try:
            yield
        finally:
            await worker.stop()
            running.cancel()
