"""Meaning as vectors: any GGUF embedding model through llama.cpp, in a lane of its own."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from vivavoce.core.errors import EngineFailure
from vivavoce.engines.embedding_prompts import prompts_of
from vivavoce.engines.lanes import JobKind, Lane
from vivavoce.engines.llama_model import quiet_library
from vivavoce.engines.model_files import file_hash, first_bytes, truncated, wrong_kind

MAGIC = b"GGUF"
MOST_TOKENS = 1024  # of one text; a chunk of a document has fewer
HASH_CHARACTERS = 12
EXPECTED = "a GGUF embedding model"


class LlamaEmbedder:
    """An `Embedder`. Use `open`; the lane is closed by whoever made it, before `close`."""

    def __init__(self, model: Any, name: str, weights_hash: str, lane: Lane) -> None:  # noqa: ANN401 - untyped library
        # Vectors of another file with the same name say nothing about those of this one.
        self.name = f"{name} {weights_hash[:HASH_CHARACTERS]}"
        self._model = model
        self._lane = lane
        self._prompts = prompts_of(name)

    @classmethod
    async def open(cls, path: Path, lane: Lane, threads: int) -> "LlamaEmbedder":
        """Raises `EngineFailure`."""

        def load() -> tuple[Any, str]:
            return _load(path, threads), file_hash(path)

        model, weights_hash = await asyncio.to_thread(load)
        return cls(model, path.stem, weights_hash, lane)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        """One text to a job, so that whoever looks for something passes those who only index."""
        kind = JobKind.FINAL if query else JobKind.AHEAD
        return [
            await self._lane.run(self._work(self._prompts.of(text, query=query)), kind=kind)
            for text in texts
        ]

    async def close(self) -> None:
        await asyncio.to_thread(self._model.close)

    def _work(self, text: str) -> Callable[[], list[float]]:
        return partial(_vector, self._model, text)


def _load(path: Path, threads: int) -> Any:  # noqa: ANN401 - untyped library
    if first_bytes(path, len(MAGIC)) != MAGIC:
        raise wrong_kind(path, EXPECTED)
    library = quiet_library()
    from llama_cpp import Llama

    try:
        model = Llama(
            str(path),
            embedding=True,
            n_ctx=MOST_TOKENS,
            n_batch=MOST_TOKENS,
            n_ubatch=MOST_TOKENS,
            n_threads=threads,
            n_threads_batch=threads,
            verbose=False,
        )
    except ValueError as error:
        raise truncated(path) from error
    if model.pooling_type() in (library.LLAMA_POOLING_TYPE_NONE, library.LLAMA_POOLING_TYPE_RANK):
        model.close()
        raise wrong_kind(path, EXPECTED)
    return model


def _vector(model: Any, text: str) -> list[float]:  # noqa: ANN401 - untyped library
    try:
        vector = model.embed(text, normalize=True)
    except (RuntimeError, ValueError) as error:
        # Its message may quote the text.
        raise EngineFailure("embedder_failed", "The embedder failed to compute.") from error
    return [float(value) for value in vector]
