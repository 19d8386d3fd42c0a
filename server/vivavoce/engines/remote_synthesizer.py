"""A voice on an OpenAI-compatible server: Kokoro-FastAPI, speaches and the like."""

import httpx
import numpy as np

from vivavoce.engines.remote import (
    EXPECTED_LANGUAGES,
    TIMEOUT,
    RemoteServer,
    remote_failures,
    require_success,
)
from vivavoce.engines.waveforms import finish_speech
from vivavoce.ports.engines import SPOKEN_RATE, Speech

DEFAULT_VOICE = "alloy"


class RemoteSynthesizer:
    """`Synthesizer`; asks for bare PCM, which the interface defines as 24 kHz, 16 bits, mono."""

    languages = EXPECTED_LANGUAGES

    def __init__(self, server: RemoteServer) -> None:
        self.name = server.name
        self.file_hash = f"{server.url} {server.access.model}"
        self._server = server
        self._client = httpx.AsyncClient(timeout=TIMEOUT, headers=server.headers)

    async def synthesize(
        self,
        text: str,
        *,
        language: str,
        voice: str | None = None,
        speed: float = 1.0,
        ahead: bool = False,
    ) -> Speech:
        body = {
            "model": self._server.access.model,
            "input": text,
            "voice": voice or DEFAULT_VOICE,
            "speed": speed,
            "response_format": "pcm",
        }
        with remote_failures():
            response = await self._client.post(self._server.address("audio/speech"), json=body)
            require_success(response)
        samples = np.frombuffer(response.content[: len(response.content) // 2 * 2], "<i2")
        return finish_speech(samples.astype(np.float32) / 32768, SPOKEN_RATE)

    async def close(self) -> None:
        await self._client.aclose()
