"""Agent profiles and the rubric versions that sessions keep."""

import dataclasses
import sqlite3
from datetime import datetime

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.timestamps import to_text
from vivavoce.storage.codec import DIMENSIONS, PROFILE, SCORING, decode, encode
from vivavoce.storage.database import Rows


class AgentProfileTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, organization_id: str, profile: AgentProfile, at: datetime) -> None:
        await self._rows.run(
            "INSERT INTO agent_profiles (id, organization_id, name, rubric_version, content,"
            " created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                profile.id,
                organization_id,
                profile.name,
                profile.rubric_version,
                encode(PROFILE, profile),
                to_text(at),
                to_text(at),
            ),
        )
        await self.add_rubric(profile, at)

    async def add_rubric(self, profile: AgentProfile, at: datetime) -> None:
        await self._rows.run(
            "INSERT INTO rubric_versions (agent_profile_id, version, dimensions, scoring,"
            " created_at) VALUES (?, ?, ?, ?, ?)",
            (
                profile.id,
                profile.rubric_version,
                encode(DIMENSIONS, profile.dimensions),
                encode(SCORING, profile.scoring),
                to_text(at),
            ),
        )

    async def get(self, organization_id: str, profile_id: str) -> AgentProfile | None:
        row = await self._rows.one(
            "SELECT content FROM agent_profiles"
            " WHERE id = ? AND organization_id = ? AND deleted_at IS NULL",
            (profile_id, organization_id),
        )
        return None if row is None else _profile(row)

    async def at_version(
        self, organization_id: str, profile_id: str, version: int
    ) -> AgentProfile | None:
        """The profile as it rated and scored in rubric `version`, also after its deletion."""
        row = await self._rows.one(
            "SELECT p.content, r.dimensions, r.scoring FROM agent_profiles p"
            " JOIN rubric_versions r ON r.agent_profile_id = p.id AND r.version = ?"
            " WHERE p.id = ? AND p.organization_id = ?",
            (version, profile_id, organization_id),
        )
        if row is None:
            return None
        profile = _profile(row)
        return dataclasses.replace(
            profile,
            dimensions=decode(DIMENSIONS, row["dimensions"]),
            scoring=decode(SCORING, row["scoring"]) if row["scoring"] else profile.scoring,
            rubric_version=version,
        )

    async def change(self, organization_id: str, profile: AgentProfile, at: datetime) -> None:
        """Write all of the profile; a new rubric version is added beside it."""
        await self._rows.run(
            "UPDATE agent_profiles SET name = ?, rubric_version = ?, revision = ?, content = ?,"
            " updated_at = ? WHERE id = ? AND organization_id = ?",
            (
                profile.name,
                profile.rubric_version,
                profile.revision,
                encode(PROFILE, profile),
                to_text(at),
                profile.id,
                organization_id,
            ),
        )

    async def remove(self, organization_id: str, profile_id: str, at: datetime) -> None:
        """Hide it from everything but the sessions that it has led."""
        await self._rows.run(
            "UPDATE agent_profiles SET deleted_at = ? WHERE id = ? AND organization_id = ?",
            (to_text(at), profile_id, organization_id),
        )

    async def is_in_use(self, profile_id: str) -> bool:
        """Whether a template or a stage still names it."""
        sql = (
            "SELECT EXISTS (SELECT 1 FROM templates WHERE agent_profile_id = :id AND deleted_at IS"
            " NULL) OR EXISTS (SELECT 1 FROM stages s JOIN templates t ON t.id = s.template_id"
            " WHERE s.agent_profile_id = :id AND s.deleted_at IS NULL AND t.deleted_at IS NULL)"
        )
        return bool(await self._rows.value(sql, {"id": profile_id}))

    async def count(self, organization_id: str) -> int:
        sql = "SELECT count(*) FROM agent_profiles WHERE organization_id = ? AND deleted_at IS NULL"
        return int(await self._rows.value(sql, (organization_id,)))

    async def page(self, organization_id: str, offset: int, limit: int) -> tuple[AgentProfile, ...]:
        rows = await self._rows.all(
            "SELECT content FROM agent_profiles WHERE organization_id = ? AND deleted_at IS NULL"
            " ORDER BY id LIMIT ? OFFSET ?",
            (organization_id, limit, offset),
        )
        return tuple(_profile(row) for row in rows)


def _profile(row: sqlite3.Row) -> AgentProfile:
    return decode(PROFILE, row["content"])
