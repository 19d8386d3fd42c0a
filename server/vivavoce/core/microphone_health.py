"""Notices a microphone that is dead, silent, too loud or drowned in noise, so that it can be said.

An interview that hears nothing must not take it for a candidate who says nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FULL_SCALE = 32_768
SILENCE_DBFS = -70.0
QUIET_DBFS = -50.0  # the pauses of a usable microphone are below it
CLIPPED_PEAK = 32_700
SPEECH_PROBABILITY = 0.3
LOWEST_DBFS = -120.0
# A level is a statistic: every fifth sample gives the same one for a fifth of the work. Odd, so
# that no tone at a simple fraction of the rate falls on its zero crossings.
STRIDE = 5


class MicrophoneFinding(StrEnum):
    ZERO_AUDIO = "zero_audio"  # exact zeros: muted in hardware, or a blocked device
    SILENT = "silent"
    CLIPPING = "clipping"
    NOISY = "noisy"  # constant noise or music without speech


@dataclass(frozen=True, slots=True)
class FrameLevel:
    """`level_dbfs` is the root mean square in dB of full scale, `peak` the largest magnitude."""

    level_dbfs: float
    peak: int
    duration_ms: int


def measure_frame(pcm: bytes, sample_rate: int = 16_000) -> FrameLevel:
    """Of some PCM16, at least one sample."""
    heard = memoryview(pcm).cast("h")[::STRIDE].tolist()
    duration_ms = len(pcm) // 2 * 1000 // sample_rate
    return FrameLevel(_dbfs(heard), max(max(heard), -min(heard)), duration_ms)


def roughly_dbfs(pcm: bytes) -> float:
    """The level of a frame from every seventeenth sample: within 2 dB, for a tenth of the work."""
    return _dbfs(memoryview(pcm).cast("h")[::17].tolist())


def _dbfs(samples: Sequence[int]) -> float:
    # The root of the sum of squares, in one call: this is done for every frame.
    size = math.hypot(*samples)
    root_mean_square = size / math.sqrt(len(samples)) / FULL_SCALE
    return 20 * math.log10(root_mean_square) if size else LOWEST_DBFS


class _Episode:
    """Fills while something is wrong and drains while it is not; is reported once when full."""

    def __init__(self, full_ms: int) -> None:
        self._full_ms = full_ms
        self._filled_ms = 0
        self.reported = False

    def fill(self, duration_ms: int) -> bool:
        """Whether it is to be reported now."""
        self._filled_ms = min(self._filled_ms + duration_ms, self._full_ms)
        newly_full = self._filled_ms == self._full_ms and not self.reported
        self.reported = self.reported or newly_full
        return newly_full

    def drain(self, duration_ms: int) -> None:
        self._filled_ms = max(0, self._filled_ms - duration_ms)
        if not self._filled_ms:
            self.reported = False

    def end(self) -> None:
        self.drain(self._full_ms)


class MicrophoneHealth:
    """Of one open microphone; frames of one that the candidate muted are not to be fed."""

    def __init__(self) -> None:
        self._zeros = _Episode(3_000)
        self._silence = _Episode(8_000)
        self._clipping = _Episode(320)
        self._noise = _Episode(8_000)

    def observe(
        self, frame: FrameLevel, speech_probability: float
    ) -> tuple[MicrophoneFinding, ...]:
        """What this frame shows to be wrong; each finding comes once until its cause has ended."""
        found = {
            MicrophoneFinding.ZERO_AUDIO: self._hears_zeros(frame),
            MicrophoneFinding.SILENT: self._hears_silence(frame),
            MicrophoneFinding.CLIPPING: self._hears_clipping(frame),
            MicrophoneFinding.NOISY: self._hears_noise(frame, speech_probability),
        }
        return tuple(finding for finding, is_new in found.items() if is_new)

    def _hears_zeros(self, frame: FrameLevel) -> bool:
        if frame.peak:
            self._zeros.end()
            return False
        return self._zeros.fill(frame.duration_ms)

    def _hears_silence(self, frame: FrameLevel) -> bool:
        if frame.level_dbfs >= SILENCE_DBFS:
            self._silence.end()
            return False
        # Zeros have been reported for what they are.
        return self._silence.fill(frame.duration_ms) and not self._zeros.reported

    def _hears_clipping(self, frame: FrameLevel) -> bool:
        if frame.peak >= CLIPPED_PEAK:
            return self._clipping.fill(frame.duration_ms)
        self._clipping.drain(frame.duration_ms // 8)
        return False

    def _hears_noise(self, frame: FrameLevel, speech_probability: float) -> bool:
        if frame.level_dbfs < QUIET_DBFS:
            self._noise.drain(4 * frame.duration_ms)
        elif speech_probability < SPEECH_PROBABILITY:
            return self._noise.fill(frame.duration_ms)
        return False
