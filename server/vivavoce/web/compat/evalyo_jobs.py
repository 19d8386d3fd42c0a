"""The Evalyo view: jobs."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.jobs import NewJob
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.bodies import changed, read_body, read_object, read_query
from vivavoce.web.compat.evalyo_bodies import JobRequest, JobsQuery
from vivavoce.web.compat.evalyo_views import job_view, writable
from vivavoce.web.compat.shapes import JobShape
from vivavoce.web.operations import GONE, Operation, many, one
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
    return single(job_view(job), revision=job.template.revision)


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
    return single(job_view(job), 201, revision=job.template.revision)


@Operation(
    "Change a job.",
    Scope.JOBS_WRITE,
    one(JobShape),
    body=JobRequest,
    partial=True,
    revised=True,
    errors={404: "template_not_found agent_profile_not_found"},
)
async def change_job(request: Request[State]) -> Response:
    """What is not sent stays. A question whose text stays keeps all that is known about it."""
    principal = await authorize(request, Scope.JOBS_WRITE)
    sent = await read_object(request)

    def edit(before: StoredTemplate) -> NewJob:
        return changed(writable(job_view(before)), sent, JobRequest).job()

    job = await request.state["services"].jobs.change(
        principal.organization_id, request.path_params["job_id"], seen_revisions(request), edit
    )
    return single(job_view(job), revision=job.template.revision)


@Operation(
    "Remove a job; no new interview begins for it.",
    Scope.JOBS_WRITE,
    GONE,
    revised=True,
    errors={404: "template_not_found"},
)
async def delete_job(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.JOBS_WRITE)
    await request.state["services"].templates.remove(
        principal.organization_id, request.path_params["job_id"], seen_revisions(request)
    )
    return removed()
