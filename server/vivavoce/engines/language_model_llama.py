"""The real interviewer's words: any GGUF chat model through llama.cpp, one for everybody."""

import asyncio
import os
import queue
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from time import perf_counter

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.chat_template import ChatTemplate, Messages
from vivavoce.engines.continuous_batching import Batcher, Request
from vivavoce.engines.lanes import JobKind, JobTimes
from vivavoce.engines.llama_model import LlamaLimits, LlamaModel
from vivavoce.engines.model_files import file_hash
from vivavoce.engines.sampling import Sampler

# Words are written several times faster than they are spoken, and what is written ahead would slow
# down the voice that says what was written first.
NICENESS = 5

_FIRST_LITERAL = re.compile(r'root ::= "([^"\\\\]+)"')

Command = Callable[[Batcher], None]
End = tuple[None, EngineFailure | None]  # after the last piece
Piece = tuple[str, None]


class LlamaLanguageModel:
    """`LanguageModel` with continuous batching. Use `open`, and `close` it."""

    def __init__(
        self,
        model: LlamaModel,
        name: str,
        weights_hash: str,
        observe: Callable[[JobTimes], None] | None = None,
    ) -> None:
        self.name = name
        self.file_hash = weights_hash
        self._model = model
        self._observe = observe
        self._template = ChatTemplate(model.chat_template, model.control_texts)
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        limits = model.limits
        self._batcher = Batcher(model, limits.sequences, limits.context_tokens, limits.batch_tokens)
        self._thread = ThreadPoolExecutor(1, "language-model", initializer=_give_way)
        self._closed = False
        self._serving = self._thread.submit(self._serve)
        self._serving.add_done_callback(self._stopped)

    @classmethod
    async def open(
        cls,
        path: Path,
        limits: LlamaLimits,
        observe: Callable[[JobTimes], None] | None = None,
    ) -> "LlamaLanguageModel":
        def load() -> tuple[LlamaModel, str]:
            return LlamaModel(path, limits), file_hash(path)

        model, weights_hash = await asyncio.to_thread(load)
        return cls(model, f"llama.cpp {path.stem}", weights_hash, observe)

    def chat_prompt(self, messages: Messages, *, open_reply: bool = True) -> str:
        return self._template.prompt(messages, open_reply=open_reply)

    async def prefill(self, session: str, prompt: str) -> None:
        async with aclosing(self._run(session, prompt, lambda: None, 0)) as pieces:
            async for _ in pieces:
                pass

    async def generate(
        self,
        session: str,
        prompt: str,
        *,
        grammar: str | None = None,
        max_tokens: int = 160,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> AsyncIterator[str]:
        def sampler() -> Sampler:
            rules = self._model.compile_grammar(grammar) if grammar else None
            return Sampler(temperature, seed, rules)

        draft = likely_beginning(grammar)
        async with aclosing(self._run(session, prompt, sampler, max_tokens, draft)) as pieces:
            async for piece in pieces:
                yield piece

    async def release(self, session: str) -> None:
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def work(batcher: Batcher) -> None:
            batcher.release(session)
            loop.call_soon_threadsafe(done.set)

        if not self._closed and not self._serving.done():
            self._commands.put(work)
            await done.wait()

    async def close(self) -> None:
        """End all replies with `EngineFailure` and free the model."""
        if not self._closed:
            self._closed = True
            self._commands.put(None)
            await asyncio.wait([asyncio.wrap_future(self._serving)])
            self._thread.shutdown()
            self._model.close()

    async def _run(
        self,
        session: str,
        prompt: str,
        sampler: Callable[[], Sampler | None],
        max_tokens: int,
        draft: str = "",
    ) -> AsyncGenerator[str, None]:
        """Submit one request and hand out its pieces; leaving early cancels it."""
        if self._closed or self._serving.done():
            raise EngineFailure("engine_closed", "The language model has stopped.")
        loop = asyncio.get_running_loop()
        arriving: asyncio.Queue[Piece | End] = asyncio.Queue()
        started, seated = perf_counter(), list[float]()
        request = Request(
            session,
            [],
            lambda piece: tell(loop, arriving, (piece, None)),
            lambda failure: tell(loop, arriving, (None, failure)),
            max_tokens=max_tokens,
            on_seat=lambda: seated.append(perf_counter()),
        )
        self._commands.put(self._submission(request, prompt, sampler, draft))
        try:
            while True:
                piece, failure = await arriving.get()
                if failure is not None:
                    raise failure
                if piece is None:
                    break
                yield piece
        finally:
            request.cancelled = True
            self._report(request, started, *seated)

    def _submission(
        self, request: Request, prompt: str, sampler: Callable[[], Sampler | None], draft: str
    ) -> Command:
        def submit(batcher: Batcher) -> None:
            try:
                request.tokens = self._model.tokenize(prompt)
                together = self._model.tokenize(prompt + draft) if draft else []
                if together[: len(request.tokens)] == request.tokens:
                    request.draft = together[len(request.tokens) :]
                request.sampler = sampler()
            except EngineFailure as failure:
                request.on_end(failure)
                return
            batcher.submit(request)

        return submit

    def _report(self, request: Request, started: float, seated: float | None = None) -> None:
        if self._observe is not None:
            kind = JobKind.FINAL if request.max_tokens else JobKind.PARTIAL
            ended = perf_counter()
            began = ended if seated is None else seated  # it may have been given up before
            waited, ran = (began - started) * 1e3, (ended - began) * 1e3
            self._observe(JobTimes("language_model", request.session, kind, waited, ran))

    def _serve(self) -> None:
        """The decoding thread: commands between steps, a wait only when nothing is to be done."""
        while True:
            while self._batcher.idle or not self._commands.empty():
                command = self._commands.get()
                if command is None:
                    return
                command(self._batcher)
            try:
                self._batcher.step()
            except EngineFailure as failure:
                self._batcher.fail_all(failure)

    def _stopped(self, serving: "Future[None]") -> None:
        """However the thread ended, nobody may wait for ever."""
        broken = serving.exception() is not None
        code = "language_model_failed" if broken else "engine_closed"
        failure = EngineFailure(code, "The language model has stopped.")
        self._batcher.fail_all(failure)
        while not self._commands.empty():
            if (command := self._commands.get()) is not None:
                command(self._batcher)
        self._batcher.fail_all(failure)


def likely_beginning(grammar: str | None) -> str:
    """What the first form of a GBNF grammar begins with, which is put first for being usual."""
    found = _FIRST_LITERAL.match(grammar or "")
    return found[1].rstrip() if found else ""


def tell(
    loop: asyncio.AbstractEventLoop, arriving: "asyncio.Queue[Piece | End]", item: Piece | End
) -> None:
    """Hand an item to the event loop, unless that has ended meanwhile."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(arriving.put_nowait, item)


def _give_way() -> None:
    """Where cores are short, this thread goes on after those that hear and speak."""
    if sys.platform == "linux":  # elsewhere it would be the whole process that gives way
        os.nice(NICENESS)
