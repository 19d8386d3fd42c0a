"""What every command shares: where settings come from, and how people are spoken to."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from vivavoce.core.errors import VivavoceError
from vivavoce.core.settings import Settings, load

SETTINGS_FILE = "vivavoce.toml"

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - options of any knob's type
    """Settings of the environment and of `vivavoce.toml` here; options that were given win."""
    file = Path(SETTINGS_FILE)
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    chosen = {name: value for name, value in given.items() if value is not None}
    return replace(load(os.environ, text), **chosen)


def complain(error: VivavoceError) -> None:
    err.print(f"[bold red]{error.code}[/] {error.message}", soft_wrap=True)
    for issue in error.issues:
        err.print(f"  {'.'.join(issue.path)}: {issue.message}", soft_wrap=True)
