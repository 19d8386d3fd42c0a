"""The Evalyo view: candidates."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.session import Participant
from vivavoce.services.candidates import NewCandidate
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.bodies import changed, read_body, read_object, read_query
from vivavoce.web.compat.evalyo_bodies import CandidateRequest, CandidatesQuery
from vivavoce.web.compat.evalyo_views import candidate_view, writable
from vivavoce.web.compat.shapes import CandidateShape
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

# A candidate who came another way may have one name only, or no address.
_MAY_BE_MISSING = {
    "firstName": ("first_name", "-"),
    "lastName": ("last_name", "-"),
    "email": ("email", "nobody@example.org"),
}


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
    return single(candidate_view(candidate), revision=candidate.revision)


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
    return single(candidate_view(candidate), 201, revision=candidate.revision)


@Operation(
    "Change what is known about a candidate.",
    Scope.CANDIDATES_WRITE,
    one(CandidateShape),
    body=CandidateRequest,
    partial=True,
    revised=True,
    errors={404: "participant_not_found", 409: "participant_exists"},
)
async def change_candidate(request: Request[State]) -> Response:
    """What is not sent stays."""
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    sent = await read_object(request)

    def edit(before: Participant) -> Participant:
        return _changed(before, sent).fill(before)

    candidate = await request.state["services"].participants.change(
        principal.organization_id,
        request.path_params["candidate_id"],
        seen_revisions(request),
        edit,
    )
    return single(candidate_view(candidate), revision=candidate.revision)


@Operation(
    "Forget who a candidate was; what has not begun is cancelled.",
    Scope.CANDIDATES_DELETE,
    GONE,
    revised=True,
    errors={404: "participant_not_found", 409: "application_state"},
)
async def delete_candidate(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_DELETE)
    await request.state["services"].participants.remove(
        principal.organization_id, request.path_params["candidate_id"], seen_revisions(request)
    )
    return removed()


def _changed(before: Participant, sent: Mapping[str, Any]) -> NewCandidate:
    """What is not sent stays, also what a new candidate could not do without."""
    known = writable(candidate_view(before))
    missing = {
        name: stand_in
        for name, (_, stand_in) in _MAY_BE_MISSING.items()
        if not known.get(name) and name not in sent
    }
    body = changed({**known, **missing}, sent, CandidateRequest)
    return replace(body.candidate(), **{_MAY_BE_MISSING[name][0]: "" for name in missing})
