"""The microphone side: what is speech, what is recorded, what is being transcribed."""

from collections import deque
from collections.abc import Coroutine
from typing import Any

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import (
    HEARD_RATE,
    Hypothesis,
    Transcriber,
    TranscriptionStream,
    VoiceActivityDetector,
)
from vivavoce.ports.recording import RecordingSpool

FRAME_SAMPLES = 512
FRAME_BYTES = 2 * FRAME_SAMPLES
SPEECH_BEGINS = 0.5
SPEECH_GOES_ON = 0.35  # hysteresis: a fading syllable is still speech
PRE_ROLL_MS = 300
REMEMBERED_FRAMES = 8 * HEARD_RATE // FRAME_SAMPLES  # what a turn detector looks at


class Listening:
    """Feed `hear` one 512-sample frame at a time; time is `at_ms`, counted in its samples."""

    def __init__(
        self,
        spool: RecordingSpool,
        vad: VoiceActivityDetector,
        transcriber: Transcriber,
        session: str,
        language: str,
    ) -> None:
        self._spool = spool
        self._vad = vad
        self._transcriber = transcriber
        self._session = session
        self._language = language
        self._samples = 0
        self._speech = False
        self._recent: deque[bytes] = deque(maxlen=REMEMBERED_FRAMES)
        self._stream: TranscriptionStream | None = None
        self._stream_from_ms = 0
        self._retired: list[TranscriptionStream] = []
        self._cut: set[TranscriptionStream] = set()
        self._transcribed = 0  # samples whose words were handed over; none is transcribed twice

    @property
    def at_ms(self) -> int:
        return self._samples * 1000 // HEARD_RATE

    @property
    def listening(self) -> bool:
        return self._stream is not None

    def begin_at(self, samples: int) -> None:
        """Set the audio clock, when a recording goes on."""
        self._samples = samples

    def hear(self, frame: bytes, *, record: bool = True) -> tuple[bool, float]:
        """Take the next frame; returns whether it is speech, and with which probability."""
        if record:
            self._spool.append_candidate(frame)
        self._samples += FRAME_SAMPLES
        self._recent.append(frame)
        if self._stream is not None:
            self._stream.feed(frame)
        probability = self._vad.speech_probability(frame)
        threshold = SPEECH_GOES_ON if self._speech else SPEECH_BEGINS
        self._speech = probability >= threshold
        return self._speech, probability

    def recent(self) -> bytes:
        """Up to the last 8 s, 16 kHz PCM16."""
        return b"".join(self._recent)

    def open_utterance(self, at_ms: int) -> None:
        """Begin to transcribe from `at_ms` less the pre-roll."""
        frames = (self.at_ms - at_ms + PRE_ROLL_MS) * HEARD_RATE // (1000 * FRAME_SAMPLES) + 1
        new = (self._samples - self._transcribed) // FRAME_SAMPLES
        preroll = list(self._recent)[-min(frames, new) :] if new else []
        self._stream_from_ms = self.at_ms - len(preroll) * FRAME_SAMPLES * 1000 // HEARD_RATE
        self._stream = self._transcriber.open(self._session, self._language)
        self._stream.feed(b"".join(preroll))

    def end_utterance(self) -> None:
        """Stop feeding the open utterance; `close` it with `release`."""
        if self._stream is not None:
            self._retired.append(self._stream)
            self._stream = None

    async def partial(self) -> Hypothesis | None:
        """The words so far, None once the utterance has ended; their times are its own."""
        stream = self._stream
        heard = None if stream is None else await stream.partial()
        return heard if stream is self._stream else None

    async def final(self) -> Hypothesis | None:
        """All words so far, with their times on the recording's clock."""
        stream, from_ms, samples = self._stream, self._stream_from_ms, self._samples
        if stream is None:
            return None
        heard = await stream.final()
        if heard.words:
            self._transcribed = max(self._transcribed, samples)
        return _placed(heard, from_ms)

    def cut(self) -> Coroutine[Any, Any, Hypothesis | None]:
        """End the open utterance at this moment; its words, as of `final`, are to be awaited."""
        stream, self._stream = self._stream, None
        if stream is not None:
            self._cut.add(stream)
            self._transcribed = self._samples
        return self._last_words(stream, self._stream_from_ms)

    async def _last_words(
        self, stream: TranscriptionStream | None, from_ms: int
    ) -> Hypothesis | None:
        if stream is None:
            return None
        try:
            return _placed(await stream.final(), from_ms)
        finally:
            self._cut.discard(stream)
            await stream.close()

    async def release(self) -> None:
        """Give ended utterances back to their engine."""
        while self._retired:
            await self._retired.pop().close()

    async def close(self) -> None:
        self.end_utterance()
        self._retired += self._cut  # nobody awaited its words
        await self.release()


def _placed(hypothesis: Hypothesis, from_ms: int) -> Hypothesis:
    return Hypothesis(tuple(_shift(word, from_ms) for word in hypothesis.words), hypothesis.stable)


def _shift(word: Word, by_ms: int) -> Word:
    return Word(word.text, word.start_ms + by_ms, word.end_ms + by_ms, word.probability)
