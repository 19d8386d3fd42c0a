"""Knowledge stores and documents within one organization, résumés among them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from vivavoce.core.errors import NotFound, TooLarge
from vivavoce.core.knowledge import (
    MOST_DOCUMENT_BYTES,
    Chunk,
    Document,
    KnowledgeStore,
    ReadDocument,
    kind_of,
)
from vivavoce.core.knowledge_chunks import chunked
from vivavoce.core.resumes import ResumeClaim, ResumeFetch, ResumeState
from vivavoce.core.revisions import require_revision
from vivavoce.ports.documents import DocumentReader
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge_search import KnowledgeSearch
from vivavoce.services.ownership import own_participant

Edit = Callable[[KnowledgeStore], KnowledgeStore]


@dataclass(frozen=True)
class NewFile:
    name: str
    content: bytes
    source_url: str | None = None


@dataclass(frozen=True)
class Resume:
    """`fetch` is None unless an address was given."""

    document: Document | None
    fetch: ResumeFetch | None

    @property
    def state(self) -> ResumeState:
        if self.fetch is not None and self.fetch.state is not ResumeState.READY:
            return self.fetch.state
        return ResumeState.NONE if self.document is None else ResumeState.READY


class Knowledge:
    def __init__(
        self, foundation: Foundation, search: KnowledgeSearch, reader: DocumentReader
    ) -> None:
        self._at = foundation
        self._search = search
        self._reader = reader

    # Stores

    async def get(self, organization_id: str, store_id: str) -> KnowledgeStore:
        """Raises `NotFound` code `knowledge_store_not_found`."""
        return await own_store(self._at.stores.read, organization_id, store_id)

    async def page(
        self, organization_id: str, page: int, page_size: int
    ) -> tuple[tuple[KnowledgeStore, ...], int]:
        """One page, newest first, and how many there are in all."""
        stores = self._at.stores.read.knowledge
        total = await stores.count(organization_id)
        return await stores.page(organization_id, (page - 1) * page_size, page_size), total

    async def create(self, organization_id: str, name: str, description: str) -> KnowledgeStore:
        store = KnowledgeStore(
            self._at.new_id(), organization_id, name, self._at.now(), description
        )
        async with self._at.stores.transaction() as write:
            await write.knowledge.add(store)
        return store

    async def change(
        self, organization_id: str, store_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> KnowledgeStore:
        """Raises `Conflict` code `changed_meanwhile`."""
        async with self._at.stores.transaction() as write:
            before = await own_store(write, organization_id, store_id)
            require_revision(before.revision, seen)
            store = replace(edit(before), revision=before.revision + 1)
            await write.knowledge.change(store)
        return store

    async def remove(
        self, organization_id: str, store_id: str, seen: frozenset[int] | None
    ) -> None:
        """Its documents go with it; what interviews noted about them stays."""
        async with self._at.stores.transaction() as write:
            store = await own_store(write, organization_id, store_id)
            require_revision(store.revision, seen)
            await write.knowledge.change(replace(store, deleted_at=self._at.now()))

    # Documents

    async def documents(
        self, organization_id: str, store_id: str, page: int, page_size: int
    ) -> tuple[tuple[Document, ...], int]:
        """One page, newest first, and how many there are in all."""
        await self.get(organization_id, store_id)
        stores = self._at.stores.read.knowledge
        total = await stores.count_documents(store_id)
        return await stores.documents(store_id, (page - 1) * page_size, page_size), total

    async def add_document(self, organization_id: str, store_id: str, file: NewFile) -> Document:
        """Raises `TooLarge`, and `Unprocessable` with a code of `core.knowledge.Refusal`."""
        await self.get(organization_id, store_id)
        read = await self.read(organization_id, file)
        document, chunks = replace(read.document, store_id=store_id), read.chunks
        async with self._at.stores.transaction() as write:
            await own_store(write, organization_id, store_id)
            await write.knowledge.add_document(document, chunks)
        self._search.index_soon()
        return document

    async def document(
        self, organization_id: str, store_id: str, document_id: str
    ) -> tuple[Document, tuple[Chunk, ...]]:
        """Raises `NotFound` codes `knowledge_store_not_found` and `document_not_found`."""
        await self.get(organization_id, store_id)
        read = self._at.stores.read.knowledge
        document = await read.document(organization_id, document_id)
        if document is None or document.store_id != store_id:
            raise NotFound("document_not_found", "This document does not exist.")
        return document, await read.chunks(document_id)

    async def remove_document(self, organization_id: str, store_id: str, document_id: str) -> None:
        await self.document(organization_id, store_id, document_id)
        async with self._at.stores.transaction() as write:
            await write.knowledge.remove_document(document_id, self._at.now())

    # Résumés

    async def resume(self, organization_id: str, participant_id: str) -> Resume:
        """Raises `NotFound` code `participant_not_found`."""
        read = self._at.stores.read
        await own_participant(read, organization_id, participant_id)
        return Resume(
            await read.knowledge.resume_of(participant_id), await read.resumes.get(participant_id)
        )

    async def read_resume(
        self, organization_id: str, participant_id: str
    ) -> tuple[Resume, tuple[Chunk, ...]]:
        """With what it says. Raises `NotFound` code `participant_not_found`."""
        resume = await self.resume(organization_id, participant_id)
        if resume.document is None:
            return resume, ()
        return resume, await self._at.stores.read.knowledge.chunks(resume.document.id)

    async def put_resume(self, organization_id: str, participant_id: str, file: NewFile) -> Resume:
        """In place of the one before, and of one that is still to be fetched. Raises as
        `add_document` does.
        """
        await own_participant(self._at.stores.read, organization_id, participant_id)
        read = await self.read(organization_id, file)
        async with self._at.stores.transaction() as write:
            await own_participant(write, organization_id, participant_id)
            await write.resumes.forget(participant_id)
            await self._replace_resume(write, participant_id, read)
        self.index_soon()
        return await self.resume(organization_id, participant_id)

    async def remove_resume(self, organization_id: str, participant_id: str) -> None:
        async with self._at.stores.transaction() as write:
            await own_participant(write, organization_id, participant_id)
            await forget_resume(self._at, write, participant_id)

    async def keep_fetched(self, claim: ResumeClaim, file: NewFile) -> None:
        """Raises as `add_document` does. A résumé that is not asked for any more is dropped."""
        read = await self.read(claim.organization_id, file)
        async with self._at.stores.transaction() as write:
            if not await write.resumes.fetched(claim):
                return
            await self._replace_resume(write, claim.participant_id, read)
        self.index_soon()

    async def _replace_resume(self, write: Tables, participant_id: str, read: ReadDocument) -> None:
        before = await write.knowledge.resume_of(participant_id)
        if before is not None:
            await write.knowledge.remove_document(before.id, self._at.now())
        await add_resume(write, participant_id, read)

    # Reading

    def index_soon(self) -> None:
        """Let what was added be found by its meaning too."""
        self._search.index_soon()

    async def read(self, organization_id: str, file: NewFile) -> ReadDocument:
        """What is in a file; nothing is stored. Raises as `add_document` does."""
        if len(file.content) > MOST_DOCUMENT_BYTES:
            message = f"A document may hold at most {MOST_DOCUMENT_BYTES} bytes."
            raise TooLarge("document_too_large", message)
        kind = kind_of(file.content)
        pages = await self._reader.read(kind, file.content)
        document = Document(
            id=self._at.new_id(),
            organization_id=organization_id,
            name=file.name,
            kind=kind,
            size_bytes=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            pages=len(pages),
            characters=sum(map(len, pages)),
            created_at=self._at.now(),
            source_url=file.source_url,
        )
        return ReadDocument(document, chunked(pages))


async def add_resume(write: Tables, participant_id: str, read: ReadDocument) -> None:
    """Of somebody who has none."""
    document = replace(read.document, participant_id=participant_id)
    await write.knowledge.add_document(document, read.chunks)


async def own_store(tables: Tables, organization_id: str, store_id: str) -> KnowledgeStore:
    """Raises `NotFound` code `knowledge_store_not_found`."""
    store = await tables.knowledge.get(organization_id, store_id)
    if store is None:
        raise NotFound("knowledge_store_not_found", "This knowledge store does not exist.")
    return store


async def forget_resume(foundation: Foundation, write: Tables, participant_id: str) -> None:
    """Erase it, and whatever was going to fetch it."""
    await write.resumes.forget(participant_id)
    document = await write.knowledge.resume_of(participant_id)
    if document is not None:
        await write.knowledge.remove_document(document.id, foundation.now())
