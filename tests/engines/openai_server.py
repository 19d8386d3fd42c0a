"""A server that speaks the OpenAI interface on loopback, and fails in every way servers do.

It runs in the test's own event loop. Each request is answered after the next of `plan`; what is
asked beyond the plan is answered well.
"""

import asyncio
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

import numpy as np

HUM: bytes = (np.sin(np.arange(24_000) * 0.05) * 9000).astype("<i2").tobytes()
WORDS = ("ten", "years", "here")


class Fault(Enum):
    NONE = auto()
    HANG = auto()  # the request is read and never answered
    HANG_INSIDE = auto()  # silence after half of the answer
    DROP = auto()  # the connection closes without an answer
    DROP_INSIDE = auto()  # and after half of one
    GARBAGE = auto()  # 200 and something else
    DRIP = auto()  # a byte at a time
    ENDLESS = auto()  # an answer without an end
    COMPRESSED = auto()
    REDIRECT = auto()


@dataclass(frozen=True)
class Refusal:
    status: int
    error: str = "no"
    retry_after: str = ""


Step = Fault | Refusal


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        fields: dict[str, object] = json.loads(self.body)
        return fields


@dataclass
class OpenAIServer:
    pieces: tuple[str, ...] = ("NEXT", ": ", "")  # of every chat
    text_only: bool = False  # transcriptions have no words
    arrived: asyncio.Event = field(default_factory=asyncio.Event)  # a request, at all
    plan: deque[Step] = field(default_factory=deque)
    refuses: frozenset[str] = frozenset()  # fields for which a request is refused with 400
    asked: list[Asked] = field(default_factory=list)
    port: int = 0  # 0: any that is free
    certificate: Path | None = None  # with its key in one file: TLS
    connections: int = 0
    url: str = ""
    released: asyncio.Event = field(default_factory=asyncio.Event)  # ends what hangs
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    def will(self, *steps: Step) -> None:
        self.plan.extend(steps)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["OpenAIServer"]:
        tls = None
        if self.certificate is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(self.certificate)
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=tls)
        self.url = (
            f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        )
        try:
            yield self
        finally:
            self.released.set()
            server.close()
            for writer in self.open:
                writer.transport.abort()
            while self.open:
                await self.left.wait()
                self.left.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answer_one(reader, writer):
                await writer.drain()
        writer.close()
        self.open.discard(writer)
        self.left.set()

    async def _answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """False when the connection is over."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")[:-2]
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        asked = Asked(first.split()[1], headers, body)
        self.asked.append(asked)
        self.arrived.set()
        step = self.plan.popleft() if self.plan else Fault.NONE
        if isinstance(step, Refusal):
            extra = f"Retry-After: {step.retry_after}\r\n" if step.retry_after else ""
            error = json.dumps({"error": {"message": step.error}}).encode()
            writer.write(_whole(error, step.status, extra))
            return True
        if self.refuses and self.refuses & set(asked.json if body.startswith(b"{") else ()):
            writer.write(_whole(b'{"error": {"message": "unknown field"}}', 400))
            return True
        return await self._fail(step, self._content(asked), writer)

    async def _fail(self, fault: Fault, content: bytes, writer: asyncio.StreamWriter) -> bool:
        if fault in _ANSWERS:
            writer.write(_ANSWERS[fault] or _whole(content))
            return True
        if fault in (Fault.HANG_INSIDE, Fault.DROP_INSIDE):
            writer.write(_head(len(content)) + content[: len(content) // 2])
            await writer.drain()
        if fault in (Fault.HANG_INSIDE, Fault.HANG):
            await self.released.wait()
        if fault in (Fault.DRIP, Fault.ENDLESS):
            await self._pour(fault, content, writer)
        return False

    async def _pour(self, fault: Fault, content: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(_head(1 << 40))
        piece = content[:1] if fault is Fault.DRIP else b"\0" * (1 << 18)
        while not self.released.is_set():
            writer.write(piece)
            await writer.drain()
            if fault is Fault.DRIP:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.released.wait(), 0.02)

    def _content(self, asked: Asked) -> bytes:
        if asked.path.endswith("/chat/completions"):
            return b"".join([b": ping\n\n", *_events(self.pieces), b"data: [DONE]\n\n"])
        if asked.path.endswith("/audio/speech"):
            return HUM
        if asked.path.endswith("/embeddings"):
            return _embeddings(asked.json["input"])
        if asked.path.endswith("/models"):
            return b'{"data": [{"id": "some-model"}]}'
        answer: dict[str, object] = {"text": " ".join(WORDS)}
        if not self.text_only:
            answer["words"] = [
                {"word": word, "start": i * 0.3, "end": i * 0.3 + 0.2}
                for i, word in enumerate(WORDS)
            ]
        return json.dumps(answer).encode()


def _events(pieces: Iterable[str]) -> Iterable[bytes]:
    for piece in pieces:
        yield f"data: {json.dumps({'choices': [{'delta': {'content': piece}}]})}\n\n".encode()
    yield b'data: {"choices": []}\n\n'


def _head(length: int, status: int = 200, extra: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{extra}\r\n".encode()


def _whole(content: bytes, status: int = 200, extra: str = "") -> bytes:
    return _head(len(content), status, extra) + content


_ANSWERS: dict[Fault, bytes] = {
    Fault.NONE: b"",
    Fault.GARBAGE: _whole(b"data: <html>\n\n"),
    Fault.COMPRESSED: _whole(b"\x1f\x8b", extra="Content-Encoding: gzip\r\n"),
    Fault.REDIRECT: _whole(b"", 307, "Location: http://169.254.169.254/v1\r\n"),
}


def _embeddings(texts: object) -> bytes:
    """By length, and in an order of the server's own."""
    assert isinstance(texts, list)
    data = [{"index": i, "embedding": [len(text), i]} for i, text in enumerate(texts)]
    return json.dumps({"data": data[::-1]}).encode()
