"""Templates as jobs: what an interview is about, said in the fewest fields."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from vivavoce.core.errors import NotFound
from vivavoce.core.interview_request import detect_seniority
from vivavoce.core.template import Question, Template, TemplateFilter
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.foundation import Foundation
from vivavoce.services.interviews import Interviews
from vivavoce.services.ownership import own_template
from vivavoce.services.templates import Templates


@dataclass(frozen=True)
class NewJob:
    """Without an agent profile, the organization's first one interviews."""

    title: str
    description: str
    questions: tuple[str, ...]
    location: str
    language: str
    status: str
    seniority: str | None = None
    agent_profile_id: str | None = None


Edit = Callable[[StoredTemplate], NewJob]


class Jobs:
    def __init__(
        self, foundation: Foundation, interviews: Interviews, templates: Templates
    ) -> None:
        self._at = foundation
        self._interviews = interviews
        self._templates = templates

    async def create(self, organization_id: str, wanted: NewJob) -> StoredTemplate:
        """Raises `NotFound` code `agent_profile_not_found`."""
        fields = {
            "name": wanted.title,
            "location": wanted.location,
            "interview_template_id": wanted.agent_profile_id
            or await self._first_profile(organization_id),
            "mojito_language_code": wanted.language,
            "description": wanted.description,
            "status": wanted.status,
            "type": "interview",
            "visibility": "merchant_unlisted",
            "seniority_level": wanted.seniority,
            "questions": [{"question": text} for text in wanted.questions],
        }
        created = await self._interviews.create_from_questions(organization_id, fields)
        return await self.get(organization_id, created.template.id)

    async def change(
        self, organization_id: str, template_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> StoredTemplate:
        """Raises `NotFound` code `agent_profile_not_found`, `Conflict` code `changed_meanwhile`."""

        def apply(before: StoredTemplate) -> StoredTemplate:
            return replace(before, template=_filled(before.template, edit(before)))

        return await self._templates.change(organization_id, template_id, seen, apply)

    async def get(self, organization_id: str, template_id: str) -> StoredTemplate:
        """Raises `NotFound` code `template_not_found`."""
        return await own_template(self._at.stores.read, organization_id, template_id)

    async def page(
        self, organization_id: str, chosen: TemplateFilter
    ) -> tuple[tuple[StoredTemplate, ...], int]:
        """One page, newest first, and how many there are in all."""
        templates = self._at.stores.read.templates
        total = await templates.count(organization_id, chosen)
        return await templates.page(organization_id, chosen), total

    async def _first_profile(self, organization_id: str) -> str:
        profiles = await self._at.stores.read.agent_profiles.page(organization_id, 0, 1)
        if not profiles:
            raise NotFound("agent_profile_not_found", "There is no interview configuration yet.")
        return profiles[0].id


def _filled(before: Template, job: NewJob) -> Template:
    """`before` with everything that the job says; nothing else of it changes."""
    kept = {question.text: question for question in before.questions}
    asked = [kept.get(text) or Question(id="", text=text) for text in dict.fromkeys(job.questions)]
    ids = {question.id for question in asked}
    # A condition on a question that is not asked any more can never be met.
    questions = tuple(
        question
        if question.condition_question_id in ids
        else replace(question, condition_question_id=None)
        for question in asked
    )
    return replace(
        before,
        name=job.title,
        description=job.description,
        questions=questions,
        language=job.language,
        status=job.status,
        seniority=job.seniority or detect_seniority(f"{job.title} {job.description}"),
        agent_profile_id=job.agent_profile_id or before.agent_profile_id,
        stored={**before.stored, "location": job.location},
    )
