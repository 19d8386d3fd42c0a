"""Passages that fit what was said: by words and, with an embedder, by meaning; merged by rank."""

from collections.abc import Sequence
from dataclasses import replace

from vivavoce.core.errors import EngineFailure
from vivavoce.core.knowledge import Chunk, Passage, Scope, SourceForm
from vivavoce.core.knowledge_query import merged_ranks, run_query, word_query
from vivavoce.ports.documents import Embedder
from vivavoce.services.foundation import Foundation
from vivavoce.services.phrasebooks import phrasebook

CANDIDATES_PER_RANKING = 20


class KnowledgeSearch:
    """Without an `embedder`, passages are found by their words alone."""

    def __init__(self, foundation: Foundation, embedder: Embedder | None = None) -> None:
        self._at = foundation
        self._embedder = embedder

    def use_embedder(self, embedder: Embedder | None) -> None:
        """Engines open after the services, which have to be there without them."""
        self._embedder = embedder

    async def find(
        self, scope: Scope, text: str, limit: int, language: str = "en"
    ) -> tuple[Passage, ...]:
        """Best first; nothing when the documents have nothing to do with `text`."""
        read = self._at.stores.read.knowledge
        words = word_query(text, frozenset(phrasebook(language).stop_words))
        rankings = (
            await read.by_words(scope, words, CANDIDATES_PER_RANKING),
            await read.by_runs(scope, run_query(text), CANDIDATES_PER_RANKING),
            await self._by_meaning(scope, text),
        )
        known = {_key(passage): passage for ranking in rankings for passage in ranking}
        order = merged_ranks([[_key(passage) for passage in ranking] for ranking in rankings])
        return tuple(
            replace(known[key], found_by=_found_by(rankings, key)) for key in order[:limit]
        )

    async def index(self, document_id: str, chunks: Sequence[Chunk]) -> None:
        """Have the embedder read a document; words are indexed as soon as they are stored."""
        if self._embedder is None:
            return
        try:
            vectors = await self._embedder.embed([chunk.text for chunk in chunks])
        except EngineFailure:
            return  # it is found by its words
        async with self._at.stores.transaction() as write:
            await write.knowledge.keep_vectors(document_id, self._embedder.name, vectors)

    async def _by_meaning(self, scope: Scope, text: str) -> tuple[Passage, ...]:
        if self._embedder is None:
            return ()
        try:
            (vector,) = await self._embedder.embed([text], query=True)
        except EngineFailure:
            return ()
        read = self._at.stores.read.knowledge
        return await read.by_vector(scope, self._embedder.name, vector, CANDIDATES_PER_RANKING)


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
