"""Speech that the tests make with the embedded voice, as a microphone would hear it."""

import numpy as np
import soxr
from vivavoce.engines.lanes import Lane
from vivavoce.engines.synthesizer_espeak import EspeakSynthesizer
from vivavoce.ports.engines import HEARD_RATE, SPOKEN_RATE

FRAME_BYTES = 1024


async def said(text: str, voice: str | None = None) -> bytes:
    """16 kHz PCM16 of the text."""
    lane = Lane("speaking")
    synthesizer = await EspeakSynthesizer.open(lane)
    speech = await synthesizer.synthesize(text, language="en", voice=voice)
    await lane.close()
    return at_heard_rate(speech.pcm)


def at_heard_rate(pcm: bytes) -> bytes:
    samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
    heard = soxr.resample(samples, SPOKEN_RATE, HEARD_RATE)
    clipped: np.ndarray = np.clip(heard, -1, 1) * 32767
    return clipped.astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * HEARD_RATE) * 2)


def room_noise(seconds: float, level: float = 0.002) -> bytes:
    noise = np.random.default_rng(1).standard_normal(int(seconds * HEARD_RATE)) * level
    return (noise * 32767).astype("<i2").tobytes()


def frames(pcm: bytes) -> list[bytes]:
    return [pcm[i : i + FRAME_BYTES] for i in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES)]
