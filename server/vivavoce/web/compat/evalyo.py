"""The Evalyo view: interviews and their reports."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.session import SessionFilter
from vivavoce.web.answers import listing, single
from vivavoce.web.bodies import read_body, read_query
from vivavoce.web.compat.evalyo_bodies import InterviewRequest, InterviewsQuery
from vivavoce.web.compat.evalyo_status import narrowed
from vivavoce.web.compat.evalyo_views import interview_details, interview_summary, report_view
from vivavoce.web.compat.shapes import InterviewShape, InterviewSummaryShape, ReportShape
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


@Operation(
    "List interviews; newest first.",
    Scope.INTERVIEWS_READ,
    many(InterviewSummaryShape),
    query=InterviewsQuery,
)
async def list_interviews(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    query = read_query(request, InterviewsQuery)
    services = request.state["services"]
    now = services.clock.now()
    chosen = SessionFilter(
        template_id=query.jobId,
        campaign_id=query.campaignId,
        page=query.page,
        page_size=query.pageSize,
    )
    records, total = await services.sessions.page(
        principal.organization_id, narrowed(chosen, query.status, now)
    )
    views = [interview_summary(record, now) for record in records]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one interview, with evaluation and transcript.",
    Scope.INTERVIEWS_READ,
    one(InterviewShape),
    errors={404: "session_not_found"},
)
async def get_interview(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    services = request.state["services"]
    record = await services.sessions.read(
        principal.organization_id, request.path_params["interview_id"]
    )
    return single(interview_details(record, services.clock.now()))


@Operation(
    "Invite a known candidate to an interview.",
    Scope.INTERVIEWS_WRITE,
    one(InterviewShape, 201),
    body=InterviewRequest,
    errors={
        400: "expires_at",
        404: "template_not_found participant_not_found campaign_not_found agent_profile_not_found",
        409: "interview_closed campaign_closed",
        422: "stage_of_another_job campaign_of_another_job",
    },
)
async def create_interview(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    body = await read_body(request, InterviewRequest)
    services = request.state["services"]
    session = await services.scheduling.order(principal.organization_id, body.order())
    record = await services.sessions.read(principal.organization_id, session.id)
    return single(interview_details(record, services.clock.now()), 201)


@Operation(
    "Read the scorecard of an interview as a report.",
    Scope.REPORTS_READ,
    one(ReportShape),
    errors={404: "report_not_found"},
)
async def get_report(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.REPORTS_READ)
    record = await request.state["services"].reports.read(
        principal.organization_id, request.path_params["report_id"]
    )
    return single(report_view(record))
