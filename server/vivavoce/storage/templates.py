"""Evaluation templates with their questions, and their stages."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from vivavoce.core.session import Stage
from vivavoce.core.template import Template, TemplateFilter
from vivavoce.core.timestamps import to_text
from vivavoce.ports.stores import StoredTemplate
from vivavoce.storage.codec import TEMPLATE, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows
from vivavoce.storage.listing import one_of
from vivavoce.storage.stages import StageTable


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

    async def slugs(self, template_ids: Iterable[str]) -> dict[str, str]:
        """The ends of their links."""
        rows = await self._rows.all(
            "SELECT id, slug FROM templates WHERE id IN (SELECT value FROM json_each(?))",
            (one_of(template_ids),),
        )
        return {row["id"]: row["slug"] for row in rows}

    async def of_organization(self, organization_id: str) -> tuple[StoredTemplate, ...]:
        rows = await self._rows.all(
            "SELECT * FROM templates WHERE organization_id = ? AND deleted_at IS NULL ORDER BY id",
            (organization_id,),
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

    async def change(self, stored: StoredTemplate) -> None:
        """Write all but the organization and the end of its link; keep what was before."""
        template = stored.template
        await self._rows.run(
            "INSERT INTO template_versions (template_id, revision, content)"
            " SELECT id, coalesce(json_extract(content, '$.revision'), 1), content FROM templates"
            " WHERE id = ? ON CONFLICT (template_id, revision) DO NOTHING",
            (template.id,),
        )
        await self._rows.run(
            "UPDATE templates SET agent_profile_id = ?, status = ?, visibility = ?, content = ?,"
            " deleted_at = ? WHERE id = ?",
            (
                template.agent_profile_id,
                template.status,
                stored.visibility,
                encode(TEMPLATE, template),
                moment_text(stored.deleted_at),
                template.id,
            ),
        )

    async def at_revision(self, template_id: str, revision: int) -> Template | None:
        """The template as it was before a change, or None when that is still its last revision."""
        row = await self._rows.one(
            "SELECT content FROM template_versions WHERE template_id = ? AND revision = ?",
            (template_id, revision),
        )
        return None if row is None else decode(TEMPLATE, row["content"])

    async def add_stage(self, stage: Stage) -> None:
        await StageTable(self._rows).add(stage)

    async def stages(self, template_id: str) -> tuple[Stage, ...]:
        return await StageTable(self._rows).of_template(template_id)


def _where(chosen: TemplateFilter) -> str:
    of_status = " AND status = :status" if chosen.status is not None else ""
    return " WHERE organization_id = :organization_id AND deleted_at IS NULL" + of_status


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
        deleted_at=moment(row["deleted_at"]),
        template=decode(TEMPLATE, row["content"]),
    )
