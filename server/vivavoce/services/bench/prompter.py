"""Words from the script, for speech models whose own words are noise.

Models with random weights in the true shapes cost what trained ones cost and write nonsense, on
which no interview can run. Here the model does all of its work, and when it is done the words that
the candidate had said by then take the place of what it wrote.
"""

from collections import defaultdict

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import HEARD_RATE, Hypothesis, Transcriber, TranscriptionStream

BYTES_PER_MS = 2 * HEARD_RATE // 1000
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


class PromptedStream:
    def __init__(self, stream: TranscriptionStream, session: str, prompter: Prompter) -> None:
        self._stream = stream
        self._session = session
        self._prompter = prompter
        self._from_ms: int | None = None
        self._fed_bytes = 0

    def feed(self, pcm: bytes) -> None:
        if self._from_ms is None:  # the pre-roll ends with the newest frame
            now_ms = self._prompter.now_ms(self._session)
            self._from_ms = max(0, now_ms - len(pcm) // BYTES_PER_MS)
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
        begin = self._from_ms or 0
        return self._prompter.words(self._session, begin, begin + self._fed_bytes // BYTES_PER_MS)
