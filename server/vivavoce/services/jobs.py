"""Templates as jobs: what an interview is about, said in the fewest fields."""

from dataclasses import dataclass

from vivavoce.core.errors import NotFound
from vivavoce.core.template import TemplateFilter
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.foundation import Foundation
from vivavoce.services.interviews import Interviews
from vivavoce.services.ownership import own_template


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


class Jobs:
    def __init__(self, foundation: Foundation, interviews: Interviews) -> None:
        self._at = foundation
        self._interviews = interviews

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
