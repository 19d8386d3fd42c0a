"""The recruiter's pages, reached by a signed link, or by a member's cookie with `?accountSlug=`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from vivavoce.core.errors import Unauthenticated, VivavoceError
from vivavoce.core.scopes import Scope
from vivavoce.services.results import SessionResult, Visit
from vivavoce.web.cookies import ACCOUNT
from vivavoce.web.dashboard.addresses import dashboard_page, result_page
from vivavoce.web.dashboard.navigation import HOME, SESSIONS
from vivavoce.web.dashboard.sign_in import sign_in_page
from vivavoce.web.results import view
from vivavoce.web.security import signed_in
from vivavoce.web.staff.pages import HEADERS

Facts: TypeAlias = dict[str, Any]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Show: TypeAlias = Callable[[Request, "ResultReader", str], Awaitable[tuple[str, Facts]]]

_HERE = Path(__file__).parent
# A page tells who was interviewed, what was said and how it was rated.
_SHOWN = (Scope.CANDIDATES_READ, Scope.INTERVIEWS_READ, Scope.REPORTS_READ)
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


@dataclass(frozen=True)
class Reading:
    """Whose interviews are read, and where their pages lead: `every` to all of them, if at all."""

    organization_id: str
    every: str | None
    of_session: Callable[[str], str]


@dataclass(frozen=True)
class Way:
    """A link."""

    address: str
    title: str


def results_routes(reader_of: Callable[[Request], ResultReader]) -> list[BaseRoute]:
    """`reader_of` finds the reader where the application keeps it."""
    templates = Jinja2Templates(_HERE / "templates")
    templates.env.filters.update({each.__name__: each for each in _FILTERS})

    def render(request: Request, name: str, facts: Facts, status: int = 200) -> Response:
        return templates.TemplateResponse(request, name, facts, status, headers=HEADERS)

    def opened(show: Show) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            reader = reader_of(request)
            try:
                reading = await _open(request, reader)
                name, facts = await show(request, reader, reading.organization_id)
            except Unauthenticated:
                return sign_in_page(request)
            except VivavoceError as error:
                facts = {"error": error, "way": await _way_on(request, reader)}
                return render(request, "refused.html", facts, error.status)
            return render(request, name, {**facts, "reading": reading})

        return endpoint

    return [
        Route("/results", opened(_listing)),
        Mount("/results/static", StaticFiles(directory=_HERE / "static")),
        Route("/results/{session_id}", opened(_one)),
    ]


async def _open(request: Request[Any], reader: ResultReader) -> Reading:
    """Raises `Unauthenticated` for a cookie, `Forbidden` for a link or a role."""
    if ACCOUNT in request.query_params:
        who = await signed_in(request)
        for scope in _SHOWN:
            who.principal.require(scope)
        slug = who.organization.slug
        return Reading(
            who.organization.id, dashboard_page(slug, "sessions"), partial(result_page, slug)
        )
    visit = reader.open_link(request.url.path, request.query_params)
    every = reader.link(visit) if visit.sees_list else None
    return Reading(visit.organization_id, every, partial(reader.link, visit))


async def _way_on(request: Request[Any], reader: ResultReader) -> Way | None:
    """From a page that cannot be shown: a member always has one, a link if it is good for more."""
    if ACCOUNT in request.query_params:
        who = await signed_in(request)
        page = SESSIONS if SESSIONS.is_open_to(who.principal) else HOME
        return Way(dashboard_page(who.organization.slug, page.name), page.title)
    try:
        visit = reader.open_link(request.url.path, request.query_params)
    except VivavoceError:
        return None
    return Way(reader.link(visit), SESSIONS.title) if visit.sees_list else None


async def _listing(_: Request, reader: ResultReader, organization_id: str) -> tuple[str, Facts]:
    return "list.html", {"results": await reader.newest(organization_id)}


async def _one(request: Request, reader: ResultReader, organization_id: str) -> tuple[str, Facts]:
    result = await reader.one(organization_id, request.path_params["session_id"])
    return "session.html", {"page": view.result_page(result)}
