"""Requests to apply whose address is still to be proved, or was proved a short while ago."""

import sqlite3
from datetime import datetime

from vivavoce.core.applying import ApplyRequest, Uptake
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import (
    APPLY_FORM,
    READ_DOCUMENT,
    decode,
    encode,
    moment,
    moment_text,
)
from vivavoce.storage.database import Rows


class ApplyRequestTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, request: ApplyRequest) -> None:
        await self._rows.run(
            "INSERT INTO apply_requests (id, handle_hash, organization_id, template_id, email,"
            " form, language, code_number, code_at, is_code_mailed, codes_mailed, failures, resume,"
            " application_id, uptake, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                request.id,
                request.handle_hash,
                request.organization_id,
                request.template_id,
                request.form.email,
                encode(APPLY_FORM, request.form),
                request.language,
                request.code_number,
                moment_text(request.code_at),
                request.is_code_mailed,
                request.codes_mailed,
                request.failures,
                encode(READ_DOCUMENT, request.resume) if request.resume else None,
                request.application_id,
                request.uptake,
                to_text(request.created_at),
            ),
        )

    async def change(self, request: ApplyRequest) -> None:
        """Write what codes and their confirmation change."""
        await self._rows.run(
            "UPDATE apply_requests SET code_number = ?, code_at = ?, is_code_mailed = ?,"
            " codes_mailed = ?, failures = ?, resume = ?, application_id = ?, uptake = ?"
            " WHERE id = ?",
            (
                request.code_number,
                moment_text(request.code_at),
                request.is_code_mailed,
                request.codes_mailed,
                request.failures,
                encode(READ_DOCUMENT, request.resume) if request.resume else None,
                request.application_id,
                request.uptake,
                request.id,
            ),
        )

    async def by_handle(self, handle_hash: bytes) -> ApplyRequest | None:
        row = await self._rows.one(
            "SELECT * FROM apply_requests WHERE handle_hash = ?", (handle_hash,)
        )
        return None if row is None else _request(row)

    async def overtake(self, request: ApplyRequest) -> None:
        await self._rows.run(
            "UPDATE apply_requests SET uptake = ? WHERE application_id = ? AND id <> ?"
            " AND uptake IN (?, ?)",
            (
                Uptake.OVERTAKEN,
                request.application_id,
                request.id,
                Uptake.FIRST,
                Uptake.RENEWED,
            ),
        )

    async def codes_sent(self, email: str, since: datetime) -> int:
        """How many codes went to the address, of whichever request, whose newest is as young."""
        sql = (
            "SELECT coalesce(sum(codes_mailed), 0) FROM apply_requests"
            " WHERE email = ? AND code_at > ?"
        )
        return int(await self._rows.value(sql, (email, to_text(since))))

    async def oldest(self) -> datetime | None:
        return moment(await self._rows.value("SELECT min(created_at) FROM apply_requests"))

    async def remove_before(self, created: datetime) -> tuple[str, ...]:
        """Remove what is that old; returns the ids."""
        rows = await self._rows.all(
            "DELETE FROM apply_requests WHERE created_at <= ? RETURNING id", (to_text(created),)
        )
        return tuple(row["id"] for row in rows)

    async def remove_of(self, organization_id: str, email: str) -> tuple[str, ...]:
        """Remove what an organization knows of an address; returns the ids."""
        rows = await self._rows.all(
            "DELETE FROM apply_requests WHERE email = ? AND organization_id = ? RETURNING id",
            (email, organization_id),
        )
        return tuple(row["id"] for row in rows)


def _request(row: sqlite3.Row) -> ApplyRequest:
    return ApplyRequest(
        id=row["id"],
        handle_hash=row["handle_hash"],
        organization_id=row["organization_id"],
        template_id=row["template_id"],
        form=decode(APPLY_FORM, row["form"]),
        language=row["language"],
        created_at=from_text(row["created_at"]),
        code_number=row["code_number"],
        code_at=moment(row["code_at"]),
        is_code_mailed=bool(row["is_code_mailed"]),
        codes_mailed=row["codes_mailed"],
        failures=row["failures"],
        resume=decode(READ_DOCUMENT, row["resume"]) if row["resume"] else None,
        application_id=row["application_id"],
        uptake=Uptake(row["uptake"]) if row["uptake"] else None,
    )
