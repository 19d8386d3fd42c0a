"""Mail to candidates: what is due, what is under way, and what became of each."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from vivavoce.core.delivery_schedule import Waiting
from vivavoce.core.mail import (
    Mail,
    Mailbox,
    MailFacts,
    MailFilter,
    MailKind,
    MailStatus,
    SendOutcome,
)
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.storage.codec import MAIL_FACTS, decode, encode, moment, moment_text
from vivavoce.storage.database import Rows

# Only what is asked for stands in the query, so that each question finds its index.
_MAIL = "SELECT * FROM mail"
_CLAUSES = {
    "status": "status = :status",
    "kind": "kind = :kind",
    "session_id": "session_id = :session_id",
    "participant_id": "participant_id = :participant_id",
}

# Nobody is invited to what has begun or ended, to a campaign that is over by then, nor twice.
_POINTLESS = (
    "(kind IN ('invitation', 'reminder') AND (NOT EXISTS (SELECT 1 FROM sessions"
    " LEFT JOIN campaigns ON campaigns.id = sessions.campaign_id"
    " WHERE sessions.id = mail.session_id AND sessions.status = 'scheduled'"
    " AND (campaigns.id IS NULL OR (campaigns.status = 'active' AND campaigns.deleted_at IS NULL"
    " AND (campaigns.ends_at IS NULL OR campaigns.ends_at > :at))))"
    " OR EXISTS (SELECT 1 FROM mail AS later WHERE later.session_id = mail.session_id"
    " AND later.kind = mail.kind AND later.number > mail.number"
    " AND later.status NOT IN ('failed', 'withdrawn'))))"
)


class MailTable:
    """`notice` is told when the next attempt may have come nearer."""

    def __init__(self, rows: Rows, notice: Callable[[], None]) -> None:
        self._rows = rows
        self._notice = notice

    async def add(self, mail: Mail) -> None:
        await self._rows.run(
            "INSERT INTO mail (id, organization_id, session_id, participant_id, kind, status,"
            " recipient_name, recipient_address, language, facts, message_id, created_at, due_at,"
            " not_after, attempts, failures, next_attempt_at, apply_request_id)"
            " VALUES (?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)",
            (
                mail.id,
                mail.organization_id,
                mail.session_id,
                mail.participant_id,
                mail.kind,
                mail.recipient.name,
                mail.recipient.address,
                mail.language,
                encode(MAIL_FACTS, mail.facts),
                mail.message_id,
                to_text(mail.created_at),
                to_text(mail.due_at),
                moment_text(mail.not_after),
                to_text(mail.due_at),
                mail.apply_request_id,
            ),
        )
        self._notice()

    async def claim(self, now: datetime, leased_until: datetime, limit: int) -> tuple[Mail, ...]:
        """Begin what is due, the longest due first; `attempts` counts the one that begins."""
        named: dict[str, str | int | None] = {"at": to_text(now), "limit": limit}
        await self._rows.run(
            "UPDATE mail SET status = 'uncertain', outcome = 'interrupted', leased_until = NULL,"
            " next_attempt_at = NULL, settled_at = :at"
            " WHERE status = 'sending' AND leased_until <= :at",
            named,
        )
        await self._rows.run(
            "UPDATE mail SET status = 'withdrawn', leased_until = NULL, next_attempt_at = NULL,"
            " settled_at = :at WHERE status = 'pending' AND not_after <= :at",
            named,
        )
        rows = await self._rows.all(
            "SELECT * FROM mail WHERE status = 'pending' AND next_attempt_at <= :at"
            " AND (leased_until IS NULL OR leased_until <= :at)"
            " ORDER BY next_attempt_at, number LIMIT :limit",
            named,
        )
        return tuple([await self._begin(_mail(row), leased_until) for row in rows])

    async def _begin(self, mail: Mail, leased_until: datetime) -> Mail:
        await self._rows.run(
            "UPDATE mail SET attempts = attempts + 1, leased_until = ? WHERE id = ?",
            (to_text(leased_until), mail.id),
        )
        return replace(mail, attempts=mail.attempts + 1)

    async def next_due(self) -> datetime | None:
        """When `claim` may find something, if nothing is written until then."""
        questions = (
            "SELECT min(next_attempt_at) FROM mail WHERE status = 'pending'"
            " AND leased_until IS NULL",
            "SELECT min(leased_until) FROM mail WHERE leased_until IS NOT NULL",
        )
        times = [await self._rows.value(sql) for sql in questions]
        return moment(min((time for time in times if time is not None), default=None))

    async def waiting(self, now: datetime) -> Waiting:
        """A reminder for next week does not wait."""
        row = await self._rows.one(
            "SELECT count(*) AS count, min(due_at) AS since FROM mail INDEXED BY mail_waiting"
            " WHERE status = 'pending' AND due_at <= ?",
            (to_text(now),),
        )
        return Waiting(row["count"], moment(row["since"])) if row else Waiting(0, None)

    async def hand_over(self, mail: Mail, at: datetime) -> bool:
        """From here on it may arrive. False when the attempt has lost its right to go on."""
        sql = (
            "UPDATE mail SET status = 'sending' WHERE id = :id AND attempts = :attempts AND"  # noqa: S608
            f" status = 'pending' AND recipient_address = :address AND NOT {_POINTLESS}"
        )
        named = {**_held(mail), "address": mail.recipient.address, "at": to_text(at)}
        return await self._rows.run(sql, named) == 1

    async def settle(
        self, mail: Mail, status: MailStatus, outcome: SendOutcome, at: datetime
    ) -> None:
        """The end of an attempt, and of the mail; without effect when the lease was lost."""
        await self._rows.run(
            "UPDATE mail SET status = :status, outcome = :outcome, leased_until = NULL,"
            " next_attempt_at = NULL, settled_at = :at WHERE id = :id AND attempts = :attempts"
            " AND status IN ('pending', 'sending')",
            {**_held(mail), "status": status, "outcome": outcome, "at": to_text(at)},
        )

    async def try_later(
        self, mail: Mail, outcome: SendOutcome, at: datetime, next_attempt_at: datetime
    ) -> None:
        """Withdrawn at once when it has lost its point, or its recipient, meanwhile."""
        named = {**_held(mail), "outcome": outcome, "next": to_text(next_attempt_at)}
        await self._rows.run(
            "UPDATE mail SET status = 'withdrawn', failures = failures + 1, outcome = :outcome,"  # noqa: S608
            " next_attempt_at = NULL, leased_until = NULL, settled_at = :at WHERE id = :id"
            " AND attempts = :attempts AND status IN ('pending', 'sending')"
            f" AND (recipient_address = '' OR {_POINTLESS})",
            {**named, "at": to_text(at)},
        )
        await self._rows.run(
            "UPDATE mail SET status = 'pending', failures = failures + 1, outcome = :outcome,"
            " next_attempt_at = :next, leased_until = NULL WHERE id = :id"
            " AND attempts = :attempts AND status IN ('pending', 'sending')",
            named,
        )
        self._notice()

    async def withdraw(self, session_id: str, at: datetime) -> None:
        """Invitation and reminder of this session have lost their point."""
        await self._rows.run(
            "UPDATE mail SET status = 'withdrawn', leased_until = NULL, next_attempt_at = NULL,"
            " settled_at = :at WHERE session_id = :session AND status = 'pending'"
            " AND kind IN ('invitation', 'reminder')",
            {"session": session_id, "at": to_text(at)},
        )

    async def withdraw_codes(self, apply_request_id: str, at: datetime) -> None:
        """Those that have not gone out yet: another one is good now, or none any more."""
        await self._rows.run(
            "UPDATE mail SET status = 'withdrawn', leased_until = NULL, next_attempt_at = NULL,"
            " settled_at = ? WHERE apply_request_id = ? AND status = 'pending'",
            (to_text(at), apply_request_id),
        )

    async def was_invited(self, session_id: str) -> bool:
        """Whether an invitation has, or may have, reached the candidate."""
        sql = (
            "SELECT count(*) FROM mail WHERE session_id = ? AND kind = 'invitation'"
            " AND status IN ('sending', 'sent', 'uncertain')"
        )
        return bool(await self._rows.value(sql, (session_id,)))

    async def readdress(self, participant_id: str, name: str, address: str | None) -> None:
        """What waits goes to the new address, or nowhere without one."""
        await self._rows.run(
            "UPDATE mail SET recipient_name = ?, recipient_address = ?"
            " WHERE participant_id = ? AND status = 'pending'",
            (name, address or "", participant_id),
        )

    async def give_codes(self, apply_request_id: str, participant_id: str) -> None:
        """The codes of this request were for somebody who has become this participant."""
        await self._rows.run(
            "UPDATE mail SET participant_id = ? WHERE apply_request_id = ?",
            (participant_id, apply_request_id),
        )

    async def forget_codes(self, apply_request_ids: Sequence[str], at: datetime) -> None:
        """As `forget`, for codes that were never told."""
        for request_id in apply_request_ids:
            await self.withdraw_codes(request_id, at)
            await self._rows.run(
                "UPDATE mail SET recipient_address = '' WHERE apply_request_id = ?"
                " AND participant_id IS NULL",
                (request_id,),
            )

    async def forget(self, participant_id: str, at: datetime) -> None:
        """Withdraw what waits, and keep neither name, address nor result."""
        named = {"participant": participant_id, "at": to_text(at)}
        await self._rows.run(
            "UPDATE mail SET status = 'withdrawn', leased_until = NULL, next_attempt_at = NULL,"
            " settled_at = :at WHERE participant_id = :participant AND status = 'pending'",
            named,
        )
        nothing = encode(MAIL_FACTS, MailFacts())
        await self._rows.run(
            "UPDATE mail SET recipient_name = '', recipient_address = '', facts = ?"
            " WHERE participant_id = ?",
            (nothing, participant_id),
        )

    async def repeat(self, mail_id: str, at: datetime) -> None:
        """Let a settled mail begin again, under the same message id."""
        await self._rows.run(
            "UPDATE mail SET status = 'pending', failures = 0, due_at = :at,"
            " next_attempt_at = :at, settled_at = NULL WHERE id = :id",
            {"id": mail_id, "at": to_text(at)},
        )
        self._notice()

    async def get(self, organization_id: str, mail_id: str) -> Mail | None:
        row = await self._rows.one(
            "SELECT * FROM mail WHERE id = ? AND organization_id = ?", (mail_id, organization_id)
        )
        return None if row is None else _mail(row)

    async def count(self, organization_id: str, chosen: MailFilter) -> int:
        named = _named(organization_id, chosen)
        sql = "SELECT count(*) FROM mail" + _where(named)  # noqa: S608
        return int(await self._rows.value(sql, named))

    async def page(self, organization_id: str, chosen: MailFilter) -> tuple[Mail, ...]:
        """One page, newest first."""
        named = _named(organization_id, chosen)
        order = " ORDER BY number DESC LIMIT :limit OFFSET :offset"
        rows = await self._rows.all(_MAIL + _where(named) + order, named)
        return tuple(_mail(row) for row in rows)


def _held(mail: Mail) -> dict[str, str | int | None]:
    """Whoever holds the lease counted this attempt; nobody else may decide."""
    return {"id": mail.id, "attempts": mail.attempts}


def _where(named: dict[str, str | int | None]) -> str:
    clauses = [text for name, text in _CLAUSES.items() if named[name] is not None]
    return " WHERE " + " AND ".join(["organization_id = :organization_id", *clauses])


def _named(organization_id: str, chosen: MailFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "status": chosen.status,
        "kind": chosen.kind,
        "session_id": chosen.session_id,
        "participant_id": chosen.participant_id,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _mail(row: sqlite3.Row) -> Mail:
    return Mail(
        id=row["id"],
        organization_id=row["organization_id"],
        session_id=row["session_id"],
        participant_id=row["participant_id"],
        kind=MailKind(row["kind"]),
        recipient=Mailbox(row["recipient_name"], row["recipient_address"]),
        language=row["language"],
        facts=decode(MAIL_FACTS, row["facts"]),
        message_id=row["message_id"],
        created_at=from_text(row["created_at"]),
        due_at=from_text(row["due_at"]),
        not_after=moment(row["not_after"]),
        status=MailStatus(row["status"]),
        attempts=row["attempts"],
        failures=row["failures"],
        outcome=SendOutcome(row["outcome"]) if row["outcome"] else None,
        next_attempt_at=moment(row["next_attempt_at"]),
        settled_at=moment(row["settled_at"]),
        apply_request_id=row["apply_request_id"],
    )
