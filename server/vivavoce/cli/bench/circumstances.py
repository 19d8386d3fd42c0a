"""What every bench has in common: which engines it runs on, and how its rows are shown."""

import os
import platform
from collections.abc import Sequence
from dataclasses import replace

from rich.table import Table

from vivavoce.core.settings import Settings
from vivavoce.services.bench.figures import Row

PRICED_MODEL = "known cost"


def choose(settings: Settings, engines: str) -> Settings:
    """The settings with other engines: one word for all roles, or a folder of models."""
    if engines == "auto":
        return settings
    embedded = engines == "embedded"
    word = "embedded" if embedded else "auto"
    return replace(
        settings,
        models_dir=settings.models_dir if embedded else engines,
        transcriber=word,
        language_model=word,
        synthesizer=word,
        turn_detector=word,
        embedder=word,
    )


def behind(settings: Settings, url: str) -> Settings:
    """The settings with a server for every role that can be one; nobody stands in for it."""
    return replace(
        settings,
        transcriber=url,
        language_model=url,
        synthesizer=url,
        transcriber_model=PRICED_MODEL,
        language_model_model=PRICED_MODEL,
        synthesizer_model=PRICED_MODEL,
        remote_fallback="none",
    )


def machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def row_table(title: str, rows: Sequence[Row]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("")
    for name in ("n", "p50", "p95", "worst"):
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(row.label, *map(_shown, (row.count, row.p50, row.p95, row.worst)))
    return table


def _shown(figure: int | None) -> str:
    return "" if figure is None else str(figure)
