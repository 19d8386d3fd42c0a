"""The microphone side: what is speech, what is recorded, what is being transcribed."""

from collections import deque
from collections.abc import Coroutine
from typing import Any

from vivavoce.conversation.utterance import PRE_ROLL_MS, Utterance
from vivavoce.ports.engines import (
    HEARD_RATE,
    Hypothesis,
    Transcriber,
    VoiceActivityDetector,
)
from vivavoce.ports.recording import RecordingSpool

FRAME_SAMPLES = 512
FRAME_BYTES = 2 * FRAME_SAMPLES
SPEECH_BEGINS = 0.5
SPEECH_GOES_ON = 0.35  # hysteresis: a fading syllable is still speech
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
        self._utterance: Utterance | None = None
        self._retired: list[Utterance] = []
        self._cut: set[Utterance] = set()
        self._transcribed = 0  # samples whose words were handed over; none is transcribed twice

    @property
    def at_ms(self) -> int:
        return self._samples * 1000 // HEARD_RATE

    @property
    def listening(self) -> bool:
        return self._utterance is not None

    def begin_at(self, samples: int, transcribed: int) -> None:
        """Set the audio clock, when a recording goes on. What was `transcribed` is only recorded.

        A turn may have become durable a moment before its sound, which then comes once more.
        """
        self._samples = samples
        self._transcribed = transcribed

    def hear(self, frame: bytes, *, record: bool = True) -> tuple[bool, float]:
        """Take the next frame; returns whether it is speech, and with which probability."""
        if record:
            self._spool.append_candidate(frame)
        self._samples += FRAME_SAMPLES
        self._recent.append(frame)
        probability = self._vad.speech_probability(frame)
        threshold = SPEECH_GOES_ON if self._speech else SPEECH_BEGINS
        self._speech = probability >= threshold and self._samples > self._transcribed
        if self._utterance is not None:
            self._utterance.hear(frame, speech=self._speech)
        return self._speech, probability

    def recent(self) -> bytes:
        """Up to the last 8 s, 16 kHz PCM16."""
        return b"".join(self._recent)

    def open_utterance(self, at_ms: int) -> None:
        """Begin to transcribe from `at_ms` less the pre-roll."""
        frames = (self.at_ms - at_ms + PRE_ROLL_MS) * HEARD_RATE // (1000 * FRAME_SAMPLES) + 1
        new = (self._samples - self._transcribed) // FRAME_SAMPLES
        preroll = list(self._recent)[-min(frames, new) :] if new else []
        begin = self._samples - len(preroll) * FRAME_SAMPLES
        stream = self._transcriber.open(self._session, self._language)
        self._utterance = Utterance(stream, begin)
        if preroll:
            self._utterance.hear(b"".join(preroll), speech=True)

    def end_utterance(self) -> None:
        """Stop feeding the open utterance; `close` it with `release`."""
        if self._utterance is not None:
            self._retired.append(self._utterance)
            self._utterance = None

    async def partial(self) -> Hypothesis | None:
        """The words so far, None once the utterance has ended; their times are its own."""
        utterance = self._utterance
        heard = None if utterance is None else await utterance.partial()
        return heard if utterance is self._utterance else None

    async def final(self) -> Hypothesis | None:
        """All words so far, with their times on the recording's clock."""
        utterance, samples = self._utterance, self._samples
        if utterance is None:
            return None
        heard = await utterance.final()
        if heard.words:
            self._transcribed = max(self._transcribed, samples)
        return heard

    def cut(self) -> Coroutine[Any, Any, Hypothesis | None]:
        """End the open utterance at this moment; its words, as of `final`, are to be awaited."""
        utterance, self._utterance = self._utterance, None
        if utterance is not None:
            self._cut.add(utterance)
            self._transcribed = self._samples
        return self._last_words(utterance)

    async def _last_words(self, utterance: Utterance | None) -> Hypothesis | None:
        if utterance is None:
            return None
        try:
            return await utterance.final()
        finally:
            self._cut.discard(utterance)
            await utterance.close()

    async def release(self) -> None:
        """Give ended utterances back to their engine."""
        while self._retired:
            await self._retired.pop().close()

    async def close(self) -> None:
        self.end_utterance()
        self._retired += self._cut  # nobody awaited its words
        self._cut.clear()
        await self.release()
