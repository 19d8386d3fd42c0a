"""Ordering a session of the pipeline: once per key, in the right stage, not beside another one."""

from dataclasses import dataclass
from datetime import datetime

from vivavoce.core.applications import CLOSED
from vivavoce.core.campaign import Campaign
from vivavoce.core.errors import Conflict, Invalid, Issue, NotFound, Unprocessable
from vivavoce.core.session import Application, Channel, Participant, Session, Stage
from vivavoce.core.session_lifecycle import SessionStatus, is_terminal
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services import session_changes
from vivavoce.services.appointments import parse_appointment
from vivavoce.services.campaigns import own_campaign, require_taking
from vivavoce.services.enrolment import apply_for
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_participant, own_template


@dataclass(frozen=True)
class SessionOrder:
    """`stage` is the label to keep; without `stage_id` it also chooses the stage, by its key."""

    participant_id: str
    template_id: str
    stage: str
    stage_id: str | None = None
    idempotency_key: str | None = None
    scheduled_at: datetime | None = None
    timezone: str | None = None
    language: str | None = None
    notes: str | None = None
    force: bool = False
    campaign_id: str | None = None


class SessionOrders:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def place(self, organization_id: str, order: SessionOrder) -> tuple[Session, bool]:
        """The session, and whether it is new: the same idempotency key finds the first one again.

        Raises `NotFound` and `Unprocessable` for what is not there or does not belong together,
        `Conflict` codes `session_exists`, `application_closed`, `interview_closed`,
        `campaign_closed` and `idempotency_key_used`, `Invalid` codes `scheduled_at` and `timezone`.
        """
        async with self._at.stores.transaction() as write:
            first = await self._first(write, organization_id, order)
            if first is not None:
                return first, False
            return await self._open(write, organization_id, order), True

    async def _first(
        self, write: Tables, organization_id: str, order: SessionOrder
    ) -> Session | None:
        if order.idempotency_key is None:
            return None
        first = await write.sessions.by_idempotency_key(organization_id, order.idempotency_key)
        if first is None:
            return None
        if (first.participant_id, first.template_id, first.stage) != (
            order.participant_id,
            order.template_id,
            order.stage,
        ):
            issue = Issue(("idempotency_key",), "It belongs to a session of somebody else.")
            raise Conflict("idempotency_key_used", "This key was used for another one.", (issue,))
        return first

    async def _open(self, write: Tables, organization_id: str, order: SessionOrder) -> Session:
        scheduled_at = parse_appointment(order.scheduled_at, order.timezone, self._at.now())
        stored = await own_template(write, organization_id, order.template_id)
        participant = await own_participant(write, organization_id, order.participant_id)
        _require_fitting(stored, participant)
        earlier = [
            session
            for session in await write.sessions.of_participant(participant.id)
            if session.template_id == order.template_id
        ]
        stages = await write.stages.of_template(order.template_id)
        stage = _chosen(stages, order, earlier)
        if not order.force:
            _require_no_other(earlier, stage, order)
        campaign = await self._campaign(write, stored, order)
        await self._require_open(write, stored, participant)
        profile_id = stage.agent_profile_id if stage else stored.template.agent_profile_id
        session = Session(
            id=self._at.new_id(),
            organization_id=organization_id,
            template_id=order.template_id,
            participant_id=participant.id,
            language=order.language or stored.template.language,
            channel=Channel.WEB,
            rubric_version=await _rubric_version(write, organization_id, profile_id),
            created_at=self._at.now(),
            stage_id=stage.id if stage else None,
            stage=order.stage,
            external_id=participant.external_id,
            agent_profile_id=profile_id,
            scheduled_at=scheduled_at,
            timezone=order.timezone,
            notes=order.notes,
            idempotency_key=order.idempotency_key,
            campaign_id=order.campaign_id,
            expires_at=campaign.ends_at if campaign else None,
        )
        await session_changes.create(self._at, write, session)
        return session

    async def _campaign(
        self, write: Tables, stored: StoredTemplate, order: SessionOrder
    ) -> Campaign | None:
        if order.campaign_id is None:
            return None
        campaign = await own_campaign(write, stored.organization_id, order.campaign_id)
        if campaign.template_id != stored.template.id:
            issue = Issue(("campaign_id",), "The campaign is for another template.")
            message = "These two do not belong together."
            raise Unprocessable("campaign_of_another_template", message, (issue,))
        require_taking(campaign, self._at.now())
        if order.scheduled_at is not None and not campaign.covers(order.scheduled_at):
            issue = Issue(("scheduled_at",), "It must lie within the campaign.")
            raise Invalid("scheduled_at", "The campaign is not open at that time.", (issue,))
        return campaign

    async def _require_open(
        self, write: Tables, stored: StoredTemplate, participant: Participant
    ) -> None:
        if stored.template.status != "active":
            raise Conflict("interview_closed", "This evaluation template is not active.")
        await apply_for(self._at, write, participant, stored.template.id)
        for application in await write.applications.of_participant(participant.id):
            _require_considered(application, stored.template.id)


def _require_considered(application: Application, template_id: str) -> None:
    if application.template_id == template_id and application.status in CLOSED:
        message = f"The application of this participant is {application.status}."
        raise Conflict("application_closed", message)


def _require_fitting(stored: StoredTemplate, participant: Participant) -> None:
    if participant.template_id not in {None, stored.template.id}:
        issue = Issue(("evaluation_template_id",), "The participant belongs to another template.")
        raise Unprocessable(
            "participant_of_another_template", "These two do not belong together.", (issue,)
        )


def _chosen(stages: tuple[Stage, ...], order: SessionOrder, earlier: list[Session]) -> Stage | None:
    """The stage that is named, by id or by key; else the first that was not completed yet."""
    if order.stage_id is not None:
        for stage in stages:
            if stage.id == order.stage_id:
                return stage
        issue = Issue(("interview_id",), "The evaluation template has no such stage.")
        raise Unprocessable("stage_of_another_template", "There is no such stage here.", (issue,))
    label = order.stage.casefold()
    for stage in stages:
        if label in {stage.key.casefold(), stage.name.casefold()}:
            return stage
    completed = {one.stage_id for one in earlier if one.status is SessionStatus.COMPLETED}
    left = [stage for stage in stages if stage.id not in completed] or list(stages)
    return left[0] if left else None


def _require_no_other(earlier: list[Session], stage: Stage | None, order: SessionOrder) -> None:
    stage_id = stage.id if stage else None
    same = [one for one in earlier if one.stage_id == stage_id]
    if stage is None:
        same = [one for one in same if one.stage == order.stage]
    if any(not is_terminal(one.status) for one in same):
        message = "This participant has an open session of this stage; force makes another one."
        raise Conflict("session_exists", message)
    # An attempt that failed for a technical reason does not count.
    completed = any(one.status is SessionStatus.COMPLETED for one in same)
    if completed and not (stage and stage.allow_retake):
        message = "This stage was completed and allows no retake; force makes another one."
        raise Conflict("session_exists", message)


async def _rubric_version(write: Tables, organization_id: str, profile_id: str) -> int:
    profile = await write.agent_profiles.get(organization_id, profile_id)
    if profile is None:
        raise NotFound("agent_profile_not_found", "This agent profile does not exist.")
    return profile.rubric_version
