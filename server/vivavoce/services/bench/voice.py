"""The simulated candidate's voice: answers as microphone samples, with the room around them."""

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import soxr

from vivavoce.core.transcript import Word
from vivavoce.ports.engines import HEARD_RATE, SPOKEN_RATE, Synthesizer
from vivavoce.services.bench.script import Answer, Part, Shape

AUDIBLE = 328  # of 32767: -40 dBFS; quieter samples count as silence, of either side
LONGEST_GAP_MS = 50  # in fluent speech
ROOM_RMS = 26.0  # about -62 dBFS
ROOM_SECONDS = 8
BREATH = 2  # characters that a gap between words is worth, when time is shared out
SAMPLES_PER_MS = HEARD_RATE // 1000


@dataclass(frozen=True)
class Utterance:
    """An answer as 16 kHz int16 samples. `end_sample` is just behind the last audible one; the
    times of the words count from the first sample.
    """

    shape: Shape
    samples: np.ndarray
    end_sample: int
    words: tuple[Word, ...]


async def speak(answer: Answer, synthesizer: Synthesizer) -> Utterance:
    pieces: list[np.ndarray] = []
    words: list[tuple[Word, ...]] = []
    for part in answer.parts:
        speech = await synthesizer.synthesize(part.text, language="en")
        heard = resampled(np.frombuffer(speech.pcm, "<i2"))
        start_ms = sum(map(len, pieces)) // SAMPLES_PER_MS
        words.append(timed_words(part, start_ms, len(heard) // SAMPLES_PER_MS))
        pieces += [heard, np.zeros(part.pause_ms * SAMPLES_PER_MS, np.int16)]
    samples = np.concatenate(pieces)
    return Utterance(answer.shape, samples, audible_end(samples), tuple(chain(*words)))


def fluent(utterance: Utterance) -> Utterance:
    """The same without breaks: no silence inside it is longer than `LONGEST_GAP_MS`.

    The times of its words are not kept.
    """
    loud = np.flatnonzero(np.abs(utterance.samples.astype(np.int32)) > AUDIBLE)
    before = np.searchsorted(loud, np.arange(len(utterance.samples)), side="right") - 1
    since = np.arange(len(utterance.samples)) - loud[np.maximum(before, 0)]
    kept = utterance.samples[(before < 0) | (since <= LONGEST_GAP_MS * SAMPLES_PER_MS)]
    return replace(utterance, samples=kept, end_sample=audible_end(kept), words=())


def resampled(spoken: np.ndarray) -> np.ndarray:
    heard = soxr.resample(spoken.astype(np.float32), SPOKEN_RATE, HEARD_RATE)
    clipped: np.ndarray = np.clip(heard, -32767, 32767).astype(np.int16)
    return clipped


def timed_words(part: Part, start_ms: int, length_ms: int) -> tuple[Word, ...]:
    """The part's words, each as long as its share of the letters."""
    texts = part.text.split()
    weights = [len(text) + BREATH for text in texts]
    ends = [sum(weights[: n + 1]) * length_ms // sum(weights) for n in range(len(weights))]
    starts = [0, *ends[:-1]]
    return tuple(
        Word(text, start_ms + start, start_ms + end, 0.9)
        for text, start, end in zip(texts, starts, ends, strict=True)
    )


def first_audible(samples: np.ndarray) -> int | None:
    """Index of the first audible sample."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)
    return int(loud[0]) if loud.size else None


def audible_end(samples: np.ndarray) -> int:
    """Index just behind the last audible sample; 0 where there is none."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)
    return int(loud[-1]) + 1 if loud.size else 0


class Microphone:
    """An endless quiet room in which an utterance is heard now and then."""

    def __init__(self, seed: int, frame_samples: int) -> None:
        random = np.random.default_rng(seed)
        frames = ROOM_SECONDS * HEARD_RATE // frame_samples
        self._room = random.normal(0.0, ROOM_RMS, (frames, frame_samples)).astype(np.int32)
        self._frame_samples = frame_samples
        self._voice = np.zeros(0, np.int16)
        self.frames = 0

    @property
    def samples(self) -> int:
        """How much has been streamed; the next frame begins there."""
        return self.frames * self._frame_samples

    @property
    def speaking(self) -> bool:
        return bool(len(self._voice))

    def say(self, utterance: Utterance) -> None:
        """Let the next frame begin with it."""
        self._voice = utterance.samples

    def stop(self) -> None:
        self._voice = self._voice[:0]

    def next_frame(self) -> bytes:
        frame = self._room[self.frames % len(self._room)].copy()
        voice, self._voice = np.split(self._voice, [self._frame_samples])
        frame[: len(voice)] += voice
        self.frames += 1
        return bytes(np.clip(frame, -32768, 32767).astype("<i2").tobytes())
