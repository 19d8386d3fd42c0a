"""Engines that cost nothing, so that what is left is the price of a live interview itself.

Only hearing, phrasing and speaking are stubbed. Voice activity detection is real: it judges every
frame of every interview, whatever the other engines are.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np

from vivavoce.core.model_manifest import Role
from vivavoce.core.transcript import Word
from vivavoce.engines.gathering import Gathering
from vivavoce.engines.select import EngineChoice, EngineNote, Engines
from vivavoce.engines.silero import SileroSession
from vivavoce.engines.speech_cache import CachedSynthesizer
from vivavoce.engines.vad import GatedSileroDetector
from vivavoce.ports.engines import HEARD_RATE, SPOKEN_RATE, Hypothesis, Speech
from vivavoce.services.bench.voice import audible_end

WORD_MS = 400
BYTES_PER_MS = 2 * HEARD_RATE // 1000
CHARACTER_MS = 60
SILENCE_MS = 60  # the crowd's voices have no longer one before they are done
CLOSING = ("that's", "it")
TONE_HERTZ, TONE_LEVEL = 220, 6000
REASON = "It is stubbed, to measure everything else."


class CountingTranscriber:
    """Hears a word in every `WORD_MS` of sound, and in a pause words that say that all is said.

    So every turn is over as soon as one can be, and what an answer waits for is the server.
    """

    name = "stub"
    languages = frozenset({"en"})

    def open(self, session: str, language: str) -> "CountingStream":
        return CountingStream()


class CountingStream:
    def __init__(self) -> None:
        self._fed_bytes = 0
        self._newest = b""

    def feed(self, pcm: bytes) -> None:
        self._fed_bytes += len(pcm)
        self._newest = (self._newest + pcm)[-SILENCE_MS * BYTES_PER_MS :]

    async def partial(self) -> Hypothesis:
        return self._heard()

    async def final(self) -> Hypothesis:
        return self._heard()

    async def close(self) -> None:
        return

    def _heard(self) -> Hypothesis:
        count = self._fed_bytes // BYTES_PER_MS // WORD_MS
        texts = [f"word{n}" for n in range(1, count + 1)]
        if count >= len(CLOSING) and audible_end(np.frombuffer(self._newest, "<i2")) == 0:
            texts[-len(CLOSING) :] = CLOSING
        words = tuple(
            Word(text, n * WORD_MS, (n + 1) * WORD_MS, 0.9) for n, text in enumerate(texts)
        )
        return Hypothesis(words, max(0, count - 1))


class ToneSynthesizer:
    """Speaks any text as a tone of the length that the text would have."""

    name = "stub"
    file_hash = "stub"
    languages = frozenset({"en"})

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        samples = np.arange(len(text) * CHARACTER_MS * SPOKEN_RATE // 1000)
        tone = np.sin(2 * np.pi * TONE_HERTZ * samples / SPOKEN_RATE) * TONE_LEVEL
        return Speech(tone.astype("<i2").tobytes())


class SilentDetector:
    """Hears nothing in any pause: the words decide."""

    name = "stub"

    async def completion_probability(self, pcm: bytes) -> float | None:
        return None


@asynccontextmanager
async def open_stubbed_engines(choice: EngineChoice) -> AsyncIterator[Engines]:
    silero = await asyncio.to_thread(SileroSession)
    gathering = Gathering(silero)
    yield Engines(
        CountingTranscriber(),
        None,
        CachedSynthesizer(ToneSynthesizer(), choice.cache_dir),
        SilentDetector(),
        None,
        lambda: GatedSileroDetector(gathering),
        tuple(EngineNote(role, "stub", True, REASON) for role in Role),
    )
