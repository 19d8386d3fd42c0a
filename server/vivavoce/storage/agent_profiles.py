"""Agent profiles and the rubric versions that sessions keep."""

import dataclasses
import sqlite3
from datetime import datetime

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.timestamps import to_text
from vivavoce.storage.codec import DIMENSIONS, PROFILE, decode, encode
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
            "INSERT INTO rubric_versions (agent_profile_id, version, dimensions, created_at)"
            " VALUES (?, ?, ?, ?)",
            (
                profile.id,
                profile.rubric_version,
                encode(DIMENSIONS, profile.dimensions),
                to_text(at),
            ),
        )

    async def get(self, organization_id: str, profile_id: str) -> AgentProfile | None:
        row = await self._rows.one(
            "SELECT content FROM agent_profiles WHERE id = ? AND organization_id = ?",
            (profile_id, organization_id),
        )
        return None if row is None else _profile(row)

    async def at_version(
        self, organization_id: str, profile_id: str, version: int
    ) -> AgentProfile | None:
        """The profile with the dimensions that it had in rubric `version`."""
        row = await self._rows.one(
            "SELECT p.content, r.dimensions FROM agent_profiles p"
            " JOIN rubric_versions r ON r.agent_profile_id = p.id AND r.version = ?"
            " WHERE p.id = ? AND p.organization_id = ?",
            (version, profile_id, organization_id),
        )
        if row is None:
            return None
        dimensions = decode(DIMENSIONS, row["dimensions"])
        return dataclasses.replace(_profile(row), dimensions=dimensions, rubric_version=version)

    async def count(self, organization_id: str) -> int:
        sql = "SELECT count(*) FROM agent_profiles WHERE organization_id = ?"
        return int(await self._rows.value(sql, (organization_id,)))

    async def page(self, organization_id: str, offset: int, limit: int) -> tuple[AgentProfile, ...]:
        rows = await self._rows.all(
            "SELECT content FROM agent_profiles WHERE organization_id = ? ORDER BY id LIMIT ?"
            " OFFSET ?",
            (organization_id, limit, offset),
        )
        return tuple(_profile(row) for row in rows)


def _profile(row: sqlite3.Row) -> AgentProfile:
    return decode(PROFILE, row["content"])
