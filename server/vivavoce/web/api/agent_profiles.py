"""Agent profiles of the native API."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.agent_profile import AgentProfile, Dimension
from vivavoce.core.scopes import Scope
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.agent_profile_bodies import AgentProfileBody, RubricQuery
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import AgentProfileShape
from vivavoce.web.bodies import changed, read_body, read_object, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


@Operation(
    "List who interviews, and by which rubric; oldest first.",
    Scope.INTERVIEWS_READ,
    many(AgentProfileShape),
    query=PageQuery,
)
async def list_agent_profiles(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    query = read_query(request, PageQuery)
    profiles, total = await request.state["services"].agent_profiles.page(
        principal.organization_id, query.page, query.pageSize
    )
    views = [profile_view(profile) for profile in profiles]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one agent profile.",
    Scope.INTERVIEWS_READ,
    one(AgentProfileShape),
    query=RubricQuery,
    errors={404: "agent_profile_not_found rubric_version_not_found"},
)
async def get_agent_profile(request: Request[State]) -> Response:
    """`rubricVersion` asks for the rubric as it was in that version."""
    principal = await authorize(request, Scope.INTERVIEWS_READ)
    version = read_query(request, RubricQuery).rubricVersion
    profiles = request.state["services"].agent_profiles
    organization_id, profile_id = principal.organization_id, request.path_params["profile_id"]
    if version is None:
        profile = await profiles.get(organization_id, profile_id)
    else:
        profile = await profiles.at_version(organization_id, profile_id, version)
    return single(profile_view(profile), revision=profile.revision)


@Operation(
    "Make an agent profile of your own.",
    Scope.INTERVIEWS_WRITE,
    one(AgentProfileShape, 201),
    body=AgentProfileBody,
    errors={400: "rubric"},
)
async def create_agent_profile(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    body = await read_body(request, AgentProfileBody)
    profile = await request.state["services"].agent_profiles.create(
        principal.organization_id, body.profile()
    )
    return single(profile_view(profile), 201, revision=profile.revision)


@Operation(
    "Change an agent profile; another rubric becomes its next version.",
    Scope.INTERVIEWS_WRITE,
    one(AgentProfileShape),
    body=AgentProfileBody,
    partial=True,
    revised=True,
    errors={400: "rubric", 404: "agent_profile_not_found"},
)
async def change_agent_profile(request: Request[State]) -> Response:
    """What is not sent stays; `evaluationDimensions` are replaced together."""
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    sent = await read_object(request)

    def edit(before: AgentProfile) -> AgentProfile:
        return changed(_writable(before), sent, AgentProfileBody).profile()

    profile = await request.state["services"].agent_profiles.change(
        principal.organization_id, request.path_params["profile_id"], seen_revisions(request), edit
    )
    return single(profile_view(profile), revision=profile.revision)


@Operation(
    "Remove an agent profile that nothing uses.",
    Scope.INTERVIEWS_WRITE,
    GONE,
    revised=True,
    errors={404: "agent_profile_not_found", 409: "agent_profile_in_use"},
)
async def delete_agent_profile(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.INTERVIEWS_WRITE)
    await request.state["services"].agent_profiles.remove(
        principal.organization_id, request.path_params["profile_id"], seen_revisions(request)
    )
    return removed()


def _writable(profile: AgentProfile) -> dict[str, Any]:
    view = profile_view(profile)
    return {name: value for name, value in view.items() if name not in {"id", "rubricVersion"}}


def profile_view(profile: AgentProfile) -> dict[str, Any]:
    return {
        "id": profile.id,
        "name": profile.name,
        "persona": profile.persona,
        "useCase": profile.use_case,
        "rubricVersion": profile.rubric_version,
        "evaluationDimensions": [_dimension_view(one) for one in profile.dimensions],
        "interaction": {
            "tone": profile.interaction.tone,
            "style": profile.interaction.style,
            "difficulty": profile.interaction.difficulty,
            "probingDepth": profile.interaction.probing_depth,
        },
        "scoring": {
            "scale": profile.scoring.scale,
            "scoringMethod": profile.scoring.method,
            "recommendationLogic": profile.scoring.recommendation_logic,
        },
        "context": {
            "organizationContext": profile.context.organization,
            "domainContext": profile.context.domain,
            "scenarioContext": profile.context.scenario,
        },
        "output": {
            "includeTranscript": profile.output.transcript,
            "includeScoreBreakdown": profile.output.score_breakdown,
            "includeRecommendation": profile.output.recommendation,
            "includeImprovementFeedback": profile.output.improvement_feedback,
        },
    }


def _dimension_view(dimension: Dimension) -> dict[str, Any]:
    return {
        "name": dimension.name,
        "description": dimension.description,
        "weight": dimension.weight,
        "anchors": list(dimension.anchors),
        "passThreshold": dimension.pass_threshold,
    }
