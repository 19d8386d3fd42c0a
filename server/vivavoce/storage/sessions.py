"""Sessions: their states, their listing and what shows that they went silent."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from vivavoce.core.session import Channel, Conductor, Consent, Session, SessionFilter
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import OBJECT, TEXTS, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows
from vivavoce.storage.listing import Named, Walk, one_of

_OF_ORGANIZATION = "organization_id = :organization_id"
# Only what is asked for stands in the query, so that each question finds its index.
_CLAUSES = {
    "only_status": "status = :only_status",
    "template_id": "template_id = :template_id",
    "participant_id": "participant_id = :participant_id",
    "external_id": "external_id = :external_id",
    "stage": "stage = :stage",
    "campaign_id": "campaign_id = :campaign_id",
    "invitation_withheld": "invitation_withheld = :invitation_withheld",
    "open_at": "(expires_at IS NULL OR expires_at > :open_at)",
    "expired_at": "expires_at <= :expired_at",
}
_EITHER = ("status = :status", "status = :or_status")
# By what is asked for, the narrowest first: the index for any state, and the one for a single state
# (or two), if that is another.
_INDEXES = (
    ("participant_id", "sessions_by_participant", None),
    ("external_id", "sessions_by_external_id", None),
    ("campaign_id", "sessions_by_campaign", "sessions_by_campaign_and_standing"),
    ("template_id", "sessions_by_template", "sessions_by_template_and_standing"),
    ("stage", "sessions_by_stage", None),
    ("organization_id", "sessions_by_organization", "sessions_by_standing"),
)


class SessionTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, session: Session) -> None:
        await self._rows.run(
            "INSERT INTO sessions (id, organization_id, template_id, participant_id, stage_id,"
            " stage, status,"
            " language, channel, rubric_version, embed_id, external_id, return_url, meta,"
            " created_at, scheduled_at, agent_profile_id, campaign_id, expires_at,"
            " invitation_withheld, timezone, notes, idempotency_key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                session.agent_profile_id,
                session.campaign_id,
                moment_text(session.expires_at),
                session.invitation_withheld,
                session.timezone,
                session.notes,
                session.idempotency_key,
            ),
        )

    async def get(self, session_id: str) -> Session | None:
        row = await self._rows.one("SELECT * FROM sessions WHERE id = ?", (session_id,))
        return None if row is None else _session(row)

    async def several(self, session_ids: Iterable[str]) -> dict[str, Session]:
        """By id, those that exist."""
        rows = await self._rows.all(
            "SELECT * FROM sessions WHERE id IN (SELECT value FROM json_each(?))",
            (one_of(session_ids),),
        )
        return {row["id"]: _session(row) for row in rows}

    async def count(self, organization_id: str, chosen: SessionFilter) -> int:
        named = _named(organization_id, chosen)
        return await _walk(named).count(self._rows, named)

    async def page(self, organization_id: str, chosen: SessionFilter) -> tuple[Session, ...]:
        """One page, newest first."""
        named = _named(organization_id, chosen)
        keys = _walk(named).keys()
        sql = f"SELECT * FROM sessions WHERE id IN ({keys}) ORDER BY id DESC"  # noqa: S608
        return tuple(_session(row) for row in await self._rows.all(sql, named))

    async def by_idempotency_key(self, organization_id: str, key: str) -> Session | None:
        row = await self._rows.one(
            "SELECT * FROM sessions WHERE organization_id = ? AND idempotency_key = ?",
            (organization_id, key),
        )
        return None if row is None else _session(row)

    async def of_participant(self, participant_id: str) -> tuple[Session, ...]:
        return await self.of_participants((participant_id,))

    async def of_participants(self, participant_ids: Iterable[str]) -> tuple[Session, ...]:
        """The oldest of each first."""
        rows = await self._rows.all(
            "SELECT * FROM sessions WHERE participant_id IN (SELECT value FROM json_each(?))"
            " ORDER BY participant_id, id",
            (one_of(participant_ids),),
        )
        return tuple(_session(row) for row in rows)

    async def move(self, session: Session) -> None:
        """Write the fields that a transition sets."""
        await self._rows.run(
            "UPDATE sessions SET status = ?, started_at = ?, ended_at = ?, disconnected_at = ?,"
            " duration_ms = ?,"
            " failure_reason = ?, conductor = ?, recording_url = ?, scoring_waived = ?,"
            " template_revision = ? WHERE id = ?",
            (
                session.status,
                moment_text(session.started_at),
                moment_text(session.ended_at),
                moment_text(session.disconnected_at),
                session.duration_ms,
                session.failure_reason,
                session.conductor,
                session.recording_url,
                session.scoring_waived,
                session.template_revision,
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
        """Ids of completed sessions without a scorecard that should have one."""
        rows = await self._rows.all(
            "SELECT id FROM sessions WHERE status = 'completed' AND scoring_waived = 0"
            " AND id NOT IN (SELECT session_id FROM scorecards) ORDER BY id",
            (),
        )
        return tuple(row["id"] for row in rows)

    async def unrecorded(self) -> tuple[str, ...]:
        """Ids of our own interviews that are over and may still have something to record."""
        rows = await self._rows.all(
            "SELECT id FROM sessions WHERE status IN ('completed', 'failed')"
            " AND conductor = 'built_in' AND recording_path IS NULL ORDER BY id",
            (),
        )
        return tuple(row["id"] for row in rows)

    async def set_invited(self, session_id: str) -> None:
        await self._rows.run(
            "UPDATE sessions SET invitation_withheld = 0 WHERE id = ?", (session_id,)
        )

    async def set_recording(self, session_id: str, path: str) -> None:
        await self._rows.run(
            "UPDATE sessions SET recording_path = ? WHERE id = ?", (path, session_id)
        )

    async def set_without_recording(self, session_id: str) -> None:
        """An empty path: looked for, and there was none."""
        await self._rows.run(
            "UPDATE sessions SET recording_path = '' WHERE id = ? AND recording_path IS NULL",
            (session_id,),
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


def _walk(named: Named) -> Walk:
    has_status = named["status"] is not None
    asked = next(each for each in _INDEXES if named[each[0]] is not None)
    index = asked[2] if has_status and asked[2] else asked[1]
    clauses = [text for name, text in _CLAUSES.items() if named[name] is not None]
    either = _EITHER if named["or_status"] is not None else None
    return Walk(f"sessions INDEXED BY {index}", "id", (_OF_ORGANIZATION, *clauses), either)


def _named(organization_id: str, chosen: SessionFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "status": chosen.status,
        "only_status": None if chosen.or_status else chosen.status,
        "template_id": chosen.template_id,
        "participant_id": chosen.participant_id,
        "external_id": chosen.external_id,
        "stage": chosen.stage,
        "or_status": chosen.or_status,
        "campaign_id": chosen.campaign_id,
        "invitation_withheld": chosen.invitation_withheld,
        "open_at": moment_text(chosen.open_at),
        "expired_at": moment_text(chosen.expired_at),
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
        recording_path=row["recording_path"] or None,
        agent_profile_id=row["agent_profile_id"],
        campaign_id=row["campaign_id"],
        expires_at=moment(row["expires_at"]),
        invitation_withheld=bool(row["invitation_withheld"]),
        conductor=Conductor(row["conductor"]),
        recording_url=row["recording_url"],
        scoring_waived=bool(row["scoring_waived"]),
        timezone=row["timezone"],
        notes=row["notes"],
        idempotency_key=row["idempotency_key"],
        template_revision=row["template_revision"],
    )
