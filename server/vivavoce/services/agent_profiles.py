"""Reading agent profiles within one organization."""

from vivavoce.core.agent_profile import AgentProfile
from vivavoce.core.errors import NotFound
from vivavoce.services.foundation import Foundation


class AgentProfiles:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def get(self, organization_id: str, profile_id: str) -> AgentProfile:
        profile = await self._at.stores.read.agent_profiles.get(organization_id, profile_id)
        if profile is None:
            raise NotFound("agent_profile_not_found", "This agent profile does not exist.")
        return profile

    async def page(
        self, organization_id: str, page: int = 1, page_size: int = 20
    ) -> tuple[tuple[AgentProfile, ...], int]:
        """One page, oldest first, and how many there are in all."""
        profiles = self._at.stores.read.agent_profiles
        total = await profiles.count(organization_id)
        return await profiles.page(organization_id, (page - 1) * page_size, page_size), total
