"""Résumés that are still to be fetched, and how it went."""

import sqlite3
from datetime import datetime

from vivavoce.core.resumes import ResumeClaim, ResumeFetch, ResumeState
from vivavoce.core.session import Participant
from vivavoce.core.timestamps import to_text
from vivavoce.storage.codec import moment
from vivavoce.storage.database import Rows

# Every claim has a lease of its own, so a late attempt finds another one or none.
_STILL_CLAIMED = "participant_id = ? AND url = ? AND state = 'waiting' AND next_attempt_at = ?"


class ResumeFetchTable:
    """A `ports.documents.ResumeTable`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def claim(
        self, now: datetime, leased_until: datetime, limit: int
    ) -> tuple[ResumeClaim, ...]:
        rows = await self._rows.all(
            "UPDATE resume_fetches SET next_attempt_at = ? WHERE participant_id IN"
            " (SELECT participant_id FROM resume_fetches WHERE state = 'waiting'"
            " AND (next_attempt_at IS NULL OR next_attempt_at <= ?)"
            " ORDER BY next_attempt_at LIMIT ?)"
            " RETURNING organization_id, participant_id, url, failures",
            (to_text(leased_until), to_text(now), limit),
        )
        return tuple(
            ResumeClaim(
                row["organization_id"],
                row["participant_id"],
                row["url"],
                row["failures"],
                leased_until,
            )
            for row in rows
        )

    async def next_due(self, now: datetime) -> datetime | None:
        row = await self._rows.one(
            "SELECT next_attempt_at FROM resume_fetches WHERE state = 'waiting'"
            " ORDER BY next_attempt_at LIMIT 1"
        )
        return None if row is None else moment(row["next_attempt_at"]) or now

    async def get(self, participant_id: str) -> ResumeFetch | None:
        row = await self._rows.one(
            "SELECT * FROM resume_fetches WHERE participant_id = ?", (participant_id,)
        )
        return None if row is None else _fetch(row)

    async def fetched(self, claim: ResumeClaim) -> bool:
        changed = await self._rows.run(
            f"UPDATE resume_fetches SET state = 'ready', error = NULL WHERE {_STILL_CLAIMED}",  # noqa: S608
            _still_claimed(claim),
        )
        return changed == 1

    async def failed(self, claim: ResumeClaim, error: str) -> None:
        await self._rows.run(
            f"UPDATE resume_fetches SET state = 'failed', error = ? WHERE {_STILL_CLAIMED}",  # noqa: S608
            (error, *_still_claimed(claim)),
        )

    async def retry(self, claim: ResumeClaim, error: str, at: datetime) -> None:
        await self._rows.run(
            "UPDATE resume_fetches SET failures = ?, error = ?, next_attempt_at = ?"  # noqa: S608
            f" WHERE {_STILL_CLAIMED}",
            (claim.failures + 1, error, to_text(at), *_still_claimed(claim)),
        )

    async def forget(self, participant_id: str) -> None:
        await self._rows.run(
            "DELETE FROM resume_fetches WHERE participant_id = ?", (participant_id,)
        )


async def follow_address(rows: Rows, participant: Participant) -> None:
    """An address that was not known before is to be fetched; without one there is nothing to do."""
    if participant.resume_url is None:
        await rows.run("DELETE FROM resume_fetches WHERE participant_id = ?", (participant.id,))
        return
    await rows.run(
        "INSERT INTO resume_fetches (participant_id, organization_id, url, state)"
        " VALUES (?, ?, ?, 'waiting') ON CONFLICT (participant_id) DO UPDATE SET"
        " url = excluded.url, state = 'waiting', failures = 0, next_attempt_at = NULL,"
        " error = NULL WHERE url <> excluded.url",
        (participant.id, participant.organization_id, participant.resume_url),
    )


def _still_claimed(claim: ResumeClaim) -> tuple[str, str, str]:
    return claim.participant_id, claim.url, to_text(claim.leased_until)


def _fetch(row: sqlite3.Row) -> ResumeFetch:
    return ResumeFetch(row["url"], ResumeState(row["state"]), row["error"])
