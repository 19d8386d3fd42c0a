"""An event loop whose clock moves only when nobody has anything left to do.

Engines work in threads and processes of their own, in real time. While one does, the clock stands
still; what its work would have cost on the clock is charged afterwards. So a minute of interview
takes as long as its computations, and two runs on different machines tell the same story.
"""

import asyncio
import selectors
from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from typing import Any, TypeVar

T = TypeVar("T")


class _PatientSelector(selectors.DefaultSelector):
    loop: "VirtualTimeLoop"

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None and timeout <= 0:
            return super().select(0)
        if timeout is None or self.loop.engines_work:
            return super().select(None)
        self.loop.advance(timeout)
        return super().select(0)


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        selector = _PatientSelector()
        selector.loop = self
        self._now = 0.0
        self._at_work = 0
        super().__init__(selector)

    def time(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    @property
    def engines_work(self) -> bool:
        return self._at_work > 0

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1


async def charged(work: Awaitable[T], seconds: float) -> T:
    """Await `work` with the clock standing still, then let it be `seconds` later."""
    with standing_still():
        result = await work
    await asyncio.sleep(seconds)
    return result


@contextmanager
def standing_still() -> Iterator[None]:
    """Stop a virtual clock for what happens outside of it; another clock just goes on."""
    loop = asyncio.get_running_loop()
    if not isinstance(loop, VirtualTimeLoop):
        yield
        return
    with loop.standing_still():
        yield


@asynccontextmanager
async def opened_meanwhile(manager: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
    """What `manager` opens, opened and closed while a virtual clock stands still."""
    stack = AsyncExitStack()
    with standing_still():
        opened = await stack.enter_async_context(manager)
    try:
        yield opened
    finally:
        with standing_still():
            await stack.aclose()


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(work)
