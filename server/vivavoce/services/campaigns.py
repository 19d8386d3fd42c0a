"""Campaigns: opening a hiring process for a template, changing it, and keeping to its window.

What a campaign that is closed, removed or outside its window does not take: no interview is ordered
in it, none begins, no next stage opens. What has begun is finished and scored.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from vivavoce.core.campaign import Campaign, CampaignFilter, CampaignStatus
from vivavoce.core.errors import Conflict, Invalid, Issue, NotFound
from vivavoce.core.revisions import require_revision
from vivavoce.core.session import Session
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_template

Edit = Callable[[Campaign], "NewCampaign"]


@dataclass(frozen=True)
class NewCampaign:
    """What a client says of a campaign, new or changed."""

    template_id: str
    name: str
    description: str = ""
    status: CampaignStatus = CampaignStatus.ACTIVE
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Campaigns:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def create(self, organization_id: str, wanted: NewCampaign) -> Campaign:
        """Raises `NotFound` code `template_not_found`, `Invalid` code `campaign_window`."""
        _check_window(wanted)
        campaign = Campaign(
            id=self._at.new_id(),
            organization_id=organization_id,
            template_id=wanted.template_id,
            name=wanted.name,
            created_at=self._at.now(),
            description=wanted.description,
            status=wanted.status,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
        )
        async with self._at.stores.transaction() as write:
            await own_template(write, organization_id, wanted.template_id)
            await write.campaigns.add(campaign)
        return campaign

    async def change(
        self, organization_id: str, campaign_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> Campaign:
        """Raises `Conflict` code `changed_meanwhile`, `Invalid` codes `campaign_window` and
        `campaign_job`: a campaign stays with its template.
        """
        async with self._at.stores.transaction() as write:
            before = await own_campaign(write, organization_id, campaign_id)
            require_revision(before.revision, seen)
            wanted = edit(before)
            _check_window(wanted)
            if wanted.template_id != before.template_id:
                issue = Issue(("jobId",), "It cannot be changed.")
                raise Invalid("campaign_job", "A campaign stays with its job.", (issue,))
            campaign = replace(
                before,
                name=wanted.name,
                description=wanted.description,
                status=wanted.status,
                starts_at=wanted.starts_at,
                ends_at=wanted.ends_at,
                revision=before.revision + 1,
            )
            await write.campaigns.change(campaign)
        return campaign

    async def remove(
        self, organization_id: str, campaign_id: str, seen: frozenset[int] | None
    ) -> None:
        """The interviews that were ordered in it stay; those that have not begun do not begin."""
        async with self._at.stores.transaction() as write:
            campaign = await own_campaign(write, organization_id, campaign_id)
            require_revision(campaign.revision, seen)
            await write.campaigns.change(replace(campaign, deleted_at=self._at.now()))

    async def get(self, organization_id: str, campaign_id: str) -> Campaign:
        """Raises `NotFound` code `campaign_not_found`."""
        return await own_campaign(self._at.stores.read, organization_id, campaign_id)

    async def page(
        self, organization_id: str, chosen: CampaignFilter
    ) -> tuple[tuple[Campaign, ...], int]:
        """One page, newest first, and how many there are in all."""
        campaigns = self._at.stores.read.campaigns
        total = await campaigns.count(organization_id, chosen)
        return await campaigns.page(organization_id, chosen), total


async def own_campaign(tables: Tables, organization_id: str, campaign_id: str) -> Campaign:
    """Raises `NotFound` code `campaign_not_found`."""
    campaign = await tables.campaigns.get(organization_id, campaign_id)
    if campaign is None:
        raise NotFound("campaign_not_found", "This campaign does not exist.")
    return campaign


def require_taking(campaign: Campaign, now: datetime) -> None:
    """Raises `Conflict` code `campaign_closed`."""
    if not campaign.takes_interviews(now):
        raise Conflict("campaign_closed", "This campaign takes no interviews now.")


async def is_taking(tables: Tables, session: Session, now: datetime) -> bool:
    """Whether the campaign of a session, if it has one, still takes interviews."""
    if session.campaign_id is None:
        return True
    campaign = await tables.campaigns.get(session.organization_id, session.campaign_id)
    return campaign is not None and campaign.takes_interviews(now)


async def require_begin(tables: Tables, session: Session, now: datetime) -> None:
    """Raises `Conflict` code `campaign_closed` for what may not begin, or not go on to a stage."""
    if not await is_taking(tables, session, now):
        raise Conflict("campaign_closed", "The campaign of this interview takes none now.")


def _check_window(wanted: NewCampaign) -> None:
    if wanted.starts_at and wanted.ends_at and wanted.ends_at <= wanted.starts_at:
        issue = Issue(("endsAt",), "It must come after startsAt.")
        raise Invalid("campaign_window", "A campaign ends after it has started.", (issue,))
