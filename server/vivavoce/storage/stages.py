"""Stages: the steps of a template's pipeline, in their order."""

import sqlite3
from datetime import datetime

from vivavoce.core.session import AutomationRule, Stage, StageFilter
from vivavoce.core.timestamps import to_text
from vivavoce.storage.database import Rows

# The templates come out of the subquery in order, and each one's stages out of their index.
_OF_ORGANIZATION = (
    " FROM stages WHERE template_id IN (SELECT id FROM templates"
    " WHERE organization_id = :organization_id AND deleted_at IS NULL) AND deleted_at IS NULL"
)


class StageTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, stage: Stage) -> None:
        await self._rows.run(
            "INSERT INTO stages (id, template_id, agent_profile_id, name, stage, stage_type,"
            " stage_order, duration_minutes, pass_threshold, allow_retake, automation_rule)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                stage.id,
                stage.template_id,
                stage.agent_profile_id,
                stage.name,
                stage.key,
                stage.stage_type,
                stage.order,
                stage.duration_minutes,
                stage.pass_threshold,
                stage.allow_retake,
                stage.automation_rule,
            ),
        )

    async def change(self, stage: Stage) -> None:
        await self._rows.run(
            "UPDATE stages SET agent_profile_id = ?, name = ?, stage = ?, stage_type = ?,"
            " stage_order = ?, duration_minutes = ?, pass_threshold = ?, allow_retake = ?,"
            " automation_rule = ?, revision = ? WHERE id = ?",
            (
                stage.agent_profile_id,
                stage.name,
                stage.key,
                stage.stage_type,
                stage.order,
                stage.duration_minutes,
                stage.pass_threshold,
                stage.allow_retake,
                stage.automation_rule,
                stage.revision,
                stage.id,
            ),
        )

    async def remove(self, stage: Stage, at: datetime) -> None:
        """Hide it from everything but the sessions that were held in it."""
        # Its place in the order becomes free; below zero there is always another.
        await self._rows.run(
            "UPDATE stages SET deleted_at = ?, stage_order = (SELECT min(0, min(stage_order)) - 1"
            " FROM stages WHERE template_id = ?) WHERE id = ?",
            (to_text(at), stage.template_id, stage.id),
        )

    async def get(self, organization_id: str, stage_id: str) -> Stage | None:
        row = await self._rows.one(
            "SELECT s.* FROM stages s JOIN templates t ON t.id = s.template_id"
            " WHERE s.id = ? AND t.organization_id = ? AND t.deleted_at IS NULL"
            " AND s.deleted_at IS NULL",
            (stage_id, organization_id),
        )
        return None if row is None else _stage(row)

    async def of_template(self, template_id: str) -> tuple[Stage, ...]:
        rows = await self._rows.all(
            "SELECT * FROM stages WHERE template_id = ? AND deleted_at IS NULL"
            " ORDER BY stage_order",
            (template_id,),
        )
        return tuple(_stage(row) for row in rows)

    async def count(self, organization_id: str, chosen: StageFilter) -> int:
        sql = "SELECT count(*)" + _from(chosen)
        return int(await self._rows.value(sql, _named(organization_id, chosen)))

    async def page(self, organization_id: str, chosen: StageFilter) -> tuple[Stage, ...]:
        """One page, by template and order."""
        order = " ORDER BY template_id, stage_order LIMIT :limit OFFSET :offset"
        sql = "SELECT *" + _from(chosen) + order
        rows = await self._rows.all(sql, _named(organization_id, chosen))
        return tuple(_stage(row) for row in rows)


def _from(chosen: StageFilter) -> str:
    return _OF_ORGANIZATION + (" AND template_id = :template_id" if chosen.template_id else "")


def _named(organization_id: str, chosen: StageFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "template_id": chosen.template_id,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _stage(row: sqlite3.Row) -> Stage:
    return Stage(
        id=row["id"],
        template_id=row["template_id"],
        name=row["name"],
        key=row["stage"],
        agent_profile_id=row["agent_profile_id"],
        order=row["stage_order"],
        stage_type=row["stage_type"],
        duration_minutes=row["duration_minutes"],
        pass_threshold=row["pass_threshold"],
        allow_retake=bool(row["allow_retake"]),
        automation_rule=AutomationRule(row["automation_rule"]),
        revision=row["revision"],
    )
