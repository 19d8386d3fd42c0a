"""What the fields mean, and values that they may have: one word list for every contract."""

import tomllib
from importlib.resources import files
from typing import Any


def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("fields.toml").read_text("utf-8"))


_FIELDS = _read()
MEANINGS: dict[str, str] = _FIELDS["meanings"]
EXAMPLES: dict[str, list[Any]] = _FIELDS["examples"]
