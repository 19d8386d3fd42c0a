"""What the delivery worker asks at every wake is answered by an index."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiosqlite
import pytest
from vivavoce.storage.database import Parameters, Rows, open_database
from vivavoce.storage.deliveries import DeliveryTable

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 2, tzinfo=UTC)


class Explaining(Rows):
    """Keeps the plan of each question that it asks."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection)
        self.plans: list[list[str]] = []

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        plan = await super().all("EXPLAIN QUERY PLAN " + sql, parameters)
        self.plans.append([str(row["detail"]) for row in plan])
        return await super().all(sql, parameters)


@pytest.fixture
async def rows(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Explaining]:
    path = tmp_path / "vivavoce.db"
    async with open_database(path), aiosqlite.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        yield Explaining(connection)


def no_notice() -> None:
    """Nobody waits here."""


async def test_the_worker_reads_only_what_is_pending_or_leased(rows: Explaining) -> None:
    deliveries = DeliveryTable(rows, no_notice)
    await deliveries.claim(NOW, NOW + timedelta(seconds=20), 16)
    await deliveries.next_due(NOW)
    for step in (step for plan in rows.plans for step in plan):
        if "webhook_deliveries" in step or step.startswith(("SCAN d", "SEARCH d", "SEARCH l")):
            assert "webhook_deliveries_pending" in step or "webhook_deliveries_leased" in step
