"""API keys of the native API."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.errors import Invalid, NotFound
from vivavoce.core.organization import ApiKey
from vivavoce.core.scopes import Scope, parse_scope
from vivavoce.core.timestamps import to_text
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Line, Moment
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import ApiKeyShape, NewApiKeyShape
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


def _known(text: str) -> str:
    try:
        return parse_scope(text)
    except Invalid as error:
        raise ValueError("is not a scope") from error


_SPELLINGS = [spelling for one in Scope for spelling in (one.value, one.replace(".", ":"))]
ScopeName = Annotated[
    str,
    Field(max_length=64, json_schema_extra={"enum": _SPELLINGS}),
    AfterValidator(_known),
]


class ApiKeyBody(Body):
    name: Line
    scopes: list[ScopeName] = Field(min_length=1, max_length=64)
    mode: KeyMode = KeyMode.LIVE
    expires_at: Moment | None = None


@Operation(
    "List API keys, revoked ones too; newest first.",
    Scope.API_KEYS_READ,
    many(ApiKeyShape),
    query=PageQuery,
)
async def list_api_keys(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.API_KEYS_READ)
    query = read_query(request, PageQuery)
    keys, total = await request.state["services"].credentials.api_keys(
        principal.organization_id, query.page, query.pageSize
    )
    views = [api_key_view(key) for key in keys]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Make an API key.",
    Scope.API_KEYS_WRITE,
    one(NewApiKeyShape, 201),
    body=ApiKeyBody,
    errors={400: "expires_at"},
)
async def create_api_key(request: Request[State]) -> Response:
    """The key itself is shown now, and never again."""
    principal = await authorize(request, Scope.API_KEYS_WRITE)
    body = await read_body(request, ApiKeyBody)
    key, plaintext = await request.state["services"].credentials.grant_api_key(
        principal, body.name, [Scope(name) for name in body.scopes], body.mode, body.expires_at
    )
    return single({**api_key_view(key), "key": plaintext}, 201)


@Operation(
    "Revoke an API key.",
    Scope.API_KEYS_WRITE,
    GONE,
    errors={404: "api_key_not_found"},
)
async def delete_api_key(request: Request[State]) -> Response:
    """Revoked, it also ends the access tokens that were made from it."""
    principal = await authorize(request, Scope.API_KEYS_WRITE)
    revoked = await request.state["services"].credentials.revoke_api_key(
        principal.organization_id, request.path_params["key_id"]
    )
    if not revoked:
        raise NotFound("api_key_not_found", "This API key does not exist.")
    return removed()


def api_key_view(key: ApiKey) -> dict[str, Any]:
    times = {
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "mode": key.mode,
        "scopes": sorted(key.scopes),
        **{name: to_text(moment) if moment else None for name, moment in times.items()},
    }
