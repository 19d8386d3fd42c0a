"""What an earlier run recorded is heard again, without keeping other interviews waiting."""

import asyncio
from collections.abc import Callable, Sequence

from vivavoce.conversation.listening import FRAME_BYTES, FRAME_SAMPLES, Listening
from vivavoce.core import floor_events as events
from vivavoce.core.transcript import Speaker, Turn
from vivavoce.core.turn_taking import TurnTaker
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.ports.recording import RecordingSpool

OF_THE_RECORDING = (events.FrameHeard, events.PlaybackFinished)
FRAMES_AT_ONCE = 50  # judging them takes about as long as one frame lasts


class Replay:
    """Minutes of sound in a moment: whatever else happens meanwhile waits until they were heard."""

    def __init__(self, spool: RecordingSpool, listening: Listening, taker: TurnTaker) -> None:
        self._spool = spool
        self._listening = listening
        self._taker = taker
        self._waiting: list[events.Event] | None = None

    def postpones(self, event: events.Event) -> bool:
        if self._waiting is None or isinstance(event, OF_THE_RECORDING):
            return False
        self._waiting.append(event)
        return True

    async def hear_again(
        self,
        turns: Sequence[Turn],
        hear: Callable[[bytes], object],
        act: Callable[[events.Event], None],
    ) -> None:
        """Have the durable audio heard that is in none of the turns; then `act` on the rest.

        The candidate's last turn may be older than the interviewer's, and somebody may have begun
        to speak under the interviewer's words.
        """
        ends = {turn.speaker: turn.end_ms for turn in turns if not turn.typed}
        spoken_to_ms = ends.get(Speaker.INTERVIEWER, 0)
        transcribed = ends.get(Speaker.CANDIDATE, 0) * HEARD_RATE // 1000
        begin = min(transcribed, self._spool.durable_samples)
        begin -= begin % FRAME_SAMPLES
        self._listening.begin_at(begin, transcribed)
        self._taker.resume_at(self._listening.at_ms)
        recorded = await self._spool.read_candidate(begin)
        waiting: list[events.Event] = []
        self._waiting = waiting
        speaking = True
        for number in range(len(recorded) // FRAME_BYTES):
            at = number * FRAME_BYTES
            if speaking and self._listening.at_ms >= spoken_to_ms:
                speaking = False
                act(events.PlaybackFinished())
            hear(recorded[at : at + FRAME_BYTES])
            if number % FRAMES_AT_ONCE == FRAMES_AT_ONCE - 1:
                await asyncio.sleep(0)
        if speaking:
            act(events.PlaybackFinished())
        self._waiting = None
        for event in waiting:
            act(event)
