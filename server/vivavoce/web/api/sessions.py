"""Reading sessions in the native API."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.session import SessionFilter
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.web.answers import listing, single
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.session_view import session_view, summary_view
from vivavoce.web.bodies import read_query
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class SessionQuery(PageQuery):
    status: SessionStatus | None = None
    evaluation_template_id: str | None = Field(default=None, max_length=64)
    candidate_id: str | None = Field(default=None, max_length=64)
    external_id: str | None = Field(default=None, max_length=255)
    stage: str | None = Field(default=None, max_length=64)


async def list_sessions(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    query = read_query(request, SessionQuery)
    chosen = SessionFilter(
        status=query.status,
        template_id=query.evaluation_template_id,
        participant_id=query.candidate_id,
        external_id=query.external_id,
        stage=query.stage,
        page=query.page,
        page_size=query.pageSize,
    )
    records, total = await request.state["services"].sessions.page(
        principal.organization_id, chosen
    )
    views = [summary_view(record) for record in records]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


async def get_session(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    record = await request.state["services"].sessions.read(
        principal.organization_id, request.path_params["session_id"]
    )
    return single(session_view(record))
