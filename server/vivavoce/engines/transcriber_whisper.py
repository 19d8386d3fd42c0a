"""Speech to text by any CTranslate2 Whisper, streamed by decoding the utterance again and again.

Whisper is no streaming model. What makes it one here: words on which two hypotheses agree are
forced as the decoder's prefix, so they are never decoded again; the encoder sees a window as short
as the audio allows instead of 30 s; and the window slides at sentence ends.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock

from vivavoce.core.errors import EngineFailure
from vivavoce.core.transcript import Word
from vivavoce.core.transcript_agreement import TranscriptAgreement
from vivavoce.engines.gathering import Gathering
from vivavoce.engines.lanes import JobDropped, JobKind, Lane
from vivavoce.engines.languages import iso_language
from vivavoce.engines.silero import SileroSession
from vivavoce.engines.vad import GatedSileroDetector
from vivavoce.engines.whisper_decoding import Passage, WhisperDecoder, never
from vivavoce.ports.engines import Hypothesis

BYTES_PER_MS = 32
FRAME_BYTES, FRAME_MS = 1024, 32
SLIDE_AFTER_MS = 14_000  # then at the next sentence end
SLIDE_ANYWHERE_AFTER_MS = 24_000  # then at the last stable word
SETTLE_AFTER_MS = 27_000
LONGEST_WINDOW_MS = 29_000  # Whisper's positions end at 30 s
SENTENCE_ENDS = (".", "?", "!", "。", "？", "！")  # noqa: RUF001 - full-width on purpose
SPEECH_PROBABILITY = 0.35
SPEECH_MARGIN_FRAMES = 6  # word times of Whisper are up to 200 ms off


class WhisperStream:
    """`TranscriptionStream`; its state changes on the event loop only, between decodings."""

    def __init__(
        self,
        session: str,
        decode: Callable[[Passage], tuple[Word, ...]],
        lane: Lane,
        vad: SileroSession,
    ) -> None:
        self._session = session
        self._decode = decode
        self._lane = lane
        self._audio = bytearray()
        self._window_start_ms = 0
        self._decoded_bytes = 0  # how much audio the newest hypothesis has seen
        self._agreement = TranscriptAgreement()
        self._speech = SpeechFrames(GatedSileroDetector(Gathering(vad)))
        self._closed = False
        self._finals = 0  # asked for and not there yet

    def feed(self, pcm: bytes) -> None:
        self._audio += pcm

    async def partial(self) -> Hypothesis:
        with suppress(JobDropped):  # then the caller gets what an earlier decoding found
            await self._advance(JobKind.PARTIAL)
        return self._hypothesis()

    async def final(self) -> Hypothesis:
        self._finals += 1
        try:
            await self._advance(JobKind.FINAL)
        finally:
            self._finals -= 1
        return self._hypothesis()

    async def close(self) -> None:
        self._closed = True
        self._audio.clear()

    def _hypothesis(self) -> Hypothesis:
        return Hypothesis(self._agreement.words, len(self._agreement.stable))

    async def _advance(self, kind: JobKind) -> None:
        seen = len(self._audio) // 2 * 2
        if seen <= self._decoded_bytes:
            return
        words = await self._lane.run(
            self._look(seen, kind),
            session=self._session,
            kind=kind,
            is_stale=lambda: self._closed or seen <= self._decoded_bytes,
        )
        if seen > self._decoded_bytes:  # a final may overtake a partial
            self._decoded_bytes = seen
            self._agreement.update(words)
            self._slide(seen // BYTES_PER_MS, words)

    def _look(self, seen: int, kind: JobKind) -> Callable[[], tuple[Word, ...]]:
        """The work of one decoding, on a copy of what it needs."""
        start_ms = max(self._window_start_ms, seen // BYTES_PER_MS - LONGEST_WINDOW_MS)
        audio = bytes(self._audio[:seen])
        stable = self._agreement.stable
        inside = tuple(word.text for word in stable if word.end_ms > start_ms)
        before = tuple(word.text for word in stable if word.end_ms <= start_ms)
        # A partial that runs when the final is asked for would only keep it waiting.
        is_stale = never if kind is JobKind.FINAL else lambda: self._finals > 0
        heard = audio[start_ms * BYTES_PER_MS :]
        passage = Passage(heard, start_ms, prefix=inside, context=before, is_stale=is_stale)

        def work() -> tuple[Word, ...]:
            self._speech.hear(audio)
            if not self._speech.any_since(start_ms):
                return ()
            return tuple(word for word in self._decode(passage) if self._speech.overlaps(word))

        return work

    def _slide(self, end_ms: int, words: tuple[Word, ...]) -> None:
        length_ms = end_ms - self._window_start_ms
        if length_ms < SLIDE_AFTER_MS:
            return
        anywhere = length_ms >= SLIDE_ANYWHERE_AFTER_MS
        for word in reversed(self._agreement.stable):
            if anywhere or word.text.endswith(SENTENCE_ENDS):
                self._window_start_ms = max(self._window_start_ms, word.end_ms)
                break
        if words and end_ms - self._window_start_ms >= SETTLE_AFTER_MS:
            self._agreement.finish(words)  # hypotheses never agreed; the window must not overflow
            self._window_start_ms = words[-1].end_ms


class SpeechFrames:
    """Where somebody speaks, by the voice activity detector; used in the lane's threads only."""

    def __init__(self, detector: GatedSileroDetector) -> None:
        self._detector = detector
        self._speaking: list[bool] = []
        self._hearing = Lock()  # a final may overtake a partial that waits for a server

    def hear(self, utterance: bytes) -> None:
        """Judge the frames of the utterance that are new since the last call."""
        with self._hearing:
            heard_bytes = len(self._speaking) * FRAME_BYTES
            for start in range(heard_bytes, len(utterance) - FRAME_BYTES + 1, FRAME_BYTES):
                frame = utterance[start : start + FRAME_BYTES]
                probability = self._detector.speech_probability(frame)
                self._speaking.append(probability >= SPEECH_PROBABILITY)

    def any_since(self, start_ms: int) -> bool:
        return any(self._speaking[start_ms // FRAME_MS :])

    def overlaps(self, word: Word) -> bool:
        first = max(0, word.start_ms // FRAME_MS - SPEECH_MARGIN_FRAMES)
        last = word.end_ms // FRAME_MS + SPEECH_MARGIN_FRAMES
        return any(self._speaking[first : last + 1])


class WhisperTranscriber:
    """`Transcriber` over a folder with a CTranslate2 Whisper."""

    def __init__(self, name: str, lane: Lane, vad: SileroSession, decoder: WhisperDecoder) -> None:
        self.name = name
        self.languages = decoder.languages
        self._lane = lane
        self._vad = vad
        self._decoder = decoder

    @classmethod
    async def load(
        cls, folder: Path, lane: Lane, vad: SileroSession, threads: int, full_window: bool = False
    ) -> "WhisperTranscriber":
        """Load in the lane's thread, so that the event loop stays free."""
        decoder = await lane.run(lambda: WhisperDecoder(folder, threads, full_window=full_window))
        name = f"faster-whisper {folder.name.removeprefix('faster-whisper-')}"
        return cls(name, lane, vad, decoder)

    def open(self, session: str, language: str) -> WhisperStream:
        code = iso_language(language)
        if code not in self.languages:
            raise EngineFailure("language_unsupported", "The model does not know that language.")

        def decode(passage: Passage) -> tuple[Word, ...]:
            return self._decoder.decode(passage, code)

        return WhisperStream(session, decode, self._lane, self._vad)
