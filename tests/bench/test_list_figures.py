"""The measurement of lists works at any size; its figures at full size stand in the documents."""

from pathlib import Path

import anyio

from tests.bench.full_size import make
from tests.bench.list_questions import lists
from tests.bench.list_speed import measure


def test_every_list_is_measured_with_every_filter(tmp_path: Path) -> None:
    anyio.run(make, tmp_path, 200)
    figures = anyio.run(measure, tmp_path, 1)
    assert set(figures) == {entry.path for entry in lists()}
    assert figures["/api/v1/sessions"]["questions"] > 2 * 6 * 2**4
    assert all(row["p50_ms"] <= row["p95_ms"] for row in figures.values())
