"""Positions with a public page, found by the end of its address."""

from dataclasses import dataclass

from vivavoce.core.campaign import Campaign, window
from vivavoce.core.errors import Conflict, Gone, NotFound
from vivavoce.core.mail import NextStep
from vivavoce.core.progression import invites
from vivavoce.core.session import Stage
from vivavoce.core.template import ApplyMode, Template
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services.foundation import Foundation

INVITED_ONLY = "merchant_invite"
LISTED = "merchant_public"


@dataclass(frozen=True)
class Posting:
    """`campaign` is the one in whose time somebody applies."""

    stored: StoredTemplate
    company: str
    first_stage: Stage | None
    campaign: Campaign | None = None

    @property
    def template(self) -> Template:
        return self.stored.template

    @property
    def minutes(self) -> int:
        stage = self.first_stage
        return (stage.duration_minutes if stage else None) or self.template.duration_minutes

    @property
    def begins_with_interview(self) -> bool:
        """Whether the first step is an interview with us, and opens by itself."""
        held_by_us = self.first_stage is None or invites(self.first_stage)
        return self.template.apply_mode is ApplyMode.INTERVIEW and held_by_us

    @property
    def next_step(self) -> NextStep:
        """What follows an application."""
        if self.template.apply_mode is not ApplyMode.INTERVIEW:
            return NextStep.PERSON
        return NextStep.INTERVIEW if self.begins_with_interview else NextStep.ARRANGED

    @property
    def is_listed(self) -> bool:
        return self.stored.visibility == LISTED


def has_page(stored: StoredTemplate) -> bool:
    """Whether anybody with the address may look; whether it is open is another question."""
    is_closed = stored.template.apply_mode is ApplyMode.CLOSED
    return not is_closed and stored.visibility != INVITED_ONLY


async def find_posting(foundation: Foundation, tables: Tables, slug: str) -> Posting:
    """Raises `NotFound` code `posting_not_found`, `Gone` code `posting_closed`, and `Conflict` code
    `posting_not_open_yet`.
    """
    stored = await tables.templates.by_slug(slug)
    if stored is None or not has_page(stored):
        raise NotFound("posting_not_found", "There is no such position.")
    if stored.deleted_at or stored.template.status != "active":
        raise _closed()
    time = window(await tables.campaigns.of_template(stored.template.id), foundation.now())
    if time.opens_at is not None:
        raise Conflict("posting_not_open_yet", "This position takes no applications yet.")
    if not time.is_open:
        raise _closed()
    return await shown_posting(tables, stored, time.campaign)


async def shown_posting(
    tables: Tables, stored: StoredTemplate, campaign: Campaign | None = None
) -> Posting:
    organization = await tables.organizations.get(stored.organization_id)
    stages = await tables.stages.of_template(stored.template.id)
    company = organization.name if organization else ""
    return Posting(stored, company, stages[0] if stages else None, campaign)


def _closed() -> Gone:
    return Gone("posting_closed", "This position takes no applications any more.")
