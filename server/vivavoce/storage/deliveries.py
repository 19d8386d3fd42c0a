"""Webhook deliveries: what is due, who has begun it, and how every attempt went."""

import sqlite3
from collections.abc import Callable
from datetime import datetime

from vivavoce.core.delivery_schedule import Waiting
from vivavoce.core.session import Event
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.core.webhooks import (
    Answer,
    Attempt,
    AttemptOutcome,
    Claim,
    Delivery,
    DeliveryFilter,
    DeliveryStatus,
)
from vivavoce.storage.codec import OBJECT, decode, moment
from vivavoce.storage.database import Rows
from vivavoce.storage.listing import Named, Walk
from vivavoce.storage.webhook_endpoints import WebhookEndpointTable

_DELIVERY = (
    "SELECT d.*, o.occurred_at, o.payload FROM webhook_deliveries d"
    " JOIN outbox o ON o.id = d.event_id"
)
_OF_ORGANIZATION = "organization_id = :organization_id"
# Only what is asked for stands in the query, so that each question finds its index.
_CLAUSES = {
    "endpoint_id": "endpoint_id = :endpoint_id",
    "status": "status = :status",
    "event": "event = :event",
    "event_id": "event_id = :event_id",
}
# By what is asked for, the narrowest first.
_INDEXES: tuple[tuple[set[str], str], ...] = (
    ({"event_id"}, "webhook_deliveries_by_event"),
    ({"event", "status"}, "webhook_deliveries_by_event_name_and_status"),
    ({"event"}, "webhook_deliveries_by_event_name"),
    ({"endpoint_id", "status"}, "webhook_deliveries_by_endpoint_and_status"),
    ({"endpoint_id"}, "webhook_deliveries_by_endpoint"),
    ({"status"}, "webhook_deliveries_by_status"),
    (set(), "webhook_deliveries_by_organization"),
)
# An endpoint gets one delivery at a time: in order, and a slow one keeps nobody else waiting.
_FREE_ENDPOINTS = (
    " FROM webhook_deliveries d INDEXED BY webhook_deliveries_pending"
    " JOIN webhook_endpoints e ON e.id = d.endpoint_id"
    " WHERE d.status = 'pending' AND e.enabled = 1 AND NOT EXISTS"
    " (SELECT 1 FROM webhook_deliveries l"
    " WHERE l.endpoint_id = d.endpoint_id AND l.leased_until > :now)"
)


class DeliveryTable:
    """`notice` is told when the next attempt may have come nearer."""

    def __init__(self, rows: Rows, notice: Callable[[], None]) -> None:
        self._rows = rows
        self._notice = notice
        self._endpoints = WebhookEndpointTable(rows, notice)

    async def claim(self, now: datetime, leased_until: datetime, limit: int) -> tuple[Claim, ...]:
        """Begin the oldest due delivery of each endpoint that has none under way."""
        oldest = "SELECT d.id, min(d.number)" + _FREE_ENDPOINTS
        due = " AND d.next_attempt_at <= :now GROUP BY d.endpoint_id ORDER BY 2 LIMIT :limit"
        rows = await self._rows.all(oldest + due, {"now": to_text(now), "limit": limit})
        claims = [await self._begin(row["id"], now, leased_until) for row in rows]
        return tuple(claim for claim in claims if claim is not None)

    async def _begin(self, delivery_id: str, now: datetime, until: datetime) -> Claim | None:
        row = await self._rows.one(_DELIVERY + " WHERE d.id = ?", (delivery_id,))
        if row is None:
            return None
        endpoint = await self._endpoints.get(row["organization_id"], row["endpoint_id"])
        if endpoint is None:
            return None
        await self._rows.run(
            "UPDATE webhook_attempts SET outcome = 'interrupted' WHERE delivery_id = ?"
            " AND outcome = 'under_way'",
            (delivery_id,),
        )
        number = row["attempts"] + 1
        await self._rows.run(
            "INSERT INTO webhook_attempts (delivery_id, number, at, outcome, excerpt)"
            " VALUES (?, ?, ?, 'under_way', '')",
            (delivery_id, number, to_text(now)),
        )
        await self._rows.run(
            "UPDATE webhook_deliveries SET attempts = ?, leased_until = ? WHERE id = ?",
            (number, to_text(until), delivery_id),
        )
        return Claim(delivery_id, number, row["failures"], endpoint, _event(row))

    async def next_due(self, now: datetime) -> datetime | None:
        """When `claim` may find something, if nothing is written until then."""
        named = {"now": to_text(now)}
        waiting = "SELECT min(d.next_attempt_at)" + _FREE_ENDPOINTS
        leased = "SELECT min(leased_until) FROM webhook_deliveries WHERE leased_until > :now"
        times = [await self._rows.value(sql, named) for sql in (waiting, leased)]
        return moment(min((time for time in times if time is not None), default=None))

    async def waiting(self) -> Waiting:
        row = await self._rows.one(
            "SELECT count(*) AS count, min(created_at) AS since FROM webhook_deliveries"
            " INDEXED BY webhook_deliveries_waiting WHERE status = 'pending'"
        )
        return Waiting(row["count"], moment(row["since"])) if row else Waiting(0, None)

    async def finish_attempt(self, claim: Claim, answer: Answer) -> bool:
        """False when the lease was lost, and with it the right to decide."""
        finished = await self._rows.run(
            "UPDATE webhook_attempts SET outcome = ?, status_code = ?, duration_ms = ?, excerpt = ?"
            " WHERE delivery_id = ? AND number = ? AND outcome = 'under_way'",
            (
                answer.outcome,
                answer.status_code,
                answer.duration_ms,
                answer.excerpt,
                claim.delivery_id,
                claim.number,
            ),
        )
        return finished == 1

    async def delivered(self, delivery_id: str, at: datetime) -> None:
        await self._settle(delivery_id, DeliveryStatus.DELIVERED, at)

    async def failed(self, delivery_id: str, failures: int, at: datetime) -> None:
        """There will be no further attempt."""
        await self._rows.run(
            "UPDATE webhook_deliveries SET failures = ? WHERE id = ?", (failures, delivery_id)
        )
        await self._settle(delivery_id, DeliveryStatus.FAILED, at)

    async def retry(self, delivery_id: str, failures: int, next_attempt_at: datetime) -> None:
        await self._rows.run(
            "UPDATE webhook_deliveries SET status = 'pending', failures = ?, next_attempt_at = ?,"
            " leased_until = NULL, settled_at = NULL WHERE id = ?",
            (failures, to_text(next_attempt_at), delivery_id),
        )
        self._notice()

    async def is_under_way(self, delivery_id: str, now: datetime) -> bool:
        sql = "SELECT count(*) FROM webhook_deliveries WHERE id = ? AND leased_until > ?"
        return bool(await self._rows.value(sql, (delivery_id, to_text(now))))

    async def abandon_pending(self, endpoint_id: str, at: datetime) -> None:
        await self._rows.run(
            "UPDATE webhook_deliveries SET status = 'abandoned', next_attempt_at = NULL,"
            " leased_until = NULL, settled_at = ? WHERE endpoint_id = ? AND status = 'pending'",
            (to_text(at), endpoint_id),
        )

    async def get(self, organization_id: str, delivery_id: str) -> Delivery | None:
        row = await self._rows.one(
            _DELIVERY + " WHERE d.id = ? AND d.organization_id = ?", (delivery_id, organization_id)
        )
        return None if row is None else _delivery(row)

    async def attempts(self, delivery_id: str) -> tuple[Attempt, ...]:
        rows = await self._rows.all(
            "SELECT * FROM webhook_attempts WHERE delivery_id = ? ORDER BY number", (delivery_id,)
        )
        return tuple(_attempt(row) for row in rows)

    async def count(self, organization_id: str, chosen: DeliveryFilter) -> int:
        named = _named(organization_id, chosen)
        return await _walk(named).count(self._rows, named)

    async def page(self, organization_id: str, chosen: DeliveryFilter) -> tuple[Delivery, ...]:
        """One page, newest first."""
        named = _named(organization_id, chosen)
        of_page = f" WHERE d.number IN ({_walk(named).keys()}) ORDER BY d.number DESC"
        return tuple(_delivery(row) for row in await self._rows.all(_DELIVERY + of_page, named))

    async def _settle(self, delivery_id: str, status: DeliveryStatus, at: datetime) -> None:
        await self._rows.run(
            "UPDATE webhook_deliveries SET status = ?, next_attempt_at = NULL, leased_until = NULL,"
            " settled_at = ? WHERE id = ?",
            (status, to_text(at), delivery_id),
        )


def _walk(named: Named) -> Walk:
    asked = {name for name in _CLAUSES if named[name] is not None}
    index = next(index for needed, index in _INDEXES if needed <= asked)
    clauses = [text for name, text in _CLAUSES.items() if name in asked]
    source = f"webhook_deliveries INDEXED BY {index}"
    return Walk(source, "number", (_OF_ORGANIZATION, *clauses))


def _named(organization_id: str, chosen: DeliveryFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "endpoint_id": chosen.endpoint_id,
        "status": chosen.status,
        "event": chosen.event,
        "event_id": chosen.event_id,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _event(row: sqlite3.Row) -> Event:
    return Event(
        id=row["event_id"],
        organization_id=row["organization_id"],
        name=row["event"],
        occurred_at=from_text(row["occurred_at"]),
        payload=decode(OBJECT, row["payload"]),
    )


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        organization_id=row["organization_id"],
        endpoint_id=row["endpoint_id"],
        event=_event(row),
        status=DeliveryStatus(row["status"]),
        failures=row["failures"],
        attempts=row["attempts"],
        created_at=from_text(row["created_at"]),
        next_attempt_at=moment(row["next_attempt_at"]),
        settled_at=moment(row["settled_at"]),
    )


def _attempt(row: sqlite3.Row) -> Attempt:
    return Attempt(
        number=row["number"],
        at=from_text(row["at"]),
        outcome=AttemptOutcome(row["outcome"]),
        status_code=row["status_code"],
        duration_ms=row["duration_ms"],
        excerpt=row["excerpt"],
    )
