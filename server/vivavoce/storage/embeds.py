"""Embed keys and their live signing secrets."""

import sqlite3
from datetime import datetime

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.embed import EmbedKey
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import TEXTS, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows

LIVE_SECRETS = 2


class EmbedTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, key: EmbedKey) -> None:
        await self._rows.run(
            "INSERT INTO embed_keys (id, organization_id, template_id, mode, allowed_origins,"
            " created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                key.id,
                key.organization_id,
                key.template_id,
                key.mode,
                encode(TEXTS, key.allowed_origins),
                to_text(key.created_at),
            ),
        )
        for secret in reversed(key.signing_keys):
            await self.add_secret(key.id, secret, key.created_at)

    async def add_secret(self, embed_id: str, secret: str, at: datetime) -> None:
        """Make `secret` the newest and forget all but the newest `LIVE_SECRETS`."""
        await self._rows.run(
            "INSERT INTO embed_signing_keys (embed_id, number, secret, created_at)"
            " SELECT ?, coalesce(max(number), 0) + 1, ?, ? FROM embed_signing_keys WHERE"
            " embed_id = ?",
            (embed_id, secret, to_text(at), embed_id),
        )
        await self._rows.run(
            "DELETE FROM embed_signing_keys WHERE embed_id = ? AND number NOT IN"
            " (SELECT number FROM embed_signing_keys WHERE embed_id = ? ORDER BY number DESC"
            " LIMIT ?)",
            (embed_id, embed_id, LIVE_SECRETS),
        )

    async def get(self, embed_id: str) -> EmbedKey | None:
        row = await self._rows.one("SELECT * FROM embed_keys WHERE id = ?", (embed_id,))
        if row is None:
            return None
        return await self._key(row)

    async def change(self, key: EmbedKey) -> None:
        """Write the origins, the revocation and the revision."""
        await self._rows.run(
            "UPDATE embed_keys SET allowed_origins = ?, revoked_at = ?, revision = ? WHERE id = ?",
            (
                encode(TEXTS, key.allowed_origins),
                moment_text(key.revoked_at),
                key.revision,
                key.id,
            ),
        )

    async def count(self, organization_id: str, template_id: str | None) -> int:
        sql = "SELECT count(*) FROM embed_keys" + _where(template_id)  # noqa: S608 (constant texts)
        named = {"organization_id": organization_id, "template_id": template_id}
        return int(await self._rows.value(sql, named))

    async def page(
        self, organization_id: str, template_id: str | None, offset: int, limit: int
    ) -> tuple[EmbedKey, ...]:
        """One page of those that are not revoked, newest first; `None` is any template."""
        order = " ORDER BY created_at DESC, id LIMIT :limit OFFSET :offset"
        sql = "SELECT * FROM embed_keys" + _where(template_id) + order  # noqa: S608 (as above)
        named = {"organization_id": organization_id, "template_id": template_id}
        rows = await self._rows.all(sql, {**named, "limit": limit, "offset": offset})
        return tuple([await self._key(row) for row in rows])

    async def _key(self, row: sqlite3.Row) -> EmbedKey:
        secrets = await self._rows.all(
            "SELECT secret FROM embed_signing_keys WHERE embed_id = ? ORDER BY number DESC",
            (row["id"],),
        )
        return EmbedKey(
            id=row["id"],
            organization_id=row["organization_id"],
            template_id=row["template_id"],
            mode=KeyMode(row["mode"]),
            allowed_origins=decode(TEXTS, row["allowed_origins"]),
            signing_keys=tuple(secret["secret"] for secret in secrets),
            created_at=from_text(row["created_at"]),
            revoked_at=moment(row["revoked_at"]),
            revision=row["revision"],
        )


def _where(template_id: str | None) -> str:
    of_template = " AND template_id = :template_id" if template_id is not None else ""
    return " WHERE organization_id = :organization_id AND revoked_at IS NULL" + of_template
