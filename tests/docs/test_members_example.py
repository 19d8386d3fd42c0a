"""The page about members: its example as one script, and its table against the roles."""

import re
from pathlib import Path

import pytest
from vivavoce.core.roles import SCOPES_OF, Role
from vivavoce.core.scopes import Scope

from tests.docs.installed import installed

PAGE = (Path(__file__).parents[2] / "docs" / "members.md").read_text("utf-8")


def test_the_examples_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    script = "\n".join(re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL))
    with installed(tmp_path) as installation:
        printed = installation.run(script).splitlines()

    assert printed == [
        "active",
        "reviewer",
        "kim@example.org",
        "Robin Vale",
        "missing_scope",
        "missing_scope",
        "harbour-bakery",
        "200",
        "404",
    ]


@pytest.mark.parametrize("role", Role)
def test_the_table_has_what_each_role_may_do(role: Role) -> None:
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| `")]
    column = 1 + list(Role).index(role)
    allowed = {
        Scope(scope)
        for row in rows
        if row[column].strip() == "yes"
        for scope in re.findall(r"`([\w.]+)`", row[0])
    }

    assert allowed == SCOPES_OF[role]
