"""Passages that fit what was said: by words and, with an embedder, by meaning; merged by rank."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from vivavoce.core.errors import AtCapacity, EngineFailure
from vivavoce.core.knowledge import Passage, Scope, SourceForm
from vivavoce.core.knowledge_query import merged_ranks, run_query, word_query
from vivavoce.ports.documents import Embedder
from vivavoce.services.foundation import Foundation
from vivavoce.services.phrasebooks import phrasebook

# Of each ranking: further down, what shares a word by accident meets what is hardly meant, and both
# together would outrank what only one of them finds.
FEWEST_CANDIDATES = 5
PATIENCE_SECONDS = 5.0


class KnowledgeSearch:
    """Without an `embedder`, passages are found by their words alone."""

    def __init__(self, foundation: Foundation, embedder: Embedder | None = None) -> None:
        self._at = foundation
        self._embedder = embedder
        self._unread = asyncio.Event()

    def use_embedder(self, embedder: Embedder | None) -> None:
        """Engines open after the services, which have to be there without them."""
        self._embedder = embedder

    async def find(
        self,
        scope: Scope,
        text: str,
        limit: int,
        language: str = "en",
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> tuple[Passage, ...]:
        """Best first; nothing when the documents have nothing to do with `text`.

        Whose meaning is not known within `patience_seconds` is looked for by its words alone.
        """
        read = self._at.stores.read.knowledge
        words = word_query(text, frozenset(phrasebook(language).stop_words))
        count = max(limit, FEWEST_CANDIDATES)
        rankings = (
            # First, as it wins where both are equal.
            await self._by_meaning(scope, text, count, patience_seconds),
            await read.by_words(scope, words, count),
            await read.by_runs(scope, run_query(text), count),
        )
        known = {_key(passage): passage for ranking in rankings for passage in ranking}
        order = merged_ranks([[_key(passage) for passage in ranking] for ranking in rankings])
        return tuple(
            replace(known[key], found_by=_found_by(rankings, key)) for key in order[:limit]
        )

    def index_soon(self) -> None:
        """Words are indexed as soon as they are stored; the embedder reads when it can."""
        self._unread.set()

    async def keep_up(self) -> None:
        """Have the embedder read whatever is new, for as long as this runs."""
        while True:
            await self.catch_up()
            await self._unread.wait()

    async def catch_up(self) -> int:
        """Have the embedder read what it has not: what is new, or of before there was this one.

        Returns how many documents it has read. What another one had read of them is dropped.
        """
        self._unread.clear()
        if self._embedder is None:
            return 0
        read = self._at.stores.read.knowledge
        documents = await read.without_vectors(self._embedder.name)
        done = sum([await self._index(self._embedder, document_id) for document_id in documents])
        if done:
            async with self._at.stores.transaction() as write:
                await write.knowledge.drop_replaced_vectors(self._embedder.name)
        return done

    async def _index(self, embedder: Embedder, document_id: str) -> bool:
        chunks = await self._at.stores.read.knowledge.chunks(document_id)
        try:
            vectors = await embedder.embed([chunk.text for chunk in chunks])
        except (EngineFailure, AtCapacity):
            return False  # it is found by its words; the next turn tries again
        async with self._at.stores.transaction() as write:
            await write.knowledge.keep_vectors(document_id, embedder.name, vectors)
        return True

    async def _by_meaning(
        self, scope: Scope, text: str, count: int, patience_seconds: float
    ) -> tuple[Passage, ...]:
        if self._embedder is None:
            return ()
        try:
            async with asyncio.timeout(patience_seconds):
                (vector,) = await self._embedder.embed([text], query=True)
        except (EngineFailure, AtCapacity, TimeoutError):
            return ()
        read = self._at.stores.read.knowledge
        return await read.by_vector(scope, self._embedder.name, vector, count)


@asynccontextmanager
async def indexing(search: KnowledgeSearch) -> AsyncIterator[None]:
    """Index beside whatever the block does."""
    async with asyncio.TaskGroup() as group:
        keeping_up = group.create_task(search.keep_up())
        try:
            yield
        finally:
            keeping_up.cancel()


def _key(passage: Passage) -> tuple[str, int]:
    return passage.document_id, passage.chunk.number


def _found_by(
    rankings: Sequence[Sequence[Passage]], key: tuple[str, int]
) -> tuple[SourceForm, ...]:
    forms = {
        form
        for ranking in rankings
        for passage in ranking
        if _key(passage) == key
        for form in passage.found_by
    }
    return tuple(form for form in SourceForm if form in forms)
