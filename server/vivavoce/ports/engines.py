"""The roles that models play. Audio is mono PCM16, little-endian: 16 kHz heard, 24 kHz spoken.

Engines do their work in lanes outside the event loop; every coroutine here may be cancelled, and a
cancelled call neither blocks nor corrupts the engine. A broken engine raises `EngineFailure`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from vivavoce.core.transcript import Word

HEARD_RATE = 16_000
SPOKEN_RATE = 24_000


class VoiceActivityDetector(Protocol):
    """Judges one conversation's microphone; keeps state between frames."""

    async def foresee(self, frame: bytes) -> None:
        """Judge the next frame together with those of other conversations, within 10 ms.

        `speech_probability`, asked for it afterwards, says the same and costs nothing. If it never
        is, nothing has happened.
        """
        ...

    def speech_probability(self, frame: bytes) -> float:
        """Probability of speech in the next 512 samples (1024 bytes), 0.0-1.0. Under 1 ms."""
        ...

    def reset(self) -> None: ...


@dataclass(frozen=True)
class Hypothesis:
    """Words so far; times are ms from the first sample fed.

    The first `stable` words will not change any more.
    """

    words: tuple[Word, ...]
    stable: int = 0

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class TranscriptionStream(Protocol):
    """One utterance being transcribed while it is spoken. Close it exactly once."""

    def feed(self, pcm: bytes) -> None:
        """Append 16 kHz samples. Never blocks."""
        ...

    async def partial(self) -> Hypothesis:
        """What is known now; may skip the newest audio, and may be dropped under load."""
        ...

    async def final(self) -> Hypothesis:
        """Words of everything fed before the call. Feeding may go on afterwards."""
        ...

    async def close(self) -> None: ...


class Transcriber(Protocol):
    name: str  # e.g. "faster-whisper base"
    languages: frozenset[str]  # ISO 639-1 codes that it transcribes

    def open(self, session: str, language: str) -> TranscriptionStream: ...


class LanguageModel(Protocol):
    name: str
    file_hash: str  # sha256 of the weights, or "" for a remote model

    async def prefill(self, session: str, prompt: str) -> None:
        """Put `prompt` into the session's cache so that a longer prompt only pays for its tail."""
        ...

    def generate(
        self,
        session: str,
        prompt: str,
        *,
        grammar: str | None = None,
        max_tokens: int = 160,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> AsyncIterator[str]:
        """Stream text pieces. `prompt` is as `chat_prompt` rendered it; `grammar` is GBNF."""
        ...

    def chat_prompt(self, messages: tuple[tuple[str, str], ...], *, open_reply: bool = True) -> str:
        """Render (role, text) pairs with the model's own chat template.

        Append-only: a longer list extends the rendering of its prefix with `open_reply=False`.
        """
        ...

    async def release(self, session: str) -> None:
        """Forget the session's cache."""
        ...


@dataclass(frozen=True)
class Speech:
    """24 kHz mono PCM16 of one text, leading and trailing silence trimmed."""

    pcm: bytes
    lasting: bool = True  # False: by a stand-in, whose voice is not to be kept for later

    @property
    def samples(self) -> int:
        return len(self.pcm) // 2


class Synthesizer(Protocol):
    name: str
    file_hash: str
    languages: frozenset[str]

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        """Speak one clause or sentence. `voice=None` is the engine's default for the language.

        What is asked `ahead` is for later: it runs when nobody waits for anything else, and raises
        `AtCapacity` when there is no room for it.
        """
        ...


class TurnDetector(Protocol):
    """Judges by the sound alone; `core.turn_completion` weighs it with the words and the timing."""

    name: str

    async def completion_probability(self, pcm: bytes) -> float | None:
        """Probability that the candidate has finished, 0.0-1.0; None where the sound says nothing.

        `pcm` holds up to the last 8 s of 16 kHz audio including the silence.
        """
        ...
