"""Campaigns of an organization."""

import sqlite3

from vivavoce.core.campaign import Campaign, CampaignFilter, CampaignStatus
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import moment, moment_text
from vivavoce.storage.database import Rows

_FILTER = (
    " WHERE organization_id = :organization_id AND deleted_at IS NULL"
    " AND (:status IS NULL OR status = :status)"
    " AND (:template_id IS NULL OR template_id = :template_id)"
)


class CampaignTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, campaign: Campaign) -> None:
        await self._rows.run(
            "INSERT INTO campaigns (id, organization_id, template_id, name, description, status,"
            " starts_at, ends_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                campaign.id,
                campaign.organization_id,
                campaign.template_id,
                campaign.name,
                campaign.description,
                campaign.status,
                moment_text(campaign.starts_at),
                moment_text(campaign.ends_at),
                to_text(campaign.created_at),
            ),
        )

    async def change(self, campaign: Campaign) -> None:
        """Also its removal."""
        await self._rows.run(
            "UPDATE campaigns SET name = ?, description = ?, status = ?, starts_at = ?,"
            " ends_at = ?, revision = ?, deleted_at = ? WHERE id = ?",
            (
                campaign.name,
                campaign.description,
                campaign.status,
                moment_text(campaign.starts_at),
                moment_text(campaign.ends_at),
                campaign.revision,
                moment_text(campaign.deleted_at),
                campaign.id,
            ),
        )

    async def get(self, organization_id: str, campaign_id: str) -> Campaign | None:
        row = await self._rows.one(
            "SELECT * FROM campaigns WHERE id = ? AND organization_id = ? AND deleted_at IS NULL",
            (campaign_id, organization_id),
        )
        return None if row is None else _campaign(row)

    async def of_template(self, template_id: str) -> tuple[Campaign, ...]:
        rows = await self._rows.all(
            "SELECT * FROM campaigns WHERE template_id = ? AND deleted_at IS NULL ORDER BY id",
            (template_id,),
        )
        return tuple(_campaign(row) for row in rows)

    async def count(self, organization_id: str, chosen: CampaignFilter) -> int:
        sql = "SELECT count(*) FROM campaigns" + _FILTER  # noqa: S608 (constant text)
        return int(await self._rows.value(sql, _named(organization_id, chosen)))

    async def page(self, organization_id: str, chosen: CampaignFilter) -> tuple[Campaign, ...]:
        """One page, newest first."""
        order = " ORDER BY id DESC LIMIT :limit OFFSET :offset"
        sql = "SELECT * FROM campaigns" + _FILTER + order  # noqa: S608 (constant texts)
        rows = await self._rows.all(sql, _named(organization_id, chosen))
        return tuple(_campaign(row) for row in rows)


def _named(organization_id: str, chosen: CampaignFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "status": chosen.status,
        "template_id": chosen.template_id,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _campaign(row: sqlite3.Row) -> Campaign:
    return Campaign(
        id=row["id"],
        organization_id=row["organization_id"],
        template_id=row["template_id"],
        name=row["name"],
        created_at=from_text(row["created_at"]),
        description=row["description"],
        status=CampaignStatus(row["status"]),
        starts_at=moment(row["starts_at"]),
        ends_at=moment(row["ends_at"]),
        revision=row["revision"],
        deleted_at=moment(row["deleted_at"]),
    )
