"""Agent profiles within one organization: who interviews, and by which version of a rubric."""

from collections.abc import Callable
from dataclasses import replace

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.errors import Conflict, NotFound
from vivavoce.core.revisions import require_revision
from vivavoce.core.rubric import check_rubric, is_same_rubric
from vivavoce.services.foundation import Foundation

Edit = Callable[[AgentProfile], AgentProfile]


class AgentProfiles:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def get(self, organization_id: str, profile_id: str) -> AgentProfile:
        profile = await self._at.stores.read.agent_profiles.get(organization_id, profile_id)
        if profile is None:
            raise _unknown()
        return profile

    async def at_version(self, organization_id: str, profile_id: str, version: int) -> AgentProfile:
        """The profile with the rubric that it had then."""
        profiles = self._at.stores.read.agent_profiles
        await self.get(organization_id, profile_id)
        profile = await profiles.at_version(organization_id, profile_id, version)
        if profile is None:
            raise NotFound("rubric_version_not_found", "The rubric has no such version.")
        return profile

    async def page(
        self, organization_id: str, page: int = 1, page_size: int = 20
    ) -> tuple[tuple[AgentProfile, ...], int]:
        """One page, oldest first, and how many there are in all."""
        profiles = self._at.stores.read.agent_profiles
        total = await profiles.count(organization_id)
        return await profiles.page(organization_id, (page - 1) * page_size, page_size), total

    async def create(self, organization_id: str, wanted: AgentProfile) -> AgentProfile:
        """`wanted` without its id. Raises `Invalid` code `rubric`."""
        check_rubric(wanted)
        profile = replace(wanted, id=self._at.new_id(), rubric_version=1, revision=1)
        async with self._at.stores.transaction() as write:
            await write.agent_profiles.add(organization_id, profile, self._at.now())
        return profile

    async def change(
        self, organization_id: str, profile_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> AgentProfile:
        """Another rubric becomes its next version; sessions keep the one they ran with.

        Raises `Conflict` code `changed_meanwhile`, `Invalid` code `rubric`.
        """
        async with self._at.stores.transaction() as write:
            before = await write.agent_profiles.get(organization_id, profile_id)
            if before is None:
                raise _unknown()
            require_revision(before.revision, seen)
            edited = edit(before)
            check_rubric(edited)
            renewed = not is_same_rubric(before, edited)
            profile = replace(
                edited,
                id=before.id,
                rubric_version=before.rubric_version + renewed,
                revision=before.revision + 1,
            )
            await write.agent_profiles.change(organization_id, profile, self._at.now())
            if renewed:
                await write.agent_profiles.add_rubric(profile, self._at.now())
        return profile

    async def remove(
        self, organization_id: str, profile_id: str, seen: frozenset[int] | None
    ) -> None:
        """Raises `Conflict` codes `changed_meanwhile` and `agent_profile_in_use`."""
        async with self._at.stores.transaction() as write:
            profile = await write.agent_profiles.get(organization_id, profile_id)
            if profile is None:
                raise _unknown()
            require_revision(profile.revision, seen)
            if await write.agent_profiles.is_in_use(profile_id):
                message = "A template or a stage still uses this agent profile."
                raise Conflict("agent_profile_in_use", message)
            await write.agent_profiles.remove(organization_id, profile_id, self._at.now())


def _unknown() -> NotFound:
    return NotFound("agent_profile_not_found", "This agent profile does not exist.")
