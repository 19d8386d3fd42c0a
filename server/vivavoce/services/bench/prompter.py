"""Words from the script, for speech models whose own words are noise.

Models with random weights in the true shapes cost what trained ones cost and write nonsense, on
which no interview can run. Here the model does all of its work, and when it is done the words that
the candidate had said by then take the place of what it wrote.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import HEARD_RATE, Hypothesis, Transcriber, TranscriptionStream

BYTES_PER_MS = 2 * HEARD_RATE // 1000
GAP_MS = 100  # more than the frames of one message
UNSURE_WORDS = 2  # at the end of a partial, as two hypotheses rarely agree on the newest words


class Prompter:
    """Knows what each candidate has said when; times are ms on the microphone's clock."""

    def __init__(self) -> None:
        self._said: defaultdict[str, list[Word]] = defaultdict(list)
        self._now_ms: defaultdict[str, int] = defaultdict(int)

    def says(self, session: str, from_sample: int, words: tuple[Word, ...]) -> None:
        shift = from_sample * 1000 // HEARD_RATE
        self._said[session] += [
            Word(w.text, w.start_ms + shift, w.end_ms + shift, w.probability) for w in words
        ]

    def heard(self, session: str, samples: int) -> None:
        """The microphone has been streamed up to there."""
        self._now_ms[session] = samples * 1000 // HEARD_RATE

    def now_ms(self, session: str) -> int:
        return self._now_ms[session]

    def words(self, session: str, from_ms: int, to_ms: int) -> tuple[Word, ...]:
        """What was said between two times, with times that count from the first of them."""
        return tuple(
            Word(w.text, w.start_ms - from_ms, w.end_ms - from_ms, w.probability)
            for w in self._said[session]
            if from_ms <= w.start_ms and w.end_ms <= to_ms
        )


class PromptedTranscriber:
    """Runs `transcriber` for its time and takes the words from the `prompter`."""

    def __init__(self, transcriber: Transcriber, prompter: Prompter) -> None:
        self.name = f"{transcriber.name}, words from the script"
        self.languages = transcriber.languages
        self._transcriber = transcriber
        self._prompter = prompter

    def open(self, session: str, language: str) -> "PromptedStream":
        return PromptedStream(self._transcriber.open(session, language), session, self._prompter)


@dataclass
class _Span:
    """Audio without a gap: where it begins for the candidate and in the stream, and its length."""

    from_ms: int
    sent_ms: int
    length_bytes: int = 0

    @property
    def to_ms(self) -> int:
        return self.from_ms + self.length_bytes // BYTES_PER_MS


class PromptedStream:
    def __init__(self, stream: TranscriptionStream, session: str, prompter: Prompter) -> None:
        self._stream = stream
        self._session = session
        self._prompter = prompter
        self._spans: list[_Span] = []
        self._fed_bytes = 0

    def feed(self, pcm: bytes) -> None:
        # The pre-roll and what follows a pause that was left out end with the newest frame.
        from_ms = self._prompter.now_ms(self._session) - len(pcm) // BYTES_PER_MS
        if not self._spans or from_ms - self._spans[-1].to_ms > GAP_MS:
            self._spans.append(_Span(max(0, from_ms), self._fed_bytes // BYTES_PER_MS))
        self._spans[-1].length_bytes += len(pcm)
        self._fed_bytes += len(pcm)
        self._stream.feed(pcm)

    async def partial(self) -> Hypothesis:
        words = self._words()
        await self._stream.partial()
        return Hypothesis(words, max(0, len(words) - UNSURE_WORDS))

    async def final(self) -> Hypothesis:
        words = self._words()
        await self._stream.final()
        return Hypothesis(words, len(words))

    async def close(self) -> None:
        await self._stream.close()

    def _words(self) -> tuple[Word, ...]:
        return tuple(
            replace(word, start_ms=word.start_ms + span.sent_ms, end_ms=word.end_ms + span.sent_ms)
            for span in self._spans
            for word in self._prompter.words(self._session, span.from_ms, span.to_ms)
        )
