"""Applications: who is considered for which template, and what was decided."""

import sqlite3

from vivavoce.core.session import Application, ApplicationFilter, ApplicationStatus
from vivavoce.core.timestamps import from_text
from vivavoce.storage.codec import APPLICATION_CONSENT, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows
from vivavoce.storage.listing import Named, Walk

# Only what is asked for stands in the query, so that each question finds its index.
_OF_ORGANIZATION = "organization_id = :organization_id"
_CLAUSES = {
    "status": "status = :status",
    "template_id": "template_id = :template_id",
    "participant_id": "participant_id = :participant_id",
}
# The narrowest first.
_INDEXES = {
    "participant_id": "applications_by_participant",
    "template_id": "applications_by_template",
    "status": "applications_by_status",
    "organization_id": "applications_by_organization",
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
            " decision_note = ?, consent = ?, revision = ? WHERE id = ?",
            (
                application.status,
                moment_text(application.decided_at),
                application.decided_by,
                application.decision_note,
                encode(APPLICATION_CONSENT, application.consent) if application.consent else None,
                application.revision,
                application.id,
            ),
        )

    async def count(self, organization_id: str, chosen: ApplicationFilter) -> int:
        named = _named(organization_id, chosen)
        return await _walk(named).count(self._rows, named)

    async def page(
        self, organization_id: str, chosen: ApplicationFilter
    ) -> tuple[Application, ...]:
        """One page, newest first."""
        named = _named(organization_id, chosen)
        keys = _walk(named).keys()
        sql = f"SELECT * FROM applications WHERE id IN ({keys}) ORDER BY id DESC"  # noqa: S608
        return tuple(_application(row) for row in await self._rows.all(sql, named))


def _walk(named: Named) -> Walk:
    index = next(index for name, index in _INDEXES.items() if named[name] is not None)
    clauses = [text for name, text in _CLAUSES.items() if named[name] is not None]
    return Walk(f"applications INDEXED BY {index}", "id", (_OF_ORGANIZATION, *clauses))


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
        applied_at=moment(row["applied_at"]),
        campaign_id=row["campaign_id"],
        consent=decode(APPLICATION_CONSENT, row["consent"]) if row["consent"] else None,
    )
