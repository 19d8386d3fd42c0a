"""Sessions of the native API."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.session import SessionFilter
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.services.session_orders import SessionOrder
from vivavoce.web.answers import listing, single
from vivavoce.web.api.fields import Id, Language, Line, ShortLine
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.session_shapes import SessionShape, SessionSummaryShape
from vivavoce.web.api.session_view import session_view, summary_view
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class SessionQuery(PageQuery):
    status: SessionStatus | None = None
    evaluation_template_id: str | None = Field(default=None, max_length=64)
    candidate_id: str | None = Field(default=None, max_length=64)
    external_id: str | None = Field(default=None, max_length=255)
    stage: str | None = Field(default=None, max_length=64)
    campaign_id: str | None = Field(default=None, max_length=64)


class SessionBody(Body):
    candidate_id: Id
    evaluation_template_id: Id
    stage: Annotated[Line, StringConstraints(max_length=64)]
    interview_id: Id | None = None
    idempotency_key: (
        Annotated[ShortLine, StringConstraints(min_length=1, max_length=255)] | None
    ) = None
    scheduled_at: datetime | None = None
    timezone: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    language: Language | None = None
    notes: Annotated[str, StringConstraints(max_length=1000)] | None = None
    force: bool = False
    campaign_id: Id | None = None

    def order(self) -> SessionOrder:
        return SessionOrder(
            participant_id=self.candidate_id,
            template_id=self.evaluation_template_id,
            stage=self.stage,
            stage_id=self.interview_id,
            idempotency_key=self.idempotency_key,
            scheduled_at=self.scheduled_at,
            timezone=self.timezone,
            language=self.language,
            notes=self.notes,
            force=self.force,
            campaign_id=self.campaign_id,
        )


@Operation(
    "Order an interview for a participant.",
    Scope.INTERVIEWS_WRITE,
    one(SessionShape, 201),
    body=SessionBody,
    errors={
        400: "timezone scheduled_at",
        404: "template_not_found participant_not_found campaign_not_found",
        409: "session_exists idempotency_key_used interview_closed application_closed"
        " campaign_closed",
        422: "participant_of_another_template stage_of_another_template"
        " campaign_of_another_template",
    },
)
async def create_session(request: Request[State]) -> Response:
    """The same idempotency key answers with the session that it made first."""
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    body = await read_body(request, SessionBody)
    services = request.state["services"]
    session, is_new = await services.session_orders.place(principal.organization_id, body.order())
    record = await services.sessions.read(principal.organization_id, session.id)
    answer = single(session_view(record), 201)
    if not is_new:
        answer.headers["idempotent-replay"] = "true"
    return answer


@Operation(
    "Cancel a session.",
    Scope.INTERVIEWS_WRITE,
    one(SessionShape),
    errors={404: "session_not_found", 409: "session_state"},
)
async def cancel_session(request: Request[State]) -> Response:
    """Before the candidate has joined; afterwards it is a conflict."""
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    services, session_id = request.state["services"], request.path_params["session_id"]
    await services.sessions.cancel(principal.organization_id, session_id)
    record = await services.sessions.read(principal.organization_id, session_id)
    return single(session_view(record))


@Operation(
    "List sessions; newest first.",
    Scope.INTERVIEWS_READ,
    many(SessionSummaryShape),
    query=SessionQuery,
)
async def list_sessions(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    query = read_query(request, SessionQuery)
    chosen = SessionFilter(
        status=query.status,
        template_id=query.evaluation_template_id,
        participant_id=query.candidate_id,
        external_id=query.external_id,
        stage=query.stage,
        campaign_id=query.campaign_id,
        page=query.page,
        page_size=query.pageSize,
    )
    records, total = await request.state["services"].sessions.page(
        principal.organization_id, chosen
    )
    views = [summary_view(record) for record in records]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one session, with transcript, scorecard, signals and recording.",
    Scope.INTERVIEWS_READ,
    one(SessionShape),
    errors={404: "session_not_found"},
)
async def get_session(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    services = request.state["services"]
    record = await services.sessions.read(
        principal.organization_id, request.path_params["session_id"]
    )
    return single(session_view(record, await services.expectations.of(record)))
