"""One page of a list, found by its ids inside an index, and only then read.

There are no figures about the data for SQLite to choose an index by, so each list names its own;
a statement whose index does not fit is an error. The skipped rows of a late page cost one step in
that index each, because nothing else of them is read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vivavoce.storage.database import Rows

Named = Mapping[str, str | int | None]
_SKIP = " LIMIT :limit OFFSET :offset"


@dataclass(frozen=True)
class Walk:
    """Which rows of `source`, a table with its index, are listed by `key`; constant texts all.

    `either`, when there are two, are states that exclude one another; each is walked apart.
    """

    source: str
    key: str
    clauses: tuple[str, ...]
    either: tuple[str, str] | None = None

    def keys(self) -> str:
        """The keys of one page, highest first."""
        parts = (
            f"SELECT {self.key} FROM {self.source} WHERE {_all(clauses)}"  # noqa: S608
            for clauses in self._branches()
        )
        return " UNION ALL ".join(parts) + f" ORDER BY {self.key} DESC" + _SKIP

    async def count(self, rows: Rows, named: Named) -> int:
        total = 0
        for clauses in self._branches():
            sql = f"SELECT count(*) FROM {self.source} WHERE {_all(clauses)}"  # noqa: S608
            total += int(await rows.value(sql, named))
        return total

    def _branches(self) -> tuple[tuple[str, ...], ...]:
        if self.either is None:
            return (self.clauses,)
        return tuple((*self.clauses, state) for state in self.either)


def one_of(values: Iterable[str]) -> str:
    """A parameter for `IN (SELECT value FROM json_each(?))`, however many there are."""
    return json.dumps(list(values))


def _all(clauses: tuple[str, ...]) -> str:
    return " AND ".join(clauses)
