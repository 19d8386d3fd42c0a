"""A voice on an OpenAI-compatible server: Kokoro-FastAPI, speaches and the like."""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from vivavoce.engines.lanes import JobTimes, spoken_kind
from vivavoce.engines.remote import EXPECTED_LANGUAGES
from vivavoce.engines.remote_client import RemoteClient, Sent
from vivavoce.engines.waveforms import finish_speech
from vivavoce.ports.engines import SPOKEN_RATE, Speech

DEFAULT_VOICE = "alloy"


class RemoteSynthesizer:
    """`Synthesizer`; asks for bare PCM, which the interface defines as 24 kHz, 16 bits, mono."""

    languages = EXPECTED_LANGUAGES

    def __init__(
        self, client: RemoteClient, observe: Callable[[JobTimes], None] | None = None
    ) -> None:
        server = client.server
        self.name = server.name
        self.file_hash = f"{server.url} {server.access.model}"
        self._model = server.access.model
        self._client = client
        self._patient = client.patient()
        self._observe = observe

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
            "model": self._model,
            "input": text,
            "voice": voice or DEFAULT_VOICE,
            "speed": speed,
            "response_format": "pcm",
        }
        client = self._patient if ahead else self._client
        began = perf_counter()
        pcm = await client.fetch("audio/speech", Sent(json=body))
        if self._observe is not None:
            ran = (perf_counter() - began) * 1e3
            self._observe(JobTimes("synthesizer", "", spoken_kind(ahead=ahead), 0.0, ran))
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2")
        return finish_speech(samples.astype(np.float32) / 32768, SPOKEN_RATE)

    async def greet(self) -> None:
        """A request as small as they come, to find out whether the server answers."""
        await self.synthesize("Hello.", language="en")
