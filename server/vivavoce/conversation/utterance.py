"""One utterance on its way to the transcriber.

A long pause is not sent: it holds no words, and a transcriber that lags behind would have to hear
it all before it says the last ones. Times come back on the recording's clock all the same.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, replace

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import HEARD_RATE, Hypothesis, TranscriptionStream

SAMPLES_PER_MS = HEARD_RATE // 1000
PAUSE_SENT = 1_000 * SAMPLES_PER_MS
PRE_ROLL_MS = 300  # before speech that a pause of any length came before


@dataclass(frozen=True, eq=False)
class _Transcription:
    """Of everything up to some speech; `words` is None when nobody waits for it any more."""

    speech: int
    words: asyncio.Future[Hypothesis | None]


class Utterance:
    def __init__(self, stream: TranscriptionStream, from_sample: int) -> None:
        """`from_sample` is where in the recording the first frame begins."""
        self._stream = stream
        self._sample = from_sample
        self._sent = 0
        self._pause = 0  # samples since the last speech
        self._speech = 0  # samples of speech
        self._last: _Transcription | None = None
        self._left_out: deque[bytes] = deque()
        self._moves = [(0, from_sample // SAMPLES_PER_MS)]  # (from ms of what was sent, by ms)

    def hear(self, frame: bytes, *, speech: bool) -> None:
        """The next frame of 16 kHz PCM16."""
        samples = len(frame) // 2
        self._pause = 0 if speech else self._pause + samples
        self._speech += samples if speech else 0
        self._sample += samples
        if self._pause <= PAUSE_SENT:
            self._send(frame)
            return
        self._left_out.append(frame)
        if sum(map(len, self._left_out)) > 2 * PRE_ROLL_MS * SAMPLES_PER_MS:
            self._left_out.popleft()

    def _send(self, pcm: bytes) -> None:
        if self._left_out:
            pcm = b"".join((*self._left_out, pcm))
            self._left_out.clear()
        sent_ms = self._sent // SAMPLES_PER_MS
        by_ms = (self._sample - len(pcm) // 2) // SAMPLES_PER_MS - sent_ms
        if by_ms != self._moves[-1][1]:
            self._moves.append((sent_ms, by_ms))
        self._stream.feed(pcm)
        self._sent += len(pcm) // 2

    async def partial(self) -> Hypothesis:
        """The words so far; their times are of no use."""
        return await self._stream.partial()

    async def final(self) -> Hypothesis:
        """All words so far, with their times on the recording's clock.

        Who asks again before anything more was said shares the words of who asked first.
        """
        while (last := self._last) is not None and last.speech == self._speech:
            if (heard := await asyncio.shield(last.words)) is not None:
                return heard
        return await self._transcribe()

    async def _transcribe(self) -> Hypothesis:
        mine = _Transcription(self._speech, asyncio.get_running_loop().create_future())
        self._last, heard = mine, None
        try:
            found = await self._stream.final()
            heard = replace(found, words=tuple(map(self._placed, found.words)))
            return heard
        finally:
            if heard is None and self._last is mine:  # it was cancelled; the next one tries
                self._last = None
            mine.words.set_result(heard)

    async def close(self) -> None:
        await self._stream.close()

    def _placed(self, word: Word) -> Word:
        by_ms = next(by for begin, by in reversed(self._moves) if begin <= max(0, word.start_ms))
        return replace(word, start_ms=word.start_ms + by_ms, end_ms=word.end_ms + by_ms)
