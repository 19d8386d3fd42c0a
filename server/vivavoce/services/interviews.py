"""Making an interview from a list of questions, and finding it again."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vivavoce.core.embed import EmbedKey
from vivavoce.core.errors import Forbidden, NotFound, Unprocessable
from vivavoce.core.identifiers import slugify
from vivavoce.core.interview_request import build_template
from vivavoce.core.session import Stage
from vivavoce.core.template import Template
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services.embeds import Embeds
from vivavoce.services.expectation_making import MODEL_WITHIN_SECONDS, ExpectationMaking
from vivavoce.services.foundation import Foundation
from vivavoce.services.grounding import missing_stores

PUBLIC = "merchant_public"
EXPECTATIONS = "candidate_expectations_json"


@dataclass(frozen=True)
class CreatedInterview:
    template: Template
    slug: str
    embed: EmbedKey | None


@dataclass(frozen=True)
class Interview:
    """What a page about an interview shows before anybody has signed in.

    `minutes` are those of the stage that the page was told, or else of the first one, where nearly
    everybody is who comes without saying so; 0, and not shown, where the stage is there no more.
    """

    template: Template
    slug: str
    company: str
    minutes: int


class Interviews:
    def __init__(
        self, foundation: Foundation, embeds: Embeds, expectations: ExpectationMaking
    ) -> None:
        self._at = foundation
        self._embeds = embeds
        self._expectations = expectations

    async def create_from_questions(
        self,
        organization_id: str,
        fields: Mapping[str, Any],
        allowed_origins: Sequence[str] = (),
    ) -> CreatedInterview:
        """`fields` are those of `job-interview-create-from-array`, checked for form.

        Raises `NotFound`, `Forbidden` or `Unprocessable` for what they refer to.
        """
        organization_id = await self._acting(organization_id, fields)
        profile_id = fields["interview_template_id"]
        profile = await self._at.stores.read.agent_profiles.get(organization_id, profile_id)
        if profile is None:
            raise NotFound("agent_profile_not_found", "This interview template does not exist.")
        ids = [self._at.new_id() for _ in fields["questions"]]
        template = build_template(self._at.new_id(), fields, ids, profile.use_case)
        if fields["type"] == "interview" and EXPECTATIONS not in fields:
            template = await self._expectations.fill(template, MODEL_WITHIN_SECONDS)
        async with self._at.stores.transaction() as write:
            issues = await missing_stores(write, organization_id, template)
            if issues:
                message = "This knowledge base store does not exist."
                raise Unprocessable("knowledge_base_not_found", message, issues)
            slug = await self._add(write, organization_id, template, fields["visibility"])
            embed = None
            if fields.get("is_embedded"):
                embed = await self._embeds.add(write, template.id, allowed_origins)
        return CreatedInterview(template, slug, embed)

    async def find(self, slug_or_id: str, stage_id: str = "") -> Interview:
        """An active interview by the end of its link, as long as the stage is."""
        templates = self._at.stores.read.templates
        stored = await templates.by_slug(slug_or_id) or await templates.get(slug_or_id)
        if stored is None or stored.template.status != "active":
            raise NotFound("interview_not_found", "This interview does not exist.")
        return await self._shown(stored, stage_id)

    async def of_embed(self, embed: EmbedKey, stage_id: str = "") -> Interview:
        return await self.find(embed.template_id, stage_id)

    async def of_organization(self, organization_id: str) -> tuple[Interview, ...]:
        stored = await self._at.stores.read.templates.of_organization(organization_id)
        return tuple([await self._shown(one) for one in stored])

    async def _shown(self, stored: StoredTemplate, stage_id: str = "") -> Interview:
        organization = await self._at.stores.read.organizations.get(stored.organization_id)
        stages = await self._at.stores.read.stages.of_template(stored.template.id)
        return Interview(
            template=stored.template,
            slug=stored.slug,
            company=organization.name if organization else "",
            minutes=_minutes(stages, stage_id, stored.template.duration_minutes),
        )

    async def _add(
        self, write: Tables, organization_id: str, template: Template, visibility: str
    ) -> str:
        slug = slugify(template.name) or "interview"
        # Only a public interview has a link that can be guessed.
        if visibility != PUBLIC or await write.templates.by_slug(slug):
            slug = f"{slug}-{secrets.token_hex(6)}"
        now = self._at.now()
        await write.templates.add(StoredTemplate(organization_id, slug, visibility, template), now)
        stage = Stage(
            id=self._at.new_id(),
            template_id=template.id,
            name="Interview",
            key="interview",
            agent_profile_id=template.agent_profile_id,
        )
        await write.templates.add_stage(stage)
        return slug

    async def _acting(self, organization_id: str, fields: Mapping[str, Any]) -> str:
        """The organization to create in: the caller's, or a sub-merchant of it."""
        merchant_id = fields.get("merchant_id")
        if merchant_id is None or merchant_id == organization_id:
            return organization_id
        merchant = await self._at.stores.read.organizations.get(merchant_id)
        if merchant is None or merchant.parent_id != organization_id:
            raise Forbidden("merchant", "This merchant is not yours to act for.")
        return merchant.id


def _minutes(stages: Sequence[Stage], stage_id: str, usual: int) -> int:
    if not stage_id:
        return (stages[0].duration_minutes if stages else None) or usual
    named = [stage.duration_minutes or usual for stage in stages if stage.id == stage_id]
    return named[0] if named else 0
