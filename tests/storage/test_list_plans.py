"""Every list, with every filter that it offers, finds its rows by an index made for it.

The plans are the same on an empty database as on a full one: no figures about the data are kept.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

import aiosqlite
import anyio
import pytest
from vivavoce.storage.database import Parameters, Rows, open_database
from vivavoce.storage.stores import DATABASE_FILE, SqliteStores
from vivavoce.web.routes import Entry

from tests.bench.list_questions import Known, lists, questions
from tests.bench.list_speed import Asker, asker_of
from tests.services.backend import open_world

SECRET = b"an instance of its own, for plans"
KNOWN: Known = {"email": "a@example.org"}


class Explaining(Rows):
    """Keeps the plan of each question that it asks."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection)
        self.plans: dict[str, list[str]] = {}

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        plan = await super().all("EXPLAIN QUERY PLAN " + sql, parameters)
        self.plans[sql] = [str(row["detail"]) for row in plan]
        return await super().all(sql, parameters)


@dataclass(frozen=True)
class Asked:
    chosen: dict[str, str]
    plans: dict[str, list[str]]  # by statement


async def ask_everything(folder: Path) -> dict[str, list[Asked]]:
    """By the address of each list."""
    async with open_world(folder) as world:
        path = world.stores.data_dir / DATABASE_FILE
        async with open_database(path) as database, aiosqlite.connect(path) as connection:
            connection.row_factory = sqlite3.Row
            database.read = rows = Explaining(connection)
            world.stores.read = SqliteStores(database, folder, SECRET).read
            asker = asker_of(world.services, folder, world.founded.api_key)
            return {entry.path: await ask(asker, rows, entry) for entry in lists()}


async def ask(asker: Asker, rows: Explaining, entry: Entry) -> list[Asked]:
    asked = []
    for chosen in questions(entry, KNOWN):
        rows.plans = {}
        await asker.ask(entry.path, {**chosen, "page": 2, "pageSize": 50})
        asked.append(Asked(chosen, rows.plans))
    return asked


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Asked]]:
    return anyio.run(ask_everything, tmp_path_factory.mktemp("plans"))


def is_scan(step: str) -> bool:
    """`json_each` is a parameter taken apart, not a table."""
    return step.startswith("SCAN") and "json_each" not in step


@pytest.mark.parametrize("path", [entry.path for entry in lists()])
def test_no_list_scans_or_sorts(asked: dict[str, list[Asked]], path: str) -> None:
    for one in asked[path]:
        assert any("count(*)" in sql for sql in one.plans)
        for sql, plan in one.plans.items():
            assert not [step for step in plan if is_scan(step)], (one.chosen, sql, plan)
            assert not [step for step in plan if "TEMP B-TREE" in step], (one.chosen, sql, plan)


# Whoever asks for one person gets few rows; anything else may be most of the table.
FEW = {"candidate_id", "external_id", "email", "event_id"}
LONG = ("sessions", "interviews", "applications", "participants", "candidates", "deliveries")


@pytest.mark.parametrize("path", [one.path for one in lists() if one.path.endswith(LONG)])
def test_counting_a_long_list_reads_an_index_and_no_row(
    asked: dict[str, list[Asked]], path: str
) -> None:
    for one in asked[path]:
        counts = [plan for sql, plan in one.plans.items() if "count(*)" in sql]
        searches = [step for plan in counts for step in plan if step.startswith("SEARCH")]
        if not FEW & set(one.chosen):
            for step in searches:
                assert "COVERING INDEX" in step or "PRIMARY KEY" in step, (one.chosen, step)
