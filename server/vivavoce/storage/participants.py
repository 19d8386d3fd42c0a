"""Participants and their applications."""

import sqlite3
from collections.abc import Iterable

from vivavoce.core.session import (
    Application,
    ApplicationStatus,
    Participant,
    ParticipantFilter,
)
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import (
    APPLICATION_CONSENT,
    PARTICIPANT_DETAILS,
    decode,
    encode,
    moment,
    moment_text,
)
from vivavoce.storage.database import Rows
from vivavoce.storage.listing import Named, Walk, one_of
from vivavoce.storage.resumes import follow_address

_PRESENT = ("organization_id = :organization_id", "deleted_at IS NULL")
_TAGGED = (
    "EXISTS (SELECT 1 FROM participant_tags t WHERE t.organization_id = :organization_id"
    " AND t.tag = :tag AND t.participant_id = {key})"
)
_FOR_TEMPLATE = (
    "EXISTS (SELECT 1 FROM applications a"
    " WHERE a.participant_id = {key} AND a.template_id = :template_id)"
)


class ParticipantTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, participant: Participant) -> None:
        await self._rows.run(
            "INSERT INTO participants (id, organization_id, template_id, name, email,"
            " external_id, created_at, first_name, last_name, phone, locale, source, resume_url,"
            " details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                participant.id,
                participant.organization_id,
                participant.template_id,
                participant.name,
                participant.email,
                participant.external_id,
                to_text(participant.created_at),
                participant.first_name,
                participant.last_name,
                participant.phone,
                participant.locale,
                participant.source,
                participant.resume_url,
                encode(PARTICIPANT_DETAILS, participant.details),
            ),
        )
        await self._write_tags(participant)
        await follow_address(self._rows, participant)

    async def change(self, participant: Participant) -> None:
        before = await self._rows.one(
            "SELECT resume_url FROM participants WHERE id = ?", (participant.id,)
        )
        await self._rows.run(
            "UPDATE participants SET template_id = ?, name = ?, email = ?, external_id = ?,"
            " first_name = ?, last_name = ?, phone = ?, locale = ?, source = ?,"
            " resume_url = ?, details = ?, revision = ?, deleted_at = ? WHERE id = ?",
            (
                participant.template_id,
                participant.name,
                participant.email,
                participant.external_id,
                participant.first_name,
                participant.last_name,
                participant.phone,
                participant.locale,
                participant.source,
                participant.resume_url,
                encode(PARTICIPANT_DETAILS, participant.details),
                participant.revision,
                moment_text(participant.deleted_at),
                participant.id,
            ),
        )
        await self._write_tags(participant)
        # A résumé that was put or removed since is not undone by changing something else.
        if before is not None and before["resume_url"] != participant.resume_url:
            await follow_address(self._rows, participant)

    async def _write_tags(self, participant: Participant) -> None:
        await self._rows.run(
            "DELETE FROM participant_tags WHERE participant_id = ?", (participant.id,)
        )
        for tag in dict.fromkeys(participant.details.tags):
            await self._rows.run(
                "INSERT INTO participant_tags (participant_id, organization_id, tag)"
                " VALUES (?, ?, ?)",
                (participant.id, participant.organization_id, tag),
            )

    async def get(self, participant_id: str) -> Participant | None:
        row = await self._rows.one("SELECT * FROM participants WHERE id = ?", (participant_id,))
        return None if row is None else _participant(row)

    async def by_external_id(self, template_id: str, external_id: str) -> Participant | None:
        row = await self._rows.one(
            "SELECT * FROM participants WHERE template_id = ? AND external_id = ?",
            (template_id, external_id),
        )
        return None if row is None else _participant(row)

    async def by_email(self, template_id: str, email: str) -> Participant | None:
        row = await self._rows.one(
            "SELECT * FROM participants WHERE template_id = ? AND email = ?", (template_id, email)
        )
        return None if row is None else _participant(row)

    async def at_large(self, organization_id: str, email: str) -> Participant | None:
        row = await self._rows.one(
            "SELECT * FROM participants"
            " WHERE organization_id = ? AND email = ? AND template_id IS NULL",
            (organization_id, email),
        )
        return None if row is None else _participant(row)

    async def count(self, organization_id: str, chosen: ParticipantFilter) -> int:
        named = _named(organization_id, chosen)
        return await _walk(named).count(self._rows, named)

    async def page(
        self, organization_id: str, chosen: ParticipantFilter
    ) -> tuple[Participant, ...]:
        """One page, newest first."""
        named = _named(organization_id, chosen)
        keys = _walk(named).keys()
        sql = f"SELECT * FROM participants WHERE id IN ({keys}) ORDER BY id DESC"  # noqa: S608
        return tuple(_participant(row) for row in await self._rows.all(sql, named))

    async def external_ids(self, participant_ids: Iterable[str]) -> dict[str, str | None]:
        rows = await self._rows.all(
            "SELECT id, external_id FROM participants WHERE id IN (SELECT value FROM json_each(?))",
            (one_of(participant_ids),),
        )
        return {row["id"]: row["external_id"] for row in rows}

    async def ensure_application(self, application: Application) -> None:
        """Add the application unless the participant has one for the template."""
        await self._rows.run(
            "INSERT INTO applications (id, organization_id, participant_id, template_id, status,"
            " created_at, applied_at, campaign_id, consent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (participant_id, template_id) DO NOTHING",
            (
                application.id,
                application.organization_id,
                application.participant_id,
                application.template_id,
                application.status,
                to_text(application.created_at),
                moment_text(application.applied_at),
                application.campaign_id,
                encode(APPLICATION_CONSENT, application.consent) if application.consent else None,
            ),
        )

    async def set_application_status(
        self, participant_id: str, template_id: str, status: ApplicationStatus
    ) -> None:
        """What a session did to its application; a person's refusal stands."""
        await self._rows.run(
            "UPDATE applications SET status = ?, revision = revision + 1 WHERE participant_id = ?"
            " AND template_id = ? AND status NOT IN (?, 'rejected', 'withdrawn')",
            (status, participant_id, template_id, status),
        )


def _named(organization_id: str, chosen: ParticipantFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "ids": None if chosen.ids is None else one_of(chosen.ids),
        "email": chosen.email,
        "external_id": chosen.external_id,
        "tag": chosen.tag,
        "template_id": chosen.template_id,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _walk(named: Named) -> Walk:
    """By the narrowest thing that is asked for; the rest is looked up for each that it finds."""
    if named["ids"] is not None:
        named_ones = "id IN (SELECT value FROM json_each(:ids))"
        related = _related(named, "participants.id")
        return Walk("participants", "id", (*_PRESENT, named_ones, *_equal(named), *related))
    for name in ("external_id", "email"):
        if named[name] is not None:
            source = f"participants INDEXED BY participants_by_{name}"
            related = _related(named, "participants.id")
            return Walk(source, "id", (*_PRESENT, *_equal(named), *related))
    if named["tag"] is not None:
        # Whoever is erased has no tags.
        clauses = ("organization_id = :organization_id", "tag = :tag")
        related = _related({**named, "tag": None}, "participant_tags.participant_id")
        return Walk("participant_tags", "participant_id", (*clauses, *related))
    if named["template_id"] is not None:
        return Walk(
            "applications INDEXED BY applications_of_template",
            "participant_id",
            (
                "organization_id = :organization_id",
                "template_id = :template_id",
                "participant_id NOT IN (SELECT id FROM participants INDEXED BY participants_erased"
                " WHERE organization_id = :organization_id AND deleted_at IS NOT NULL)",
            ),
        )
    return Walk("participants INDEXED BY participants_present", "id", _PRESENT)


def _equal(named: Named) -> list[str]:
    return [f"{name} = :{name}" for name in ("external_id", "email") if named[name] is not None]


def _related(named: Named, key: str) -> list[str]:
    texts = {"tag": _TAGGED, "template_id": _FOR_TEMPLATE}
    return [text.format(key=key) for name, text in texts.items() if named[name] is not None]


def _participant(row: sqlite3.Row) -> Participant:
    return Participant(
        id=row["id"],
        organization_id=row["organization_id"],
        template_id=row["template_id"],
        name=row["name"],
        created_at=from_text(row["created_at"]),
        email=row["email"],
        external_id=row["external_id"],
        first_name=row["first_name"],
        last_name=row["last_name"],
        phone=row["phone"],
        locale=row["locale"],
        source=row["source"],
        resume_url=row["resume_url"],
        details=decode(PARTICIPANT_DETAILS, row["details"]),
        revision=row["revision"],
        deleted_at=moment(row["deleted_at"]),
    )
