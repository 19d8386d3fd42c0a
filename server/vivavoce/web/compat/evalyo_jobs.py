"""The Evalyo view: jobs."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.web.answers import listing, single
from vivavoce.web.bodies import read_body, read_query
from vivavoce.web.compat.evalyo_bodies import JobRequest, JobsQuery
from vivavoce.web.compat.evalyo_views import job_view
from vivavoce.web.compat.shapes import JobShape
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


@Operation(
    "List jobs; newest first.",
    Scope.JOBS_READ,
    many(JobShape),
    query=JobsQuery,
)
async def list_jobs(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.JOBS_READ)
    query = read_query(request, JobsQuery)
    jobs, total = await request.state["services"].jobs.page(
        principal.organization_id, query.chosen()
    )
    views = [job_view(job) for job in jobs]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one job.",
    Scope.JOBS_READ,
    one(JobShape),
    errors={404: "template_not_found"},
)
async def get_job(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.JOBS_READ)
    job = await request.state["services"].jobs.get(
        principal.organization_id, request.path_params["job_id"]
    )
    return single(job_view(job))


@Operation(
    "Make a job from a title and its questions.",
    Scope.JOBS_WRITE,
    one(JobShape, 201),
    body=JobRequest,
    errors={404: "agent_profile_not_found"},
)
async def create_job(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.JOBS_WRITE)
    body = await read_body(request, JobRequest)
    job = await request.state["services"].jobs.create(principal.organization_id, body.job())
    return single(job_view(job), 201)
