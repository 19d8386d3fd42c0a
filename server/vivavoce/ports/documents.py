"""What reading documents needs: somebody who opens files, somebody who fetches them, an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from vivavoce.core.knowledge import (
    Chunk,
    Document,
    DocumentKind,
    KnowledgeStore,
    Passage,
    Scope,
)
from vivavoce.core.resumes import ResumeClaim, ResumeFetch


class DocumentReader(Protocol):
    async def read(self, kind: DocumentKind, content: bytes) -> tuple[str, ...]:
        """The text of each page. Raises `Unprocessable` with a code of `core.knowledge.Refusal`."""
        ...


class DocumentFetcher(Protocol):
    async def fetch(self, url: str) -> bytes:
        """Raises `Unprocessable` for what will not get better, `EngineFailure` for what may."""
        ...


class Embedder(Protocol):
    name: str  # vectors of one name are comparable with each other, and with no others

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        """A vector of one length for each text. `query`: texts that look for others."""
        ...


class KnowledgeTable(Protocol):
    """Stores that were deleted are found by no method, nor are documents."""

    async def add(self, store: KnowledgeStore) -> None: ...
    async def change(self, store: KnowledgeStore) -> None:
        """Also its deletion, which takes its documents along."""
        ...

    async def get(self, organization_id: str, store_id: str) -> KnowledgeStore | None: ...
    async def count(self, organization_id: str) -> int: ...
    async def page(
        self, organization_id: str, offset: int, limit: int
    ) -> tuple[KnowledgeStore, ...]:
        """Newest first."""
        ...

    async def add_document(self, document: Document, chunks: Sequence[Chunk]) -> None: ...
    async def document(self, organization_id: str, document_id: str) -> Document | None: ...
    async def chunks(self, document_id: str) -> tuple[Chunk, ...]: ...
    async def resume_of(self, participant_id: str) -> Document | None: ...
    async def count_documents(self, store_id: str) -> int: ...
    async def documents(self, store_id: str, offset: int, limit: int) -> tuple[Document, ...]:
        """Newest first."""
        ...

    async def remove_document(self, document_id: str, at: datetime) -> None:
        """What it says is erased; that it existed is kept."""
        ...

    async def by_words(self, scope: Scope, query: str, limit: int) -> tuple[Passage, ...]:
        """Best first. `query` is as `core.knowledge_query` made it."""
        ...

    async def by_runs(self, scope: Scope, query: str, limit: int) -> tuple[Passage, ...]: ...
    async def by_vector(
        self, scope: Scope, model: str, vector: Sequence[float], limit: int
    ) -> tuple[Passage, ...]: ...
    async def without_vectors(self, model: str) -> tuple[str, ...]:
        """Documents with a chunk that this model has not read, oldest first."""
        ...

    async def drop_replaced_vectors(self, model: str) -> None:
        """Of other models, where this one has read the same chunk."""
        ...

    async def keep_vectors(
        self, document_id: str, model: str, vectors: Sequence[Sequence[float]]
    ) -> None:
        """One vector for each chunk, in their order."""
        ...


class ResumeTable(Protocol):
    """Fetches come into being with a participant's address of a résumé, in `ParticipantStore`."""

    async def claim(
        self, now: datetime, leased_until: datetime, limit: int
    ) -> tuple[ResumeClaim, ...]: ...
    async def next_due(self, now: datetime) -> datetime | None: ...
    async def get(self, participant_id: str) -> ResumeFetch | None: ...
    async def fetched(self, claim: ResumeClaim) -> bool:
        """False when the attempt is not the latest, or its address not the one given."""
        ...

    async def failed(self, claim: ResumeClaim, error: str) -> None: ...
    async def retry(self, claim: ResumeClaim, error: str, at: datetime) -> None: ...
    async def forget(self, participant_id: str) -> None: ...
