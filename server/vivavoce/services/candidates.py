"""Participants as people: known to the organization, whether or not they are asked for anything."""

from dataclasses import dataclass, replace

from vivavoce.core.errors import Conflict
from vivavoce.core.session import Participant, ParticipantFilter
from vivavoce.services.enrolment import add_participant
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_participant


@dataclass(frozen=True)
class NewCandidate:
    first_name: str
    last_name: str
    email: str
    external_id: str | None = None
    phone: str | None = None
    locale: str | None = None
    source: str | None = None
    resume_url: str | None = None

    def fill(self, before: Participant) -> Participant:
        """`before` with everything that this says; nothing else of it changes."""
        return replace(
            before,
            name=f"{self.first_name} {self.last_name}".strip(),
            email=self.email.lower() or None,
            external_id=self.external_id,
            first_name=self.first_name,
            last_name=self.last_name,
            phone=self.phone,
            locale=self.locale,
            source=self.source,
            resume_url=self.resume_url,
        )


class Candidates:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def create(self, organization_id: str, wanted: NewCandidate) -> Participant:
        """Raises `Conflict` code `candidate_exists` when the address is known already."""
        blank = Participant(
            id=self._at.new_id(),
            organization_id=organization_id,
            template_id=None,
            name="",
            created_at=self._at.now(),
        )
        participant = wanted.fill(blank)
        async with self._at.stores.transaction() as write:
            if await write.participants.at_large(organization_id, wanted.email.lower()):
                raise Conflict("candidate_exists", "A candidate with this address exists already.")
            await add_participant(self._at, write, participant)
        return participant

    async def get(self, organization_id: str, participant_id: str) -> Participant:
        """Raises `NotFound` code `participant_not_found`."""
        return await own_participant(self._at.stores.read, organization_id, participant_id)

    async def page(
        self, organization_id: str, chosen: ParticipantFilter
    ) -> tuple[tuple[Participant, ...], int]:
        """One page, newest first, and how many there are in all."""
        participants = self._at.stores.read.participants
        total = await participants.count(organization_id, chosen)
        return await participants.page(organization_id, chosen), total
