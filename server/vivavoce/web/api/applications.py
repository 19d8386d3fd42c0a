"""Applications of the native API, and what people decide about them."""

from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.applications import Decision
from vivavoce.core.scopes import Scope
from vivavoce.core.session import ApplicationConsent, ApplicationFilter, ApplicationStatus
from vivavoce.core.timestamps import to_text
from vivavoce.services.applications import ApplicationRecord, Ruling, StageResult
from vivavoce.web.answers import listing, single
from vivavoce.web.api.fields import Id, Line, Long, seen_revisions
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.session_shapes import ApplicationShape
from vivavoce.web.bodies import Body, read_body, read_query
from vivavoce.web.operations import Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class ApplicationQuery(PageQuery):
    status: ApplicationStatus | None = None
    evaluation_template_id: Id | None = None
    candidate_id: Id | None = None


class DecisionBody(Body):
    decided_by: Line | None = None
    note: Long | None = None


class RejectionBody(Body):
    """A machine may advance somebody; only a person may reject, and is named."""

    decided_by: Line
    note: Long | None = Field(default=None)


@Operation(
    "List applications; newest first.",
    Scope.CANDIDATES_READ,
    many(ApplicationShape),
    query=ApplicationQuery,
)
async def list_applications(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_READ)
    query = read_query(request, ApplicationQuery)
    chosen = ApplicationFilter(
        status=query.status,
        template_id=query.evaluation_template_id,
        participant_id=query.candidate_id,
        page=query.page,
        page_size=query.pageSize,
    )
    records, total = await request.state["services"].applications.page(
        principal.organization_id, chosen
    )
    views = [application_view(record) for record in records]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one application, with the latest session of each stage.",
    Scope.CANDIDATES_READ,
    one(ApplicationShape),
    errors={404: "application_not_found"},
)
async def get_application(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_READ)
    record = await request.state["services"].applications.get(
        principal.organization_id, request.path_params["application_id"]
    )
    return single(application_view(record), revision=record.application.revision)


@Operation(
    "Approve an application; the next stage opens.",
    Scope.CANDIDATES_WRITE,
    one(ApplicationShape),
    body=DecisionBody,
    revised=True,
    errors={
        400: "reviewer_unnamed",
        404: "application_not_found",
        409: "application_state campaign_closed interview_closed",
    },
)
async def approve_application(request: Request[State]) -> Response:
    return await _decide(request, Decision.APPROVE, DecisionBody)


@Operation(
    "Reject an application; only a person does so, and is named.",
    Scope.CANDIDATES_WRITE,
    one(ApplicationShape),
    body=RejectionBody,
    revised=True,
    errors={404: "application_not_found", 409: "application_state"},
)
async def reject_application(request: Request[State]) -> Response:
    return await _decide(request, Decision.REJECT, RejectionBody)


@Operation(
    "Withdraw an application.",
    Scope.CANDIDATES_WRITE,
    one(ApplicationShape),
    body=DecisionBody,
    revised=True,
    errors={404: "application_not_found", 409: "application_state"},
)
async def withdraw_application(request: Request[State]) -> Response:
    """For the candidate, who does not want to go on."""
    return await _decide(request, Decision.WITHDRAW, DecisionBody)


async def _decide(
    request: Request[State], decision: Decision, model: type[DecisionBody] | type[RejectionBody]
) -> Response:
    principal = await authorize(request, Scope.CANDIDATES_WRITE)
    body = await read_body(request, model)
    services, decided_by = request.state["services"], body.decided_by
    if principal.member_id:
        # Who has signed in is known, and answers for it under no other name.
        member = await services.members.get(principal.organization_id, principal.member_id)
        decided_by = member.name
    record = await services.applications.decide(
        principal.organization_id,
        request.path_params["application_id"],
        seen_revisions(request),
        Ruling(decision, decided_by, body.note),
    )
    return single(application_view(record), revision=record.application.revision)


def application_view(record: ApplicationRecord) -> dict[str, Any]:
    application = record.application
    return {
        "id": application.id,
        "candidate_id": application.participant_id,
        "evaluation_template_id": application.template_id,
        "external_id": record.external_id,
        "status": application.status,
        "decided_at": to_text(application.decided_at) if application.decided_at else None,
        "decided_by": application.decided_by,
        "note": application.decision_note,
        "applied_at": to_text(application.applied_at) if application.applied_at else None,
        "consent": _consent_view(application.consent),
        "sessions": [_stage_view(result) for result in record.stages],
        "created_at": to_text(application.created_at),
    }


def _consent_view(consent: ApplicationConsent | None) -> dict[str, Any] | None:
    if consent is None:
        return None
    return {
        "policy_version": consent.policy_version,
        "items": list(consent.items),
        "language": consent.language,
    }


def _stage_view(result: StageResult) -> dict[str, Any]:
    session, card = result.session, result.scorecard
    return {
        "session_id": session.id,
        "interview_id": session.stage_id,
        "stage": session.stage,
        "status": session.status,
        "expires_at": to_text(session.expires_at) if session.expires_at else None,
        "score": card.score if card else None,
        "passed": card.passed if card else None,
        "recommendation": card.recommendation if card else None,
    }
