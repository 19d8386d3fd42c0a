"""How fast lists answer at full size: every list, every filter, the first page and the last.

    python -m tests.bench.full_size FOLDER
    python -m tests.bench.list_speed FOLDER [OUTPUT.json]

Each question goes through the whole application in this process, without a network. The key of the
installation is not in its folder, so a new one is made. Beside the time that passed stands the time
of the processor, which other programs of a busy machine do not lengthen.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message
from vivavoce.core.scopes import Scope
from vivavoce.core.settings import load
from vivavoce.services.bundle import Services
from vivavoce.services.opening import open_services
from vivavoce.web.application import build_application
from vivavoce.web.state import State, web_state

from tests.bench.full_size import ENDPOINT_ID, STAGES
from tests.bench.list_questions import Known, lists, questions

PAGE_SIZES = (20, 100)
TIMES = 5


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one question."""

    passed: float
    worked: float


@dataclass
class Answers:
    """The times of one list, by question."""

    by_question: dict[str, list[Spent]] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        every = [spent for each in self.by_question.values() for spent in each]
        worked = {name: _middle(each) for name, each in self.by_question.items()}
        slowest = max(worked, key=lambda name: worked[name])
        return {
            "questions": len(self.by_question),
            "p50_ms": round(median(spent.passed for spent in every), 1),
            "p95_ms": _p95([spent.passed for spent in every]),
            "p95_worked_ms": _p95([spent.worked for spent in every]),
            "slowest_worked_ms": round(worked[slowest], 1),
            "slowest": slowest,
        }


def _middle(each: list[Spent]) -> float:
    return median(spent.worked for spent in each)


def _p95(times: list[float]) -> float:
    return round(quantiles(times, n=20)[-1], 1)


@dataclass(frozen=True)
class Asker:
    application: ASGIApp
    state: State
    api_key: str

    async def ask(self, path: str, query: dict[str, Any]) -> tuple[Spent, dict[str, Any]]:
        """What it took, and what was answered."""
        body, sent = bytearray(), []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)
            body.extend(message.get("body", b""))

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": urlencode(query).encode(),
            "headers": [(b"x-api-key", self.api_key.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 1),
            "state": dict(self.state),
        }
        began, idle = perf_counter(), process_time()
        await self.application(scope, receive, send)
        spent = Spent((perf_counter() - began) * 1000, (process_time() - idle) * 1000)
        assert sent[0]["status"] == 200, (path, query, bytes(body))
        answer: dict[str, Any] = json.loads(body)
        return spent, answer


def asker_of(services: Services, folder: Path, api_key: str) -> Asker:
    """`folder` stands for the widget's files, which no list has."""
    application = build_application(_no_lifespan, folder)
    return Asker(application, web_state(services, folder), api_key)


async def measure(folder: Path, times: int = TIMES) -> dict[str, dict[str, Any]]:
    settings = load({"VIVAVOCE_DATA": str(folder / "data")})
    async with open_services(settings) as services:
        owner = await services.organizations.first()
        assert owner is not None
        _, key = await services.credentials.create_api_key(owner.id, "lists", tuple(Scope))
        asker = asker_of(services, folder, key)
        known = await _known_values(asker)
        return {
            entry.path: (await _of_list(asker, entry.path, list(questions(entry, known)), times))
            for entry in lists()
        }


async def _known_values(asker: Asker) -> Known:
    """For each filter one value, of the oldest participant; most sessions are of the same job."""
    _, people = await asker.ask("/api/v1/participants", {"pageSize": 1})
    oldest = {"pageSize": 1, "page": people["meta"]["total"]}
    _, people = await asker.ask("/api/v1/participants", oldest)
    person = people["data"][0]
    query = {"candidate_id": person["id"], "stage": STAGES[-1]}
    _, sessions = await asker.ask("/api/v1/sessions", query)
    session_id, job_id = sessions["data"][0]["id"], sessions["data"][0]["evaluation_template_id"]
    _, interviews = await asker.ask("/api/v1/interviews", {"jobId": job_id, "status": "COMPLETED"})
    campaigns = {one["campaignId"] for one in interviews["data"]} - {None}
    return {
        "evaluation_template_id": job_id,
        "jobId": job_id,
        "candidate_id": person["id"],
        "external_id": person["external_id"],
        "email": person["email"],
        "tag": "tag-0",
        "stage": STAGES[0],
        "campaignId": min(campaigns),
        "endpoint_id": ENDPOINT_ID,
        "event_id": f"evt_{session_id}",
    }


async def _of_list(
    asker: Asker, path: str, asked: list[dict[str, str]], times: int
) -> dict[str, Any]:
    answers = Answers()
    for chosen in asked:
        for size in PAGE_SIZES:
            query = {**chosen, "pageSize": size}
            _, first = await asker.ask(path, query)
            pages = {1, max(1, first["meta"]["totalPages"])}
            for page in pages:
                spent = [(await asker.ask(path, {**query, "page": page}))[0] for _ in range(times)]
                answers.by_question[urlencode({**query, "page": page})] = spent
    return answers.row()


@asynccontextmanager
async def _no_lifespan(_: Starlette) -> AsyncIterator[None]:
    """What it would yield stands in every request already."""
    yield


def main() -> None:
    figures = asyncio.run(measure(Path(sys.argv[1])))
    for path, row in figures.items():
        figures_of_list = f"{row['p50_ms']:7} {row['p95_ms']:7} {row['p95_worked_ms']:7}"
        slowest = f"{row['slowest_worked_ms']:7} {row['slowest']}"
        sys.stdout.write(f"{path:30} {row['questions']:5} {figures_of_list} {slowest}\n")
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
