"""Evaluation templates: what is to be assessed, and by which questions."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from vivavoce.core.agent_profile import UseCase
from vivavoce.core.errors import NotFound, Unprocessable
from vivavoce.core.identifiers import slugify
from vivavoce.core.interview_request import check_questions
from vivavoce.core.revisions import require_revision
from vivavoce.core.template import Question, Template, TemplateFilter
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services.foundation import Foundation
from vivavoce.services.grounding import missing_stores, store_ids_of
from vivavoce.services.ownership import own_template, require_profile

PUBLIC = "merchant_public"
_MOST_PROFILES = 100

Edit = Callable[[StoredTemplate], StoredTemplate]


class Templates:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

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

    async def create(
        self, organization_id: str, wanted: Template, visibility: str
    ) -> StoredTemplate:
        """`wanted` without its id; without an agent profile, one for its use case interviews.

        Raises `Invalid` code `questions`, `NotFound` codes `agent_profile_not_found` and
        `knowledge_store_not_found`.
        """
        async with self._at.stores.transaction() as write:
            profile_id = wanted.agent_profile_id or await _profile_for(
                write, organization_id, wanted.use_case
            )
            await require_profile(write, organization_id, profile_id)
            await _require_stores(write, organization_id, wanted)
            template = replace(
                wanted,
                id=self._at.new_id(),
                agent_profile_id=profile_id,
                questions=self._numbered(wanted.questions),
                revision=1,
            )
            slug = await _slug(write, template.name, visibility)
            stored = StoredTemplate(organization_id, slug, visibility, template)
            await write.templates.add(stored, self._at.now())
        return stored

    async def change(
        self, organization_id: str, template_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> StoredTemplate:
        """Raises `Conflict` code `changed_meanwhile` and what `create` raises."""
        async with self._at.stores.transaction() as write:
            before = await own_template(write, organization_id, template_id)
            require_revision(before.template.revision, seen)
            edited = edit(before)
            await require_profile(write, organization_id, edited.template.agent_profile_id)
            # What names a store that was removed since can still be edited.
            known = store_ids_of(before.template)
            await _require_stores(write, organization_id, edited.template, known)
            template = replace(
                edited.template,
                id=template_id,
                questions=self._numbered(edited.template.questions),
                revision=before.template.revision + 1,
            )
            stored = replace(before, visibility=edited.visibility, template=template)
            await write.templates.change(stored)
        return stored

    async def remove(
        self, organization_id: str, template_id: str, seen: frozenset[int] | None
    ) -> None:
        """No new interview begins with it; those that were ordered stay."""
        async with self._at.stores.transaction() as write:
            stored = await own_template(write, organization_id, template_id)
            require_revision(stored.template.revision, seen)
            closed = replace(stored.template, status="draft")
            await write.templates.change(
                replace(stored, template=closed, deleted_at=self._at.now())
            )

    def _numbered(self, questions: Sequence[Question]) -> tuple[Question, ...]:
        """Checked, and each with an id."""
        named = tuple(
            question if question.id else replace(question, id=self._at.new_id())
            for question in questions
        )
        check_questions(named)
        return named


async def _require_stores(
    write: Tables, organization_id: str, template: Template, known: Sequence[str] = ()
) -> None:
    issues = await missing_stores(write, organization_id, template, known)
    if issues:
        message = "This knowledge store does not exist."
        raise NotFound("knowledge_store_not_found", message, issues)


async def _profile_for(write: Tables, organization_id: str, use_case: UseCase) -> str:
    """The oldest interviewer for the use case, else the oldest of all."""
    profiles = await write.agent_profiles.page(organization_id, 0, _MOST_PROFILES)
    for profile in profiles:
        if profile.use_case is use_case:
            return profile.id
    if not profiles:
        raise Unprocessable("no_agent_profile", "There is no agent profile to interview yet.")
    return profiles[0].id


async def _slug(write: Tables, name: str, visibility: str) -> str:
    slug = slugify(name) or "interview"
    # Only a public interview has a link that can be guessed.
    if visibility != PUBLIC or await write.templates.by_slug(slug):
        slug = f"{slug}-{secrets.token_hex(6)}"
    return slug
