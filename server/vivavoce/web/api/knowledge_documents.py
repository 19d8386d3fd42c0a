"""Documents of knowledge stores and résumés of participants in the native API."""

from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.knowledge import Chunk, Document
from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.services.knowledge import Resume
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.knowledge_shapes import (
    DocumentShape,
    ReadDocumentShape,
    ReadResumeShape,
    ResumeShape,
)
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import Query, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State
from vivavoce.web.uploads import LONGEST_NAME, read_file

UNREADABLE = "document_type document_unreadable document_encrypted document_too_long document_empty"


class FileQuery(Query):
    name: str = Field(default="", max_length=LONGEST_NAME)


@Operation(
    "List the documents of a knowledge store; newest first.",
    Scope.KNOWLEDGE_READ,
    many(DocumentShape),
    query=PageQuery,
    errors={404: "knowledge_store_not_found"},
)
async def list_documents(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.KNOWLEDGE_READ)
    query = read_query(request, PageQuery)
    documents, total = await request.state["services"].knowledge.documents(
        principal.organization_id, request.path_params["store_id"], query.page, query.pageSize
    )
    views = [document_view(document) for document in documents]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Add a document: PDF, DOCX or text.",
    Scope.KNOWLEDGE_WRITE,
    one(DocumentShape, 201),
    query=FileQuery,
    document=True,
    errors={404: "knowledge_store_not_found", 422: UNREADABLE},
)
async def add_document(request: Request[State]) -> Response:
    """The file is the body, called `name`, or the field `file` of a form. It is read at once, and
    its text is kept; the file is not.
    """
    principal = await authorize(request, Scope.KNOWLEDGE_WRITE)
    knowledge, store_id = request.state["services"].knowledge, request.path_params["store_id"]
    await knowledge.get(principal.organization_id, store_id)
    file = await read_file(request, read_query(request, FileQuery).name or "document")
    document = await knowledge.add_document(principal.organization_id, store_id, file)
    return single(document_view(document), 201)


@Operation(
    "Read one document with its text.",
    Scope.KNOWLEDGE_READ,
    one(ReadDocumentShape),
    errors={404: "knowledge_store_not_found document_not_found"},
)
async def get_document(request: Request[State]) -> Response:
    """A `source` of a turn names characters `start` to `end` of a `page`, as the chunks do."""
    principal = await authorize(request, Scope.KNOWLEDGE_READ)
    document, chunks = await request.state["services"].knowledge.document(
        principal.organization_id,
        request.path_params["store_id"],
        request.path_params["document_id"],
    )
    return single(read_document_view(document, chunks))


@Operation(
    "Remove a document and what it says.",
    Scope.KNOWLEDGE_WRITE,
    GONE,
    errors={404: "knowledge_store_not_found document_not_found"},
)
async def delete_document(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.KNOWLEDGE_WRITE)
    await request.state["services"].knowledge.remove_document(
        principal.organization_id,
        request.path_params["store_id"],
        request.path_params["document_id"],
    )
    return removed()


@Operation(
    "Read a participant's résumé, or why it is not there.",
    Scope.CANDIDATES_READ,
    one(ReadResumeShape),
    errors={404: "participant_not_found"},
)
async def get_resume(request: Request[State]) -> Response:
    """`waiting` while it is being fetched from `resume_url`; `failed` with a code when it could not
    be.
    """
    principal = await authorize(request, Scope.CANDIDATES_READ)
    resume, chunks = await request.state["services"].knowledge.read_resume(
        principal.organization_id, request.path_params["participant_id"]
    )
    view = resume_view(resume)
    if resume.document is not None:
        view["document"] = read_document_view(resume.document, chunks)
    return single(view)


@Operation(
    "Give a participant's résumé as a file, in place of the one before.",
    Scope.CANDIDATES_WRITE,
    one(ResumeShape),
    query=FileQuery,
    document=True,
    errors={404: "participant_not_found", 422: UNREADABLE},
)
async def put_resume(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    knowledge, participant_id = (
        request.state["services"].knowledge,
        request.path_params["participant_id"],
    )
    await knowledge.resume(principal.organization_id, participant_id)
    file = await read_file(request, read_query(request, FileQuery).name or "resume")
    resume = await knowledge.put_resume(principal.organization_id, participant_id, file)
    return single(resume_view(resume))


@Operation(
    "Erase a participant's résumé.",
    Scope.CANDIDATES_WRITE,
    GONE,
    errors={404: "participant_not_found"},
)
async def delete_resume(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    await request.state["services"].knowledge.remove_resume(
        principal.organization_id, request.path_params["participant_id"]
    )
    return removed()


def document_view(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": document.name,
        "kind": document.kind,
        "size_bytes": document.size_bytes,
        "sha256": document.sha256,
        "pages": document.pages,
        "characters": document.characters,
        "created_at": to_text(document.created_at),
    }


def read_document_view(document: Document, chunks: tuple[Chunk, ...]) -> dict[str, Any]:
    pieces = [
        {"page": chunk.page, "start": chunk.start, "end": chunk.end, "text": chunk.text}
        for chunk in chunks
    ]
    return {**document_view(document), "chunks": pieces}


def resume_view(resume: Resume) -> dict[str, Any]:
    return {
        "state": resume.state,
        "error": resume.fetch.error if resume.fetch else None,
        "url": resume.fetch.url if resume.fetch else None,
        "document": None if resume.document is None else document_view(resume.document),
    }
