"""The recruiter's pages, reached by signed links and by nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from vivavoce.core.errors import VivavoceError
from vivavoce.services.results import SessionResult, Visit
from vivavoce.web.results import view

Facts: TypeAlias = dict[str, Any]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Show: TypeAlias = Callable[[Request, "ResultReader", Visit], Awaitable[tuple[str, Facts]]]

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_FILTERS = (
    view.clock,
    view.plain,
    view.number,
    view.minute,
    view.status_words,
    view.recommendation_words,
    view.reason_words,
)


class ResultReader(Protocol):
    """What the pages need; `services.results.Results` is it."""

    async def newest(self, organization_id: str) -> tuple[SessionResult, ...]: ...
    async def one(self, organization_id: str, session_id: str) -> SessionResult: ...
    def open_link(self, path: str, query: Mapping[str, str]) -> Visit: ...
    def link(self, visit: Visit, session_id: str | None = None) -> str: ...


def results_routes(reader_of: Callable[[Request], ResultReader]) -> list[BaseRoute]:
    """`reader_of` finds the reader where the application keeps it."""
    templates = Jinja2Templates(_HERE / "templates")
    templates.env.filters.update({each.__name__: each for each in _FILTERS})

    def render(request: Request, name: str, facts: Facts, status: int = 200) -> Response:
        return templates.TemplateResponse(request, name, facts, status, headers=_HEADERS)

    def opened_by_link(show: Show) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            reader = reader_of(request)
            try:
                visit = reader.open_link(request.url.path, request.query_params)
                name, facts = await show(request, reader, visit)
            except VivavoceError as error:
                return render(request, "refused.html", {"error": error}, error.status)
            return render(request, name, {**facts, "visit": visit, "link": reader.link})

        return endpoint

    return [
        Route("/results", opened_by_link(_listing)),
        Mount("/results/static", StaticFiles(directory=_HERE / "static")),
        Route("/results/{session_id}", opened_by_link(_one)),
    ]


async def _listing(_: Request, reader: ResultReader, visit: Visit) -> tuple[str, Facts]:
    return "list.html", {"results": await reader.newest(visit.organization_id)}


async def _one(request: Request, reader: ResultReader, visit: Visit) -> tuple[str, Facts]:
    result = await reader.one(visit.organization_id, request.path_params["session_id"])
    return "session.html", {"page": view.result_page(result)}
