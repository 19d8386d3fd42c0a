"""Knowledge stores of the native API, and finding passages in them."""

from dataclasses import replace
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vivavoce.core.knowledge import KnowledgeStore, Passage, Scope
from vivavoce.core.scopes import Scope as Right
from vivavoce.core.timestamps import to_text
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Line, Long, seen_revisions
from vivavoce.web.api.knowledge_shapes import KnowledgeStoreShape, PassagesShape
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import Body, Query, changed, read_body, read_object, read_query
from vivavoce.web.operations import GONE, Operation, bare, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

_WRITABLE = ("name", "description")


class KnowledgeStoreBody(Body):
    name: Line
    description: Long = ""


class SearchQuery(Query):
    q: str = Field(default="", max_length=2000)
    limit: int = Field(default=5, ge=1, le=20)


@Operation(
    "List the knowledge stores; newest first.",
    Right.KNOWLEDGE_READ,
    many(KnowledgeStoreShape),
    query=PageQuery,
)
async def list_stores(request: Request[State]) -> Response:
    principal = await authorize(request, Right.KNOWLEDGE_READ)
    query = read_query(request, PageQuery)
    stores, total = await request.state["services"].knowledge.page(
        principal.organization_id, query.page, query.pageSize
    )
    views = [store_view(store) for store in stores]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one knowledge store.",
    Right.KNOWLEDGE_READ,
    one(KnowledgeStoreShape),
    errors={404: "knowledge_store_not_found"},
)
async def get_store(request: Request[State]) -> Response:
    principal = await authorize(request, Right.KNOWLEDGE_READ)
    store = await request.state["services"].knowledge.get(
        principal.organization_id, request.path_params["store_id"]
    )
    return single(store_view(store), revision=store.revision)


@Operation(
    "Make a knowledge store; documents are added to it.",
    Right.KNOWLEDGE_WRITE,
    one(KnowledgeStoreShape, 201),
    body=KnowledgeStoreBody,
)
async def create_store(request: Request[State]) -> Response:
    principal = await authorize(request, Right.KNOWLEDGE_WRITE)
    body = await read_body(request, KnowledgeStoreBody)
    store = await request.state["services"].knowledge.create(
        principal.organization_id, body.name, body.description
    )
    return single(store_view(store), 201, revision=store.revision)


@Operation(
    "Change the name or the description of a knowledge store.",
    Right.KNOWLEDGE_WRITE,
    one(KnowledgeStoreShape),
    body=KnowledgeStoreBody,
    partial=True,
    revised=True,
    errors={404: "knowledge_store_not_found"},
)
async def change_store(request: Request[State]) -> Response:
    principal = await authorize(request, Right.KNOWLEDGE_WRITE)
    sent = await read_object(request)

    def edit(before: KnowledgeStore) -> KnowledgeStore:
        writable = {name: store_view(before)[name] for name in _WRITABLE}
        body = changed(writable, sent, KnowledgeStoreBody)
        return replace(before, name=body.name, description=body.description)

    store = await request.state["services"].knowledge.change(
        principal.organization_id, request.path_params["store_id"], seen_revisions(request), edit
    )
    return single(store_view(store), revision=store.revision)


@Operation(
    "Remove a knowledge store and what its documents say.",
    Right.KNOWLEDGE_WRITE,
    GONE,
    revised=True,
    errors={404: "knowledge_store_not_found"},
)
async def delete_store(request: Request[State]) -> Response:
    principal = await authorize(request, Right.KNOWLEDGE_WRITE)
    await request.state["services"].knowledge.remove(
        principal.organization_id, request.path_params["store_id"], seen_revisions(request)
    )
    return removed()


@Operation(
    "Find passages of a knowledge store.",
    Right.KNOWLEDGE_READ,
    bare(PassagesShape),
    query=SearchQuery,
    errors={404: "knowledge_store_not_found"},
)
async def search_store(request: Request[State]) -> Response:
    """As the interviewer finds them: by words, by meaning where there is an embedding model, and
    merged by rank.
    """
    principal = await authorize(request, Right.KNOWLEDGE_READ)
    query = read_query(request, SearchQuery)
    services = request.state["services"]
    store = await services.knowledge.get(principal.organization_id, request.path_params["store_id"])
    scope = Scope(principal.organization_id, store_ids=(store.id,))
    passages = await services.knowledge_search.find(scope, query.q, query.limit)
    return JSONResponse(
        {"data": [passage_view(passage) for passage in passages]},
        headers={"cache-control": "no-store"},
    )


def store_view(store: KnowledgeStore) -> dict[str, Any]:
    return {
        "id": store.id,
        "name": store.name,
        "description": store.description,
        "created_at": to_text(store.created_at),
    }


def passage_view(passage: Passage) -> dict[str, Any]:
    return {
        "document_id": passage.document_id,
        "document_name": passage.document_name,
        "page": passage.chunk.page,
        "start": passage.chunk.start,
        "end": passage.chunk.end,
        "text": passage.chunk.text,
        "found_by": list(passage.found_by),
    }
