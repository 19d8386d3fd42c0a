import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import aiosqlite
import pytest
from vivavoce.core.errors import Conflict, EngineFailure
from vivavoce.storage import database
from vivavoce.storage.database import open_database
from vivavoce.storage.stores import open_stores

pytestmark = pytest.mark.anyio

INSERT = "INSERT INTO instance (name, value) VALUES (?, x'00')"
COUNT = "SELECT count(*) FROM instance"


async def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    async with open_database(tmp_path / "x.db") as opened:

        async def break_off() -> None:
            async with opened.transaction() as rows:
                await rows.run(INSERT, ("a",))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await break_off()
        assert await opened.read.value(COUNT) == 0


async def test_a_cancelled_transaction_leaves_nothing_and_lets_the_next_one_write(
    tmp_path: Path,
) -> None:
    async with open_database(tmp_path / "x.db") as opened:
        inside = asyncio.Event()

        async def stall() -> None:
            async with opened.transaction() as rows:
                await rows.run(INSERT, ("a",))
                inside.set()
                await asyncio.Event().wait()

        async with asyncio.TaskGroup() as group:
            task = group.create_task(stall())
            await inside.wait()
            task.cancel()
        async with opened.transaction() as rows:
            await rows.run(INSERT, ("b",))
        assert await opened.read.value("SELECT name FROM instance") == "b"


async def test_transactions_do_not_interleave(tmp_path: Path) -> None:
    async with open_database(tmp_path / "x.db") as opened:

        async def count_up() -> None:
            async with opened.transaction() as rows:
                seen = await rows.value(COUNT)
                await asyncio.sleep(0)
                await rows.run(INSERT, (str(seen),))

        async with asyncio.TaskGroup() as group:
            for _ in range(20):
                group.create_task(count_up())
        assert await opened.read.value(COUNT) == 20


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    async with open_database(tmp_path / "x.db") as opened:
        with pytest.raises(sqlite3.OperationalError):
            await opened.read.run(INSERT, ("a",))


async def test_a_repeated_unique_value_is_a_conflict(tmp_path: Path) -> None:
    async with open_database(tmp_path / "x.db") as opened, opened.transaction() as rows:
        await rows.run(INSERT, ("a",))
        with pytest.raises(Conflict):
            await rows.run(INSERT, ("a",))


async def test_a_full_disk_is_a_failure_with_its_own_code(tmp_path: Path) -> None:
    async with open_database(tmp_path / "x.db") as opened:
        async with opened.transaction() as rows:
            pages = await rows.value("PRAGMA page_count")
            await rows.all(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(EngineFailure) as caught:
            async with opened.transaction() as rows:
                await rows.run("INSERT INTO instance VALUES ('big', zeroblob(100000))")
        assert caught.value.code == "disk_full"


async def test_the_database_is_durable_and_checks_its_references(tmp_path: Path) -> None:
    async with (
        open_database(tmp_path / "x.db") as opened,
        opened.transaction() as rows,
    ):
        assert await rows.value("PRAGMA journal_mode") == "wal"
        assert await rows.value("PRAGMA synchronous") == 2
        assert await rows.value("PRAGMA foreign_keys") == 1
        assert await rows.value("PRAGMA busy_timeout") == 5000


async def test_every_table_is_strict(tmp_path: Path) -> None:
    async with open_database(tmp_path / "x.db") as opened:
        tables = await opened.read.all("PRAGMA table_list")
        # The full-text indexes bring tables of their own, which are not ours to declare.
        plain = [row for row in tables if row["type"] == "table"]
        ours = [row for row in plain if not row["name"].startswith("sqlite_")]
        assert ours
        assert all(row["strict"] for row in ours)


async def test_a_broken_migration_leaves_schema_and_version_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        await database._migrate(connection, [(1, "CREATE TABLE one (a);")])
        with pytest.raises(sqlite3.OperationalError):
            await database._migrate(
                connection, [(2, "CREATE TABLE two (a); CREATE TABLE one (a);")]
            )
        tables = await connection.execute_fetchall("SELECT name FROM sqlite_master")
        assert [row[0] for row in tables] == ["one"]
        assert await database._user_version(connection) == 1


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    async with aiosqlite.connect(path) as connection:
        await connection.execute("PRAGMA user_version = 999")
    with pytest.raises(EngineFailure):
        async with open_database(path):
            pass


async def test_the_instance_secret_stays_the_same_and_the_folder_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with open_stores(folder) as first:
        secret = first.instance_secret
    async with open_stores(folder) as second:
        assert second.instance_secret == secret
    assert os.stat(folder).st_mode & 0o077 == 0  # noqa: PTH116


WRITER = """
import asyncio, sys
from pathlib import Path
from vivavoce.storage.database import open_database

async def main():
    async with open_database(Path(sys.argv[1])) as opened:
        for number in range(10**6):
            async with opened.transaction() as rows:
                await rows.run("INSERT INTO instance VALUES (?, x'00')", (f"{number} a",))
                await rows.run("INSERT INTO instance VALUES (?, x'00')", (f"{number} b",))
            print(number, flush=True)

asyncio.run(main())
"""


async def test_a_killed_program_loses_no_committed_transaction(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:  # noqa: ASYNC220
        assert writer.stdout is not None
        reported = [int(writer.stdout.readline()) for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
    async with open_database(path) as opened:
        rows = await opened.read.all("SELECT name FROM instance")
        names = {row["name"] for row in rows}
    assert {f"{number} a" for number in reported} <= names
    assert len([name for name in names if name.endswith("a")]) * 2 == len(names)
