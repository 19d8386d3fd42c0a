"""What a microphone hears beside words: coughs, a door, keys, breath, music, other people, echo.

Everything is made from a seeded generator: float samples at 16 kHz, about as loud as speech (-20 dB
RMS) until somebody makes them quieter.
"""

from collections.abc import Sequence

import numpy as np
from numpy.fft import irfft, rfft, rfftfreq

from vivavoce.ports.engines import HEARD_RATE

SPEECH_RMS = 0.1


def quieter(samples: np.ndarray, decibels: float) -> np.ndarray:
    scaled: np.ndarray = samples * 10 ** (-decibels / 20)
    return scaled


def cough(random: np.random.Generator) -> np.ndarray:
    """A sharp burst and a longer one, of breath through an open throat."""
    bursts = [
        _banded(_noise(random, seconds), 250, 3500) * _decay(seconds, seconds / 4)
        for seconds in (0.18, 0.28)
    ]
    pause = np.zeros(_count(0.09))
    return _levelled(np.concatenate([bursts[0], pause, bursts[1]]))


def murmur(pitch_hz: float) -> np.ndarray:
    """ "Mm-hm" with closed lips: two falling and rising hums, and a little breath between them."""
    seconds = 0.52
    at = np.arange(_count(seconds)) / HEARD_RATE
    glide = pitch_hz * (1 + 0.25 * np.sin(2 * np.pi * (at / seconds - 0.3)))
    phase = 2 * np.pi * np.cumsum(glide) / HEARD_RATE
    voiced = np.sum([np.sin(n * phase) / n**1.6 for n in range(1, 12)], axis=0)
    swell = np.abs(np.sin(2 * np.pi * at / (2 * seconds / 2))) ** 0.6
    return _levelled(voiced * swell)


def door(random: np.random.Generator) -> np.ndarray:
    """A thud below the range of speech, and the click of the lock."""
    thud = _banded(_noise(random, 0.5), 40, 220) * _decay(0.5, 0.09)
    click = np.zeros(_count(0.5))
    at = _count(0.16)
    click[at : at + _count(0.03)] = _noise(random, 0.03) * _decay(0.03, 0.006) * 0.4
    return _levelled(thud / np.abs(thud).max() + click)


def keyboard(random: np.random.Generator, seconds: float = 2.5) -> np.ndarray:
    """About seven keys a second, each a click down and a softer one up."""
    samples = np.zeros(_count(seconds))
    at = 0.05
    while at < seconds - 0.2:
        for offset, loud in ((0.0, 1.0), (float(random.uniform(0.05, 0.09)), 0.5)):
            stroke = _banded(_noise(random, 0.02), 1500, 7000) * _decay(0.02, 0.004)
            begin = _count(at + offset)
            samples[begin : begin + len(stroke)] += stroke * loud * random.uniform(0.6, 1.0)
        at += float(random.uniform(0.08, 0.22))
    return quieter(_levelled(samples), 6)


def breath(random: np.random.Generator) -> np.ndarray:
    seconds = 0.8
    swell = np.sin(np.linspace(0, np.pi, _count(seconds))) ** 2
    return quieter(_levelled(_banded(_noise(random, seconds), 300, 2500) * swell), 14)


def hum(seconds: float) -> np.ndarray:
    """Mains and a fan."""
    at = np.arange(_count(seconds)) / HEARD_RATE
    overtones = [np.sin(2 * np.pi * 50 * n * at) / n for n in (1, 2, 3, 5)]
    return _levelled(np.sum(overtones, axis=0))


def music(random: np.random.Generator, seconds: float) -> np.ndarray:
    """Chords of four plucked notes, one every half second."""
    samples = np.zeros(_count(seconds) + HEARD_RATE)
    for beat in range(int(seconds * 2)):
        root = 110 * 2 ** (random.integers(0, 12) / 12)
        at = np.arange(_count(0.9)) / HEARD_RATE
        notes = [
            np.sin(2 * np.pi * root * ratio * n * at) / n
            for ratio in (1, 1.25, 1.5, 2)
            for n in (1, 2, 3)
        ]
        chord = np.sum(notes, axis=0)
        begin = _count(beat / 2)
        samples[begin : begin + len(at)] += chord * np.exp(-at / 0.35)
    return _levelled(samples[: _count(seconds)])


def babble(voices: Sequence[np.ndarray], seconds: float) -> np.ndarray:
    """Several people at once, each from another place in what they say."""
    length = _count(seconds)
    parts = [
        np.resize(np.roll(voice, -index * len(voice) // len(voices)), length)
        for index, voice in enumerate(voices)
    ]
    return _levelled(np.sum(parts, axis=0))


def loudspeaker_response(random: np.random.Generator) -> np.ndarray:
    """What a microphone hears of an impulse: it is 80 ms late and fades over a third of a second.

    As loud, all in all, as the impulse itself.
    """
    direct = np.ones(1)
    tail = _noise(random, 0.33) * _decay(0.33, 0.07)
    tail *= 0.5 / np.sqrt(np.sum(tail**2))
    response = np.concatenate([np.zeros(_count(0.08)), direct, tail])
    unit: np.ndarray = (response / np.sqrt(np.sum(response**2))).astype(np.float32)
    return unit


def _count(seconds: float) -> int:
    return round(seconds * HEARD_RATE)


def _noise(random: np.random.Generator, seconds: float) -> np.ndarray:
    return random.normal(0.0, 1.0, _count(seconds))


def _decay(seconds: float, time_constant: float) -> np.ndarray:
    return np.exp(-np.arange(_count(seconds)) / HEARD_RATE / time_constant)


def _banded(samples: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    spectrum = rfft(samples)
    frequencies = rfftfreq(len(samples), 1 / HEARD_RATE)
    spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0
    return irfft(spectrum, len(samples))


def _levelled(samples: np.ndarray) -> np.ndarray:
    rms = float(np.sqrt(np.mean(samples**2)))
    peak = float(np.abs(samples).max())
    levelled: np.ndarray = samples * min(SPEECH_RMS / rms, 0.9 / peak)
    return levelled.astype(np.float32)
