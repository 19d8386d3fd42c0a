"""What no address may swallow, sent to every address that takes a body."""

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from vivavoce.core.scopes import Scope
from vivavoce.web.operations import Credential
from vivavoce.web.routes import TABLE, Entry

from tests.web.served import Served

# Of the agents' addresses the interview is looked up first, so there must be one.
OPENED = {
    Credential.API_KEY,
    Credential.AGENT,
    Credential.SIGNED_LINK,
    Credential.PASSWORD,
    Credential.INVITATION,
}
BODIES = {
    "nothing": b"",
    "half of one": b'{"name": ',
    "no object": b'["name"]',
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "NUL": b'{"name": "a\\u0000b"}',
    "a lone surrogate": b'{"name": "\\ud800"}',
    "a key twice": b'{"name": "a", "name": "b"}',
    "depth": b'{"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "no number": b'{"name": NaN}',
    "a huge number": b'{"name": 1e999}',
}


def takes_body(entry: Entry) -> bool:
    operation = entry.operation
    if operation is None or operation.body is None:
        return False
    return isinstance(operation.opened_by, Scope) or operation.opened_by in OPENED


WITH_BODY = [entry for entry in TABLE if takes_body(entry)]


@dataclass(frozen=True)
class Sender:
    served: Served
    interview_id: str

    def send(self, entry: Entry, body: bytes, media_type: str = "application/json") -> Any:  # noqa: ANN401
        founded = self.served.world.founded
        headers = {"content-type": media_type}
        if entry.operation and entry.operation.opened_by is Credential.AGENT:
            headers["x-agent-secret"] = founded.agent_secret
        else:
            headers["x-api-key"] = founded.api_key
        ids = {"turn_number": "1", "interview_id": self.interview_id}
        path = re.sub(r"{(\w+)}", lambda found: ids.get(found[1], "none"), entry.path)
        # The limits of the open addresses are not in question here.
        self.served.world.clock.advance(10)
        return self.served.client.request(entry.method, path, content=body, headers=headers)


@pytest.fixture
def sender(served: Served) -> Sender:
    return Sender(served, served.open_session()["session_id"])


def outcome(answer: Any) -> tuple[int, str]:  # noqa: ANN401
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_read_is_refused_for_what_it_is(sender: Sender, name: str) -> None:
    # A token needs no body when the key is in the header.
    entries = [one for one in WITH_BODY if BODIES[name] or one.name != "create_token"]
    outcomes = {entry.name: outcome(sender.send(entry, BODIES[name])) for entry in entries}

    right = {(status, code) for status in (400, 422) for code in ("json", "body")}
    assert not {entry: found for entry, found in outcomes.items() if found not in right}


def test_ten_megabytes_are_refused(sender: Sender) -> None:
    body = json.dumps({"name": "x" * 10_000_000}).encode()
    outcomes = {entry.name: outcome(sender.send(entry, body)) for entry in WITH_BODY}

    right = (413, "body_too_large")
    assert not {entry: found for entry, found in outcomes.items() if found != right}


def test_another_type_is_refused(sender: Sender) -> None:
    outcomes = {
        entry.name: outcome(sender.send(entry, b"name=Robin", "text/plain")) for entry in WITH_BODY
    }

    right = (415, "media_type")
    assert not {entry: found for entry, found in outcomes.items() if found != right}


def test_a_field_that_is_unknown_is_named(sender: Sender) -> None:
    # A change is held against the object that it is for; those have tests of their own.
    for entry in WITH_BODY:
        if entry.operation is not None and not entry.operation.partial:
            answer = sender.send(entry, b'{"nmae": "Robin"}')
            paths = [issue["path"] for issue in answer.json()["issues"]]
            assert ["nmae"] in paths, entry.name
