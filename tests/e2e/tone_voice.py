"""An interviewer whose every word is a tone, so that a hole in the sound can be measured."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.e2e.house import free_port

RATE = 24_000
TONE_HZ = 400
CHARACTERS_PER_SECOND = 15


async def speak(request: Request) -> Response:
    """What an OpenAI-compatible server answers to `audio/speech`: bare PCM."""
    text: str = (await request.json())["input"]
    seconds = np.arange(RATE * max(1, len(text)) // CHARACTERS_PER_SECOND) / RATE
    tone = 8_000 * np.sin(2 * np.pi * TONE_HZ * seconds)
    return Response(tone.astype("<i2").tobytes(), media_type="audio/pcm")


@contextmanager
def tone_voice() -> Iterator[str]:
    """Yields the `/v1` address of the speech server."""
    port = free_port()
    app = Starlette(routes=[Route("/v1/audio/speech", speak, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.should_exit = True
        thread.join()
