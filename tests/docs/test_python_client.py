"""The Python client of the documentation, against a server as it is installed."""

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.client_types import FILE, written
from tests.docs.installed import Installation, installed

DOCS = Path(__file__).parents[2] / "docs"
CLIENT = DOCS / "client"
TEMPLATE = {"template_name": "Backend engineer", "use_case": "hiring", "objective": "Can they?"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("installed")) as started:
        yield started


@pytest.fixture
def client(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(CLIENT))
    module: Any = importlib.import_module("vivavoce_client")
    with module.Vivavoce(installation.origin, installation.api_key) as made:
        yield made


def refusal(client: Any, call: Any, *arguments: Any) -> Any:  # noqa: ANN401
    error = sys.modules[type(client).__module__].VivavoceError
    with pytest.raises(error) as caught:
        call(*arguments)
    return caught.value


def test_the_types_are_those_of_the_document() -> None:
    assert FILE.read_text("utf-8") == written(), "python -m tests.docs.client_types writes them"


def test_the_example_orders_an_interview_and_lists_it(installation: Installation) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (DOCS / "api.md").read_text("utf-8"), re.DOTALL)
    environment = {
        **os.environ,
        "INSTANCE": installation.origin,
        "API_KEY": installation.api_key,
        "PYTHONPATH": str(CLIENT),
    }
    printed = subprocess.check_output(
        [sys.executable, "-c", example], env=environment, text=True, timeout=60
    )

    link, listed = printed.split("\n", 1)
    assert "/i/" in link
    assert listed.strip() == "scheduled Robin Vale"


def test_objects_are_made_read_changed_listed_and_removed(client: Any) -> None:  # noqa: ANN401
    made = client.evaluation_templates.create(TEMPLATE)
    seen = client.evaluation_templates.get(made["id"])
    changed = client.evaluation_templates.change(
        made["id"], {"objective": "Will they?"}, seen='"1"'
    )

    assert seen == made
    assert changed == {**made, "objective": "Will they?"}
    assert made["id"] in [one["id"] for one in client.evaluation_templates.all(status="active")]
    client.evaluation_templates.delete(made["id"])
    assert refusal(client, client.evaluation_templates.get, made["id"]).status == 404


def test_a_refusal_says_which_field_is_wrong(client: Any) -> None:  # noqa: ANN401
    error = refusal(client, client.participants.create, {"name": "Robin Vale", "mail": "r@x.test"})

    assert (error.status, error.code) == (400, "body")
    assert sorted(issue["path"] for issue in error.issues) == [["email"], ["mail"]]
    assert error.request_id
    assert "400 body" in str(error)


def test_somebody_faster_is_noticed(client: Any) -> None:  # noqa: ANN401
    made = client.agent_profiles.page()[0][0]

    with pytest.raises(Exception, match="changed_meanwhile"):
        client.agent_profiles.change(made["id"], {"persona": "Somebody else."}, seen='"99"')


def test_every_page_of_a_list_is_read(client: Any) -> None:  # noqa: ANN401
    for number in range(101):
        client.participants.create({"name": f"P{number}", "email": f"p{number}@example.org"})

    assert len(list(client.participants.all())) == client.participants.page()[1] >= 101


def test_what_people_and_machines_do_with_objects(client: Any) -> None:  # noqa: ANN401
    template = client.evaluation_templates.create(TEMPLATE)["id"]
    person = {"name": "Ada Quill", "email": "ada@example.org", "evaluation_template_id": template}
    candidate = client.participants.create(person)["id"]
    order = {"candidate_id": candidate, "evaluation_template_id": template, "stage": "screen"}
    session = client.sessions.create(order)
    (application,) = client.applications.all(candidate_id=candidate)

    assert client.sessions.cancel(session["id"])["status"] == "cancelled"
    assert client.applications.withdraw(application["id"], {})["status"] == "withdrawn"
    assert client.applications.get(application["id"])["status"] == "withdrawn"


def test_what_is_shown_once_is_in_the_answer(client: Any) -> None:  # noqa: ANN401
    template = client.evaluation_templates.create(TEMPLATE)["id"]
    embed = client.embeds.create({"evaluation_template_id": template})
    hook = client.webhook_endpoints.create({"url": "https://hooks.example.com/"})
    key = client.api_keys.create({"name": "K", "scopes": ["reports.read"]})

    assert client.embeds.rotate(embed["id"])["embed_signing_key"] != embed["embed_signing_key"]
    assert client.webhook_endpoints.rotate(hook["id"])["secret"] != hook["secret"]
    assert "key" not in client.api_keys.all().__next__()
    client.api_keys.revoke(key["id"])
    client.webhook_endpoints.change(hook["id"], {"enabled": False})
    client.embeds.delete(embed["id"])
