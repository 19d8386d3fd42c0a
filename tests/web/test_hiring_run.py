"""Two stages of a hiring process over HTTP alone, and a customer's server that hears of it."""

import asyncio
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook
from starlette.testclient import TestClient
from vivavoce.app import create_app
from vivavoce.core.settings import Settings
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founded, Founding

from tests.network.receiver import Answering, Received, Reply, receiving

ARRIVES_WITHIN_SECONDS = 60
QUESTIONS = ("What did you build last?", "How do you find the cause of a fault?")
ANSWERS = (
    "I built a billing service for a lantern factory. I explained the plan to the whole team, "
    "for example with one drawing, and the result was that invoices left in 3 minutes.",
    "I read the log first because it is the only witness, then I solve the problem by removing "
    "1 part after the other until it is gone.",
)
ENGINES = ("transcriber", "language_model", "synthesizer", "turn_detector")


@dataclass(frozen=True)
class Customer:
    """An integrator: its credentials, and what its receiver has verified so far, in order."""

    client: TestClient
    key: dict[str, str]
    agent_secret: dict[str, str]
    heard: "queue.Queue[Received]"

    def new(self, kind: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self.client.post(f"/api/v1/{kind}", json=body, headers=self.key)
        assert answer.is_success, answer.text
        data: dict[str, Any] = answer.json()["data"]
        return data

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401
        return self.client.get(f"/api/v1/{path}", params=query, headers=self.key).json()["data"]

    def interview(self, session_id: str) -> None:
        """Led by the customer's own agent, from the first turn to the end."""
        path = f"/api/interviews/{session_id}"
        for number, (question, answer) in enumerate(zip(QUESTIONS, ANSWERS, strict=True)):
            asked = {"turnNumber": 2 * number + 1, "role": "agent", "content": question}
            told = {"turnNumber": 2 * number + 2, "role": "candidate", "content": answer}
            for turn in (asked, told):
                sent = self.client.post(f"{path}/turns", json=turn, headers=self.agent_secret)
                assert sent.is_success, sent.text
        ended = self.client.post(f"{path}/finalize", json={}, headers=self.agent_secret)
        assert ended.is_success, ended.text

    def hear(self, secret: str, *names: str) -> list[dict[str, Any]]:
        """The next events, as the published library verifies them."""
        events = []
        for name in names:
            got = self.heard.get(timeout=ARRIVES_WITHIN_SECONDS)
            event: dict[str, Any] = Webhook(secret).verify(got.body, dict(got.headers))
            assert event["event"] == name
            assert event["id"] == got.headers["webhook-id"]
            events.append(event)
        return events


async def found(settings: Settings) -> Founded:
    async with open_services(settings) as services:
        return await services.organizations.initialize(Founding("Lantern Works", "o@lantern.test"))


@contextmanager
def serving(folder: Path, heard: "queue.Queue[Received]") -> Iterator[Customer]:
    chosen: dict[str, Any] = dict.fromkeys(ENGINES, "embedded")
    settings = Settings(data=str(folder / "data"), allow_private_networks=True, **chosen)
    founded = asyncio.run(found(settings))
    with TestClient(create_app(settings)) as client:
        key, secret = {"x-api-key": founded.api_key}, {"x-agent-secret": founded.agent_secret}
        yield Customer(client, key, secret, heard)


def noting(heard: "queue.Queue[Received]") -> Answering:
    def note(got: Received) -> Reply:
        heard.put(got)
        return Reply()

    return note


def pipeline(customer: Customer) -> tuple[str, list[str]]:
    """A template with a rubric of its own and two stages."""
    profile = customer.new(
        "agent-profiles",
        name="Backend depth",
        persona="Alex, an engineer",
        useCase="hiring",
        evaluationDimensions=[
            {"name": "Ownership", "description": "Answers for what was built", "weight": 60},
            {"name": "Communication", "description": "Explains it to others", "weight": 40},
        ],
    )["id"]
    template = customer.new(
        "evaluation-templates",
        agent_profile_id=profile,
        template_name="Backend engineer",
        use_case="hiring",
        objective="Can this person run a service?",
        questions=[{"question": question} for question in QUESTIONS],
        result_view="minimal",
    )["id"]
    stages = [
        customer.new("evaluation-stages", evaluation_template_id=template, **fields)["id"]
        for fields in (
            {"stage_name": "Screen", "automation_rule": "require_reviewer_approval"},
            {"stage_name": "Panel"},
        )
    ]
    return template, stages


def test_a_candidate_goes_through_two_stages_and_every_event_is_verified_outside(
    tmp_path: Path,
) -> None:
    heard: queue.Queue[Received] = queue.Queue()
    with receiving(noting(heard)) as receiver, serving(tmp_path, heard) as customer:
        template, stages = pipeline(customer)
        secret = customer.new("webhook-endpoints", url=receiver.url)["secret"]
        candidate = customer.new(
            "participants",
            name="Robin Vale",
            email="robin@example.org",
            evaluation_template_id=template,
            external_id="ats-17",
        )["id"]
        first = customer.new(
            "sessions",
            candidate_id=candidate,
            evaluation_template_id=template,
            stage="screen",
            interview_id=stages[0],
        )["id"]
        customer.interview(first)
        *_, scored = customer.hear(
            secret,
            "participant.created",
            "session.created",
            "session.started",
            "session.completed",
            "session.scored",
        )
        assert scored["data"]["session"]["id"] == first
        assert scored["data"]["session"]["external_id"] == "ats-17"
        (application,) = customer.get("applications", candidate_id=candidate)
        assert application["status"] == "completed"
        customer.new(f"applications/{application['id']}/approve", decided_by="Ada Quill")

        approved, opened = customer.hear(secret, "application.approved", "session.created")
        assert approved["data"]["application"]["id"] == application["id"]
        second = opened["data"]["session"]["id"]
        assert opened["data"]["session"]["candidate_id"] == candidate
        assert customer.get(f"sessions/{second}")["interview_id"] == stages[1]
        customer.interview(second)
        customer.hear(secret, "session.started", "session.completed", "session.scored")

        deliveries = customer.get("webhook-deliveries", status="delivered")
        assert {each["attempt_count"] for each in deliveries} == {1}
        letters = customer.get("outbox", kind="result")
        assert {each["session_id"] for each in letters} == {first, second}

        rated = customer.get(f"sessions/{first}")["evaluation_breakdown"]
        assert [each["name"] for each in rated] == ["Ownership", "Communication"]

        trajectory = customer.get("sessions", candidate_id=candidate)
        assert [each["stage"] for each in trajectory] == ["panel", "screen"]
