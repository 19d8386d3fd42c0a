"""Organizations and their API keys."""

import sqlite3
from datetime import datetime

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.organization import ApiKey, Organization
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import SCOPES, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows


class OrganizationTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, organization: Organization) -> None:
        await self._rows.run(
            "INSERT INTO organizations (id, slug, name, agent_secret_hash, parent_id, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                organization.id,
                organization.slug,
                organization.name,
                organization.agent_secret_hash,
                organization.parent_id,
                to_text(organization.created_at),
            ),
        )

    async def get(self, organization_id: str) -> Organization | None:
        row = await self._rows.one("SELECT * FROM organizations WHERE id = ?", (organization_id,))
        return None if row is None else _organization(row)

    async def first(self) -> Organization | None:
        row = await self._rows.one("SELECT * FROM organizations ORDER BY id LIMIT 1")
        return None if row is None else _organization(row)

    async def by_slug(self, slug: str) -> Organization | None:
        row = await self._rows.one("SELECT * FROM organizations WHERE slug = ?", (slug,))
        return None if row is None else _organization(row)

    async def by_agent_secret(self, secret_hash: bytes) -> Organization | None:
        row = await self._rows.one(
            "SELECT * FROM organizations WHERE agent_secret_hash = ?", (secret_hash,)
        )
        return None if row is None else _organization(row)

    async def count_below(self, parent_id: str) -> int:
        sql = "SELECT count(*) FROM organizations WHERE parent_id = ?"
        return int(await self._rows.value(sql, (parent_id,)))

    async def page_below(self, parent_id: str, offset: int, limit: int) -> tuple[Organization, ...]:
        rows = await self._rows.all(
            "SELECT * FROM organizations WHERE parent_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
            (parent_id, limit, offset),
        )
        return tuple(_organization(row) for row in rows)

    async def rename(self, organization: Organization) -> None:
        await self._rows.run(
            "UPDATE organizations SET name = ?, revision = ? WHERE id = ?",
            (organization.name, organization.revision, organization.id),
        )


class ApiKeyTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, key: ApiKey) -> None:
        await self._rows.run(
            "INSERT INTO api_keys (id, organization_id, name, prefix, hash, mode, scopes,"
            " created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key.id,
                key.organization_id,
                key.name,
                key.prefix,
                key.hash,
                key.mode,
                encode(SCOPES, key.scopes),
                to_text(key.created_at),
                moment_text(key.expires_at),
            ),
        )

    async def by_hash(self, key_hash: bytes) -> ApiKey | None:
        row = await self._rows.one("SELECT * FROM api_keys WHERE hash = ?", (key_hash,))
        return None if row is None else _api_key(row)

    async def get(self, key_id: str) -> ApiKey | None:
        row = await self._rows.one("SELECT * FROM api_keys WHERE id = ?", (key_id,))
        return None if row is None else _api_key(row)

    async def count(self, organization_id: str) -> int:
        sql = "SELECT count(*) FROM api_keys WHERE organization_id = ?"
        return int(await self._rows.value(sql, (organization_id,)))

    async def page(self, organization_id: str, offset: int, limit: int) -> tuple[ApiKey, ...]:
        """One page, newest first, revoked ones too."""
        rows = await self._rows.all(
            "SELECT * FROM api_keys WHERE organization_id = ? ORDER BY id DESC LIMIT ? OFFSET ?",
            (organization_id, limit, offset),
        )
        return tuple(_api_key(row) for row in rows)

    async def used(self, key_id: str, at: datetime) -> None:
        await self._rows.run(
            "UPDATE api_keys SET last_used_at = ? WHERE id = ?", (to_text(at), key_id)
        )

    async def revoke(self, organization_id: str, key_id: str, at: datetime) -> bool:
        changed = await self._rows.run(
            "UPDATE api_keys SET revoked_at = ? WHERE id = ? AND organization_id = ? AND"
            " revoked_at IS NULL",
            (to_text(at), key_id, organization_id),
        )
        return changed == 1


def _organization(row: sqlite3.Row) -> Organization:
    return Organization(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        agent_secret_hash=row["agent_secret_hash"],
        created_at=from_text(row["created_at"]),
        parent_id=row["parent_id"],
        revision=row["revision"],
    )


def _api_key(row: sqlite3.Row) -> ApiKey:
    return ApiKey(
        id=row["id"],
        organization_id=row["organization_id"],
        name=row["name"],
        prefix=row["prefix"],
        hash=row["hash"],
        mode=KeyMode(row["mode"]),
        scopes=decode(SCOPES, row["scopes"]),
        created_at=from_text(row["created_at"]),
        expires_at=moment(row["expires_at"]),
        last_used_at=moment(row["last_used_at"]),
        revoked_at=moment(row["revoked_at"]),
    )
