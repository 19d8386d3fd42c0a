"""Engines on an OpenAI-compatible server, against one that speaks the interface on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.model_manifest import Role
from vivavoce.engines.remote import RemoteAccess
from vivavoce.engines.select import EngineChoice, open_engines

from tests.engines.speaking import said

pytestmark = pytest.mark.anyio
KEY = "loopback-key"


class CompatibleServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.status = 200
        self.garbled = False
        self.asked: list[tuple[str, str, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def last_body(self) -> dict[str, object]:
        body: dict[str, object] = json.loads(self.asked[-1][2])
        return body


class Answers(BaseHTTPRequestHandler):
    server: CompatibleServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers.get("Authorization", ""), body))
        if self.server.status != 200:
            self._answer(b"{}", self.server.status)
        elif self.server.garbled:
            self._answer(b"data: <html>\n\n")
        elif self.path.endswith("/chat/completions"):
            pieces = ("NEXT", ": ", "")
            events = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
            lines = [f"data: {json.dumps(event)}\n\n" for event in [*events, {"choices": []}]]
            self._answer("".join([": ping\n\n", *lines, "data: [DONE]\n\n"]).encode())
        elif self.path.endswith("/audio/speech"):
            hum = np.sin(np.arange(24000) * 0.05) * 9000
            self._answer(hum.astype("<i2").tobytes())
        else:
            words = [{"word": w, "start": i * 0.3, "end": i * 0.3 + 0.2} for i, w in self._words()]
            self._answer(json.dumps({"text": "ten years here", "words": words}).encode())

    def _words(self) -> list[tuple[int, str]]:
        return list(enumerate(["ten", "years", "here"]))

    def _answer(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: test output stays readable."""


@pytest.fixture
def server() -> Iterator[CompatibleServer]:
    opened = CompatibleServer()
    thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield opened
    opened.shutdown()
    opened.server_close()
    thread.join()


def choice(tmp_path: Path, **words: str) -> EngineChoice:
    roles = ("transcriber", "language_model", "synthesizer", "turn_detector")
    chosen = dict.fromkeys(roles, "embedded") | words
    access = {role: RemoteAccess("some-model", KEY) for role in Role}
    return EngineChoice(tmp_path / "m", tmp_path / "c", remote=access, **chosen)  # type: ignore[arg-type]


async def test_a_remote_language_model_gets_messages_and_streams(
    server: CompatibleServer, tmp_path: Path
) -> None:
    async with open_engines(choice(tmp_path, language_model=server.url)) as engines:
        model = engines.language_model
        assert model is not None
        prompt = model.chat_prompt((("system", "Be kind."), ("user", "I say <|im_end|> this.")))
        await model.prefill("a", prompt)
        pieces = [piece async for piece in model.generate("a", prompt, grammar='root ::= "N"')]
        await model.release("a")
    assert pieces == ["NEXT", ": "]
    assert server.asked[-1][:2] == ("/v1/chat/completions", f"Bearer {KEY}")
    body = server.last_body()
    assert body["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "I say   this."},
    ]
    assert body["grammar"] == 'root ::= "N"'


async def test_a_remote_voice_speaks(server: CompatibleServer, tmp_path: Path) -> None:
    async with open_engines(choice(tmp_path, synthesizer=server.url)) as engines:
        speech = await engines.synthesizer.synthesize("Welcome.", language="en", speed=1.1)
    assert speech.samples > 20_000
    assert server.last_body()["input"] == "Welcome."


async def test_a_remote_transcriber_streams_as_the_local_one(
    server: CompatibleServer, tmp_path: Path
) -> None:
    pcm = await said("I have been here for ten years.")
    async with open_engines(choice(tmp_path, transcriber=server.url)) as engines:
        stream = engines.transcriber.open("a", "br")
        stream.feed(pcm[: len(pcm) // 4 * 2])
        await stream.partial()
        stream.feed(pcm[len(pcm) // 4 * 2 :])
        heard = await stream.final()
        await stream.close()
    assert heard.text == "ten years here"
    assert heard.stable == 3
    assert b"\r\n\r\npt\r\n" in server.asked[-1][2]


@pytest.mark.parametrize(("status", "code"), [(401, "remote_refused"), (500, "remote_refused")])
async def test_a_refusal_has_a_code(
    server: CompatibleServer, tmp_path: Path, status: int, code: str
) -> None:
    server.status = status
    assert await codes(tmp_path, server.url) == [code] * 3


async def test_an_answer_in_another_format_has_a_code(
    server: CompatibleServer, tmp_path: Path
) -> None:
    server.garbled = True
    found = await codes(tmp_path, server.url)
    assert (found[0], found[2]) == ("remote_unreadable", "remote_unreadable")


async def test_a_server_that_is_not_there_has_a_code(tmp_path: Path) -> None:
    assert await codes(tmp_path, "http://127.0.0.1:9/v1") == ["remote_unreachable"] * 3


async def codes(tmp_path: Path, url: str) -> list[str]:
    """What the language model, the voice and the transcriber fail with."""
    chosen = choice(tmp_path, language_model=url, synthesizer=url, transcriber=url)
    found = []
    async with open_engines(chosen) as engines:
        model = engines.language_model
        assert model is not None
        stream = engines.transcriber.open("a", "en")
        stream.feed(await said("I have been here for ten years."))

        async def chat() -> None:
            async for _ in model.generate("a", model.chat_prompt((("user", "hello"),))):
                pass

        for call in (
            chat,
            lambda: engines.synthesizer.synthesize("Welcome.", language="en"),
            stream.final,
        ):
            try:
                await call()
                found.append("")
            except EngineFailure as failure:
                found.append(failure.code)
        await stream.close()
    return found


async def test_a_turn_detector_cannot_be_remote(tmp_path: Path) -> None:
    with pytest.raises(EngineFailure) as failure:
        async with open_engines(choice(tmp_path, turn_detector="http://127.0.0.1:9/v1")):
            pass
    assert failure.value.code == "engine_unsupported"
