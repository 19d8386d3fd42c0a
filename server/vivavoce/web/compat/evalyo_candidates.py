"""The Evalyo view: candidates."""

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.web.answers import listing, single
from vivavoce.web.bodies import read_body, read_query
from vivavoce.web.compat.evalyo_bodies import CandidateRequest, CandidatesQuery
from vivavoce.web.compat.evalyo_views import candidate_view
from vivavoce.web.compat.shapes import CandidateShape
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


@Operation(
    "List candidates; newest first.",
    Scope.CANDIDATES_READ,
    many(CandidateShape),
    query=CandidatesQuery,
)
async def list_candidates(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_READ)
    query = read_query(request, CandidatesQuery)
    candidates, total = await request.state["services"].candidates.page(
        principal.organization_id, query.chosen()
    )
    views = [candidate_view(candidate) for candidate in candidates]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one candidate.",
    Scope.CANDIDATES_READ,
    one(CandidateShape),
    errors={404: "participant_not_found"},
)
async def get_candidate(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_READ)
    candidate = await request.state["services"].candidates.get(
        principal.organization_id, request.path_params["candidate_id"]
    )
    return single(candidate_view(candidate))


@Operation(
    "Add somebody, for no job yet.",
    Scope.CANDIDATES_WRITE,
    one(CandidateShape, 201),
    body=CandidateRequest,
    errors={409: "candidate_exists"},
)
async def create_candidate(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    body = await read_body(request, CandidateRequest)
    candidate = await request.state["services"].candidates.create(
        principal.organization_id, body.candidate()
    )
    return single(candidate_view(candidate), 201)
