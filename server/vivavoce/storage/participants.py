"""Participants and their applications."""

import sqlite3

from vivavoce.core.session import Application, ApplicationStatus, Participant
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.database import Rows


class ParticipantTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, participant: Participant) -> None:
        await self._rows.run(
            "INSERT INTO participants (id, organization_id, template_id, name, email,"
            " external_id, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                participant.id,
                participant.organization_id,
                participant.template_id,
                participant.name,
                participant.email,
                participant.external_id,
                to_text(participant.created_at),
            ),
        )

    async def change(self, participant: Participant) -> None:
        await self._rows.run(
            "UPDATE participants SET name = ?, email = ?, external_id = ? WHERE id = ?",
            (participant.name, participant.email, participant.external_id, participant.id),
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

    async def ensure_application(self, application: Application) -> None:
        """Add the application unless the participant has one for the template."""
        await self._rows.run(
            "INSERT INTO applications (id, organization_id, participant_id, template_id, status,"
            " created_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (participant_id, template_id) DO NOTHING",
            (
                application.id,
                application.organization_id,
                application.participant_id,
                application.template_id,
                application.status,
                to_text(application.created_at),
            ),
        )

    async def set_application_status(
        self, participant_id: str, template_id: str, status: ApplicationStatus
    ) -> None:
        await self._rows.run(
            "UPDATE applications SET status = ? WHERE participant_id = ? AND template_id = ?",
            (status, participant_id, template_id),
        )


def _participant(row: sqlite3.Row) -> Participant:
    return Participant(
        id=row["id"],
        organization_id=row["organization_id"],
        template_id=row["template_id"],
        name=row["name"],
        created_at=from_text(row["created_at"]),
        email=row["email"],
        external_id=row["external_id"],
    )
