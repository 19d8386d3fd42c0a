"""What every synthesizer does to its waveform before anybody hears it."""

import numpy as np
import soxr

from vivavoce.ports.engines import SPOKEN_RATE, Speech

TARGET_RMS = 0.1  # -20 dBFS
PEAK_LIMIT = 0.95
WINDOW_SECONDS = 0.005
SILENCE_RATIO = 0.01  # 40 dB under the loudest window counts as silence, unless a voice says so
KEPT_SECONDS = 0.01  # so that soft onsets are not clipped
FADE_SECONDS = 0.003  # so that cut edges do not click


def finish_speech(waveform: np.ndarray, rate: int, silence_ratio: float = SILENCE_RATIO) -> Speech:
    """Turn float samples (mono, any level) at `rate` into level, trimmed, 24 kHz speech."""
    trimmed = trim_silence(waveform.astype(np.float32), rate, silence_ratio)
    if trimmed.size == 0:
        return Speech(b"")
    if rate != SPOKEN_RATE:
        trimmed = soxr.resample(trimmed, rate, SPOKEN_RATE)
    levelled = fade_edges(level(trimmed))
    return Speech((np.clip(levelled, -1, 1) * 32767).astype("<i2").tobytes())


def trim_silence(
    waveform: np.ndarray, rate: int, silence_ratio: float = SILENCE_RATIO
) -> np.ndarray:
    """Cut what is quieter than `silence_ratio` of the loudest 5 ms, at both ends."""
    window = max(1, int(rate * WINDOW_SECONDS))
    count = len(waveform) // window
    if count == 0:
        return waveform[:0]
    energy = np.sqrt(np.mean(waveform[: count * window].reshape(count, window) ** 2, axis=1))
    loud = np.flatnonzero(energy > max(float(energy.max()) * silence_ratio, 1e-4))
    if loud.size == 0:
        return waveform[:0]
    kept = int(rate * KEPT_SECONDS)
    start = max(0, int(loud[0]) * window - kept)
    return waveform[start : (int(loud[-1]) + 1) * window + kept]


def level(waveform: np.ndarray) -> np.ndarray:
    """Scale to -20 dBFS RMS without clipping a peak."""
    rms = float(np.sqrt(np.mean(waveform**2)))
    peak = float(np.abs(waveform).max())
    if rms == 0 or peak == 0:
        return waveform
    return waveform * min(TARGET_RMS / rms, PEAK_LIMIT / peak)


def fade_edges(waveform: np.ndarray) -> np.ndarray:
    length = min(int(SPOKEN_RATE * FADE_SECONDS), len(waveform) // 2)
    if length == 0:
        return waveform
    ramp = np.linspace(0, 1, length, dtype=waveform.dtype)
    faded = waveform.copy()
    faded[:length] *= ramp
    faded[-length:] *= ramp[::-1]
    return faded
