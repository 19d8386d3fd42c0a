"""Applications: who is considered for which template, and what was decided."""

import sqlite3

from vivavoce.core.session import Application, ApplicationFilter, ApplicationStatus
from vivavoce.core.timestamps import from_text
from vivavoce.storage.codec import moment, moment_text
from vivavoce.storage.database import Rows

# Only what is asked for stands in the query, so that each question finds its index.
_CLAUSES = {
    "status": "status = :status",
    "template_id": "template_id = :template_id",
    "participant_id": "participant_id = :participant_id",
}


class ApplicationTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, organization_id: str, application_id: str) -> Application | None:
        row = await self._rows.one(
            "SELECT * FROM applications WHERE id = ? AND organization_id = ?",
            (application_id, organization_id),
        )
        return None if row is None else _application(row)

    async def of_participant(self, participant_id: str) -> tuple[Application, ...]:
        rows = await self._rows.all(
            "SELECT * FROM applications WHERE participant_id = ? ORDER BY id", (participant_id,)
        )
        return tuple(_application(row) for row in rows)

    async def change(self, application: Application) -> None:
        await self._rows.run(
            "UPDATE applications SET status = ?, decided_at = ?, decided_by = ?,"
            " decision_note = ?, revision = ? WHERE id = ?",
            (
                application.status,
                moment_text(application.decided_at),
                application.decided_by,
                application.decision_note,
                application.revision,
                application.id,
            ),
        )

    async def count(self, organization_id: str, chosen: ApplicationFilter) -> int:
        named = _named(organization_id, chosen)
        sql = "SELECT count(*) FROM applications" + _where(named)  # noqa: S608 (constant texts)
        return int(await self._rows.value(sql, named))

    async def page(
        self, organization_id: str, chosen: ApplicationFilter
    ) -> tuple[Application, ...]:
        """One page, newest first."""
        named = _named(organization_id, chosen)
        order = " ORDER BY id DESC LIMIT :limit OFFSET :offset"
        sql = "SELECT * FROM applications" + _where(named) + order  # noqa: S608 (constant texts)
        return tuple(_application(row) for row in await self._rows.all(sql, named))


def _where(named: dict[str, str | int | None]) -> str:
    clauses = [text for name, text in _CLAUSES.items() if named[name] is not None]
    return " WHERE " + " AND ".join(["organization_id = :organization_id", *clauses])


def _named(organization_id: str, chosen: ApplicationFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "status": chosen.status,
        "template_id": chosen.template_id,
        "participant_id": chosen.participant_id,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _application(row: sqlite3.Row) -> Application:
    return Application(
        id=row["id"],
        organization_id=row["organization_id"],
        participant_id=row["participant_id"],
        template_id=row["template_id"],
        status=ApplicationStatus(row["status"]),
        created_at=from_text(row["created_at"]),
        decided_at=moment(row["decided_at"]),
        decided_by=row["decided_by"],
        decision_note=row["decision_note"],
        revision=row["revision"],
    )
