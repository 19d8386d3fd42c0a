"""Knowledge stores, documents, and what was found in them.

A deleted document loses its text at once; its row stays, because turns of interviews name it.
"""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from vivavoce.core.knowledge import (
    Chunk,
    Document,
    DocumentKind,
    KnowledgeStore,
    Passage,
    Scope,
    SourceForm,
)
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import TEXTS, encode, moment, moment_text
from vivavoce.storage.database import Rows
from vivavoce.storage.vectors import packed

_SCOPED = (
    " JOIN documents d ON d.id = c.document_id WHERE d.organization_id = :organization_id"
    " AND d.deleted_at IS NULL AND (d.participant_id = :participant_id"
    " OR d.store_id IN (SELECT value FROM json_each(:store_ids)))"
)
_SHOWN = "SELECT c.*, d.name"


class KnowledgeRows:
    """A `ports.documents.KnowledgeTable`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, store: KnowledgeStore) -> None:
        await self._rows.run(
            "INSERT INTO knowledge_stores (id, organization_id, name, description, revision,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                store.id,
                store.organization_id,
                store.name,
                store.description,
                store.revision,
                to_text(store.created_at),
            ),
        )

    async def change(self, store: KnowledgeStore) -> None:
        await self._rows.run(
            "UPDATE knowledge_stores SET name = ?, description = ?, revision = ?, deleted_at = ?"
            " WHERE id = ?",
            (
                store.name,
                store.description,
                store.revision,
                moment_text(store.deleted_at),
                store.id,
            ),
        )
        if store.deleted_at is not None:
            rows = await self._rows.all(
                "SELECT id FROM documents WHERE store_id = ? AND deleted_at IS NULL", (store.id,)
            )
            for row in rows:
                await self.remove_document(row["id"], store.deleted_at)

    async def get(self, organization_id: str, store_id: str) -> KnowledgeStore | None:
        row = await self._rows.one(
            "SELECT * FROM knowledge_stores"
            " WHERE id = ? AND organization_id = ? AND deleted_at IS NULL",
            (store_id, organization_id),
        )
        return None if row is None else _store(row)

    async def count(self, organization_id: str) -> int:
        sql = (
            "SELECT count(*) FROM knowledge_stores WHERE organization_id = ? AND deleted_at IS NULL"
        )
        return int(await self._rows.value(sql, (organization_id,)))

    async def page(
        self, organization_id: str, offset: int, limit: int
    ) -> tuple[KnowledgeStore, ...]:
        rows = await self._rows.all(
            "SELECT * FROM knowledge_stores WHERE organization_id = ? AND deleted_at IS NULL"
            " ORDER BY id DESC LIMIT ? OFFSET ?",
            (organization_id, limit, offset),
        )
        return tuple(_store(row) for row in rows)

    async def add_document(self, document: Document, chunks: Sequence[Chunk]) -> None:
        await self._rows.run(
            "INSERT INTO documents (id, organization_id, store_id, participant_id, name, kind,"
            " size_bytes, sha256, pages, characters, source_url, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.organization_id,
                document.store_id,
                document.participant_id,
                document.name,
                document.kind,
                document.size_bytes,
                document.sha256,
                document.pages,
                document.characters,
                document.source_url,
                to_text(document.created_at),
            ),
        )
        for chunk in chunks:
            await self._rows.run(
                'INSERT INTO document_chunks (document_id, number, page, start, "end", text)'
                " VALUES (?, ?, ?, ?, ?, ?)",
                (document.id, chunk.number, chunk.page, chunk.start, chunk.end, chunk.text),
            )

    async def document(self, organization_id: str, document_id: str) -> Document | None:
        row = await self._rows.one(
            "SELECT * FROM documents WHERE id = ? AND organization_id = ? AND deleted_at IS NULL",
            (document_id, organization_id),
        )
        return None if row is None else _document(row)

    async def chunks(self, document_id: str) -> tuple[Chunk, ...]:
        rows = await self._rows.all(
            "SELECT * FROM document_chunks WHERE document_id = ? ORDER BY number", (document_id,)
        )
        return tuple(_chunk(row) for row in rows)

    async def resume_of(self, participant_id: str) -> Document | None:
        row = await self._rows.one(
            "SELECT * FROM documents WHERE participant_id = ? AND deleted_at IS NULL",
            (participant_id,),
        )
        return None if row is None else _document(row)

    async def count_documents(self, store_id: str) -> int:
        sql = "SELECT count(*) FROM documents WHERE store_id = ? AND deleted_at IS NULL"
        return int(await self._rows.value(sql, (store_id,)))

    async def documents(self, store_id: str, offset: int, limit: int) -> tuple[Document, ...]:
        rows = await self._rows.all(
            "SELECT * FROM documents WHERE store_id = ? AND deleted_at IS NULL"
            " ORDER BY id DESC LIMIT ? OFFSET ?",
            (store_id, limit, offset),
        )
        return tuple(_document(row) for row in rows)

    async def remove_document(self, document_id: str, at: datetime) -> None:
        await self._rows.run(
            "UPDATE documents SET deleted_at = ?, name = '', source_url = NULL WHERE id = ?",
            (to_text(at), document_id),
        )
        await self._rows.run("DELETE FROM document_chunks WHERE document_id = ?", (document_id,))

    async def by_words(self, scope: Scope, query: str, limit: int) -> tuple[Passage, ...]:
        sql = (
            f"{_SHOWN} FROM chunk_words f JOIN document_chunks c ON c.id = f.rowid{_SCOPED}"
            " AND chunk_words MATCH :query ORDER BY f.rank, c.id LIMIT :limit"
        )
        return await self._found(sql, scope, query, limit)

    async def by_runs(self, scope: Scope, query: str, limit: int) -> tuple[Passage, ...]:
        sql = (
            f"{_SHOWN} FROM chunk_runs f JOIN document_chunks c ON c.id = f.rowid{_SCOPED}"
            " AND chunk_runs MATCH :query ORDER BY f.rank, c.id LIMIT :limit"
        )
        return await self._found(sql, scope, query, limit)

    async def _found(self, sql: str, scope: Scope, query: str, limit: int) -> tuple[Passage, ...]:
        if not query:
            return ()
        rows = await self._rows.all(sql, {**_scope(scope), "query": query, "limit": limit})
        return tuple(_passage(row, SourceForm.WORDS) for row in rows)

    async def by_vector(
        self, scope: Scope, model: str, vector: Sequence[float], limit: int
    ) -> tuple[Passage, ...]:
        sql = (
            f"{_SHOWN} FROM chunk_vectors v JOIN document_chunks c ON c.id = v.chunk_id{_SCOPED}"
            " AND v.model = :model AND length(v.vector) = length(:vector)"
            " ORDER BY vec_distance_cosine(v.vector, :vector), c.id LIMIT :limit"
        )
        rows = await self._rows.all(
            sql, {**_scope(scope), "model": model, "vector": packed(vector), "limit": limit}
        )
        return tuple(_passage(row, SourceForm.MEANING) for row in rows)

    async def without_vectors(self, model: str) -> tuple[str, ...]:
        rows = await self._rows.all(
            "SELECT DISTINCT document_id FROM document_chunks c WHERE NOT EXISTS (SELECT 1 FROM"
            " chunk_vectors v WHERE v.chunk_id = c.id AND v.model = ?) ORDER BY document_id",
            (model,),
        )
        return tuple(row["document_id"] for row in rows)

    async def drop_replaced_vectors(self, model: str) -> None:
        await self._rows.run(
            "DELETE FROM chunk_vectors WHERE (model < :model OR model > :model)"
            " AND EXISTS (SELECT 1 FROM chunk_vectors own"
            " WHERE own.chunk_id = chunk_vectors.chunk_id AND own.model = :model)",
            {"model": model},
        )

    async def keep_vectors(
        self, document_id: str, model: str, vectors: Sequence[Sequence[float]]
    ) -> None:
        for number, vector in enumerate(vectors, start=1):
            await self._rows.run(
                "INSERT OR REPLACE INTO chunk_vectors (chunk_id, model, vector)"
                " SELECT id, ?, ? FROM document_chunks WHERE document_id = ? AND number = ?",
                (model, packed(vector), document_id, number),
            )


def _scope(scope: Scope) -> dict[str, str | int | bytes | None]:
    return {
        "organization_id": scope.organization_id,
        "participant_id": scope.participant_id,
        "store_ids": encode(TEXTS, scope.store_ids),
    }


def _store(row: sqlite3.Row) -> KnowledgeStore:
    return KnowledgeStore(
        id=row["id"],
        organization_id=row["organization_id"],
        name=row["name"],
        created_at=from_text(row["created_at"]),
        description=row["description"],
        revision=row["revision"],
        deleted_at=moment(row["deleted_at"]),
    )


def _document(row: sqlite3.Row) -> Document:
    return Document(
        id=row["id"],
        organization_id=row["organization_id"],
        name=row["name"],
        kind=DocumentKind(row["kind"]),
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
        pages=row["pages"],
        characters=row["characters"],
        created_at=from_text(row["created_at"]),
        store_id=row["store_id"],
        participant_id=row["participant_id"],
        source_url=row["source_url"],
        deleted_at=moment(row["deleted_at"]),
    )


def _chunk(row: sqlite3.Row) -> Chunk:
    return Chunk(row["number"], row["page"], row["start"], row["end"], row["text"])


def _passage(row: sqlite3.Row, found_by: SourceForm) -> Passage:
    return Passage(row["document_id"], row["name"], _chunk(row), (found_by,))
