"""Has the frames of many interviews judged in one call of the network.

Frames of different microphones arrive at different moments. Where there are many, those that come
within some milliseconds wait for one another; where there are few, nobody waits for anybody.
"""

import asyncio
import math
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.silero import Memory, SileroSession

LONGEST_WAIT_SECONDS = 0.008
LATELY_SECONDS = 0.032  # how long a frame lasts
WORTH_WAITING_FOR = 2.0  # frames that are expected to come within that time

Judged: TypeAlias = tuple[float, Memory]


@dataclass
class Patience:
    """How long the first frame waits for others, by how many came lately."""

    seconds: float = 0.0
    _lately: float = 0.0  # frames, each of which counts for less as time goes on
    _judged_at: float = 0.0

    def judged(self, frames: int, now: float) -> None:
        fading = math.exp((self._judged_at - now) / LATELY_SECONDS)
        self._lately = self._lately * fading + frames
        self._judged_at = now
        expected = self._lately * LONGEST_WAIT_SECONDS / LATELY_SECONDS
        self.seconds = LONGEST_WAIT_SECONDS if expected >= WORTH_WAITING_FOR else 0.0


class _Waiting(NamedTuple):
    memory: Memory
    frame: bytes
    judged: asyncio.Future[Judged]


class Gathering:
    """One for all conversations of an event loop."""

    def __init__(self, silero: SileroSession) -> None:
        self.silero = silero
        self._patience = Patience()
        self._waiting: list[_Waiting] = []

    async def judge(self, memory: Memory, frame: bytes) -> Judged:
        """The next frame of one microphone, judged together with what others send meanwhile."""
        loop = asyncio.get_running_loop()
        judged: asyncio.Future[Judged] = loop.create_future()
        self._waiting.append(_Waiting(memory, frame, judged))
        if len(self._waiting) == 1:
            loop.call_later(self._patience.seconds, self._judge_all)
        return await judged

    def _judge_all(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            found = self.silero.judge([(each.memory, each.frame) for each in waiting])
            for each, judged in zip(waiting, found, strict=True):
                if not each.judged.done():  # otherwise the connection has gone meanwhile
                    each.judged.set_result(judged)
        finally:
            for each in waiting:
                if not each.judged.done():
                    each.judged.set_exception(_failed())
        self._patience.judged(len(waiting), asyncio.get_running_loop().time())


def _failed() -> EngineFailure:
    return EngineFailure("vad_failed", "The voice detector failed.")
