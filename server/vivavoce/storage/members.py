"""Members of organizations, and the browsers in which they have signed in."""

import sqlite3
from datetime import datetime

from vivavoce.core.organization import Invitation, Member, SignIn
from vivavoce.core.roles import Role
from vivavoce.core.timestamps import from_text, to_text
from vivavoce.ports.members import MemberFilter
from vivavoce.storage.codec import moment, moment_text
from vivavoce.storage.database import Rows

# What `Member.status` says, in SQL.
_FILTER = (
    " WHERE organization_id = :organization_id AND (:role IS NULL OR role = :role)"
    " AND (:status IS NULL OR :status = CASE WHEN deactivated_at IS NOT NULL THEN 'deactivated'"
    " WHEN accepted_at IS NULL THEN 'invited' ELSE 'active' END)"
)


class MemberTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, member: Member) -> None:
        await self._rows.run(
            "INSERT INTO members (id, organization_id, email, created_at, name, role,"
            " password_hash, accepted_at, deactivated_at, invitation_hash, invitation_expires_at,"
            " revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                member.id,
                member.organization_id,
                member.email,
                to_text(member.created_at),
                *_changeable(member),
            ),
        )

    async def change(self, member: Member) -> None:
        await self._rows.run(
            "UPDATE members SET name = ?, role = ?, password_hash = ?, accepted_at = ?,"
            " deactivated_at = ?, invitation_hash = ?, invitation_expires_at = ?, revision = ?"
            " WHERE id = ?",
            (*_changeable(member), member.id),
        )

    async def get(self, member_id: str) -> Member | None:
        row = await self._rows.one("SELECT * FROM members WHERE id = ?", (member_id,))
        return None if row is None else _member(row)

    async def by_email(self, organization_id: str, email: str) -> Member | None:
        row = await self._rows.one(
            "SELECT * FROM members WHERE organization_id = ? AND email = ?",
            (organization_id, email),
        )
        return None if row is None else _member(row)

    async def by_invitation(self, invitation_hash: bytes) -> Member | None:
        row = await self._rows.one(
            "SELECT * FROM members WHERE invitation_hash = ?", (invitation_hash,)
        )
        return None if row is None else _member(row)

    async def count(self, organization_id: str, chosen: MemberFilter) -> int:
        sql = "SELECT count(*) FROM members" + _FILTER  # noqa: S608 (constant text)
        return int(await self._rows.value(sql, _named(organization_id, chosen)))

    async def page(self, organization_id: str, chosen: MemberFilter) -> tuple[Member, ...]:
        order = " ORDER BY id LIMIT :limit OFFSET :offset"
        sql = "SELECT * FROM members" + _FILTER + order  # noqa: S608 (constant texts)
        rows = await self._rows.all(sql, _named(organization_id, chosen))
        return tuple(_member(row) for row in rows)

    async def other_owners(self, member: Member) -> int:
        sql = (
            "SELECT count(*) FROM members WHERE organization_id = ? AND id <> ? AND role = ?"
            " AND accepted_at IS NOT NULL AND deactivated_at IS NULL"
        )
        return int(await self._rows.value(sql, (member.organization_id, member.id, Role.OWNER)))


class SignInTable:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, sign_in: SignIn) -> None:
        await self._rows.run(
            "INSERT INTO sign_ins (id, member_id, hash, user_agent, created_at, last_used_at,"
            " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                sign_in.id,
                sign_in.member_id,
                sign_in.hash,
                sign_in.user_agent,
                to_text(sign_in.created_at),
                to_text(sign_in.last_used_at),
                to_text(sign_in.expires_at),
            ),
        )

    async def by_hash(self, token_hash: bytes) -> SignIn | None:
        row = await self._rows.one("SELECT * FROM sign_ins WHERE hash = ?", (token_hash,))
        return None if row is None else _sign_in(row)

    async def used(self, sign_in_id: str, at: datetime) -> None:
        await self._rows.run(
            "UPDATE sign_ins SET last_used_at = ? WHERE id = ?", (to_text(at), sign_in_id)
        )

    async def of_member(self, member_id: str) -> tuple[SignIn, ...]:
        rows = await self._rows.all(
            "SELECT * FROM sign_ins WHERE member_id = ? ORDER BY id DESC", (member_id,)
        )
        return tuple(_sign_in(row) for row in rows)

    async def end(self, member_id: str, sign_in_id: str) -> bool:
        ended = await self._rows.run(
            "DELETE FROM sign_ins WHERE id = ? AND member_id = ?", (sign_in_id, member_id)
        )
        return ended == 1

    async def end_all(self, member_id: str) -> None:
        await self._rows.run("DELETE FROM sign_ins WHERE member_id = ?", (member_id,))


def _named(organization_id: str, chosen: MemberFilter) -> dict[str, str | int | None]:
    return {
        "organization_id": organization_id,
        "role": chosen.role,
        "status": chosen.status,
        "limit": chosen.page_size,
        "offset": (chosen.page - 1) * chosen.page_size,
    }


def _changeable(member: Member) -> tuple[str | int | bytes | None, ...]:
    invitation = member.invitation
    return (
        member.name,
        member.role,
        member.password_hash,
        moment_text(member.accepted_at),
        moment_text(member.deactivated_at),
        invitation.hash if invitation else None,
        to_text(invitation.expires_at) if invitation else None,
        member.revision,
    )


def _member(row: sqlite3.Row) -> Member:
    expires_at = moment(row["invitation_expires_at"])
    return Member(
        id=row["id"],
        organization_id=row["organization_id"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        password_hash=row["password_hash"],
        created_at=from_text(row["created_at"]),
        accepted_at=moment(row["accepted_at"]),
        deactivated_at=moment(row["deactivated_at"]),
        invitation=Invitation(row["invitation_hash"], expires_at) if expires_at else None,
        revision=row["revision"],
    )


def _sign_in(row: sqlite3.Row) -> SignIn:
    return SignIn(
        id=row["id"],
        member_id=row["member_id"],
        hash=row["hash"],
        user_agent=row["user_agent"],
        created_at=from_text(row["created_at"]),
        last_used_at=from_text(row["last_used_at"]),
        expires_at=from_text(row["expires_at"]),
    )
