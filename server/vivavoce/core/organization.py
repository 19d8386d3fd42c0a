"""An organization and the credentials that act for it."""

from dataclasses import dataclass
from datetime import datetime

from vivavoce.core.api_keys import KeyMode
from vivavoce.core.scopes import Scope


@dataclass(frozen=True)
class Organization:
    id: str
    slug: str
    name: str
    agent_secret_hash: bytes
    created_at: datetime
    parent_id: str | None = None


@dataclass(frozen=True)
class Member:
    """A person who signs in. `password_hash` is an argon2id string."""

    id: str
    organization_id: str
    email: str
    name: str
    role: str
    password_hash: str
    created_at: datetime


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
