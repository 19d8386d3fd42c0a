"""Ordering one interview for a known participant: who leads it, in which process, until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vivavoce.core.campaign import Campaign
from vivavoce.core.errors import Conflict, Invalid, Issue, NotFound, Unprocessable
from vivavoce.core.launch_rules import INVITATION_LIFE_SECONDS
from vivavoce.core.session import (
    Application,
    ApplicationStatus,
    Channel,
    Session,
    Stage,
)
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services import session_changes
from vivavoce.services.campaigns import own_campaign, require_taking
from vivavoce.services.foundation import Foundation
from vivavoce.services.ownership import own_participant, own_template

INVITATION_LIFE = timedelta(days=7)
LONGEST_INVITATION_LIFE = timedelta(seconds=INVITATION_LIFE_SECONDS)


@dataclass(frozen=True)
class InterviewOrder:
    """What is None is chosen: the first stage, the stage's interviewer, a week."""

    participant_id: str
    template_id: str
    campaign_id: str | None = None
    stage_id: str | None = None
    agent_profile_id: str | None = None
    expires_at: datetime | None = None
    withhold_invitation: bool = False


class Scheduling:
    def __init__(self, foundation: Foundation) -> None:
        self._at = foundation

    async def order(self, organization_id: str, order: InterviewOrder) -> Session:
        """Raises `NotFound` for what is not the organization's, `Unprocessable` for what does not
        belong together, `Conflict` for what takes no interviews now, `Invalid` code `expires_at`.
        """
        async with self._at.stores.transaction() as write:
            stored = await _template(write, organization_id, order.template_id)
            participant = await own_participant(write, organization_id, order.participant_id)
            campaign = await self._campaign(write, organization_id, order)
            stage = await _stage(write, stored, order.stage_id)
            profile_id = order.agent_profile_id or (
                stage.agent_profile_id if stage else stored.template.agent_profile_id
            )
            session = Session(
                id=self._at.new_id(),
                organization_id=organization_id,
                template_id=order.template_id,
                participant_id=participant.id,
                language=stored.template.language,
                channel=Channel.WEB,
                rubric_version=await _rubric_version(write, organization_id, profile_id),
                created_at=self._at.now(),
                stage_id=stage.id if stage else None,
                stage=stage.key if stage else "interview",
                external_id=participant.external_id,
                agent_profile_id=profile_id,
                campaign_id=order.campaign_id,
                expires_at=self._expiry(order.expires_at, campaign),
                invitation_withheld=order.withhold_invitation,
            )
            await write.participants.ensure_application(self._application(session))
            await session_changes.create(self._at, write, session)
        return session

    def _expiry(self, told: datetime | None, campaign: Campaign | None) -> datetime:
        """No later than the campaign's end."""
        now, ends_at = self._at.now(), campaign.ends_at if campaign else None
        if told is None:
            usual = now + INVITATION_LIFE
            return usual if ends_at is None else min(usual, ends_at)
        if not now < told <= now + LONGEST_INVITATION_LIFE:
            days = LONGEST_INVITATION_LIFE.days
            issue = Issue(("expiresAt",), f"It must lie ahead, and within {days} days.")
            raise Invalid("expires_at", "An invitation cannot expire at that time.", (issue,))
        if campaign is not None and campaign.ends_before(told):
            issue = Issue(("expiresAt",), "It must not lie after the end of the campaign.")
            raise Invalid("expires_at", "An invitation cannot expire at that time.", (issue,))
        return told

    async def _campaign(
        self, write: Tables, organization_id: str, order: InterviewOrder
    ) -> Campaign | None:
        if order.campaign_id is None:
            return None
        campaign = await own_campaign(write, organization_id, order.campaign_id)
        if campaign.template_id != order.template_id:
            raise Unprocessable("campaign_of_another_job", "This campaign is for another job.")
        require_taking(campaign, self._at.now())
        return campaign

    def _application(self, session: Session) -> Application:
        return Application(
            id=self._at.new_id(),
            organization_id=session.organization_id,
            participant_id=session.participant_id,
            template_id=session.template_id,
            status=ApplicationStatus.SCHEDULED,
            created_at=session.created_at,
        )


async def _template(write: Tables, organization_id: str, template_id: str) -> StoredTemplate:
    stored = await own_template(write, organization_id, template_id)
    if stored.template.status != "active":
        raise Conflict("interview_closed", "This job takes no interviews yet.")
    return stored


async def _stage(write: Tables, stored: StoredTemplate, stage_id: str | None) -> Stage | None:
    stages = await write.templates.stages(stored.template.id)
    if stage_id is None:
        return stages[0] if stages else None
    for stage in stages:
        if stage.id == stage_id:
            return stage
    raise Unprocessable("stage_of_another_job", "This job has no such stage.")


async def _rubric_version(write: Tables, organization_id: str, profile_id: str) -> int:
    profile = await write.agent_profiles.get(organization_id, profile_id)
    if profile is None:
        raise NotFound("agent_profile_not_found", "This interview configuration does not exist.")
    return profile.rubric_version
