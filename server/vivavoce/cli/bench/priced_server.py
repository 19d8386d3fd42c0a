"""Engines of known cost behind the OpenAI interface, in a process of their own.

What a conversation costs beyond its engines can be compared between programs only when the engines
cost the same in each. These do no work: they wait for as long as theirs is said to take, and answer
over real HTTP on loopback.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import count

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from vivavoce.core.errors import EngineFailure
from vivavoce.ports.engines import SPOKEN_RATE

START = "from vivavoce.cli.bench.priced_server import main; main()"
MS_PER_WORD_SPOKEN = 350
HUM = (np.sin(np.arange(SPOKEN_RATE * 60) * 0.04) * 8000).astype("<i2")
FIRST_AUDIO_SAMPLES = SPOKEN_RATE // 10
PROBES = (
    "What was your own part in that, and what came of it in the end?",
    "Which step took the longest, and how did you notice that it did?",
    "Who else was touched by the change, and what did they say about it?",
    "How did you find out that it had worked the way you wanted it to?",
    "What would have happened if you had left everything as it was before?",
    "Can you tell me how you decided between the ways that were open to you?",
    "What did you try first, and why was that not enough to solve it?",
)


@dataclass(frozen=True)
class Prices:
    """`real_time_factor`: how long speech takes after its first tenth of a second."""

    transcription_ms: int = 250
    first_word_ms: int = 150
    words_per_second: int = 25
    first_audio_ms: int = 200
    real_time_factor: float = 0.05

    def __str__(self) -> str:
        return (
            f"speech to text {self.transcription_ms} ms, first word {self.first_word_ms} ms, then "
            f"{self.words_per_second} words/s, first audio {self.first_audio_ms} ms, then "
            f"{1 / self.real_time_factor:.0f} times as fast as it is spoken"
        )


def application(prices: Prices) -> Starlette:
    asked = count()

    async def transcribe(request: Request) -> Response:
        async with request.form() as form:
            await asyncio.sleep(prices.transcription_ms / 1000)
            language = str(form["language"])
        return JSONResponse({"text": "", "language": language, "words": []})

    async def chat(request: Request) -> Response:
        body = await request.json()
        may_probe = '"PROBE: "' in body.get("grammar", '"PROBE: "')
        reply = f"PROBE: {PROBES[next(asked) % len(PROBES)]}" if may_probe else "NEXT:"
        return StreamingResponse(written(reply, prices), media_type="text/event-stream")

    async def speak(request: Request) -> Response:
        text = (await request.json())["input"]
        return StreamingResponse(spoken(text, prices), media_type="audio/pcm")

    return Starlette(
        routes=[
            Route("/v1/models", lambda _: JSONResponse({"data": []})),
            Route("/v1/audio/transcriptions", transcribe, methods=["POST"]),
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/v1/audio/speech", speak, methods=["POST"]),
        ]
    )


async def written(reply: str, prices: Prices) -> AsyncIterator[str]:
    """The move comes with the first word; every further word in its turn."""
    move, *words = reply.split()
    wait = prices.first_word_ms / 1000
    for piece in (" ".join((move, *words[:1])), *(f" {word}" for word in words[1:])):
        await asyncio.sleep(wait)
        yield f"data: {json.dumps({'choices': [{'delta': {'content': piece}}]})}\n\n"
        wait = 1 / prices.words_per_second
    yield "data: [DONE]\n\n"


async def spoken(text: str, prices: Prices) -> AsyncIterator[bytes]:
    samples = len(text.split()) * SPOKEN_RATE * MS_PER_WORD_SPOKEN // 1000
    pcm = HUM[: min(samples, len(HUM))]
    await asyncio.sleep(prices.first_audio_ms / 1000)
    for begin in range(0, len(pcm), FIRST_AUDIO_SAMPLES):
        piece = pcm[begin : begin + FIRST_AUDIO_SAMPLES]
        if begin:
            await asyncio.sleep(len(piece) / SPOKEN_RATE * prices.real_time_factor)
        yield piece.tobytes()


@asynccontextmanager
async def priced_server(prices: Prices) -> AsyncIterator[str]:
    """The address of a server in a process of its own, which ends with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        START,
        json.dumps(asdict(prices)),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is None or not (line := await process.stdout.readline()):
            raise EngineFailure("bench_server", "The server of the bench did not start.")
        yield line.decode().strip()
    finally:
        process.terminate()
        await process.wait()


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/v1", flush=True)
    prices = Prices(**json.loads(sys.argv[1]))
    config = uvicorn.Config(application(prices), log_config=None, access_log=False)
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
