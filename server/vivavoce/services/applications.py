"""Applications: who is considered for which template, and what people decide about them."""

from dataclasses import dataclass, replace

from vivavoce.core.applications import Decision, decided
from vivavoce.core.errors import Conflict, NotFound
from vivavoce.core.revisions import require_revision
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import Application, ApplicationFilter, ApplicationStatus, Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.ports.stores import Tables
from vivavoce.services import progression, session_changes
from vivavoce.services.foundation import Foundation

# An approval that led on to the next interview has scheduled it.
_APPROVED = (ApplicationStatus.APPROVED, ApplicationStatus.SCHEDULED)
_EVENTS = {Decision.APPROVE: "application.approved", Decision.REJECT: "application.rejected"}


@dataclass(frozen=True)
class StageResult:
    """The latest session of a stage."""

    session: Session
    scorecard: Scorecard | None


@dataclass(frozen=True)
class ApplicationRecord:
    application: Application
    external_id: str | None
    stages: tuple[StageResult, ...]  # the newest session last


@dataclass(frozen=True)
class Ruling:
    """A decision and the person who answers for it."""

    decision: Decision
    decided_by: str | None = None
    note: str | None = None


class Applications:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def get(self, organization_id: str, application_id: str) -> ApplicationRecord:
        """Raises `NotFound` code `application_not_found`."""
        application = await _own(self._at.stores.read, organization_id, application_id)
        return (await self._records((application,)))[0]

    async def page(
        self, organization_id: str, chosen: ApplicationFilter
    ) -> tuple[tuple[ApplicationRecord, ...], int]:
        """One page, newest first, and how many there are in all."""
        applications = self._at.stores.read.applications
        total = await applications.count(organization_id, chosen)
        page = await applications.page(organization_id, chosen)
        return await self._records(page), total

    async def decide(
        self, organization_id: str, application_id: str, seen: frozenset[int] | None, ruling: Ruling
    ) -> ApplicationRecord:
        """A refusal also cancels the interviews that have not begun. Repeating it changes nothing.

        Raises `Conflict` codes `application_state` and `changed_meanwhile`.
        """
        async with self._at.stores.transaction() as write:
            before = await _own(write, organization_id, application_id)
            require_revision(before.revision, seen)
            if not await _is_repeated(write, before, ruling):
                await self._decide(write, before, ruling)
        return await self.get(organization_id, application_id)

    async def _decide(self, write: Tables, before: Application, ruling: Ruling) -> None:
        status = decided(before.status, ruling.decision)
        if ruling.decision is not Decision.APPROVE:
            await cancel_waiting(self._at, write, before)
        application = replace(
            before,
            status=status,
            decided_at=self._at.now(),
            decided_by=ruling.decided_by,
            decision_note=ruling.note,
            revision=before.revision + 1,
        )
        await write.applications.change(application)
        if ruling.decision in _EVENTS:
            await self._announce(write, application, _EVENTS[ruling.decision])
        if ruling.decision is Decision.APPROVE:
            await progression.after_approval(self._at, write, application)

    async def _announce(self, write: Tables, application: Application, name: str) -> None:
        participant = await write.participants.get(application.participant_id)
        payload = {
            "application": {
                "id": application.id,
                "status": application.status,
                "candidate_id": application.participant_id,
                "evaluation_template_id": application.template_id,
                "external_id": participant.external_id if participant else None,
            }
        }
        await write.outbox.add(self._at.event(application.organization_id, name, payload))

    async def _records(
        self, applications: tuple[Application, ...]
    ) -> tuple[ApplicationRecord, ...]:
        read = self._at.stores.read
        people = {application.participant_id for application in applications}
        external_ids = await read.participants.external_ids(people)
        latest: dict[tuple[str, str], dict[tuple[str | None, str], Session]] = {}
        for session in await read.sessions.of_participants(people):
            stages = latest.setdefault((session.participant_id, session.template_id), {})
            stage = (session.stage_id, session.stage)
            stages.pop(stage, None)  # the newest session comes last
            stages[stage] = session
        shown = [session for stages in latest.values() for session in stages.values()]
        cards = await read.scorecards.of_sessions(session.id for session in shown)
        return tuple(
            ApplicationRecord(
                application,
                external_ids.get(application.participant_id),
                tuple(
                    StageResult(session, cards[session.id][0] if session.id in cards else None)
                    for session in latest.get(
                        (application.participant_id, application.template_id), {}
                    ).values()
                ),
            )
            for application in applications
        )


async def cancel_waiting(foundation: Foundation, write: Tables, application: Application) -> None:
    """Raises `Conflict` code `application_state` while an interview is in progress."""
    for session in await write.sessions.of_participant(application.participant_id):
        if session.template_id != application.template_id:
            continue
        if session.status is SessionStatus.IN_PROGRESS:
            raise Conflict("application_state", "An interview is in progress; wait for its end.")
        if session.status is SessionStatus.SCHEDULED:
            await session_changes.cancel(foundation, write, session)


async def _is_repeated(write: Tables, before: Application, ruling: Ruling) -> bool:
    match ruling.decision:
        case Decision.APPROVE:
            return before.status in _APPROVED and await _stands(write, before)
        case Decision.REJECT:
            return before.status == "rejected"
        case Decision.WITHDRAW:
            return before.status == "withdrawn"


async def _stands(write: Tables, application: Application) -> bool:
    """Whether no interview has ended since the decision, so that there is nothing new to decide."""
    decided_at = application.decided_at
    if decided_at is None:
        return False
    ended = [
        session.ended_at
        for session in await write.sessions.of_participant(application.participant_id)
        if session.template_id == application.template_id and session.ended_at is not None
    ]
    return all(at <= decided_at for at in ended)


async def _own(tables: Tables, organization_id: str, application_id: str) -> Application:
    application = await tables.applications.get(organization_id, application_id)
    if application is None:
        raise NotFound("application_not_found", "This application does not exist.")
    return application
