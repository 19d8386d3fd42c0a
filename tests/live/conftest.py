from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.serving import Server, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a module that leave it as it is."""
    with running(tmp_path_factory.mktemp("server")) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
