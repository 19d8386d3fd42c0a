"""Founding an organization: its owner, its first key and its first three interviewers."""

import dataclasses
import secrets
from dataclasses import dataclass

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.default_profiles import DEFAULT_PROFILES
from vivavoce.core.errors import Conflict, Invalid, NotFound
from vivavoce.core.identifiers import is_uuid, slugify
from vivavoce.core.organization import Member, Organization
from vivavoce.core.roles import Role
from vivavoce.core.scopes import ALL_SCOPES
from vivavoce.ports.stores import Tables
from vivavoce.services.credentials import new_api_key
from vivavoce.services.foundation import Foundation
from vivavoce.services.passwords import Passwords


@dataclass(frozen=True)
class Founding:
    """`owner_password` empty means: make one."""

    name: str
    owner_email: str
    owner_name: str = "Owner"
    owner_password: str = ""


@dataclass(frozen=True)
class Founded:
    """Everything secret here is shown once and kept only as a hash."""

    organization: Organization
    owner_email: str
    owner_password: str
    api_key: str
    agent_secret: str
    profile_ids: tuple[str, ...]


class Organizations:
    def __init__(self, foundation: Foundation, passwords: Passwords) -> None:
        self._at = foundation
        self._passwords = passwords

    async def initialize(self, founding: Founding) -> Founded:
        """Raises `Conflict` code `organization_exists`, `Invalid` code `password` or
        `organization_name`.
        """
        password = founding.owner_password or secrets.token_urlsafe(15)
        if not founding.name.strip():
            raise Invalid("organization_name", "An organization needs a name.")
        password_hash = await self._passwords.hash(password)
        agent_secret = "vvas_" + secrets.token_urlsafe(32)
        organization = Organization(
            id=self._at.new_id(),
            slug=slugify(founding.name) or "organization",
            name=founding.name.strip(),
            agent_secret_hash=secret_hash(agent_secret),
            created_at=self._at.now(),
        )
        owner = Member(
            id=self._at.new_id(),
            organization_id=organization.id,
            email=founding.owner_email.strip().lower(),
            name=founding.owner_name,
            role=Role.OWNER,
            password_hash=password_hash,
            created_at=self._at.now(),
            accepted_at=self._at.now(),
        )
        api_key = await self._store(organization, owner)
        profiles = await self._at.stores.read.agent_profiles.page(organization.id, 0, 10)
        return Founded(
            organization=organization,
            owner_email=owner.email,
            owner_password=password,
            api_key=api_key,
            agent_secret=agent_secret,
            profile_ids=tuple(profile.id for profile in profiles),
        )

    async def get(self, organization_id: str) -> Organization:
        """Raises `NotFound` code `organization_not_found`."""
        organization = await self._at.stores.read.organizations.get(organization_id)
        if organization is None:
            raise NotFound("organization_not_found", "This organization does not exist.")
        return organization

    async def first(self) -> Organization | None:
        return await self._at.stores.read.organizations.first()

    async def _store(self, organization: Organization, owner: Member) -> str:
        key, plaintext = new_api_key(self._at, organization.id, "First key", ALL_SCOPES)
        async with self._at.stores.transaction() as write:
            if is_uuid(organization.slug) or await write.organizations.by_slug(organization.slug):
                raise Conflict("organization_exists", "This organization exists already.")
            await write.organizations.add(organization)
            await write.members.add(owner)
            await write.api_keys.add(key)
            await add_default_profiles(self._at, write, organization.id)
        return plaintext


async def add_default_profiles(foundation: Foundation, write: Tables, organization_id: str) -> None:
    # Ids of one millisecond have no order of their own; sorting keeps the general one first.
    ids = sorted(foundation.new_id() for _ in DEFAULT_PROFILES)
    for made_id, profile in zip(ids, DEFAULT_PROFILES, strict=True):
        named = dataclasses.replace(profile, id=made_id)
        await write.agent_profiles.add(organization_id, named, foundation.now())
