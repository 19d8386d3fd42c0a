"""What signing in needs from durable storage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from vivavoce.core.organization import Member, MemberStatus, SignIn
from vivavoce.core.roles import Role


@dataclass(frozen=True)
class MemberFilter:
    """One page of those that match; `None` matches all."""

    role: Role | None = None
    status: MemberStatus | None = None
    page: int = 1
    page_size: int = 20


class MemberStore(Protocol):
    async def add(self, member: Member) -> None:
        """Raises `Conflict` code `already_exists` when the organization knows the address."""
        ...

    async def change(self, member: Member) -> None: ...
    async def get(self, member_id: str) -> Member | None: ...
    async def by_email(self, organization_id: str, email: str) -> Member | None: ...
    async def by_invitation(self, invitation_hash: bytes) -> Member | None: ...
    async def count(self, organization_id: str, chosen: MemberFilter) -> int: ...
    async def page(self, organization_id: str, chosen: MemberFilter) -> tuple[Member, ...]:
        """Oldest first."""
        ...

    async def other_owners(self, member: Member) -> int:
        """How many owners of the organization can sign in, apart from this member."""
        ...


class SignInStore(Protocol):
    async def add(self, sign_in: SignIn) -> None: ...
    async def by_hash(self, token_hash: bytes) -> SignIn | None: ...
    async def used(self, sign_in_id: str, at: datetime) -> None: ...
    async def of_member(self, member_id: str) -> tuple[SignIn, ...]:
        """Newest first."""
        ...

    async def end(self, member_id: str, sign_in_id: str) -> bool:
        """False when the member has no such sign-in."""
        ...

    async def end_all(self, member_id: str) -> None: ...
