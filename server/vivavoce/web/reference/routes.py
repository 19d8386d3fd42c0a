"""Where the reference is served: one document, made once when the application is built."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vivavoce.web.reference.document import document
from vivavoce.web.reference.entries import Described
from vivavoce.web.state import State

DOCUMENT_PATH = "/api/v1/openapi.json"
# It holds nothing secret, and tools in other origins read it.
_PUBLIC = {"cache-control": "no-cache", "access-control-allow-origin": "*"}


def reference_routes(entries: Iterable[Described]) -> list[BaseRoute]:
    described = document(entries)

    async def openapi(request: Request[State]) -> Response:
        servers = [{"url": request.state["services"].instance_url}]
        return JSONResponse({**described, "servers": servers}, headers=_PUBLIC)

    return [Route(DOCUMENT_PATH, openapi, name="openapi")]
