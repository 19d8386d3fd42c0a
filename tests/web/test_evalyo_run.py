"""A whole interview of an outside agent, over HTTP alone, against the application as it serves."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from starlette.testclient import TestClient
from vivavoce.app import create_app
from vivavoce.core.settings import Settings
from vivavoce.services.opening import open_services
from vivavoce.services.organizations import Founded, Founding

SCORED_WITHIN_SECONDS = 60
RECORDING = "https://media.example.org/all.ogg"
DIALOGUE = (
    ("agent", "What did you build last?"),
    (
        "candidate",
        "I built a billing service for a lantern factory. I explained the plan to the whole team, "
        "for example with one drawing, and the result was that invoices left in 3 minutes.",
    ),
    ("agent", "How do you find the cause of a fault?"),
    (
        "candidate",
        "I read the log first because it is the only witness, then I solve the problem "
        "by removing 1 part after the other until it is gone.",
    ),
)


@dataclass(frozen=True)
class Customer:
    """Whoever holds an organization's credentials."""

    client: TestClient
    key: dict[str, str]
    secret: dict[str, str]

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401
        return self.client.get(path, params=query, headers=self.key).json()["data"]

    def create(self, kind: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
        return sent(self.client, "POST", f"/api/v1/{kind}", self.key, **body)

    def order(self) -> dict[str, Any]:
        """An interview in a campaign, made from nothing."""
        questions = [text for role, text in DIALOGUE if role == "agent"]
        job = self.create("jobs", title="Backend engineer", questions=questions)
        who = {"firstName": "Alex", "lastName": "Moreau", "email": "alex@example.org"}
        return self.create(
            "interviews",
            candidateId=self.create("candidates", **who)["id"],
            jobId=job["id"],
            campaignId=self.create("campaigns", name="Spring", jobId=job["id"])["id"],
            sendInvite=False,
        )

    def report(self, report_id: str) -> dict[str, Any]:
        """The report, once it is ready; it is written behind the answer."""
        deadline = monotonic() + SCORED_WITHIN_SECONDS
        while monotonic() < deadline:
            report: dict[str, Any] = self.get(f"/api/v1/reports/{report_id}")
            if report["status"] == "READY":
                return report
        raise AssertionError("The report was not written in time.")


@dataclass(frozen=True)
class Agent:
    """Leads one interview, and holds nothing but the token for it."""

    client: TestClient
    path: str
    token: dict[str, str]

    def ask(self, number: int, text: str) -> None:
        body = {"turnNumber": number, "role": "agent", "content": text, "isPendingQuestion": True}
        sent(self.client, "POST", f"{self.path}/turns", self.token, **body)

    def hear(self, number: int, text: str) -> None:
        body = {"turnNumber": number, "role": "candidate"}
        sent(self.client, "POST", f"{self.path}/turns", self.token, **body)
        final = {"content": text, "evaluation": {"clarity": 4}}
        sent(self.client, "PATCH", f"{self.path}/turns/{number}", self.token, **final)

    def history(self) -> list[tuple[str, str]]:
        answer = self.client.get(f"{self.path}/history", headers=self.token).json()["data"]
        return [(turn["role"], turn["content"]) for turn in answer["turns"]]

    def finalize(self) -> dict[str, Any]:
        path = f"{self.path}/finalize"
        return sent(self.client, "POST", path, self.token, audioUrl=RECORDING)


def sent(
    client: TestClient,
    method: str,
    path: str,
    headers: dict[str, str],
    **body: Any,  # noqa: ANN401
) -> dict[str, Any]:
    answer = client.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


async def found(settings: Settings) -> Founded:
    async with open_services(settings) as services:
        return await services.organizations.initialize(Founding("Lantern Works", "o@lantern.test"))


@contextmanager
def serving(folder: Path) -> Iterator[Customer]:
    engines = ("transcriber", "language_model", "synthesizer", "turn_detector")
    chosen: dict[str, Any] = dict.fromkeys(engines, "embedded")
    settings = Settings(data=str(folder / "data"), **chosen)
    founded = asyncio.run(found(settings))
    with TestClient(create_app(settings)) as client:
        key, secret = {"x-api-key": founded.api_key}, {"x-agent-secret": founded.agent_secret}
        yield Customer(client, key, secret)


def test_an_outside_agent_runs_an_interview_from_its_making_to_its_report(tmp_path: Path) -> None:
    with serving(tmp_path) as customer:
        interview = customer.order()
        path = f"/api/interviews/{interview['id']}"
        token = sent(customer.client, "POST", f"{path}/token", customer.secret)["token"]
        agent = Agent(customer.client, path, {"authorization": f"Bearer {token}"})
        for number, (role, text) in enumerate(DIALOGUE, 1):
            (agent.ask if role == "agent" else agent.hear)(number, text)
        assert agent.history() == list(DIALOGUE)
        ended = agent.finalize()
        assert (interview["status"], ended["status"]) == ("DRAFT", "COMPLETED")

        report = customer.report(ended["reportId"])
        assert report["interviewId"] == interview["id"]
        assert report["recommendation"] == "needs_human_review"
        assert [each["turnNumber"] for each in report["turnEvaluations"]] == [2, 4]
        cited = [one for each in report["criteria"] for one in each["citations"]]
        assert cited
        assert all(one["quote"] in DIALOGUE[one["turnNumber"] - 1][1] for one in cited)

        details = customer.get(f"/api/v1/interviews/{interview['id']}")
        assert details["audioUrl"] == RECORDING
        assert details["evaluation"]["criteria"] == report["criteria"]
        where = {"status": "COMPLETED", "campaignId": interview["campaignId"]}
        listed = customer.get("/api/v1/interviews", **where)
        assert [each["id"] for each in listed] == [interview["id"]]
