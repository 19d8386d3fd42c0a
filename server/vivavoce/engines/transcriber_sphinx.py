"""The embedded ear: pocketsphinx with its bundled US English model, in processes of its own.

Each process decodes one utterance at a time, as it is spoken. Utterances beyond the number of
processes keep their audio until one is free.
"""

import asyncio
import json
import sys
from collections import OrderedDict, deque
from contextlib import suppress
from typing import Any

from vivavoce.core.errors import EngineFailure
from vivavoce.core.transcript import Word
from vivavoce.engines.languages import iso_language
from vivavoce.engines.sphinx_worker import HEADER
from vivavoce.ports.engines import Hypothesis

COMMAND = (sys.executable, "-m", "vivavoce.engines.sphinx_worker")
LONGEST_ANSWER_BYTES = 1 << 22
REMEMBERED_SESSIONS = 256


class DecoderProcess:
    """One worker process; serves one stream at a time and answers in order."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._asking = asyncio.Lock()
        self._last_id = 0
        self._ended = False

    @classmethod
    async def start(cls) -> "DecoderProcess":
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            limit=LONGEST_ANSWER_BYTES,
        )
        return cls(process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return not self._ended and self._process.returncode is None

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """Never blocks. What a dead process can no longer take shows at the next `ask`."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(HEADER.pack(kind, len(payload)) + payload)

    async def ask(self, kind: bytes) -> dict[str, Any]:
        """Send a request and await its answer. Answers to cancelled requests are skipped."""
        async with self._asking:
            self._last_id += 1
            self.send(kind, str(self._last_id).encode())
            while True:
                answer: dict[str, Any] = json.loads(await self._read_line())
                if answer["id"] == self._last_id:
                    return answer

    async def stop(self) -> None:
        """End the process; it keeps nothing that would need a farewell."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        async with self._asking:  # whoever still asks reads the end of the output first
            if self._process.stdout is not None:
                await self._process.stdout.read()
        await self._process.wait()

    async def _read_line(self) -> bytes:
        line = await self._process.stdout.readline() if self._process.stdout else b""
        if not line.endswith(b"\n"):
            self._ended = True  # the exit status follows later
            raise EngineFailure("transcriber_crashed", "The speech recognition process has died.")
        return line


class SphinxStream:
    """`TranscriptionStream` over a decoder process, once one is free."""

    def __init__(self, owner: "SphinxTranscriber", session: str) -> None:
        self.session = session
        self._owner = owner
        self._kept: list[bytes] = []
        self._process: DecoderProcess | None = None
        self._placed = asyncio.Event()
        self._settled: Hypothesis | None = None
        self._fed = 0
        self._closed = False

    def place(self, process: DecoderProcess, channel: str) -> None:
        self._process = process
        process.send(b"S", channel.encode())
        for pcm in self._kept:
            process.send(b"A", pcm)
        self._kept.clear()
        self._placed.set()

    def feed(self, pcm: bytes) -> None:
        self._settled = None
        self._fed += len(pcm)
        if self._process is None:
            self._kept.append(pcm)
        else:
            self._process.send(b"A", pcm)

    async def partial(self) -> Hypothesis:
        if self._settled is not None:
            return self._settled
        if self._process is None:
            await self._owner.place_waiting()
        if self._process is None:
            return Hypothesis(())
        return hypothesis(await self._process.ask(b"P"))

    async def final(self) -> Hypothesis:
        if self._settled is not None:
            return self._settled
        if self._process is None:
            await self._owner.place_waiting()
            await self._placed.wait()
        if self._process is None:
            raise EngineFailure("engine_closed", "The engine has been shut down.")
        fed = self._fed
        found = hypothesis(await self._process.ask(b"F"))
        if fed == self._fed:
            self._settled = found
        return found

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            process, self._process = self._process, None
            await self._owner.leave(self, process)

    def fail(self) -> None:
        """The engine closes: let a waiting `final` fail."""
        self._process = None
        self._placed.set()


def hypothesis(answer: dict[str, Any]) -> Hypothesis:
    return Hypothesis(tuple(Word(*word) for word in answer["words"]), answer["settled"])


class SphinxTranscriber:
    """`Transcriber` for US English. Use `start`, and `close` it."""

    name = "pocketsphinx en-us"
    languages = frozenset({"en"})

    def __init__(self, processes: list[DecoderProcess]) -> None:
        self._idle = deque(processes)
        self._count = len(processes)
        self._busy: dict[SphinxStream, DecoderProcess] = {}
        self._waiting: deque[SphinxStream] = deque()
        self._channels: OrderedDict[str, str] = OrderedDict()  # by session: one speaker, one room
        self._closed = False

    @classmethod
    async def start(cls, processes: int = 2) -> "SphinxTranscriber":
        return cls([await DecoderProcess.start() for _ in range(processes)])

    @property
    def process_ids(self) -> tuple[int, ...]:
        return tuple(process.pid for process in (*self._idle, *self._busy.values()))

    def open(self, session: str, language: str) -> SphinxStream:
        if iso_language(language) != "en":
            raise EngineFailure("language_unsupported", "pocketsphinx transcribes English only.")
        if self._closed:
            raise EngineFailure("engine_closed", "The engine has been shut down.")
        stream = SphinxStream(self, session)
        self._waiting.append(stream)
        self._place_on_living()
        return stream

    async def place_waiting(self) -> None:
        """Replace idle processes that have died, then serve who waits."""
        self._place_on_living()
        while self._waiting and self._idle:
            successor = self._idle.popleft()
            try:
                await successor.stop()
                successor = await DecoderProcess.start()
            finally:  # when cancelled, the dead one goes back and is replaced next time
                self._idle.append(successor)
            self._place_on_living()

    async def leave(self, stream: SphinxStream, process: DecoderProcess | None) -> None:
        if process is None:
            with suppress(ValueError):
                self._waiting.remove(stream)
            return
        try:
            with suppress(EngineFailure):  # a dead process is replaced before it serves again
                self._remember(stream.session, (await process.ask(b"X"))["channel"])
        finally:
            if self._busy.pop(stream, None) is not None:
                self._idle.append(process)
        await self.place_waiting()

    async def close(self) -> None:
        self._closed = True
        for stream in (*self._waiting, *self._busy):
            stream.fail()
        processes = [*self._idle, *self._busy.values()]
        self._idle.clear()
        self._busy.clear()
        self._waiting.clear()
        for process in processes:
            await process.stop()

    def _place_on_living(self) -> None:
        for process in tuple(self._idle):
            if self._waiting and process.alive:
                self._idle.remove(process)
                stream = self._waiting.popleft()
                self._busy[stream] = process
                stream.place(process, self._channels.get(stream.session, ""))

    def _remember(self, session: str, channel: str) -> None:
        if channel:
            self._channels[session] = channel
            self._channels.move_to_end(session)
        if len(self._channels) > REMEMBERED_SESSIONS:
            self._channels.popitem(last=False)
