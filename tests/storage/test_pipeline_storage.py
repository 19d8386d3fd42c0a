"""What an installation of the first release becomes, and what its lists cost."""

import sqlite3
from importlib import resources
from pathlib import Path

import pytest
from vivavoce.core.applying import Uptake
from vivavoce.core.session import (
    ApplicationFilter,
    ApplicationStatus,
    ParticipantFilter,
    SessionFilter,
    StageFilter,
)
from vivavoce.storage.database import open_database
from vivavoce.storage.stores import DATABASE_FILE, open_stores

pytestmark = pytest.mark.anyio

FIRST = """
INSERT INTO organizations VALUES ('o', 'o', 'O', x'00', NULL, '2026-01-01T00:00:00.000Z');
INSERT INTO agent_profiles VALUES ('p', 'o', 'P', 1, '{"id": "p", "name": "P", "persona": "P",
    "use_case": "hiring", "dimensions": [{"name": "D", "description": "", "weight": 100}]}',
    '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');
INSERT INTO rubric_versions VALUES ('p', 1, '[{"name": "D", "description": "", "weight": 100}]',
    '2026-01-01T00:00:00.000Z');
INSERT INTO templates VALUES ('t', 'o', 't', 'p', 'active', 'merchant_public', '{"id": "t",
    "name": "T", "language": "en", "questions": [{"id": "q", "text": "Why?"}],
    "agent_profile_id": "p"}', '2026-01-01T00:00:00.000Z');
INSERT INTO stages VALUES ('s', 't', 'p', 'Interview', 'interview', 'ai_interview', 0);
INSERT INTO participants VALUES ('c', 'o', 't', 'C', 'c@example.com', 'x',
    '2026-01-01T00:00:00.000Z');
INSERT INTO applications VALUES ('a', 'o', 'c', 't', 'scheduled', '2026-01-01T00:00:00.000Z');
INSERT INTO sessions (id, organization_id, template_id, participant_id, stage_id, stage, status,
    language, channel, rubric_version, meta, created_at)
    VALUES ('i', 'o', 't', 'c', 's', 'interview', 'failed', 'en', 'web', 1, '{}',
    '2026-01-01T00:00:00.000Z');
"""


async def test_what_the_first_release_wrote_is_read_with_the_defaults(tmp_path: Path) -> None:
    migrations = resources.files("vivavoce.storage") / "migrations"
    with sqlite3.connect(tmp_path / DATABASE_FILE) as old:
        old.executescript((migrations / "0001_interviews.sql").read_text("utf-8"))
        old.executescript(FIRST + "PRAGMA user_version = 1;")
    async with open_stores(tmp_path) as stores:
        read = stores.read
        profile = await read.agent_profiles.at_version("o", "p", 1)
        assert profile is not None
        assert (profile.revision, profile.scoring.scale) == (1, "0-10")
        stored = await read.templates.get("t")
        assert stored is not None
        assert (stored.deleted_at, stored.template.use_case) == (None, "hiring")
        (stage,) = await read.stages.page("o", StageFilter())
        assert (stage.duration_minutes, stage.allow_retake, stage.revision) == (None, False, 1)
        (participant,) = await read.participants.page("o", ParticipantFilter())
        assert (participant.details.tags, participant.revision) == ((), 1)
        (application,) = await read.applications.page("o", ApplicationFilter())
        assert (application.decided_by, application.status) == (None, "approved")  # it broke off
    with sqlite3.connect(tmp_path / DATABASE_FILE) as new:
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []
        assert new.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


BEFORE_TOLD_FORMS = 17
TOLD_FORMS = """
INSERT INTO apply_requests (id, handle_hash, organization_id, template_id, email, form, language,
    code_number, is_code_mailed, codes_mailed, failures, application_id, created_at)
    SELECT id, hash, 'o', 't', 'c@example.com', '{"name": "C", "email": "c@example.com",
        "phone": null, "consent": {"policy_version": "1", "items": [], "language": "en"}}',
        'en', 1, 1, 1, 0, application_id, created_at
    FROM (
        SELECT 'first' AS id, x'01' AS hash, 'a' AS application_id,
            '2025-12-31T23:00:00.000Z' AS created_at
        UNION SELECT 'later', x'02', 'a', '2026-01-01T01:00:00.000Z'
        UNION SELECT 'untold', x'03', NULL, '2026-01-01T01:00:00.000Z'
    );
"""


async def test_forms_that_were_told_before_are_known_for_what_they_were(tmp_path: Path) -> None:
    migrations = resources.files("vivavoce.storage") / "migrations"
    files = sorted(migrations.iterdir(), key=lambda file: file.name)[:BEFORE_TOLD_FORMS]
    with sqlite3.connect(tmp_path / DATABASE_FILE) as old:
        for number, file in enumerate(files):
            old.executescript(file.read_text("utf-8"))
            if number == 0:
                old.executescript(FIRST)
        old.executescript(TOLD_FORMS + f"PRAGMA user_version = {BEFORE_TOLD_FORMS};")
    async with open_stores(tmp_path) as stores:
        requests = [await stores.read.apply_requests.by_handle(bytes([n])) for n in (1, 2, 3)]
    assert [each.uptake for each in requests if each] == [Uptake.FIRST, Uptake.EARLIER, None]


SEARCHES = {
    "sessions": [
        "template_id = 't'",
        "external_id = 'x'",
        "idempotency_key = 'k'",
        "status = 'scheduled'",
    ],
    "participants": ["email = 'c@example.com'", "external_id = 'x'"],
    "applications": ["status = 'applied'", "template_id = 't'"],
    "participant_tags": ["tag = 'senior'"],
    "embed_keys": ["revoked_at IS NULL"],
    "api_keys": ["revoked_at IS NULL"],
}


@pytest.mark.parametrize(
    ("table", "clause"), [(table, one) for table, some in SEARCHES.items() for one in some]
)
async def test_a_list_is_found_by_an_index(tmp_path: Path, table: str, clause: str) -> None:
    async with open_database(tmp_path / "x.db") as opened:
        sql = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE organization_id = 'o' AND {clause}"  # noqa: S608
        plan = [row["detail"] for row in await opened.read.all(sql)]
    assert all(step.startswith("SEARCH") for step in plan)


async def test_an_empty_organization_has_empty_lists(tmp_path: Path) -> None:
    async with open_stores(tmp_path) as stores:
        read = stores.read
        assert await read.sessions.count("o", SessionFilter(stage="screen")) == 0
        chosen = ApplicationFilter(ApplicationStatus.APPLIED, "t", "c")
        assert await read.applications.count("o", chosen) == 0
        assert await read.participants.count("o", ParticipantFilter(tag="senior")) == 0
