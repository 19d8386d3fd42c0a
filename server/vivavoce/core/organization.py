"""An organization and the credentials that act for it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.roles import Role
from vivavoce.core.scopes import Scope


@dataclass(frozen=True)
class Organization:
    id: str
    slug: str
    name: str
    agent_secret_hash: bytes
    created_at: datetime
    parent_id: str | None = None
    revision: int = 1


class MemberStatus(StrEnum):
    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class Invitation:
    """A link that lets a member choose a password, once. Of its secret only `hash` is kept."""

    hash: bytes = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Member:
    """A person who signs in. `password_hash` is an argon2id string, empty before the first one."""

    id: str
    organization_id: str
    email: str
    name: str
    role: Role
    password_hash: str = field(repr=False)
    created_at: datetime
    accepted_at: datetime | None = None
    deactivated_at: datetime | None = None
    invitation: Invitation | None = None
    revision: int = 1

    @property
    def status(self) -> MemberStatus:
        if self.deactivated_at is not None:
            return MemberStatus.DEACTIVATED
        return MemberStatus.INVITED if self.accepted_at is None else MemberStatus.ACTIVE


@dataclass(frozen=True)
class SignIn:
    """One browser in which a member has signed in. Of its secret only `hash` is kept."""

    id: str
    member_id: str
    hash: bytes = field(repr=False)
    user_agent: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class ApiKey:
    """`prefix` is what a person sees again; of the key itself only `hash` is kept."""

    id: str
    organization_id: str
    name: str
    prefix: str
    hash: bytes
    mode: KeyMode
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
