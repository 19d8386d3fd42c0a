"""Engines whose work is done in real time and charged to a virtual clock at a fixed price.

The prices stand for a machine that keeps up; with them two runs can be compared, whatever else the
machine has to do meanwhile.
"""

from dataclasses import dataclass

from vivavoce.ports.engines import (
    Hypothesis,
    Speech,
    Synthesizer,
    Transcriber,
    TranscriptionStream,
    TurnDetector,
)
from vivavoce.services.bench.turns.virtual_time import charged


@dataclass(frozen=True)
class Prices:
    """Milliseconds that a piece of work takes on the virtual clock."""

    transcript_ms: int = 100
    detector_ms: int = 50
    speech_ms: int = 10  # from the cache, as fixed texts are


class ChargedStream:
    def __init__(self, stream: TranscriptionStream, seconds: float) -> None:
        self._stream = stream
        self._seconds = seconds

    def feed(self, pcm: bytes) -> None:
        self._stream.feed(pcm)

    async def partial(self) -> Hypothesis:
        return await charged(self._stream.partial(), self._seconds)

    async def final(self) -> Hypothesis:
        return await charged(self._stream.final(), self._seconds)

    async def close(self) -> None:
        await charged(self._stream.close(), 0.0)


class ChargedTranscriber:
    def __init__(self, transcriber: Transcriber, prices: Prices) -> None:
        self.name = transcriber.name
        self.languages = transcriber.languages
        self._transcriber = transcriber
        self._seconds = prices.transcript_ms / 1000

    def open(self, session: str, language: str) -> ChargedStream:
        return ChargedStream(self._transcriber.open(session, language), self._seconds)


class ChargedDetector:
    def __init__(self, detector: TurnDetector, prices: Prices) -> None:
        self.name = detector.name
        self._detector = detector
        self._seconds = prices.detector_ms / 1000

    async def completion_probability(self, pcm: bytes) -> float | None:
        return await charged(self._detector.completion_probability(pcm), self._seconds)


class ChargedSynthesizer:
    def __init__(self, synthesizer: Synthesizer, prices: Prices) -> None:
        self.name = synthesizer.name
        self.file_hash = synthesizer.file_hash
        self.languages = synthesizer.languages
        self._synthesizer = synthesizer
        self._seconds = prices.speech_ms / 1000

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        work = self._synthesizer.synthesize(
            text, language=language, voice=voice, speed=speed, ahead=ahead
        )
        return await charged(work, 0.0 if ahead else self._seconds)


class NoStream:
    """Hears nothing; the words come from the script."""

    def feed(self, pcm: bytes) -> None:
        return None

    async def partial(self) -> Hypothesis:
        return Hypothesis(())

    async def final(self) -> Hypothesis:
        return Hypothesis(())

    async def close(self) -> None:
        return None


class NoTranscriber:
    name = "no transcriber"
    languages = frozenset({"en"})

    def open(self, session: str, language: str) -> NoStream:
        return NoStream()
