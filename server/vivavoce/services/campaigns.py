"""Campaigns: opening a hiring process for a template, and finding it again."""

from dataclasses import dataclass
from datetime import datetime

from vivavoce.core.campaign import Campaign, CampaignFilter, CampaignStatus
from vivavoce.core.errors import Invalid, Issue, NotFound
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_template


@dataclass(frozen=True)
class NewCampaign:
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

    async def get(self, organization_id: str, campaign_id: str) -> Campaign:
        campaign = await self._at.stores.read.campaigns.get(organization_id, campaign_id)
        if campaign is None:
            raise NotFound("campaign_not_found", "This campaign does not exist.")
        return campaign

    async def page(
        self, organization_id: str, chosen: CampaignFilter
    ) -> tuple[tuple[Campaign, ...], int]:
        """One page, newest first, and how many there are in all."""
        campaigns = self._at.stores.read.campaigns
        total = await campaigns.count(organization_id, chosen)
        return await campaigns.page(organization_id, chosen), total


def _check_window(wanted: NewCampaign) -> None:
    if wanted.starts_at and wanted.ends_at and wanted.ends_at <= wanted.starts_at:
        issue = Issue(("endsAt",), "It must come after startsAt.")
        raise Invalid("campaign_window", "A campaign ends after it has started.", (issue,))
