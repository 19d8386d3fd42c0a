"""Whisper on an OpenAI-compatible server: the streaming is ours, only the decoding is there."""

import asyncio
import io
import json
import wave
from typing import Any

from vivavoce.core.errors import EngineFailure
from vivavoce.core.transcript import Word
from vivavoce.engines.lanes import Lane
from vivavoce.engines.languages import iso_language
from vivavoce.engines.remote import EXPECTED_LANGUAGES, RemoteFailure, readable
from vivavoce.engines.remote_client import RemoteClient, Sent
from vivavoce.engines.silero import SileroSession
from vivavoce.engines.transcriber_whisper import WhisperStream
from vivavoce.engines.whisper_decoding import Passage, joined
from vivavoce.ports.engines import HEARD_RATE

PATH = "audio/transcriptions"
UNTOLD_PROBABILITY = 0.9  # the interface gives none for words
GREETING = Passage(bytes(HEARD_RATE), 0)  # half a second of silence


class RemoteTranscriber:
    """`Transcriber`; what looks at the sound runs in the lane's threads, and each of them waits for
    one request, which is made on the event loop like all others.
    """

    languages = EXPECTED_LANGUAGES

    def __init__(self, client: RemoteClient, lane: Lane, vad: SileroSession) -> None:
        self.name = client.server.name
        self._model = client.server.access.model
        self._client = client
        self._lane = lane
        self._vad = vad
        self._plainly = False  # the server was found to give text only

    def open(self, session: str, language: str) -> WhisperStream:
        code = iso_language(language)
        if code not in self.languages:
            raise EngineFailure("language_unsupported", "The model does not know that language.")
        loop = asyncio.get_running_loop()

        def decode(passage: Passage) -> tuple[Word, ...]:
            request = asyncio.run_coroutine_threadsafe(self._decode(passage, code), loop)
            return request.result()

        return WhisperStream(session, decode, self._lane, self._vad)

    async def greet(self) -> None:
        """A request as small as they come, to find out whether the server answers."""
        await self._decode(GREETING, "en")

    async def _decode(self, passage: Passage, language: str) -> tuple[Word, ...]:
        fields = {"model": self._model, "language": language}
        timed = fields | {
            "response_format": "verbose_json",
            "timestamp_granularities[]": "word",
            "prompt": joined(passage.context).strip(),
        }
        files = {"file": ("answer.wav", wav_of(passage.pcm), "audio/wav")}
        plain = Sent(data=fields | {"response_format": "json"}, files=files)
        if self._plainly:
            answer = await self._client.fetch(PATH, plain)
        else:
            answer = await self._timed(Sent(data=timed, files=files), plain)
        with readable():
            return words_of(json.loads(answer), passage)

    async def _timed(self, timed: Sent, plain: Sent) -> bytes:
        """With times for words; a server that refuses to tell them is not asked for them again."""
        try:
            return await self._client.fetch(PATH, timed)
        except RemoteFailure as failure:
            if not failure.dislikes_fields:
                raise
        answer = await self._client.fetch(PATH, plain)
        self._plainly = True
        return answer


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
