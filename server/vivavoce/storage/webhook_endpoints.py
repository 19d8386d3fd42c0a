"""Webhook endpoints and the secrets that sign what is sent to them."""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from vivavoce.core.timestamps import from_text, to_text
from vivavoce.core.webhooks import EventName, WebhookEndpoint, WebhookSecret
from vivavoce.storage.codec import TEXTS, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows


class WebhookEndpointTable:
    """`notice` is told of changes: what waited for an endpoint may be due now."""

    def __init__(self, rows: Rows, notice: Callable[[], None]) -> None:
        self._rows = rows
        self._notice = notice

    async def add(self, endpoint: WebhookEndpoint) -> None:
        await self._rows.run(
            "INSERT INTO webhook_endpoints (id, organization_id, url, description, events, enabled,"
            " disabled_reason, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                endpoint.id,
                endpoint.organization_id,
                endpoint.url,
                endpoint.description,
                encode(TEXTS, endpoint.events),
                endpoint.enabled,
                endpoint.disabled_reason,
                to_text(endpoint.created_at),
                to_text(endpoint.updated_at),
            ),
        )
        await self.replace_secrets(endpoint.id, endpoint.secrets)

    async def change(self, endpoint: WebhookEndpoint) -> None:
        """Write everything but the secrets."""
        await self._rows.run(
            "UPDATE webhook_endpoints SET url = ?, description = ?, events = ?, enabled = ?,"
            " disabled_reason = ?, updated_at = ?, revision = ? WHERE id = ?",
            (
                endpoint.url,
                endpoint.description,
                encode(TEXTS, endpoint.events),
                endpoint.enabled,
                endpoint.disabled_reason,
                to_text(endpoint.updated_at),
                endpoint.revision,
                endpoint.id,
            ),
        )
        self._notice()

    async def replace_secrets(self, endpoint_id: str, secrets: tuple[WebhookSecret, ...]) -> None:
        await self._rows.run("DELETE FROM webhook_secrets WHERE endpoint_id = ?", (endpoint_id,))
        for position, secret in enumerate(secrets):
            await self._rows.run(
                "INSERT INTO webhook_secrets (endpoint_id, position, secret, retires_at)"
                " VALUES (?, ?, ?, ?)",
                (endpoint_id, position, secret.text, moment_text(secret.retires_at)),
            )

    async def delete(self, endpoint_id: str, at: datetime) -> None:
        await self._rows.run("DELETE FROM webhook_secrets WHERE endpoint_id = ?", (endpoint_id,))
        await self._rows.run(
            "UPDATE webhook_endpoints SET deleted_at = ?, enabled = 0 WHERE id = ?",
            (to_text(at), endpoint_id),
        )

    async def get(self, organization_id: str, endpoint_id: str) -> WebhookEndpoint | None:
        row = await self._rows.one(
            "SELECT * FROM webhook_endpoints WHERE id = ? AND organization_id = ?"
            " AND deleted_at IS NULL",
            (endpoint_id, organization_id),
        )
        return None if row is None else await self._endpoint(row)

    async def count(self, organization_id: str) -> int:
        sql = (
            "SELECT count(*) FROM webhook_endpoints WHERE organization_id = ?"
            " AND deleted_at IS NULL"
        )
        return int(await self._rows.value(sql, (organization_id,)))

    async def page(
        self, organization_id: str, offset: int, limit: int
    ) -> tuple[WebhookEndpoint, ...]:
        """Newest first."""
        rows = await self._rows.all(
            "SELECT * FROM webhook_endpoints WHERE organization_id = ? AND deleted_at IS NULL"
            " ORDER BY id DESC LIMIT ? OFFSET ?",
            (organization_id, limit, offset),
        )
        return tuple([await self._endpoint(row) for row in rows])

    async def _endpoint(self, row: sqlite3.Row) -> WebhookEndpoint:
        secrets = await self._rows.all(
            "SELECT * FROM webhook_secrets WHERE endpoint_id = ? ORDER BY position", (row["id"],)
        )
        return WebhookEndpoint(
            id=row["id"],
            organization_id=row["organization_id"],
            url=row["url"],
            secrets=tuple(
                WebhookSecret(each["secret"], moment(each["retires_at"])) for each in secrets
            ),
            created_at=from_text(row["created_at"]),
            updated_at=from_text(row["updated_at"]),
            description=row["description"],
            events=tuple(EventName(name) for name in decode(TEXTS, row["events"])),
            enabled=bool(row["enabled"]),
            disabled_reason=row["disabled_reason"],
            revision=row["revision"],
        )
