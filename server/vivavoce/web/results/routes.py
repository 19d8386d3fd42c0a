"""The recruiter's pages, reached by presigned links and by nothing else.

A link is signed over its path and carries an expiry, so a page can hand out links to its neighbours
and none of them outlives the one that opened it.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from vivavoce.core.errors import VivavoceError
from vivavoce.web.results import view

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Show: TypeAlias = Callable[[Request, str], Awaitable[Response]]

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class Results(Protocol):
    """What the pages need from the services."""

    async def newest(self, organization_id: str) -> tuple[view.SessionResult, ...]:
        """The organization's sessions, newest first."""
        ...

    async def one(self, organization_id: str, session_id: str) -> view.SessionResult:
        """Raises `NotFound`."""
        ...

    def verify(self, path: str, query: Mapping[str, str]) -> str:
        """The organization that the link was signed for. Raises `Forbidden`."""
        ...

    def link(self, path: str, query: Mapping[str, str]) -> str:
        """`path`, signed for the organization and until the time of the verified `query`."""
        ...


def results_routes(results: Results) -> list[BaseRoute]:
    templates = Jinja2Templates(_HERE / "templates")
    templates.env.filters.update(
        clock=view.clock,
        plain=view.plain,
        status=view.status_words,
        recommendation=view.recommendation_words,
        duration=view.duration_words,
    )

    def render(request: Request, name: str, facts: dict[str, Any], status: int = 200) -> Response:
        return templates.TemplateResponse(request, name, facts, status, headers=_HEADERS)

    def opened_by_link(show: Show) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            try:
                return await show(request, results.verify(request.url.path, request.query_params))
            except VivavoceError as error:
                return render(request, "refused.html", {"error": error}, error.status)

        return endpoint

    async def listing(request: Request, organization: str) -> Response:
        def link(session_id: str) -> str:
            return results.link(f"/results/{session_id}", request.query_params)

        facts = {"results": await results.newest(organization), "link": link}
        return render(request, "list.html", facts)

    async def one(request: Request, organization: str) -> Response:
        result = await results.one(organization, request.path_params["session_id"])
        back = results.link("/results", request.query_params)
        return render(request, "session.html", {"page": view.result_page(result), "back": back})

    return [
        Route("/results", opened_by_link(listing)),
        Mount("/results/static", StaticFiles(directory=_HERE / "static")),
        Route("/results/{session_id}", opened_by_link(one)),
    ]
