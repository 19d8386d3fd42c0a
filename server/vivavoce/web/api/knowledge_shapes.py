"""Knowledge stores, documents and résumés as the native API answers them, field by field."""

from pydantic import AwareDatetime

from vivavoce.core.knowledge import DocumentKind, SourceForm
from vivavoce.core.resumes import ResumeState
from vivavoce.web.operations import Shape


class KnowledgeStoreShape(Shape):
    id: str
    name: str
    description: str
    created_at: AwareDatetime


class DocumentShape(Shape):
    id: str
    name: str
    kind: DocumentKind
    size_bytes: int
    sha256: str
    pages: int
    characters: int
    created_at: AwareDatetime


class ChunkShape(Shape):
    page: int
    start: int
    end: int
    text: str


class ReadDocumentShape(DocumentShape):
    chunks: list[ChunkShape]


class PassageShape(ChunkShape):
    document_id: str
    document_name: str
    found_by: list[SourceForm]


class PassagesShape(Shape):
    data: list[PassageShape]


class ResumeShape(Shape):
    state: ResumeState
    error: str | None
    url: str | None
    document: DocumentShape | None


class ReadResumeShape(ResumeShape):
    document: ReadDocumentShape | None
