from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.served import Served, serve


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path) as made:
        yield made
