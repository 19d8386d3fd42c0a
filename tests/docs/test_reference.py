"""The reference knows every address: whoever adds one says what it takes, answers and refuses."""

import pytest
from vivavoce.web.routes import TABLE, Entry


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_address_says_what_it_promises(entry: Entry) -> None:
    assert entry.operation is not None, "the endpoint wants an @Operation, see web/operations.py"
