"""A campaign: one hiring process, its template and the time in which candidates are invited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True)
class Campaign:
    """Either end of the window may be open."""

    id: str
    organization_id: str
    template_id: str
    name: str
    created_at: datetime
    description: str = ""
    status: CampaignStatus = CampaignStatus.ACTIVE
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    revision: int = 1  # counts every change, for optimistic concurrency
    deleted_at: datetime | None = None

    def takes_interviews(self, now: datetime) -> bool:
        open_now = self.status is CampaignStatus.ACTIVE and self.deleted_at is None
        return open_now and self.covers(now)

    def covers(self, moment: datetime) -> bool:
        """Whether it lies in the window, whatever the status."""
        begun = self.starts_at is None or self.starts_at <= moment
        over = self.ends_at is not None and self.ends_at <= moment
        return begun and not over

    def ends_before(self, moment: datetime) -> bool:
        return self.ends_at is not None and self.ends_at < moment


@dataclass(frozen=True)
class Window:
    """Whether a template takes applications now; `opens_at` when it will, if that is known."""

    is_open: bool
    campaign: Campaign | None = None
    opens_at: datetime | None = None


def window(campaigns: Sequence[Campaign], now: datetime) -> Window:
    """A template without campaigns is open; one with campaigns, while one of them is.

    The newest of those that are open counts. Drafts are not in force yet.
    """
    in_force = [each for each in campaigns if each.status is not CampaignStatus.DRAFT]
    running = [each for each in in_force if each.takes_interviews(now)]
    if running:
        return Window(True, max(running, key=lambda each: each.id))
    ahead = [
        each.starts_at
        for each in in_force
        if each.status is CampaignStatus.ACTIVE and each.starts_at and each.starts_at > now
    ]
    return Window(not in_force, opens_at=min(ahead, default=None))


@dataclass(frozen=True)
class CampaignFilter:
    """Which campaigns to list; `None` leaves a field open. `page` counts from 1."""

    status: CampaignStatus | None = None
    template_id: str | None = None
    page: int = 1
    page_size: int = 20
