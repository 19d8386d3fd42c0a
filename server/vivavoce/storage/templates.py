"""Evaluation templates with their questions, and their stages."""

import sqlite3
from datetime import datetime

from vivavoce.core.session import Stage
from vivavoce.core.template import TemplateFilter
from vivavoce.core.timestamps import to_text
from vivavoce.ports.stores import StoredTemplate
from vivavoce.storage.codec import TEMPLATE, decode, encode
from vivavoce.storage.database import Rows


class TemplateTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, stored: StoredTemplate, at: datetime) -> None:
        template = stored.template
        await self._rows.run(
            "INSERT INTO templates"
            " (id, organization_id, slug, agent_profile_id, status, visibility, content,"
            " created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                template.id,
                stored.organization_id,
                stored.slug,
                template.agent_profile_id,
                template.status,
                stored.visibility,
                encode(TEMPLATE, template),
                to_text(at),
            ),
        )

    async def get(self, template_id: str) -> StoredTemplate | None:
        row = await self._rows.one("SELECT * FROM templates WHERE id = ?", (template_id,))
        return None if row is None else _stored(row)

    async def by_slug(self, slug: str) -> StoredTemplate | None:
        row = await self._rows.one("SELECT * FROM templates WHERE slug = ?", (slug,))
        return None if row is None else _stored(row)

    async def of_organization(self, organization_id: str) -> tuple[StoredTemplate, ...]:
        rows = await self._rows.all(
            "SELECT * FROM templates WHERE organization_id = ? ORDER BY id", (organization_id,)
        )
        return tuple(_stored(row) for row in rows)

    async def count(self, organization_id: str, chosen: TemplateFilter) -> int:
        named = _named(organization_id, chosen)
        sql = "SELECT count(*) FROM templates" + _where(chosen)  # noqa: S608 (constant texts)
        return int(await self._rows.value(sql, named))

    async def page(
        self, organization_id: str, chosen: TemplateFilter
    ) -> tuple[StoredTemplate, ...]:
        """One page, newest first."""
        order = " ORDER BY id DESC LIMIT :limit OFFSET :offset"
        sql = "SELECT * FROM templates" + _where(chosen) + order  # noqa: S608 (constant texts)
        rows = await self._rows.all(sql, _named(organization_id, chosen))
        return tuple(_stored(row) for row in rows)

    async def add_stage(self, stage: Stage) -> None:
        await self._rows.run(
            "INSERT INTO stages (id, template_id, agent_profile_id, name, stage, stage_type,"
            " stage_order)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                stage.id,
                stage.template_id,
                stage.agent_profile_id,
                stage.name,
                stage.key,
                stage.stage_type,
                stage.order,
            ),
        )

    async def stages(self, template_id: str) -> tuple[Stage, ...]:
        rows = await self._rows.all(
            "SELECT * FROM stages WHERE template_id = ? ORDER BY stage_order", (template_id,)
        )
        return tuple(
            Stage(
                id=row["id"],
                template_id=row["template_id"],
                name=row["name"],
                key=row["stage"],
                agent_profile_id=row["agent_profile_id"],
                order=row["stage_order"],
                stage_type=row["stage_type"],
            )
            for row in rows
        )


def _where(chosen: TemplateFilter) -> str:
    of_status = " AND status = :status" if chosen.status is not None else ""
    return " WHERE organization_id = :organization_id" + of_status


def _named(organization_id: str, chosen: TemplateFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "status": chosen.status,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _stored(row: sqlite3.Row) -> StoredTemplate:
    return StoredTemplate(
        organization_id=row["organization_id"],
        slug=row["slug"],
        visibility=row["visibility"],
        template=decode(TEMPLATE, row["content"]),
    )
