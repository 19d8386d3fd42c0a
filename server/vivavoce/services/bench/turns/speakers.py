"""Who speaks in the corpus: voices of espeak-ng and, where it is installed, of flite.

Words are spoken as whole answers and silences are cut in afterwards, between two words, so that a
sentence that stops in the middle does not sound as if it had ended there.
"""

import ctypes
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import soxr

from vivavoce.engines.synthesizer_espeak import EspeakLibrary
from vivavoce.engines.waveforms import level, trim_silence
from vivavoce.ports.engines import HEARD_RATE

WORD_EVENT = 1  # of speak_lib.h
SILENCE_RATIO = 0.02
FADE_SAMPLES = HEARD_RATE * 4 // 1000


@dataclass(frozen=True)
class Speaker:
    """`pitch` moves pitch and timbre together, as the size of a person does."""

    name: str
    voice: str
    speed: float = 1.0
    pitch: float = 1.0
    flite: bool = False


SPELLED_MARKS = ".,!?"


@dataclass(frozen=True)
class Spoken:
    """The parts of an answer as 16 kHz float samples, without the silences between them."""

    parts: tuple[np.ndarray, ...]
    words: tuple[tuple[tuple[str, float, float], ...], ...]  # (text, begin, end) seconds in a part


class SpeakingProgram(Protocol):
    def speak(self, parts: Sequence[str], speaker: Speaker, speed: float) -> Spoken: ...


class _Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class TimedEspeak(EspeakLibrary):
    """Also knows at which sample each word begins."""

    def __init__(self) -> None:
        self._begun: list[tuple[int, int]] = []  # (position in the text, sample)
        super().__init__()

    def _collect(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401 - C pointers
        found = ctypes.cast(events, ctypes.POINTER(_Event))
        index = 0
        while events and found[index].type:
            if found[index].type == WORD_EVENT:
                self._begun.append((found[index].text_position - 1, found[index].sample))
            index += 1
        return super()._collect(samples, count, events)

    def speak_parts(self, parts: Sequence[str], voice: str, speed: float) -> tuple[Any, int, Any]:
        """Samples, their rate, and where each word begins: (position in the text, sample)."""
        self._begun.clear()
        samples, rate = self.speak(" ".join(parts), voice, speed)
        return samples, rate, tuple(self._begun)


class EspeakSpeakers:
    def __init__(self) -> None:
        self._library = TimedEspeak()

    def speak(self, parts: Sequence[str], speaker: Speaker, speed: float) -> Spoken:
        pace = speaker.speed * speed / speaker.pitch
        found, rate, begun = self._library.speak_parts(parts, speaker.voice, pace)
        samples = level(found)
        as_if = round(rate * speaker.pitch)
        positions = list(accumulate((len(part) + 1 for part in parts), initial=0))
        starts = [_first_at_or_after(begun, at) for at in positions[1:-1]]
        edges = [0, *starts, len(samples)]
        heard, words = [], []
        for (begin, end), (first, behind) in zip(pairwise(edges), pairwise(positions), strict=True):
            piece, skipped = _cut(samples[begin:end], as_if)
            heard.append(piece)
            inside = [(at, sample) for at, sample in begun if first <= at < behind]
            words.append(_timed(" ".join(parts), inside, (begin, skipped, as_if), len(piece)))
        return Spoken(tuple(heard), tuple(words))


def _first_at_or_after(begun: Sequence[tuple[int, int]], position: int) -> int:
    return min(sample for at, sample in begun if at >= position)


def _timed(
    text: str, begun: Sequence[tuple[int, int]], clock: tuple[int, int, int], length: int
) -> tuple[tuple[str, float, float], ...]:
    begin, skipped, rate = clock
    seconds = [max(0.0, (sample - begin - skipped) / rate) for _, sample in begun]
    ends = [*seconds[1:], length / HEARD_RATE]
    written = [text[at:].split(" ", 1)[0].strip(SPELLED_MARKS) for at, _ in begun]
    return tuple(
        (word, start, end) for word, start, end in zip(written, seconds, ends, strict=True) if word
    )


class FliteSpeakers:
    """flite says where it pauses, and it pauses where a comma stands."""

    @staticmethod
    def installed() -> bool:
        return shutil.which("flite") is not None

    def speak(self, parts: Sequence[str], speaker: Speaker, speed: float) -> Spoken:
        text = " ".join(part if part[-1] in ".," else f"{part}," for part in parts)
        with tempfile.TemporaryDirectory(prefix="vivavoce-flite-") as folder:
            path = Path(folder) / "speech.wav"
            stretch = f"duration_stretch={1 / (speaker.speed * speed):.3f}"
            command = ["flite", "-voice", speaker.voice, "--setf", stretch]
            found = subprocess.run(  # noqa: S603 - the corpus's own words
                [*command, "-psdur", "-t", text, "-o", str(path)],
                capture_output=True,
                check=True,
                text=True,
            )
            samples, rate = _read(path)
        segments = [each.split(":") for each in found.stdout.split()]
        pauses = [float(end) for name, end in segments if name == "pau"][1:-1]
        marks = [index for index, word in enumerate(text.split()[:-1]) if word[-1] in ".,"]
        behind = list(accumulate(len(part.split()) for part in parts))
        cuts = [pauses[marks.index(count - 1)] for count in behind[:-1]]
        edges = [0, *(round(cut * rate) for cut in cuts), len(samples)]
        pieces = [_cut(samples[begin:end], rate)[0] for begin, end in pairwise(edges)]
        words = [_shared_out(part, piece) for part, piece in zip(parts, pieces, strict=True)]
        return Spoken(tuple(pieces), tuple(words))


def _read(path: Path) -> tuple[np.ndarray, int]:
    with wave.open(str(path)) as file:
        rate = file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return level(samples.astype(np.float32) / 32768), rate


def _shared_out(part: str, piece: np.ndarray) -> tuple[tuple[str, float, float], ...]:
    """Words as long as their share of the letters, where the program does not tell."""
    words = [word.strip(SPELLED_MARKS) for word in part.split()]
    ends = list(accumulate(len(word) + 2 for word in words))
    seconds = [len(piece) / HEARD_RATE * end / ends[-1] for end in ends]
    return tuple(zip(words, [0.0, *seconds[:-1]], seconds, strict=True))


def _cut(samples: np.ndarray, rate: int) -> tuple[np.ndarray, int]:
    """16 kHz, without the silence at its ends, and how much of that was at the beginning."""
    trimmed = trim_silence(samples.astype(np.float32), rate, SILENCE_RATIO)
    loud = np.flatnonzero(np.abs(samples) > 0)
    skipped = int(np.argmax(samples == trimmed[0])) if len(trimmed) and len(loud) else 0
    heard = soxr.resample(trimmed, rate, HEARD_RATE)
    ramp = np.linspace(0, 1, FADE_SAMPLES, dtype=np.float32)
    heard[:FADE_SAMPLES] *= ramp
    heard[-FADE_SAMPLES:] *= ramp[::-1]
    return heard.astype(np.float32), skipped
