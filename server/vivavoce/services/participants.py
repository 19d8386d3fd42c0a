"""Participants: the people to be evaluated, each known under one template or none yet."""

from collections.abc import Callable
from dataclasses import replace

from vivavoce.core.applications import CLOSED
from vivavoce.core.errors import Conflict, Invalid, Issue
from vivavoce.core.participant_details import ParticipantDetails
from vivavoce.core.revisions import require_revision
from vivavoce.core.session import ApplicationStatus, Participant, ParticipantFilter
from vivavoce.ports.stores import Tables
from vivavoce.services.applications import cancel_waiting
from vivavoce.services.enrolment import add_participant, apply
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge import forget_resume
from vivavoce.services.ownership import own_participant, own_template

ERASED_NAME = "Deleted participant"

Edit = Callable[[Participant], Participant]


class Participants:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

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

    async def create(self, organization_id: str, edit: Edit) -> Participant:
        """`edit` fills in who it is.

        Raises `NotFound` code `template_not_found`, `Conflict` code `participant_exists`.
        """
        blank = Participant(
            id=self._at.new_id(),
            organization_id=organization_id,
            template_id=None,
            name="",
            created_at=self._at.now(),
        )
        participant = edit(blank)
        async with self._at.stores.transaction() as write:
            if participant.template_id is not None:
                await own_template(write, organization_id, participant.template_id)
            await _require_new(write, participant)
            await add_participant(self._at, write, participant)
        return participant

    async def change(
        self, organization_id: str, participant_id: str, seen: frozenset[int] | None, edit: Edit
    ) -> Participant:
        """Raises `Conflict` codes `changed_meanwhile` and `participant_exists`, `Invalid` code
        `participant_template` for another template than the one that is set.
        """
        async with self._at.stores.transaction() as write:
            before = await own_participant(write, organization_id, participant_id)
            require_revision(before.revision, seen)
            participant = replace(edit(before), revision=before.revision + 1)
            if before.template_id not in {None, participant.template_id}:
                issue = Issue(("evaluation_template_id",), "It cannot be changed any more.")
                raise Invalid("participant_template", "A participant keeps its template.", (issue,))
            if participant.template_id is not None:
                await own_template(write, organization_id, participant.template_id)
            await _require_new(write, participant)
            await write.participants.change(participant)
            await write.mail.readdress(participant.id, participant.name, participant.email)
            await apply(self._at, write, participant)
        return participant

    async def remove(
        self, organization_id: str, participant_id: str, seen: frozenset[int] | None
    ) -> None:
        """Forget who it is; sessions that were held stay, those that have not begun are cancelled.

        Raises `Conflict` codes `changed_meanwhile`, and `application_state` during an interview.
        """
        async with self._at.stores.transaction() as write:
            participant = await own_participant(write, organization_id, participant_id)
            require_revision(participant.revision, seen)
            for application in await write.applications.of_participant(participant_id):
                await cancel_waiting(self._at, write, application)
                if application.status not in CLOSED:
                    withdrawn = replace(
                        application,
                        status=ApplicationStatus.WITHDRAWN,
                        revision=application.revision + 1,
                    )
                    await write.applications.change(withdrawn)
            await write.participants.change(self._erased(participant))
            await forget_resume(self._at, write, participant_id)
            await write.mail.forget(participant_id, self._at.now())
            if participant.email is not None:
                open_requests = await write.apply_requests.remove_of(
                    organization_id, participant.email
                )
                await write.mail.forget_codes(open_requests, self._at.now())

    def _erased(self, participant: Participant) -> Participant:
        # Without address and number of its own, the same person can be added anew.
        return Participant(
            id=participant.id,
            organization_id=participant.organization_id,
            template_id=participant.template_id,
            name=ERASED_NAME,
            created_at=participant.created_at,
            details=ParticipantDetails(),
            revision=participant.revision + 1,
            deleted_at=self._at.now(),
        )


async def _require_new(write: Tables, participant: Participant) -> None:
    """Raises `Conflict` code `participant_exists` when address or number are somebody else's."""
    issues = []
    if await _by_email(write, participant) not in {None, participant.id}:
        issues.append(Issue(("email",), "Another participant has this address."))
    if await _by_external_id(write, participant) not in {None, participant.id}:
        issues.append(Issue(("external_id",), "Another participant has this id."))
    if issues:
        raise Conflict("participant_exists", "This participant exists already.", tuple(issues))


async def _by_email(write: Tables, participant: Participant) -> str | None:
    email, template_id = participant.email, participant.template_id
    if email is None:
        return None
    if template_id is None:
        known = await write.participants.at_large(participant.organization_id, email)
    else:
        known = await write.participants.by_email(template_id, email)
    return None if known is None else known.id


async def _by_external_id(write: Tables, participant: Participant) -> str | None:
    if participant.external_id is None or participant.template_id is None:
        return None
    known = await write.participants.by_external_id(
        participant.template_id, participant.external_id
    )
    return None if known is None else known.id
