"""Members: who may sign in for an organization, and as what."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.errors import Conflict, Issue, NotFound
from vivavoce.core.organization import Invitation, Member, MemberStatus
from vivavoce.core.revisions import require_revision
from vivavoce.core.roles import Role, require_reach
from vivavoce.core.scopes import Principal
from vivavoce.ports.members import MemberFilter
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation

INVITATION_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class NewMember:
    email: str
    name: str
    role: Role


@dataclass(frozen=True)
class MemberChange:
    """`None` leaves a field as it is."""

    name: str | None = None
    role: Role | None = None


class Members:
    """Nobody makes, changes or ends a member who may do what they may not do themselves."""

    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def get(self, organization_id: str, member_id: str) -> Member:
        """Raises `NotFound` code `member_not_found`."""
        return await _own(self._at.stores.read, organization_id, member_id)

    async def page(
        self, organization_id: str, chosen: MemberFilter
    ) -> tuple[tuple[Member, ...], int]:
        """One page, oldest first, and how many match in all."""
        members = self._at.stores.read.members
        total = await members.count(organization_id, chosen)
        return await members.page(organization_id, chosen), total

    async def invite(self, by: Principal, wanted: NewMember) -> tuple[Member, str]:
        """The member and the invitation's secret, which is never seen again.

        Raises `Forbidden` code `missing_scope`, `Conflict` code `member_exists`.
        """
        require_reach(by, wanted.role)
        member, token = invited(self._at, by.organization_id, wanted)
        async with self._at.stores.transaction() as write:
            if await write.members.by_email(by.organization_id, member.email):
                issue = Issue(("email",), "A member has this address.")
                raise Conflict("member_exists", "This member exists already.", (issue,))
            await write.members.add(member)
        return member, token

    async def invite_again(
        self, by: Principal, member_id: str, seen: frozenset[int] | None
    ) -> tuple[Member, str]:
        """Another secret instead of the one before: for who lost the link or the password, and
        for who comes back.
        """
        async with self._at.stores.transaction() as write:
            member = await _reached(write, by, member_id, seen)
            invitation, token = _new_invitation(self._at)
            returned = member.status is MemberStatus.DEACTIVATED
            member = replace(
                member,
                invitation=invitation,
                deactivated_at=None,
                accepted_at=None if returned else member.accepted_at,
                password_hash="" if returned else member.password_hash,
                revision=member.revision + 1,
            )
            await write.members.change(member)
        return member, token

    async def change(
        self, by: Principal, member_id: str, wanted: MemberChange, seen: frozenset[int] | None
    ) -> Member:
        """Raises `Conflict` codes `changed_meanwhile`, `last_owner`; as `get` and `invite` do."""
        if wanted.role is not None:
            require_reach(by, wanted.role)
        async with self._at.stores.transaction() as write:
            before = await _reached(write, by, member_id, seen)
            member = replace(
                before,
                name=before.name if wanted.name is None else wanted.name,
                role=before.role if wanted.role is None else wanted.role,
                revision=before.revision + 1,
            )
            if member.role is not Role.OWNER:
                await _require_owner_left(write, before)
            await write.members.change(member)
        return member

    async def deactivate(self, by: Principal, member_id: str, seen: frozenset[int] | None) -> None:
        """Signed out everywhere at once; what they did keeps their name. Raises as `change`."""
        async with self._at.stores.transaction() as write:
            member = await _reached(write, by, member_id, seen)
            if member.status is MemberStatus.DEACTIVATED:
                return
            await _require_owner_left(write, member)
            gone = replace(
                member,
                deactivated_at=self._at.now(),
                invitation=None,
                revision=member.revision + 1,
            )
            await write.members.change(gone)
            await write.sign_ins.end_all(member_id)


def invited(foundation: Foundation, organization_id: str, wanted: NewMember) -> tuple[Member, str]:
    """A member who has yet to choose a password, not stored, and the invitation's secret."""
    invitation, token = _new_invitation(foundation)
    member = Member(
        id=foundation.new_id(),
        organization_id=organization_id,
        email=wanted.email.lower(),
        name=wanted.name,
        role=wanted.role,
        password_hash="",
        created_at=foundation.now(),
        invitation=invitation,
    )
    return member, token


def _new_invitation(foundation: Foundation) -> tuple[Invitation, str]:
    token = "vvin_" + secrets.token_urlsafe(32)
    return Invitation(secret_hash(token), foundation.now() + INVITATION_LIFE), token


async def _own(tables: Tables, organization_id: str, member_id: str) -> Member:
    member = await tables.members.get(member_id)
    if member is None or member.organization_id != organization_id:
        raise NotFound("member_not_found", "This member does not exist.")
    return member


async def _reached(
    write: Tables, by: Principal, member_id: str, seen: frozenset[int] | None
) -> Member:
    member = await _own(write, by.organization_id, member_id)
    require_reach(by, member.role)
    require_revision(member.revision, seen)
    return member


async def _require_owner_left(write: Tables, member: Member) -> None:
    leaves = member.role is Role.OWNER and member.status is MemberStatus.ACTIVE
    if leaves and not await write.members.other_owners(member):
        raise Conflict("last_owner", "An organization keeps at least one owner.")
