"""Sessions: their states, their listing and what shows that they went silent."""

import sqlite3
from datetime import datetime

from vivavoce.core.session import Channel, Consent, Session, SessionFilter
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import OBJECT, TEXTS, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows

_FILTER = (
    " WHERE organization_id = :organization_id"
    " AND (:status IS NULL OR status = :status)"
    " AND (:template_id IS NULL OR template_id = :template_id)"
    " AND (:participant_id IS NULL OR participant_id = :participant_id)"
    " AND (:external_id IS NULL OR external_id = :external_id)"
    " AND (:stage IS NULL OR stage = :stage)"
)


class SessionTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, session: Session) -> None:
        await self._rows.run(
            "INSERT INTO sessions (id, organization_id, template_id, participant_id, stage_id,"
            " stage, status,"
            " language, channel, rubric_version, embed_id, external_id, return_url, meta,"
            " created_at, scheduled_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                session.id,
                session.organization_id,
                session.template_id,
                session.participant_id,
                session.stage_id,
                session.stage,
                session.status,
                session.language,
                session.channel,
                session.rubric_version,
                session.embed_id,
                session.external_id,
                session.return_url,
                encode(OBJECT, session.meta),
                to_text(session.created_at),
                moment_text(session.scheduled_at),
            ),
        )

    async def get(self, session_id: str) -> Session | None:
        row = await self._rows.one("SELECT * FROM sessions WHERE id = ?", (session_id,))
        return None if row is None else _session(row)

    async def count(self, organization_id: str, chosen: SessionFilter) -> int:
        sql = "SELECT count(*) FROM sessions" + _FILTER  # noqa: S608 (constant text)
        return int(await self._rows.value(sql, _named(organization_id, chosen)))

    async def page(self, organization_id: str, chosen: SessionFilter) -> tuple[Session, ...]:
        """One page, newest first."""
        sql = "SELECT * FROM sessions" + _FILTER + " ORDER BY id DESC LIMIT :limit OFFSET :offset"  # noqa: S608
        rows = await self._rows.all(sql, _named(organization_id, chosen))
        return tuple(_session(row) for row in rows)

    async def of_participant(self, participant_id: str) -> tuple[Session, ...]:
        rows = await self._rows.all(
            "SELECT * FROM sessions WHERE participant_id = ? ORDER BY id", (participant_id,)
        )
        return tuple(_session(row) for row in rows)

    async def move(self, session: Session) -> None:
        """Write the fields that a transition sets."""
        await self._rows.run(
            "UPDATE sessions SET status = ?, started_at = ?, ended_at = ?, disconnected_at = ?,"
            " duration_ms = ?,"
            " failure_reason = ? WHERE id = ?",
            (
                session.status,
                moment_text(session.started_at),
                moment_text(session.ended_at),
                moment_text(session.disconnected_at),
                session.duration_ms,
                session.failure_reason,
                session.id,
            ),
        )

    async def set_disconnected(self, session_id: str, at: datetime | None) -> None:
        await self._rows.run(
            "UPDATE sessions SET disconnected_at = ? WHERE id = ?", (moment_text(at), session_id)
        )

    async def set_all_disconnected(self, at: datetime) -> None:
        """After a restart no session has a socket, whatever the rows say."""
        await self._rows.run(
            "UPDATE sessions SET disconnected_at = ? WHERE status = 'in_progress' AND"
            " disconnected_at IS NULL",
            (to_text(at),),
        )

    async def silent_since(self, before: datetime) -> tuple[Session, ...]:
        rows = await self._rows.all(
            "SELECT * FROM sessions WHERE status = 'in_progress' AND disconnected_at <= ? ORDER"
            " BY id",
            (to_text(before),),
        )
        return tuple(_session(row) for row in rows)

    async def unscored(self) -> tuple[str, ...]:
        """Ids of completed sessions without a scorecard."""
        rows = await self._rows.all(
            "SELECT id FROM sessions WHERE status = 'completed' AND id NOT IN"
            " (SELECT session_id FROM scorecards) ORDER BY id",
            (),
        )
        return tuple(row["id"] for row in rows)

    async def set_recording(self, session_id: str, path: str) -> None:
        await self._rows.run(
            "UPDATE sessions SET recording_path = ? WHERE id = ?", (path, session_id)
        )

    async def add_consent(self, consent: Consent) -> None:
        await self._rows.run(
            "INSERT INTO consents (session_id, policy_version, items, locale, at) VALUES (?, ?,"
            " ?, ?, ?)"
            " ON CONFLICT (session_id, policy_version) DO NOTHING",
            (
                consent.session_id,
                consent.policy_version,
                encode(TEXTS, consent.items),
                consent.locale,
                to_text(consent.at),
            ),
        )

    async def has_consent(self, session_id: str) -> bool:
        sql = "SELECT count(*) FROM consents WHERE session_id = ?"
        return bool(await self._rows.value(sql, (session_id,)))


def _named(organization_id: str, chosen: SessionFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "status": chosen.status,
        "template_id": chosen.template_id,
        "participant_id": chosen.participant_id,
        "external_id": chosen.external_id,
        "stage": chosen.stage,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _session(row: sqlite3.Row) -> Session:
    return Session(
        id=row["id"],
        organization_id=row["organization_id"],
        template_id=row["template_id"],
        participant_id=row["participant_id"],
        language=row["language"],
        channel=Channel(row["channel"]),
        rubric_version=row["rubric_version"],
        created_at=from_text(row["created_at"]),
        status=SessionStatus(row["status"]),
        stage_id=row["stage_id"],
        stage=row["stage"],
        embed_id=row["embed_id"],
        external_id=row["external_id"],
        return_url=row["return_url"],
        meta=decode(OBJECT, row["meta"]),
        scheduled_at=moment(row["scheduled_at"]),
        started_at=moment(row["started_at"]),
        ended_at=moment(row["ended_at"]),
        disconnected_at=moment(row["disconnected_at"]),
        duration_ms=row["duration_ms"],
        failure_reason=row["failure_reason"],
        recording_path=row["recording_path"],
    )
