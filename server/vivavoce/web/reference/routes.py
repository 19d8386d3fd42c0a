"""Where the reference is served: one document and one page, made when they are first asked for."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from vivavoce.web.reference.document import document
from vivavoce.web.reference.entries import Described
from vivavoce.web.reference.page import groups, things
from vivavoce.web.state import State

DOCUMENT_PATH = "/api/v1/openapi.json"
_HERE = Path(__file__).parent
# It holds nothing secret, and tools in other origins read it.
_PUBLIC = {"cache-control": "no-cache", "access-control-allow-origin": "*"}
_PAGE = {
    "cache-control": "no-cache",
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


def reference_routes(entries: Iterable[Described]) -> list[BaseRoute]:
    described = document(entries)
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=select_autoescape()
    )
    templates.filters.update(marked=_marked, breakable=_breakable)

    @cache
    def rendered(instance: str) -> str:
        return templates.get_template("reference.html").render(
            instance=instance,
            version=described["info"]["version"],
            groups=groups(described),
            things=things(described),
        )

    async def openapi(request: Request[State]) -> Response:
        servers = [{"url": request.state["services"].instance_url}]
        return JSONResponse({**described, "servers": servers}, headers=_PUBLIC)

    async def page(request: Request[State]) -> Response:
        return HTMLResponse(rendered(request.state["services"].instance_url), headers=_PAGE)

    return [
        Route(DOCUMENT_PATH, openapi, name="openapi"),
        Route("/docs", page, name="reference"),
        Mount("/docs/static", StaticFiles(directory=_HERE / "static")),
    ]


def _marked(text: str) -> Markup:
    """With what stands between backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped)


def _breakable(path: str) -> Markup:
    return Markup(re.sub(r"(?=/)|(?<=[_.])", "<wbr>", str(escape(path))))  # noqa: S704 (escaped)
