"""Embeds of the native API: which sites may show an interview, and the keys that sign for them."""

from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.embed import ANY_ORIGIN, EmbedKey
from vivavoce.core.scopes import Scope
from vivavoce.core.timestamps import to_text
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Id, Origin, seen_revisions
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import EmbedShape, NewEmbedShape
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

Origins = Annotated[list[Origin], Field(max_length=20)]


class EmbedQuery(PageQuery):
    evaluation_template_id: Id | None = None


class EmbedBody(Body):
    evaluation_template_id: Id
    allowed_origins: Origins = Field(default_factory=list)
    mode: KeyMode = KeyMode.LIVE


class OriginsBody(Body):
    allowed_origins: Origins


@Operation(
    "List which sites may show which interview.",
    Scope.EMBEDS_READ,
    many(EmbedShape),
    query=EmbedQuery,
)
async def list_embeds(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EMBEDS_READ)
    query = read_query(request, EmbedQuery)
    keys, total = await request.state["services"].embeds.page(
        principal.organization_id, query.evaluation_template_id, query.page, query.pageSize
    )
    views = [embed_view(key) for key in keys]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one embed.",
    Scope.EMBEDS_READ,
    one(EmbedShape),
    errors={404: "embed_not_found"},
)
async def get_embed(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EMBEDS_READ)
    key = await request.state["services"].embeds.own(
        principal.organization_id, request.path_params["embed_id"]
    )
    return single(embed_view(key), revision=key.revision)


@Operation(
    "Let sites show an interview.",
    Scope.EMBEDS_WRITE,
    one(NewEmbedShape, 201),
    body=EmbedBody,
    errors={404: "template_not_found"},
)
async def create_embed(request: Request[State]) -> Response:
    """The signing key is shown now, and never again."""
    principal = await authorize(request, Scope.EMBEDS_WRITE)
    body = await read_body(request, EmbedBody)
    key = await request.state["services"].embeds.create_own(
        principal.organization_id, body.evaluation_template_id, body.allowed_origins, body.mode
    )
    view = {**embed_view(key), "embed_signing_key": key.signing_keys[0]}
    return single(view, 201, revision=key.revision)


@Operation(
    "Change which sites may show an interview.",
    Scope.EMBEDS_WRITE,
    one(EmbedShape),
    body=OriginsBody,
    revised=True,
    errors={404: "embed_not_found"},
)
async def change_embed(request: Request[State]) -> Response:
    """The origins are replaced together; none means any site, with signed links."""
    principal = await authorize(request, Scope.EMBEDS_WRITE)
    body = await read_body(request, OriginsBody)
    key = await request.state["services"].embeds.allow(
        principal.organization_id,
        request.path_params["embed_id"],
        seen_revisions(request),
        body.allowed_origins,
    )
    return single(embed_view(key), revision=key.revision)


@Operation(
    "Make a new signing key.",
    Scope.EMBEDS_WRITE,
    one(NewEmbedShape),
    errors={404: "embed_not_found"},
)
async def rotate_embed(request: Request[State]) -> Response:
    """A new signing key; the one before it stays valid until the next rotation."""
    principal = await authorize(request, Scope.EMBEDS_WRITE)
    embeds, embed_id = request.state["services"].embeds, request.path_params["embed_id"]
    secret = await embeds.rotate(principal.organization_id, embed_id)
    key = await embeds.own(principal.organization_id, embed_id)
    return single({**embed_view(key), "embed_signing_key": secret}, revision=key.revision)


@Operation(
    "Remove an embed; its links open nothing any more.",
    Scope.EMBEDS_WRITE,
    GONE,
    revised=True,
    errors={404: "embed_not_found"},
)
async def delete_embed(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EMBEDS_WRITE)
    await request.state["services"].embeds.revoke(
        principal.organization_id, request.path_params["embed_id"], seen_revisions(request)
    )
    return removed()


def embed_view(key: EmbedKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "evaluation_template_id": key.template_id,
        "mode": key.mode,
        "allowed_origins": [one for one in key.allowed_origins if one != ANY_ORIGIN],
        "live_signing_keys": len(key.signing_keys),
        "created_at": to_text(key.created_at),
    }
