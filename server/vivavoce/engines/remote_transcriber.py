"""Whisper on an OpenAI-compatible server: the streaming is ours, only the decoding is there."""

import io
import wave
from typing import Any

import httpx

from vivavoce.core.errors import EngineFailure
from vivavoce.core.transcript import Word
from vivavoce.engines.lanes import Lane
from vivavoce.engines.languages import iso_language
from vivavoce.engines.remote import (
    EXPECTED_LANGUAGES,
    TIMEOUT,
    RemoteServer,
    remote_failures,
    require_success,
)
from vivavoce.engines.transcriber_whisper import WhisperStream
from vivavoce.engines.vad import SileroSession
from vivavoce.engines.whisper_decoding import Passage, joined
from vivavoce.ports.engines import HEARD_RATE

UNTOLD_PROBABILITY = 0.9  # the interface gives none for words


class RemoteTranscriber:
    """`Transcriber`; each lane keeps one request under way, and a session stays in its lane."""

    languages = EXPECTED_LANGUAGES

    def __init__(self, server: RemoteServer, lanes: list[Lane], vad: SileroSession) -> None:
        self.name = server.name
        self._server = server
        self._lanes = lanes
        self._vad = vad
        self._opened = 0
        self._client = httpx.Client(timeout=TIMEOUT, headers=server.headers)

    def open(self, session: str, language: str) -> WhisperStream:
        code = iso_language(language)
        if code not in self.languages:
            raise EngineFailure("language_unsupported", "The model does not know that language.")

        def decode(passage: Passage) -> tuple[Word, ...]:
            return self._decode(passage, code)

        self._opened += 1
        return WhisperStream(
            session, decode, self._lanes[self._opened % len(self._lanes)], self._vad
        )

    async def close(self) -> None:
        self._client.close()

    def _decode(self, passage: Passage, language: str) -> tuple[Word, ...]:
        fields = {
            "model": self._server.access.model,
            "language": language,
            "response_format": "verbose_json",
            "timestamp_granularities[]": "word",
            "prompt": joined(passage.context).strip(),
        }
        audio = {"file": ("answer.wav", wav_of(passage.pcm), "audio/wav")}
        with remote_failures():
            address = self._server.address("audio/transcriptions")
            response = self._client.post(address, data=fields, files=audio)
            require_success(response)
            return words_of(response.json(), passage)


def wav_of(pcm: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(HEARD_RATE)
        file.writeframes(pcm)
    return out.getvalue()


def words_of(answer: dict[str, Any], passage: Passage) -> tuple[Word, ...]:
    """Words with times; a server that gives only text gets its words spread evenly."""
    if answer.get("words"):
        return tuple(
            Word(
                str(word["word"]).strip(),
                passage.start_ms + round(float(word["start"]) * 1000),
                passage.start_ms + round(float(word["end"]) * 1000),
                float(word.get("probability") or UNTOLD_PROBABILITY),
            )
            for word in answer["words"]
        )
    texts = str(answer["text"]).split()
    length_ms = len(passage.pcm) * 1000 // 2 // HEARD_RATE
    edges = [
        passage.start_ms + length_ms * index // max(len(texts), 1)
        for index in range(len(texts) + 1)
    ]
    return tuple(
        Word(text, edges[index], edges[index + 1], UNTOLD_PROBABILITY)
        for index, text in enumerate(texts)
    )
