"""A data folder as large as the promise about lists: 100,000 sessions with 3,000,000 turns.

    python -m tests.bench.full_size FOLDER [SESSIONS]

It founds an installation through the services and pours the rows in beside them, because nothing
but the lists is in question. `list_speed` measures what this has made.
"""

import asyncio
import hashlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vivavoce.core.identifiers import RANDOM_BYTES, uuid7
from vivavoce.core.scorecard import Citation, DimensionResult, Scorecard
from vivavoce.core.timestamps import to_text, unix_ms
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.webhooks import WebhookEndpoint, WebhookSecret
from vivavoce.services.campaigns import NewCampaign
from vivavoce.services.jobs import NewJob
from vivavoce.storage.codec import SCORECARD, TURN, encode
from vivavoce.storage.stores import DATABASE_FILE

from tests.services.backend import World, open_world

SESSIONS = 100_000
TURNS_EACH = 30
JOBS = 40
CAMPAIGNS = 20
SESSIONS_EACH = 2  # of one participant
BEGAN = datetime(2025, 6, 2, tzinfo=UTC)
STEP = timedelta(minutes=5)
# How many of a hundred sessions are in a state.
STANDINGS = {"completed": 70, "scheduled": 12, "failed": 8, "cancelled": 7, "in_progress": 3}
STAGES = ("screen", "technical")
ENDPOINT_ID = "whe_full"
ANSWER = "We moved the nightly export to a queue, because one slow customer held up all others. "
CARD = Scorecard(
    score=8.2,
    passed=True,
    recommendation="hire",
    coverage=1.0,
    ai_feedback="Led with the point and named the trade-off. Ask for the figures next time.",
    dimensions=tuple(
        DimensionResult(name, weight, 4, 8.2, "Named the cause.", (Citation(2, "We moved", 0, 9),))
        for name, weight in (("Depth", 50), ("Clarity", 30), ("Ownership", 20))
    ),
    evidence={"rubric_version": 1},
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """What the rows refer to."""

    organization_id: str
    job_ids: tuple[str, ...]
    campaign_ids: tuple[str, ...]
    endpoint_id: str


async def make(folder: Path, sessions: int = SESSIONS) -> None:
    async with open_world(folder) as world:
        ground = await _found(world)
    await asyncio.to_thread(_pour, folder / "data" / DATABASE_FILE, ground, sessions)


async def _found(world: World) -> Ground:
    organization_id = world.organization_id
    questions = tuple(f"What did you learn from project {number}?" for number in range(8))
    jobs = [
        await world.services.jobs.create(
            organization_id, NewJob(f"Engineer {number}", "", questions, "remote", "en", "active")
        )
        for number in range(JOBS)
    ]
    job_ids = tuple(job.template.id for job in jobs)
    campaigns = [
        await world.services.campaigns.create(
            organization_id, NewCampaign(job_ids[number % JOBS], f"Round {number}")
        )
        for number in range(CAMPAIGNS)
    ]
    endpoint = WebhookEndpoint(
        id=ENDPOINT_ID,
        organization_id=organization_id,
        url="https://hooks.example.org/",
        secrets=(WebhookSecret("whsec_" + "a" * 32),),
        created_at=world.clock.now(),
        updated_at=world.clock.now(),
    )
    async with world.stores.transaction() as write:
        await write.webhook_endpoints.add(endpoint)
    return Ground(organization_id, job_ids, tuple(one.id for one in campaigns), endpoint.id)


def _pour(path: Path, ground: Ground, sessions: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A crash here costs nothing but another run.
        for pragma in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        people = -(-sessions // SESSIONS_EACH)
        for table, rows in (
            ("participants", _participants(ground, people)),
            ("participant_tags", _tags(ground, people)),
            ("applications", _applications(ground, people)),
            ("sessions", _sessions(ground, sessions)),
            ("scorecards", _scorecards(sessions)),
            ("outbox", _events(ground, sessions)),
            ("webhook_deliveries", _deliveries(ground, sessions)),
        ):
            _insert(connection, table, rows)
        _insert_turns(connection)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    first = next(rows)
    columns, values = ", ".join(first), ", ".join(f":{name}" for name in first)
    sql = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 (constant names)
    connection.execute(sql, first)
    connection.executemany(sql, rows)


def _insert_turns(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TEMP TABLE spoken (number INTEGER PRIMARY KEY, content TEXT)")
    connection.executemany(
        "INSERT INTO spoken VALUES (?, ?)",
        [(number, _turn(number)) for number in range(1, TURNS_EACH + 1)],
    )
    connection.execute(
        "INSERT INTO turns (session_id, number, content, created_at)"
        " SELECT s.id, p.number, p.content, s.created_at FROM sessions s CROSS JOIN spoken p"
    )


def _turn(number: int) -> str:
    candidate = number % 2 == 0
    speaker = Speaker.CANDIDATE if candidate else Speaker.INTERVIEWER
    kind = TurnKind.ANSWER if candidate else TurnKind.QUESTION
    begin = number * 20_000
    return encode(TURN, Turn(number, speaker, kind, ANSWER * 2, begin, begin + 18_000, number // 2))


def _participants(ground: Ground, count: int) -> Iterator[Row]:
    for number in range(count):
        at = BEGAN + number * STEP
        yield {
            "id": _id("participant", number, at),
            "organization_id": ground.organization_id,
            "template_id": _job(ground, number),
            "name": f"Candidate {number}",
            "email": f"candidate{number}@example.org",
            "external_id": f"ext-{number}",
            "created_at": to_text(at),
        }


def _tags(ground: Ground, count: int) -> Iterator[Row]:
    for number in range(count):
        yield {
            "participant_id": _id("participant", number, BEGAN + number * STEP),
            "organization_id": ground.organization_id,
            "tag": f"tag-{number % 10}",
        }


def _applications(ground: Ground, count: int) -> Iterator[Row]:
    states = ("completed", "applied", "approved", "rejected", "scheduled")
    for number in range(count):
        at = BEGAN + number * STEP
        yield {
            "id": _id("application", number, at),
            "organization_id": ground.organization_id,
            "participant_id": _id("participant", number, at),
            "template_id": _job(ground, number),
            "status": states[number % 7 % 5],
            "created_at": to_text(at),
        }


def _sessions(ground: Ground, count: int) -> Iterator[Row]:
    for number in range(count):
        person, attempt = divmod(number, SESSIONS_EACH)
        created_at = to_text(_session_at(number))
        status = _standing(number)
        begun = status not in {"scheduled", "cancelled"}
        yield {
            "id": _session_id(number),
            "organization_id": ground.organization_id,
            "template_id": _job(ground, person),
            "participant_id": _id("participant", person, BEGAN + person * STEP),
            "stage": STAGES[attempt],
            "status": status,
            "language": "en",
            "channel": "web",
            "rubric_version": 1,
            "external_id": f"ext-{person}",
            "meta": "{}",
            "created_at": created_at,
            "started_at": created_at if begun else None,
            "duration_ms": 1_500_000 if status == "completed" else None,
            "campaign_id": ground.campaign_ids[number % CAMPAIGNS] if number % 2 else None,
            "expires_at": to_text(_session_at(number) + timedelta(days=7)),
            "invitation_withheld": number % 5 == 0,
        }


def _scorecards(count: int) -> Iterator[Row]:
    content = encode(SCORECARD, CARD)
    for number in range(count):
        if _standing(number) == "completed":
            at = to_text(_session_at(number))
            yield {"session_id": _session_id(number), "content": content, "scored_at": at}


def _events(ground: Ground, count: int) -> Iterator[Row]:
    for number in range(count):
        yield {
            "id": f"evt_{_session_id(number)}",
            "organization_id": ground.organization_id,
            "event": _event(number),
            "occurred_at": to_text(_session_at(number)),
            "payload": f'{{"session": {{"id": "{_session_id(number)}"}}}}',
        }


def _deliveries(ground: Ground, count: int) -> Iterator[Row]:
    for number in range(count):
        at = to_text(_session_at(number))
        yield {
            "id": f"dlv_{number}",
            "organization_id": ground.organization_id,
            "endpoint_id": ground.endpoint_id,
            "event_id": f"evt_{_session_id(number)}",
            "event": _event(number),
            "status": "failed" if number % 20 == 0 else "delivered",
            "failures": 0,
            "attempts": 1,
            "created_at": at,
            "settled_at": at,
        }


def _event(number: int) -> str:
    return "session.scored" if _standing(number) == "completed" else "session.created"


def _job(ground: Ground, person: int) -> str:
    """Two in five are of the first job, the others of all jobs in turn."""
    return ground.job_ids[0 if person % 5 < 2 else person % JOBS]


def _standing(number: int) -> str:
    place = number * 37 % 100
    for status, share in STANDINGS.items():
        if place < share:
            return status
        place -= share
    raise AssertionError


def _session_at(number: int) -> datetime:
    return BEGAN + number * STEP


def _session_id(number: int) -> str:
    return _id("session", number, _session_at(number))


def _id(kind: str, number: int, at: datetime) -> str:
    return uuid7(unix_ms(at), hashlib.sha256(f"{kind}{number}".encode()).digest()[:RANDOM_BYTES])


def main() -> None:
    folder = Path(sys.argv[1])
    sessions = int(sys.argv[2]) if len(sys.argv) > 2 else SESSIONS
    asyncio.run(make(folder, sessions))


if __name__ == "__main__":
    main()
