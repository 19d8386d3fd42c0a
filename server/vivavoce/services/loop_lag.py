"""How late the event loop is: everything that it owes to every interview is late by as much."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

EVERY_SECONDS = 0.02
REMEMBERED = 3000  # a minute


class LoopLag:
    """`observe` is told each lateness, in seconds."""

    def __init__(self, observe: Callable[[float], None] = lambda _: None) -> None:
        self._observe = observe
        self._recent: deque[float] = deque(maxlen=REMEMBERED)

    async def watch(self) -> None:
        """For as long as the loop runs."""
        while True:
            # Not the loop's own time, which is that of its last look at the clock.
            due = monotonic() + EVERY_SECONDS
            await asyncio.sleep(EVERY_SECONDS)
            self.note(max(0.0, monotonic() - due))

    def note(self, late_seconds: float) -> None:
        self._recent.append(late_seconds)
        self._observe(late_seconds)

    def recent(self) -> tuple[float, ...]:
        """Of about the last minute."""
        return tuple(self._recent)


@asynccontextmanager
async def watching(lag: LoopLag) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(lag.watch())
        try:
            yield
        finally:
            task.cancel()
