"""Evaluation templates of the native API."""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vivavoce.core.scopes import Scope
from vivavoce.core.template import Question, TemplateFilter
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.postings import has_page
from vivavoce.web.answers import listing, removed, single
from vivavoce.web.api.fields import seen_revisions
from vivavoce.web.api.shapes import EvaluationTemplateShape
from vivavoce.web.api.template_bodies import (
    BLANK,
    POSTING_FIELDS,
    TemplateBody,
    TemplateQuery,
)
from vivavoce.web.bodies import changed, read_body, read_object, read_query
from vivavoce.web.operations import GONE, Operation, many, one
from vivavoce.web.security import authorize
from vivavoce.web.state import State

_READ_ONLY = frozenset({"id", "slug", "apply_url"})


@Operation(
    "List what can be assessed; newest first.",
    Scope.EVALUATION_TEMPLATES_READ,
    many(EvaluationTemplateShape),
    query=TemplateQuery,
)
async def list_templates(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_READ)
    query = read_query(request, TemplateQuery)
    chosen = TemplateFilter(status=query.status, page=query.page, page_size=query.pageSize)
    templates, total = await request.state["services"].templates.page(
        principal.organization_id, chosen
    )
    instance_url = request.state["services"].instance_url
    views = [template_view(stored, instance_url) for stored in templates]
    return listing(views, page=query.page, page_size=query.pageSize, total=total)


@Operation(
    "Read one evaluation template, with its questions.",
    Scope.EVALUATION_TEMPLATES_READ,
    one(EvaluationTemplateShape),
    errors={404: "template_not_found"},
)
async def get_template(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_READ)
    stored = await request.state["services"].templates.get(
        principal.organization_id, request.path_params["template_id"]
    )
    return one_template(request, stored)


@Operation(
    "Say what is to be assessed.",
    Scope.EVALUATION_TEMPLATES_WRITE,
    one(EvaluationTemplateShape, 201),
    body=TemplateBody,
    errors={
        400: "questions",
        404: "agent_profile_not_found knowledge_store_not_found",
        422: "no_agent_profile",
    },
)
async def create_template(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_WRITE)
    body = await read_body(request, TemplateBody)
    stored = await request.state["services"].templates.create(
        principal.organization_id, body.fill(BLANK), body.visibility
    )
    return one_template(request, stored, 201)


@Operation(
    "Change an evaluation template.",
    Scope.EVALUATION_TEMPLATES_WRITE,
    one(EvaluationTemplateShape),
    body=TemplateBody,
    partial=True,
    revised=True,
    errors={
        400: "questions",
        404: "template_not_found agent_profile_not_found knowledge_store_not_found",
    },
)
async def change_template(request: Request[State]) -> Response:
    """What is not sent stays; lists are replaced as a whole."""
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_WRITE)
    sent = await read_object(request)

    def edit(before: StoredTemplate) -> StoredTemplate:
        seen = template_view(before, "")
        if "level" in sent:  # then the seniority is read from it, unless both are said
            seen["seniority_level"] = None
        writable = {name: value for name, value in seen.items() if name not in _READ_ONLY}
        body = changed(writable, sent, TemplateBody)
        return replace(before, visibility=body.visibility, template=body.fill(before.template))

    stored = await request.state["services"].templates.change(
        principal.organization_id, request.path_params["template_id"], seen_revisions(request), edit
    )
    return one_template(request, stored)


@Operation(
    "Remove an evaluation template; no new interview begins with it.",
    Scope.EVALUATION_TEMPLATES_WRITE,
    GONE,
    revised=True,
    errors={404: "template_not_found"},
)
async def delete_template(request: Request[State]) -> Response:
    principal = await authorize(request, Scope.EVALUATION_TEMPLATES_WRITE)
    await request.state["services"].templates.remove(
        principal.organization_id, request.path_params["template_id"], seen_revisions(request)
    )
    return removed()


def one_template(request: Request[State], stored: StoredTemplate, status: int = 200) -> Response:
    view = template_view(stored, request.state["services"].instance_url)
    return single(view, status, revision=stored.template.revision)


def template_view(stored: StoredTemplate, instance_url: str) -> dict[str, Any]:
    template = stored.template
    takes_applications = has_page(stored) and template.status == "active"
    return {
        "id": template.id,
        "template_name": template.name,
        "use_case": template.use_case,
        "objective": template.objective or template.description or template.name,
        "description": template.description,
        "level": template.level,
        "success_outcome": template.success_outcome,
        "custom_outcomes": template.stored.get("custom_outcomes"),
        "skills": list(template.skills),
        "soft_skills": list(template.soft_skills),
        "requirements": template.requirements,
        "language": template.language,
        "default_duration_minutes": template.duration_minutes,
        "default_difficulty": template.difficulty,
        "default_session_mode": template.session_mode,
        "interview_type": template.interview_type,
        "seniority_level": template.seniority,
        "result_view": template.result_view,
        "overallPassThreshold": template.pass_threshold,
        "agent_profile_id": template.agent_profile_id,
        "knowledge_base_store_id": template.stored.get("knowledge_base_store_id"),
        "questions": [_question_view(question) for question in template.questions],
        "status": template.status,
        "visibility": stored.visibility,
        "apply_mode": template.apply_mode,
        "apply_url": f"{instance_url}/apply/{stored.slug}" if takes_applications else None,
        "slug": stored.slug,
        **{name: template.stored.get(name) for name in POSTING_FIELDS},
        "welcome_message": template.welcome_message,
        "thank_you_message": template.thank_you_message,
    }


def _question_view(question: Question) -> dict[str, Any]:
    expectations = {"candidate_expectations_json": list(question.expectations) or None}
    return {
        "id": question.id,
        "question": question.text,
        "duration": question.duration_seconds,
        "mojito_language_code": question.language,
        "label": question.label,
        "is_conditional": question.condition_question_id is not None,
        "conditional_question_main_id": question.condition_question_id,
        "is_without_scoring": not question.scored,
        "is_candidate_asking_recruiter": question.asks_recruiter,
        "question_alternatives": list(question.alternatives),
        "external_id": question.external_id,
        **expectations,
        **question.stored,
    }
