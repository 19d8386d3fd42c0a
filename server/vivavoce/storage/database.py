"""The SQLite file: one writer behind a lock, one reader apart, and its numbered migrations.

aiosqlite serialises calls, not transactions; two tasks could interleave inside one another's. Hence
one
writing connection, held for the length of a transaction.
"""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import aiosqlite

from vivavoce.core.errors import Conflict, EngineFailure
from vivavoce.storage.vectors import teach_vectors

Parameters = Sequence[str | int | float | bytes | None] | Mapping[str, str | int | bytes | None]

# aiosqlite writes statements with their values at debug level; they hold transcripts and names.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)

_CACHE_KIB = 32 * 1024  # holds the index of a long list, so that counting it reads no file
_DISK_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


class Rows:
    """Statements on one connection; rows come back as `sqlite3.Row`."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        with _translated():
            return list(await self._connection.execute_fetchall(sql, parameters))

    async def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def value(self, sql: str, parameters: Parameters = ()) -> Any:  # noqa: ANN401
        row = await self.one(sql, parameters)
        return None if row is None else row[0]

    async def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Execute and return how many rows changed. Raises `Conflict` code `already_exists`."""
        with _translated():
            async with self._connection.execute(sql, parameters) as cursor:
                return cursor.rowcount


class Database:
    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer = writer
        self._lock = asyncio.Lock()
        self.read = Rows(reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Rows]:
        """All statements inside become durable together, or none does."""
        async with self._lock:
            try:
                with _translated():
                    await self._writer.execute("BEGIN IMMEDIATE")
                yield Rows(self._writer)
                with _translated():
                    await self._writer.execute("COMMIT")
            finally:
                # Nothing to undo after a commit. After a cancellation the call still reaches the
                # connection's queue ahead of whatever the next transaction puts there.
                await self._writer.rollback()


@asynccontextmanager
async def open_database(path: Path) -> AsyncIterator[Database]:
    async with _connected(path) as writer:
        await _migrate(writer, _shipped_migrations())
        async with _connected(path) as reader:
            await reader.execute("PRAGMA query_only = ON")
            yield Database(writer, reader)


@asynccontextmanager
async def _connected(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        connection.row_factory = sqlite3.Row
        # FULL: a commit survives a power cut, which is what `durable` promises in the journal.
        for pragma in (
            "journal_mode = WAL",
            "foreign_keys = ON",
            "busy_timeout = 5000",
            "synchronous = FULL",
            f"cache_size = -{_CACHE_KIB}",
        ):
            await connection.execute(f"PRAGMA {pragma}")
        await teach_vectors(connection)
        yield connection


def _shipped_migrations() -> list[tuple[int, str]]:
    folder = resources.files("vivavoce.storage") / "migrations"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".sql")),
        key=lambda file: file.name,
    )
    return [(int(file.name.split("_")[0]), file.read_text("utf-8")) for file in files]


async def _migrate(connection: aiosqlite.Connection, migrations: Sequence[tuple[int, str]]) -> None:
    """Apply what is newer than `user_version`, each script atomic with its version."""
    current = (await _user_version(connection)) or 0
    if migrations and current > migrations[-1][0]:
        raise EngineFailure(
            "database_newer", "The database was written by a newer version of Vivavoce."
        )
    for version, sql in migrations:
        if version <= current:
            continue
        script = f"BEGIN IMMEDIATE;\n{sql}\nPRAGMA user_version = {version};\nCOMMIT;"
        try:
            await connection.executescript(script)
        except sqlite3.Error:
            await connection.rollback()
            raise


async def _user_version(connection: aiosqlite.Connection) -> int:
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    return int(rows[0][0])


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorname in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}:
            raise Conflict(
                "already_exists", "Something with these unique values exists already."
            ) from None
        raise
    except sqlite3.OperationalError as error:
        # The primary code is the low byte; I/O errors carry a detail above it.
        if error.sqlite_errorcode & 0xFF in _DISK_CODES:
            raise EngineFailure("disk_full", "The disk is full or cannot be written.") from None
        raise
