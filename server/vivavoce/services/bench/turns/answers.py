"""Scripts as sound: what a speaker's microphone would hear, and what is known about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import HEARD_RATE
from vivavoce.services.bench.turns.script import SILENCE, Kind, Script
from vivavoce.services.bench.turns.speakers import Speaker, SpeakingProgram
from vivavoce.services.bench.voice import SAMPLES_PER_MS, audible_end

SLOW_SPEED = 0.75


@dataclass(frozen=True)
class Answer:
    """`samples` are 16 kHz int16, `end_sample` is just behind the last audible one, `pauses` are
    the samples at which the silences inside begin; words are timed from the first sample.
    """

    kind: Kind
    question: str
    text: str  # as it is written in the script
    speaker: str
    samples: np.ndarray
    end_sample: int
    pauses: tuple[int, ...]
    words: tuple[Word, ...]

    @property
    def audio(self) -> np.ndarray:
        return self.samples.astype(np.float32) / 32768


def spoken(script: Script, speaker: Speaker, program: SpeakingProgram) -> Answer:
    written = SILENCE.split(script.answer)
    parts, silences = written[::2], [int(ms) for ms in written[1::2]]
    slow = SLOW_SPEED if script.kind is Kind.SLOW else 1.0
    said = program.speak(parts, speaker, slow)
    pieces: list[np.ndarray] = []
    words: list[list[Word]] = []
    pauses: list[int] = []
    for piece, timed, silence_ms in zip(said.parts, said.words, [*silences, 0], strict=True):
        begin_ms = sum(map(len, pieces)) // SAMPLES_PER_MS
        words.append([_placed(begin_ms, *word) for word in timed])
        pieces.append(as_pcm(piece))
        pauses.append(sum(map(len, pieces)))
        pieces.append(np.zeros(silence_ms * SAMPLES_PER_MS, np.int16))
    samples = np.concatenate(pieces)
    return Answer(
        script.kind,
        script.question,
        script.answer,
        speaker.name,
        samples,
        audible_end(samples),
        tuple(pauses[:-1]),
        tuple(chain(*words)),
    )


def as_pcm(samples: np.ndarray) -> np.ndarray:
    clipped: np.ndarray = np.clip(samples * 32767, -32767, 32767).astype(np.int16)
    return clipped


def _placed(begin_ms: int, text: str, start: float, end: float) -> Word:
    return Word(text, begin_ms + round(start * 1000), begin_ms + round(end * 1000), 0.9)


def seconds(answers: Sequence[Answer]) -> float:
    return sum(len(answer.samples) for answer in answers) / HEARD_RATE
