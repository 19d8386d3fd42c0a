"""Sub-organizations: what a reseller opens for its customers, each closed to all others.

A credential acts in its own organization. The one exception is the parent's, which may name a
sub-organization as the merchant of an interview that it makes from questions.
"""

import secrets
from dataclasses import dataclass, replace

from vivavoce.core.api_keys import secret_hash
from vivavoce.core.errors import Conflict, NotFound
from vivavoce.core.identifiers import is_uuid, slugify
from vivavoce.core.organization import Organization
from vivavoce.core.revisions import require_revision
from vivavoce.core.roles import Role, require_reach
from vivavoce.core.scopes import Principal
from vivavoce.ports.stores import Tables
from vivavoce.services.credentials import new_api_key
from vivavoce.services.foundation import Foundation
from vivavoce.services.members import NewMember, invited
from vivavoce.services.organizations import add_default_profiles

_SUFFIX_BYTES = 4


@dataclass(frozen=True)
class NewSubOrganization:
    """Without `owner_email` nobody is invited, and the key alone acts for it."""

    name: str
    owner_email: str | None = None
    owner_name: str = "Owner"


@dataclass(frozen=True)
class OpenedSubOrganization:
    """Everything secret here is shown once and kept only as a hash."""

    organization: Organization
    api_key: str
    agent_secret: str
    owner_invitation: str | None


class SubOrganizations:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def open(self, by: Principal, wanted: NewSubOrganization) -> OpenedSubOrganization:
        """Its first key may do what `by` may do.

        Raises `Conflict` code `sub_organization` below another sub-organization, and `Forbidden`
        code `missing_scope` when `by` may do less than an owner whom it invites.
        """
        agent_secret = "vvas_" + secrets.token_urlsafe(32)
        organization = Organization(
            id=self._at.new_id(),
            slug=slugify(wanted.name) or "organization",
            name=wanted.name,
            agent_secret_hash=secret_hash(agent_secret),
            created_at=self._at.now(),
            parent_id=by.organization_id,
        )
        key, api_key = new_api_key(self._at, organization.id, "First key", by.scopes)
        invitation = None
        async with self._at.stores.transaction() as write:
            parent = await write.organizations.get(by.organization_id)
            if parent is None or parent.parent_id is not None:
                message = "A sub-organization has no sub-organizations of its own."
                raise Conflict("sub_organization", message)
            organization = await _with_free_slug(write, organization)
            await write.organizations.add(organization)
            await write.api_keys.add(key)
            await add_default_profiles(self._at, write, organization.id)
            if wanted.owner_email is not None:
                require_reach(by, Role.OWNER)
                owner = NewMember(wanted.owner_email, wanted.owner_name, Role.OWNER)
                member, invitation = invited(self._at, organization.id, owner)
                await write.members.add(member)
        return OpenedSubOrganization(organization, api_key, agent_secret, invitation)

    async def get(self, parent_id: str, organization_id: str) -> Organization:
        """Itself or a sub-organization of it. Raises `NotFound` code `organization_not_found`."""
        return await _reached(self._at.stores.read, parent_id, organization_id)

    async def page(
        self, parent_id: str, page: int, page_size: int
    ) -> tuple[tuple[Organization, ...], int]:
        """One page of sub-organizations, newest first, and how many there are in all."""
        organizations = self._at.stores.read.organizations
        total = await organizations.count_below(parent_id)
        return await organizations.page_below(parent_id, (page - 1) * page_size, page_size), total

    async def rename(
        self, parent_id: str, organization_id: str, name: str, seen: frozenset[int] | None
    ) -> Organization:
        """Its slug stays. Raises as `get` does, and `Conflict` code `changed_meanwhile`."""
        async with self._at.stores.transaction() as write:
            before = await _reached(write, parent_id, organization_id)
            require_revision(before.revision, seen)
            renamed = replace(before, name=name, revision=before.revision + 1)
            await write.organizations.rename(renamed)
        return renamed


async def _reached(tables: Tables, parent_id: str, organization_id: str) -> Organization:
    organization = await tables.organizations.get(organization_id)
    if organization is None or parent_id not in {organization.id, organization.parent_id}:
        raise NotFound("organization_not_found", "This organization does not exist.")
    return organization


async def _with_free_slug(write: Tables, organization: Organization) -> Organization:
    taken = await write.organizations.by_slug(organization.slug) is not None
    if not taken and not is_uuid(organization.slug):
        return organization
    suffix = secrets.token_hex(_SUFFIX_BYTES)  # a number would tell how many there are
    return replace(organization, slug=f"{organization.slug}-{suffix}")
