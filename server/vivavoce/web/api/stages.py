"""Evaluation stages of the native API."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.errors import Invalid, Issue
from vivavoce.core.scopes import Scope
from vivavoce.core.session import AutomationRule, Stage, StageFilter
from vivavoce.services.stages import NewStage
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import Id, Line, seen_revisions
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.api.shapes import EvaluationStageShape
from vivavoce.web.bodies import Body, changed, read_body, read_object, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

DEFAULT_MINUTES = 30
LAST_PLACE = 1000
StageType = Literal[
    "ai_interview",
    "roleplay_simulation",
    "practice_session",
    "manual_review",
    "async_assessment",
    "final_review",
]


class StageQuery(PageQuery):
    evaluation_template_id: Id | None = None


class StageBody(Body):
    evaluation_template_id: Id
    stage_name: Line
    stage: Annotated[str, StringConstraints(pattern=r"^[\w.-]{1,64}$")] | None = None
    stage_type: StageType = "ai_interview"
    agent_profile_id: Id | None = None
    stage_order: int | None = Field(default=None, ge=0, le=LAST_PLACE)
    duration: int = Field(default=DEFAULT_MINUTES, ge=1, le=240)
    pass_threshold: float | None = Field(default=None, ge=0, le=100)
    allow_retake: bool = False
    automation_rule: AutomationRule = AutomationRule.NONE

    def wanted(self) -> NewStage:
        return NewStage(
            template_id=self.evaluation_template_id,
            name=self.stage_name,
            key=self.stage,
            stage_type=self.stage_type,
            agent_profile_id=self.agent_profile_id,
            order=self.stage_order,
            duration_minutes=self.duration,
            pass_threshold=self.pass_threshold,
            allow_retake=self.allow_retake,
            automation_rule=self.automation_rule,
        )

    def fill(self, before: Stage) -> Stage:
        """Raises `Invalid` code `stage_template`: a stage stays in its template."""
        if self.evaluation_template_id != before.template_id:
            issue = Issue(("evaluation_template_id",), "It cannot be changed.")
            raise Invalid("stage_template", "A stage stays in its template.", (issue,))
        return replace(
            before,
            name=self.stage_name,
            key=self.stage or before.key,
            stage_type=self.stage_type,
            agent_profile_id=self.agent_profile_id or before.agent_profile_id,
            order=before.order if self.stage_order is None else self.stage_order,
            duration_minutes=self.duration,
            pass_threshold=self.pass_threshold,
            allow_retake=self.allow_retake,
            automation_rule=self.automation_rule,
        )


@Operation(
    "List stages by template and order.",
    Scope.EVALUATION_STAGES_READ,
    many(EvaluationStageShape),
    query=StageQuery,
)
async def list_stages(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_STAGES_READ)
    query = read_query(request, StageQuery)
    chosen = StageFilter(query.evaluation_template_id, query.page, query.pageSize)
    stages, total = await request.state["services"].stages.page(principal.organization_id, chosen)
    views = [stage_view(stage) for stage in stages]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one stage.",
    Scope.EVALUATION_STAGES_READ,
    one(EvaluationStageShape),
    errors={404: "stage_not_found"},
)
async def get_stage(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_STAGES_READ)
    stage = await request.state["services"].stages.get(
        principal.organization_id, request.path_params["stage_id"]
    )
    return single(stage_view(stage), revision=stage.revision)


@Operation(
    "Add a step to a template's pipeline.",
    Scope.EVALUATION_STAGES_WRITE,
    one(EvaluationStageShape, 201),
    body=StageBody,
    errors={404: "template_not_found agent_profile_not_found", 409: "stage_exists"},
)
async def create_stage(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_STAGES_WRITE)
    body = await read_body(request, StageBody)
    stage = await request.state["services"].stages.create(principal.organization_id, body.wanted())
    return single(stage_view(stage), 201, revision=stage.revision)


@Operation(
    "Change a stage.",
    Scope.EVALUATION_STAGES_WRITE,
    one(EvaluationStageShape),
    body=StageBody,
    partial=True,
    revised=True,
    errors={
        400: "stage_template",
        404: "stage_not_found agent_profile_not_found",
        409: "stage_exists",
    },
)
async def change_stage(request: Request[State]) -> Response:
    """What is not sent stays."""
    principal = await authorize(request, Scope.EVALUATION_STAGES_WRITE)
    sent = await read_object(request)

    def edit(before: Stage) -> Stage:
        writable = {name: value for name, value in stage_view(before).items() if name != "id"}
        return changed(writable, sent, StageBody).fill(before)

    stage = await request.state["services"].stages.change(
        principal.organization_id, request.path_params["stage_id"], seen_revisions(request), edit
    )
    return single(stage_view(stage), revision=stage.revision)


@Operation(
    "Remove a stage; sessions that were held in it keep it.",
    Scope.EVALUATION_STAGES_WRITE,
    GONE,
    revised=True,
    errors={404: "stage_not_found"},
)
async def delete_stage(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_STAGES_WRITE)
    await request.state["services"].stages.remove(
        principal.organization_id, request.path_params["stage_id"], seen_revisions(request)
    )
    return removed()


def stage_view(stage: Stage) -> dict[str, Any]:
    return {
        "id": stage.id,
        "evaluation_template_id": stage.template_id,
        "stage_name": stage.name,
        "stage": stage.key,
        "stage_type": stage.stage_type,
        "agent_profile_id": stage.agent_profile_id,
        "stage_order": stage.order,
        "duration": stage.duration_minutes or DEFAULT_MINUTES,
        "pass_threshold": stage.pass_threshold,
        "allow_retake": stage.allow_retake,
        "automation_rule": stage.automation_rule,
    }
