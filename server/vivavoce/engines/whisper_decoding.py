"""One decoding of one window by Whisper: features, encoder, decoder, word times, filters."""

import math
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vivavoce.core.transcript import Word
from vivavoce.engines.lanes import JobDropped
from vivavoce.engines.model_files import first_bytes, missing, require_file, truncated, wrong_kind
from vivavoce.ports.engines import HEARD_RATE

SHORTEST_WINDOW_SECONDS = 10
FULL_WINDOW_SECONDS = 30
FRAMES_PER_SECOND = 100
TOKENS_PER_SECOND = 8  # the fastest speech seen; bounds a decoding that has gone astray
SPARE_TOKENS = 24
CONTEXT_WORDS = 40
CONTEXT_TOKENS = 120

# The thresholds of the Whisper paper's own decoding.
NO_SPEECH_PROBABILITY = 0.6
LOWEST_AVERAGE_LOG_PROBABILITY = -1.0
COMPRESSION_RATIO = 2.4
UNREPEATED_NGRAM = 3

SPECIFICATION = b"WhisperSpec"
KIND = "a CTranslate2 Whisper"


def never() -> bool:
    return False


@dataclass(frozen=True)
class Passage:
    """A window of 16 kHz PCM16 that starts `start_ms` into the utterance.

    `prefix` are words inside the window that are settled; `context` are words before it. Asked in
    the middle of the work, `is_stale` tells whether anybody still needs it.
    """

    pcm: bytes
    start_ms: int
    prefix: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    is_stale: Callable[[], bool] = never


@dataclass(frozen=True)
class Decoded:
    tokens: list[int]
    average_log_probability: float
    no_speech_probability: float
    compression_ratio: float


class WhisperDecoder:
    """Blocking; used by one lane. `full_window` restores the 30 s window of the reference."""

    def __init__(self, folder: Path, threads: int, *, full_window: bool = False) -> None:
        from faster_whisper import WhisperModel

        check_files(folder)
        try:
            self._model: Any = WhisperModel(
                str(folder), device="auto", compute_type="auto", cpu_threads=threads
            )
        except (RuntimeError, ValueError) as error:
            raise truncated(folder / "model.bin") from error
        if self._model.feature_extractor.mel_filters.shape[0] != self._model.model.n_mels:
            raise wrong_kind(folder / "preprocessor_config.json", "of this Whisper")
        self._full_window = full_window
        self._tokenizers: dict[str, Any] = {}
        self.languages = frozenset(c for c in self._model.supported_languages if len(c) == 2)

    def decode(self, passage: Passage, language: str) -> tuple[Word, ...]:
        """The words of the window, settled ones first, with times on the utterance's clock.

        Raises `JobDropped` when they turn out to be needed no more.
        """
        tokenizer = self._tokenizer(language)
        samples = np.frombuffer(passage.pcm, "<i2").astype(np.float32) / 32768
        encoded = self._encode(samples)
        if passage.is_stale():  # the rest takes as long again, and somebody waits for the engine
            raise JobDropped
        spoken = joined(passage.prefix)
        prefix = tokenizer.encode(spoken) if spoken else []
        found = self._generate(encoded, passage, tokenizer, prefix)
        if is_repetitive(found):
            found = self._generate(encoded, passage, tokenizer, prefix, UNREPEATED_NGRAM)
        if is_silence(found) or is_repetitive(found):
            found = replace(found, tokens=[])
        tokens = [*prefix, *found.tokens]
        frames = len(samples) * FRAMES_PER_SECOND // HEARD_RATE
        return self._words(encoded, tokenizer, tokens, frames, passage.start_ms)

    def _encode(self, samples: np.ndarray) -> Any:  # noqa: ANN401 - CTranslate2 storage
        seconds = window_seconds(len(samples) / HEARD_RATE, full=self._full_window)
        padded = np.pad(samples, (0, max(0, seconds * HEARD_RATE - len(samples))))
        features = self._model.feature_extractor(padded, padding=0)
        return self._model.encode(features[:, : seconds * FRAMES_PER_SECOND].astype(np.float32))

    def _generate(
        self,
        encoded: Any,  # noqa: ANN401
        passage: Passage,
        tokenizer: Any,  # noqa: ANN401
        prefix: list[int],
        unrepeated: int = 0,
    ) -> Decoded:
        context = joined(passage.context[-CONTEXT_WORDS:])
        before = tokenizer.encode(context)[-CONTEXT_TOKENS:] if context else []
        prompt = [tokenizer.sot_prev, *before] if before else []
        prompt += [*tokenizer.sot_sequence, tokenizer.no_timestamps, *prefix]
        seconds = len(passage.pcm) / 2 / HEARD_RATE
        allowed = int(seconds * TOKENS_PER_SECOND) + SPARE_TOKENS - len(prefix)
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            max_length=min(self._model.max_length, len(prompt) + max(allowed, SPARE_TOKENS)),
            no_repeat_ngram_size=unrepeated,
            return_scores=True,
            return_no_speech_prob=True,
            sampling_temperature=0,
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < tokenizer.eot]
        total = result.scores[0] * max(len(tokens), 1)
        average = total / (len(tokens) + 1)
        text = tokenizer.decode([*prefix, *tokens]).encode()
        ratio = len(text) / len(zlib.compress(text)) if text else 0.0
        return Decoded(tokens, average, result.no_speech_prob, ratio)

    def _words(
        self,
        encoded: Any,  # noqa: ANN401
        tokenizer: Any,  # noqa: ANN401
        tokens: list[int],
        frames: int,
        start_ms: int,
    ) -> tuple[Word, ...]:
        from faster_whisper.transcribe import merge_punctuations

        if not tokens or frames < 2:
            return ()
        alignment = self._model.find_alignment(tokenizer, [tokens], encoded, frames)[0]
        merge_punctuations(alignment, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")  # noqa: RUF001
        length_ms = frames * 1000 // FRAMES_PER_SECOND
        return tuple(
            Word(
                piece["word"].strip(),
                start_ms + within(float(piece["start"]), length_ms),
                start_ms + within(float(piece["end"]), length_ms),
                round(float(piece["probability"]), 4),
            )
            for piece in alignment
            if piece["word"].strip()
        )

    def _tokenizer(self, language: str) -> Any:  # noqa: ANN401
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            self._tokenizers[language] = Tokenizer(
                self._model.hf_tokenizer,
                self._model.model.is_multilingual,
                task="transcribe",
                language=language,
            )
        return self._tokenizers[language]


def within(seconds: float, length_ms: int) -> int:
    """Milliseconds inside the audio; the alignment may step over its edges."""
    return min(max(round(seconds * 1000), 0), length_ms)


def window_seconds(audio_seconds: float, *, full: bool = False) -> int:
    """`max(10 s, audio + 1 s)` in whole seconds, at most 30 s.

    Whisper was trained on 30 s with silence behind; a second of it is enough to end on. What the
    encoder costs grows with every second.
    """
    if full:
        return FULL_WINDOW_SECONDS
    needed = max(SHORTEST_WINDOW_SECONDS, math.ceil(audio_seconds) + 1)
    return min(needed, FULL_WINDOW_SECONDS)


def is_silence(found: Decoded) -> bool:
    return (
        found.no_speech_probability > NO_SPEECH_PROBABILITY
        and found.average_log_probability < LOWEST_AVERAGE_LOG_PROBABILITY
    )


def is_repetitive(found: Decoded) -> bool:
    return found.compression_ratio > COMPRESSION_RATIO


def joined(words: tuple[str, ...]) -> str:
    """Words as Whisper's tokenizer expects running text: with a leading space."""
    return " " + " ".join(words) if words else ""


def check_files(folder: Path) -> None:
    """Raise `EngineFailure` unless the folder holds a CTranslate2 Whisper with its tokenizer.

    A missing tokenizer matters: faster-whisper would quietly try to download one.
    """
    if not folder.is_dir():
        raise missing(folder)
    weights = require_file(folder / "model.bin")
    require_file(folder / "tokenizer.json")
    require_file(folder / "config.json")
    # model.bin begins with a version (4 bytes) and the name of what it holds (2 bytes of length).
    header = first_bytes(weights, 6)
    if len(header) < 6:
        raise truncated(weights)
    length = struct.unpack("<IH", header)[1]
    if not first_bytes(weights, 6 + length)[6:].startswith(SPECIFICATION):
        raise wrong_kind(weights, KIND)
