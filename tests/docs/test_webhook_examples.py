"""The examples of the webhooks page, against the server as it is installed and a real receiver."""

import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import WebhookVerificationError
from vivavoce.core.delivery_schedule import ATTEMPT_OFFSETS
from vivavoce.core.webhooks import AttemptOutcome, EventName

from tests.docs.installed import Installation, installed
from tests.network.receiver import Received, Receiver, Reply, receiving

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
ARRIVES_WITHIN_SECONDS = 30
CALL = "const given = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));\n"
CALL += "console.log(JSON.stringify(verified(given.headers, Buffer.from(given.body))));\n"


def example(language: str) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return found[0]


def registered(installation: Installation, url: str) -> dict[str, Any]:
    answer = installation.run(example("bash"), RECEIVER=url)
    data: dict[str, Any] = json.loads(answer)["data"]
    return data


def schedule(installation: Installation) -> str:
    """An interview for somebody, which is told as `session.created`."""

    def new(kind: str, **fields: Any) -> str:  # noqa: ANN401
        address = f"{installation.origin}/api/v1/{kind}"
        answer = httpx.post(address, json=fields, headers={"x-api-key": installation.api_key})
        assert answer.status_code == 201
        return str(answer.json()["data"]["id"])

    job = new("jobs", title="Backend engineer", questions=["What did you build last?"])
    who = {"firstName": "Robin", "lastName": "Vale", "email": "robin@example.org"}
    return new("interviews", candidateId=new("candidates", **who), jobId=job)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Any], Receiver]]:
    """The endpoint as the page registers it, and the receiver after one event."""
    arrived = threading.Event()

    def answer(_: Received) -> Reply:
        arrived.set()
        return Reply()

    folder = tmp_path_factory.mktemp("installed")
    with receiving(answer) as receiver, installed(folder) as installation:
        endpoint = registered(installation, receiver.url)
        endpoint["session"] = schedule(installation)
        assert arrived.wait(ARRIVES_WITHIN_SECONDS)
        yield endpoint, receiver


def test_the_python_example_verifies_what_arrives_and_nothing_else(
    exchange: tuple[dict[str, Any], Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, receiver = exchange
    monkeypatch.setenv("WEBHOOK_SECRET", endpoint["secret"])
    names: dict[str, Any] = {}
    exec(example("python"), names)  # noqa: S102
    got = receiver.received[0]

    envelope = names["verified"](dict(got.headers), got.body)
    assert envelope["event"] == "session.created"
    assert envelope["data"]["session"]["id"] == endpoint["session"]
    with pytest.raises(WebhookVerificationError):
        names["verified"](dict(got.headers), got.body + b" ")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_node_example_verifies_what_arrives_and_nothing_else(
    exchange: tuple[dict[str, Any], Receiver], tmp_path: Path
) -> None:
    endpoint, receiver = exchange
    program = tmp_path / "verify.cjs"
    program.write_text(example("javascript") + CALL, "utf-8")
    got = receiver.received[0]

    def run(body: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["node", str(program)],  # noqa: S607
            input=json.dumps({"headers": dict(got.headers), "body": body}),
            env={**os.environ, "WEBHOOK_SECRET": endpoint["secret"]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert json.loads(run(got.body.decode()).stdout)["id"] == got.headers["webhook-id"]
    assert run(got.body.decode() + " ").returncode != 0


@pytest.mark.parametrize("name", [*EventName, *(set(AttemptOutcome) - {AttemptOutcome.UNDER_WAY})])
def test_every_event_and_every_outcome_is_named(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_schedule_is_told_as_it_is() -> None:
    hours = [str(int(offset.total_seconds()) // 3600) for offset in ATTEMPT_OFFSETS[4:]]
    told = ", ".join(hours[:-1]) + f" and {hours[-1]} hours after the first"

    assert "5 seconds, 5 minutes,\n30 minutes, " + told in PAGE
