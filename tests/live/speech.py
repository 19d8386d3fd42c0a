"""Sounds for the candidate's microphone, 16 kHz PCM16."""

from functools import cache

import numpy as np
import soxr
from numpy.typing import NDArray
from vivavoce.engines.synthesizer_espeak import EspeakLibrary

RATE = 16_000


@cache
def _voice() -> EspeakLibrary:
    return EspeakLibrary()


@cache
def spoken(text: str) -> bytes:
    samples, rate = _voice().speak(text, "en-us", 1.0)
    return _pcm(np.asarray(soxr.resample(samples, rate, RATE), np.float32))


def hiss(seconds: float, level: float = 0.003) -> bytes:
    """The noise of a room."""
    noise = np.random.default_rng(7).normal(0, level, int(seconds * RATE))
    return _pcm(noise.astype(np.float32))


def chords(seconds: float) -> bytes:
    """A keyboard that plays a chord a second."""
    at = np.arange(int(seconds * RATE)) / RATE
    fades = np.exp(-3 * (at % 1.0))
    tones = sum(np.sin(2 * np.pi * hertz * at) for hertz in (261.6, 329.6, 392.0))
    return _pcm((0.1 * fades * tones).astype(np.float32))


def _pcm(samples: NDArray[np.float32]) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
