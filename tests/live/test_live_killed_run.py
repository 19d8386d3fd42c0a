"""A hiring process whose server is killed again and again loses nothing and repeats nothing."""

import json
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook

from tests.live.serving import Server, free_port
from tests.network.receiver import Receiver, receiving

pytestmark = pytest.mark.timeout(600)

KILLS = 50
LIVES_AT_MOST_SECONDS = 0.8
SETTLES_WITHIN_SECONDS = 90
QUESTIONS = ("What did you build last?", "How do you find the cause of a fault?")
ANSWERS = (
    "I built a billing service for a lantern factory, and invoices left in 3 minutes.",
    "I read the log first because it is the only witness.",
)
ONCE_A_CANDIDATE = Counter(
    {
        "participant.created": 1,
        "session.created": 2,
        "session.started": 2,
        "session.completed": 2,
        "session.scored": 2,
        "application.approved": 1,
    }
)


@dataclass
class Customer:
    """An integrator who repeats every request until it was answered."""

    server: Server
    receiver: Receiver
    agent: dict[str, str]

    @property
    def key(self) -> dict[str, str]:
        return {"x-api-key": self.server.api_key}

    def ask(self, method: str, path: str, done: str = "", **request: Any) -> Any:  # noqa: ANN401
        """`done` is the code of the refusal that says the request was carried out before."""
        deadline = monotonic() + SETTLES_WITHIN_SECONDS
        while monotonic() < deadline:
            try:
                with self.server.http() as http:
                    answer = http.request(method, path, **request)
            except httpx.TransportError:
                continue
            body = answer.json()
            assert answer.is_success or body.get("code", body.get("error")) == done, body
            return body
        raise AssertionError("The server did not come back.")

    def api(self, method: str, path: str, done: str = "", **body: Any) -> Any:  # noqa: ANN401
        content = {"json": body} if method == "POST" else {"params": body}
        answer = self.ask(method, f"/api/v1/{path}", done, headers=self.key, **content)
        return answer.get("data")

    def found(self, path: str, **query: str) -> list[dict[str, Any]]:
        """What a list holds once it holds something."""
        deadline = monotonic() + SETTLES_WITHIN_SECONDS
        while monotonic() < deadline:
            rows: list[dict[str, Any]] = self.api("GET", path, **query)
            if rows:
                return rows
            self.receiver.wait(0.2)
        raise AssertionError("The list stayed empty.")

    def interview(self, session_id: str) -> None:
        path = f"/api/interviews/{session_id}"
        for number, pair in enumerate(zip(QUESTIONS, ANSWERS, strict=True)):
            for role, content in zip(("agent", "candidate"), pair, strict=True):
                place = 2 * number + (1 if role == "agent" else 2)
                turn = {"turnNumber": place, "role": role, "content": content}
                self.ask("POST", f"{path}/turns", "turn_number", headers=self.agent, json=turn)
        self.ask("POST", f"{path}/finalize", "session_state", headers=self.agent, json={})


class Letterbox:
    """The mail server of the customer."""

    def __init__(self) -> None:
        self.received: list[str] = []
        self.port = free_port()

    async def handle_DATA(  # noqa: N802 - the library calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content
        assert content is not None
        self.received.append(message_from_bytes(content)["message-id"])
        return "250 taken"


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Fate:
    """Kills the server at random moments of its life and starts it again."""

    server: Server
    moments: random.Random
    kills: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while self.kills < KILLS:
            self.over.wait(self.moments.uniform(0, LIVES_AT_MOST_SECONDS))
            self.server.kill()
            self.kills += 1
            self.server.start()


@contextmanager
def ill_fated(server: Server) -> Iterator[Fate]:
    fate = Fate(server, random.Random(7))  # noqa: S311 - moments, not secrets
    thread = threading.Thread(target=fate.run)
    thread.start()
    try:
        yield fate
    finally:
        thread.join()


def prepare(customer: Customer) -> tuple[str, list[str], str]:
    template = customer.api(
        "POST",
        "evaluation-templates",
        template_name="Backend engineer",
        use_case="hiring",
        objective="Can this person run a service?",
        questions=[{"question": question} for question in QUESTIONS],
    )["id"]
    stages = [
        customer.api("POST", "evaluation-stages", evaluation_template_id=template, **fields)["id"]
        for fields in (
            {"stage_name": "Screen", "automation_rule": "require_reviewer_approval"},
            {"stage_name": "Panel"},
        )
    ]
    url = customer.receiver.url
    return template, stages, customer.api("POST", "webhook-endpoints", url=url)["secret"]


def hire(customer: Customer, number: int, template: str, stages: list[str]) -> str:
    """One candidate through both stages; returns the id."""
    email = f"candidate-{number}@example.org"
    person = {"name": "Robin Vale", "email": email, "evaluation_template_id": template}
    customer.api(
        "POST", "participants", "participant_exists", **person, external_id=f"ats-{number}"
    )
    (candidate,) = customer.found("participants", external_id=f"ats-{number}")
    order = {
        "candidate_id": candidate["id"],
        "evaluation_template_id": template,
        "stage": "screen",
        "interview_id": stages[0],
        "idempotency_key": f"ats-{number}",
    }
    first = customer.api("POST", "sessions", **order)["id"]
    customer.interview(first)
    mine = {"candidate_id": candidate["id"]}
    (application,) = customer.found("applications", **mine, status="completed")
    path = f"applications/{application['id']}/approve"
    customer.api("POST", path, decided_by="Ada Quill")
    (second,) = customer.found("sessions", **mine, stage="panel")
    customer.interview(second["id"])
    return str(candidate["id"])


def test_fifty_kills_in_a_hiring_process_lose_and_repeat_nothing(tmp_path: Path) -> None:
    with receiving() as receiver, letterbox() as box:
        limits = {
            "allow_private_networks": "true",
            "smtp_url": f"smtp+plain://127.0.0.1:{box.port}",
            "smtp_from": "jobs@lantern.test",
        }
        server = Server(tmp_path, limits)
        founded = server.found()
        try:
            server.start()
            customer = Customer(server, receiver, {"x-agent-secret": founded.agent_secret})
            template, stages, secret = prepare(customer)
            candidates: list[str] = []
            with ill_fated(server) as fate:
                while fate.kills < KILLS:
                    candidates.append(hire(customer, len(candidates), template, stages))
            assert fate.kills == KILLS
            everything = {name: n * len(candidates) for name, n in ONCE_A_CANDIDATE.items()}
            assert heard(receiver, secret, sum(everything.values())) == everything
            for candidate in candidates:
                assert_whole(customer, candidate, stages)
            assert_mailed_once(customer, box, len(candidates))
        finally:
            server.close()


def heard(receiver: Receiver, secret: str, expected: int) -> dict[str, int]:
    """How many different events arrived, by name; one that came again was the same."""
    deadline = monotonic() + SETTLES_WITHIN_SECONDS
    while len(set(receiver.ids)) < expected and monotonic() < deadline:
        receiver.wait(1)
    receiver.wait(1)  # and none that comes once too often
    bodies: dict[str, set[bytes]] = defaultdict(set)
    for got in receiver.received:
        Webhook(secret).verify(got.body, dict(got.headers))
        bodies[got.headers["webhook-id"]].add(got.body)
    assert all(len(same) == 1 for same in bodies.values())
    names = Counter(json.loads(min(same))["event"] for same in bodies.values())
    return dict(names)


def assert_whole(customer: Customer, candidate: str, stages: list[str]) -> None:
    sessions = customer.api("GET", "sessions", candidate_id=candidate)
    assert sorted(each["interview_id"] for each in sessions) == sorted(stages)
    for each in sessions:
        session = customer.api("GET", f"sessions/{each['id']}")
        assert session["status"] == "completed"
        assert session["scored_at"] is not None
        said = [turn["text"] for turn in session["transcript"]]
        assert said == [QUESTIONS[0], ANSWERS[0], QUESTIONS[1], ANSWERS[1]]


def assert_mailed_once(customer: Customer, box: Letterbox, candidates: int) -> None:
    """Each mail came once; of one that was under way at a kill nobody knows, and it is said."""
    deadline = monotonic() + SETTLES_WITHIN_SECONDS
    states = invitations(customer)
    while (states["pending"] or states["sending"]) and monotonic() < deadline:
        customer.receiver.wait(1)
        states = invitations(customer)
    assert len(box.received) == len(set(box.received))
    assert states.total() == 2 * candidates
    assert set(+states) <= {"sent", "uncertain", "withdrawn"}
    assert states["sent"] <= len(box.received) <= states["sent"] + states["uncertain"]


def invitations(customer: Customer) -> Counter[str]:
    """How many invitations there are, by status."""
    found: Counter[str] = Counter()
    for page in count(1):
        mails = customer.api("GET", "outbox", kind="invitation", page=page, pageSize=100)
        found.update(mail["status"] for mail in mails)
        if len(mails) < 100:
            break
    return found
