"""Model files as a broken disk, a broken download or a wrong hand leaves them."""

from pathlib import Path

import pytest
from vivavoce.core.errors import EngineFailure


def cut(path: Path, kept: float = 0.5) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])


def code_of(failure: pytest.ExceptionInfo[EngineFailure]) -> str:
    return failure.value.code
