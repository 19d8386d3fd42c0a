"""What an earlier run recorded is heard again, without keeping other interviews waiting."""

import asyncio
from collections.abc import Callable

from vivavoce.conversation.listening import FRAME_BYTES, FRAME_SAMPLES, Listening
from vivavoce.core import floor_events as events
from vivavoce.core.turn_taking import TurnTaker
from vivavoce.ports.recording import RecordingSpool

FRAMES_AT_ONCE = 50  # judging them takes about as long as one frame lasts


class Replay:
    """Minutes of sound in a moment: whatever else happens meanwhile waits until they were heard."""

    def __init__(self, spool: RecordingSpool, listening: Listening, taker: TurnTaker) -> None:
        self._spool = spool
        self._listening = listening
        self._taker = taker
        self._waiting: list[events.Event] | None = None

    def postpones(self, event: events.Event) -> bool:
        if self._waiting is None or isinstance(event, events.FrameHeard):
            return False
        self._waiting.append(event)
        return True

    async def hear_from(
        self, sample: int, hear: Callable[[bytes], object]
    ) -> tuple[events.Event, ...]:
        """Have the durable audio from `sample` on heard; what happened meanwhile, in order."""
        begin = min(sample, self._spool.durable_samples)
        begin -= begin % FRAME_SAMPLES
        self._listening.begin_at(begin)
        self._taker.resume_at(self._listening.at_ms)
        recorded = await self._spool.read_candidate(begin)
        waiting: list[events.Event] = []
        self._waiting = waiting
        for number in range(len(recorded) // FRAME_BYTES):
            at = number * FRAME_BYTES
            hear(recorded[at : at + FRAME_BYTES])
            if number % FRAMES_AT_ONCE == FRAMES_AT_ONCE - 1:
                await asyncio.sleep(0)
        self._waiting = None
        return tuple(waiting)
