"""Every example of the three references is sent as documented and compared field by field.

An integrator changes the base address and the credential, nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

import pytest
from pydantic import BaseModel
from vivavoce.web.operations import Envelope, operation_of
from vivavoce.web.routes import TABLE, Entry

from tests.web.native_client import Native
from tests.web.reference_examples import EXAMPLES, Example
from tests.web.reference_fields import AnyOf
from tests.web.served import Served, serve
from tests.web.test_native_api import call, interviewed

COMPAT = "vivavoce.web.compat."
OF_A_VIEW = [entry for entry in TABLE if entry.endpoint.__module__.startswith(COMPAT)]


@dataclass(frozen=True)
class Replay:
    served: Served
    ids: dict[str, str]
    answers: dict[str, Any]  # by the key of the example


def key(example: Example) -> str:
    return f"{example.reference}: {example.shows}"


def filled(value: Any, ids: dict[str, str]) -> Any:  # noqa: ANN401
    """With ids in the place of `{names}`."""
    match value:
        case dict():
            return {name: filled(one, ids) for name, one in value.items()}
        case list():
            return [filled(one, ids) for one in value]
        case str() if value.startswith("{") and value.endswith("}"):
            return ids[value[1:-1]]
        case _:
            return value


def address(example: Example, ids: dict[str, str]) -> str:
    names = [name for _, name, _, _ in Formatter().parse(example.path) if name]
    return example.path.format_map(
        {name: ids[example.at.get(name, name.removesuffix("_id"))] for name in names}
    )


def send(served: Served, example: Example, ids: dict[str, str]) -> Any:  # noqa: ANN401
    agent = {"x-agent-secret": served.world.founded.agent_secret}
    headers = agent if example.path.startswith("/api/interviews/") else served.key
    return served.client.request(
        example.method,
        address(example, ids),
        json=filled(example.body, ids),
        params=filled(example.query, ids),
        headers=headers,
    )


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    with serve(tmp_path_factory.mktemp("references")) as served:
        ids = {
            "config": served.world.founded.profile_ids[0],
            "merchant": served.world.organization_id,
            "finished": interviewed(served),
            "turn_number": "2",
            "store": Native(served).made("/knowledge-stores", {"name": "Handbook"})["id"],
        }
        answers: dict[str, Any] = {}
        for example in EXAMPLES:
            answer = answers[key(example)] = send(served, example, ids)
            if example.keeps and answer.is_success:
                made = answer.json().get("data", answer.json())
                ids[example.keeps] = made.get("id") or made["interview_def_set_id"]
            if example.keeps == "job":
                stages = call(served, served.world.stores.read.templates.stages, ids["job"])
                ids["job_stage"] = stages[0].id
        yield Replay(served, ids, answers)


def differences(expected: Any, got: Any, path: str = "") -> list[str]:  # noqa: ANN401
    """Where an answer is not what the example says."""
    match expected, got:
        case [pattern], [_, *_]:
            places = [(f"{path}.{place}", item) for place, item in enumerate(got)]
            return [one for at, item in places for one in differences(pattern, item, at)]
        case dict(), dict():
            missing = [f"{path}.{name}" for name in expected if name not in got]
            shared = [(name, pattern) for name, pattern in expected.items() if name in got]
            return missing + [
                one
                for name, pattern in shared
                for one in differences(pattern, got[name], f"{path}.{name}")
            ]
        case _:
            return [] if fits(expected, got) else [path]


def fits(expected: Any, got: Any) -> bool:  # noqa: ANN401
    match expected:
        case AnyOf():
            return any(not differences(one, got) for one in expected.patterns)
        case type():
            return isinstance(got, expected) and not (expected is int and isinstance(got, bool))
        case set():
            return got in expected
        case _:
            return bool(expected == got)


@pytest.mark.parametrize("example", EXAMPLES, ids=key)
def test_each_example_answers_what_the_reference_says(replay: Replay, example: Example) -> None:
    answer = replay.answers[key(example)]
    assert answer.status_code == example.status, answer.text
    if example.status == 204:
        assert answer.content == b""
        return
    got = answer.json()
    if "data" not in example.answer and "interview_def_set_id" not in got:
        got = got["data"]
    assert differences(filled(example.answer, replay.ids), got) == []


@pytest.mark.parametrize("example", EXAMPLES, ids=key)
def test_each_example_has_every_field_of_its_answer(replay: Replay, example: Example) -> None:
    if example.partial or example.status == 204:
        return
    got = replay.answers[key(example)].json()
    if "data" in example.answer and isinstance(example.answer["data"], list):
        got, expected = got["data"], example.answer["data"][0]
        assert all(set(one) == set(expected) for one in got)
    elif "data" not in example.answer and "data" in got:
        assert set(got["data"]) == set(example.answer)


def test_every_address_of_a_view_has_an_example() -> None:
    shown = {(example.method, example.path) for example in EXAMPLES}
    assert [entry.name for entry in OF_A_VIEW if (entry.method, entry.path) not in shown] == []


def names_of(model: type[BaseModel]) -> set[str]:
    fields = model.model_fields
    return {field.alias or name for name, field in fields.items()} - {"allowed_origins"}


@pytest.mark.parametrize("entry", OF_A_VIEW, ids=lambda entry: entry.name)
def test_the_examples_of_a_view_send_every_field_there_is(entry: Entry) -> None:
    operation = operation_of(entry.endpoint)
    assert operation is not None
    examples = [one for one in EXAMPLES if (one.method, one.path) == (entry.method, entry.path)]
    if operation.body is not None and not operation.partial:  # a change sends what it likes
        sent = {name for one in examples for name in one.body or {}}
        assert names_of(operation.body) <= sent
    if operation.query is not None:
        asked = {name for one in examples for name in one.query}
        assert names_of(operation.query) - asked <= {"page", "pageSize"}


@pytest.mark.parametrize("entry", OF_A_VIEW, ids=lambda entry: entry.name)
def test_the_examples_of_a_view_compare_every_field_that_is_promised(entry: Entry) -> None:
    operation = operation_of(entry.endpoint)
    assert operation is not None
    if operation.answer.shape is None:
        assert operation.answer.status == 204
        return
    compared = [
        example.answer["data"][0] if operation.answer.envelope is Envelope.MANY else example.answer
        for example in EXAMPLES
        if (example.method, example.path) == (entry.method, entry.path)
        and example.answer.get("data") is not list
    ]
    promised = {
        field.serialization_alias or field.alias or name
        for name, field in operation.answer.shape.model_fields.items()
    }
    assert not compared or promised in [set(answer) for answer in compared]
