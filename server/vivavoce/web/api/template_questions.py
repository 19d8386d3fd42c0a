"""Questions that are made for an evaluation template which brings none."""

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.template import InterviewType
from vivavoce.services.question_making import USUAL_COUNT, Wish
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.api.shapes import EvaluationTemplateShape
from vivavoce.web.api.templates import one_template
from vivavoce.web.bodies import Body, read_body
from vivavoce.web.compat.jobmojito_bodies import Seniority
from vivavoce.web.operations import Operation, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State


class MakingBody(Body):
    count: int = Field(default=USUAL_COUNT, ge=1, le=20)
    interview_type: InterviewType | None = None
    seniority_level: Seniority | None = None
    replace_questions: bool = False


class ExpectingBody(Body):
    replace_made: bool = False


@Operation(
    "Have the questions of an evaluation template made.",
    Scope.EVALUATION_TEMPLATES_WRITE,
    one(EvaluationTemplateShape),
    body=MakingBody,
    revised=True,
    errors={404: "template_not_found", 409: "questions_exist", 422: "no_documents"},
)
async def make_questions(request: Request[State]) -> Response:
    """Each says by its `origin` who wrote it: `model` where there is a language model, `documents`
    where the interview is about a knowledge store, else `bank`, which is in English.
    """
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_WRITE)
    body = await read_body(request, MakingBody)
    wish = Wish(body.count, body.interview_type, body.seniority_level, body.replace_questions)
    stored = await request.state["services"].question_making.make(
        principal.organization_id, request.path_params["template_id"], seen_revisions(request), wish
    )
    return one_template(request, stored)


@Operation(
    "Have it written down what good answers contain.",
    Scope.EVALUATION_TEMPLATES_WRITE,
    one(EvaluationTemplateShape),
    body=ExpectingBody,
    revised=True,
    errors={404: "template_not_found"},
)
async def make_expectations(request: Request[State]) -> Response:
    """For scored questions that bring no `candidate_expectations_json`. Each says by its
    `candidate_expectations_origin` who wrote them: `model`, or `bank`, which is in English.
    """
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_WRITE)
    body = await read_body(request, ExpectingBody)
    stored = await request.state["services"].expectation_making.make(
        principal.organization_id,
        request.path_params["template_id"],
        seen_revisions(request),
        replace_made=body.replace_made,
    )
    return one_template(request, stored)
