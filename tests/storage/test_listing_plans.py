"""Every list that the Evalyo view asks for finds its rows by an index made for it."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite
import pytest
from vivavoce.core.session import ParticipantFilter, SessionFilter
from vivavoce.core.template import TemplateFilter
from vivavoce.storage.database import Parameters, Rows, open_database
from vivavoce.storage.participants import ParticipantTable
from vivavoce.storage.sessions import SessionTable
from vivavoce.storage.templates import TemplateTable
from vivavoce.web.compat.evalyo_status import InterviewStatus, narrowed

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 2, tzinfo=UTC)


class Explaining(Rows):
    """Keeps the plan of each statement that it runs."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection)
        self.plans: list[str] = []

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        plan = await super().all("EXPLAIN QUERY PLAN " + sql, parameters)
        self.plans.append(" / ".join(str(row["detail"]) for row in plan))
        return await super().all(sql, parameters)


@pytest.fixture
async def rows(tmp_path: Path, anyio_backend: str) -> AsyncIterator[Explaining]:
    path = tmp_path / "vivavoce.db"
    async with open_database(path), aiosqlite.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        yield Explaining(connection)


@pytest.mark.parametrize("status", [None, *InterviewStatus])
@pytest.mark.parametrize(
    "chosen", [SessionFilter(), SessionFilter(template_id="t"), SessionFilter(campaign_id="c")]
)
async def test_interviews_are_listed_without_a_scan_or_a_sort(
    rows: Explaining, chosen: SessionFilter, status: InterviewStatus | None
) -> None:
    table, wanted = SessionTable(rows), narrowed(chosen, status, NOW)
    await table.count("o", wanted)
    await table.page("o", wanted)
    searched = ["organization_id=?"]
    searched += ["template_id=?"] if chosen.template_id else []
    searched += ["campaign_id=?"] if chosen.campaign_id else []
    for plan in rows.plans:
        assert plan.startswith("SEARCH sessions USING"), plan
        for column in searched:
            assert column in plan
    counting, paging = rows.plans
    assert status is None or "COVERING INDEX" in counting
    # Two states at once come out of the index one after the other.
    assert status is InterviewStatus.CANCELLED or "TEMP B-TREE" not in paging


async def test_candidates_and_jobs_are_listed_without_a_scan_or_a_sort(rows: Explaining) -> None:
    participants, templates = ParticipantTable(rows), TemplateTable(rows)
    for chosen in (ParticipantFilter(), ParticipantFilter("a@example.org")):
        await participants.page("o", chosen)
    await participants.page("o", ParticipantFilter(template_id="t"))
    for status in (None, "active"):
        await templates.page("o", TemplateFilter(status))
    for plan in rows.plans:
        assert plan.startswith("SEARCH")
        assert "SCAN" not in plan
        assert "TEMP B-TREE" not in plan
