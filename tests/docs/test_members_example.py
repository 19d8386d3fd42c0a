"""The page about members: its example as one script, and its table against the roles."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from vivavoce.core.errors import Invalid
from vivavoce.core.outside_issuer import TrustedIssuer, acting, check_times
from vivavoce.core.roles import SCOPES_OF, Role
from vivavoce.core.scopes import Scope
from vivavoce.core.settings import load
from vivavoce.services.opening import outside_issuer

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


def test_the_claims_of_the_page_name_an_organization_and_a_role() -> None:
    (written,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    claims = json.loads(written)
    trusted = TrustedIssuer(claims["iss"], claims["aud"])

    check_times(claims, datetime.fromtimestamp(claims["exp"] - 60, UTC))
    assert acting(claims, trusted) == ("lantern-works", Role.RECRUITER)


def test_the_environment_of_the_page_names_an_issuer() -> None:
    (written,) = re.findall(r"```\n(VIVAVOCE_.*?)```", PAGE, re.DOTALL)
    environment = dict(line.split("=", 1) for line in written.splitlines())
    issuer = outside_issuer(load({**environment, "VIVAVOCE_INSTANCE_URL": "https://a.example"}))

    assert issuer is not None
    assert issuer.trusted == TrustedIssuer("https://id.example.org/", "https://a.example")
    for broken in ({"VIVAVOCE_JWT_ISSUER": ""}, {"VIVAVOCE_JWKS_URL": "http://id.example.org/k"}):
        with pytest.raises(Invalid):
            outside_issuer(load({**environment, **broken}))
