"""Moving candidates on to the next stage, in the transaction of the fact that moves them."""

from datetime import datetime, timedelta

from vivavoce.core.errors import Invalid, Issue
from vivavoce.core.progression import (
    Step,
    has_gone_beyond,
    invites,
    next_stage,
    passes,
    step_after_approval,
    step_after_score,
)
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import Application, ApplicationStatus, Channel, Session, Stage
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.campaigns import is_taking, require_begin
from vivavoce.services.enrolment import open_first_session
from vivavoce.services.foundation import Foundation

INVITATION_LIFE = timedelta(days=7)


async def after_score(
    foundation: Foundation, write: Tables, session: Session, card: Scorecard
) -> Session | None:
    """The session of the next stage, when the rule of this one makes it."""
    stage = await _stage_of(write, session)
    application = await _application_of(write, session)
    if stage is None or application is None:
        return None
    passed = await _passed(write, session, stage, card)
    step = step_after_score(stage, passed=passed, application=application.status)
    if step is Step.AWAIT_APPROVAL and _was_approved_since(application, session):
        step = Step.ADVANCE
    return await _advance(foundation, write, session, stage) if step is Step.ADVANCE else None


async def after_approval(
    foundation: Foundation, write: Tables, application: Application
) -> Session | None:
    """The session of the next stage, when the latest one waited for this approval; the first one,
    when somebody has applied by themselves.

    Raises `Invalid` code `reviewer_unnamed`: a pipeline that wants a person wants to know which;
    `Conflict` code `campaign_closed` where the next stage would open in a campaign that is over,
    and `interview_closed` when the first one cannot be opened any more.
    """
    held = [
        session
        for session in await write.sessions.of_participant(application.participant_id)
        if session.template_id == application.template_id
    ]
    if application.applied_at is not None and all(map(_came_to_nothing, held)):
        return await open_first_session(foundation, write, application)
    scored = [(session, await write.scorecards.get(session.id)) for session in held]
    for session, card in reversed(scored):
        stage = await _stage_of(write, session)
        if card is None or stage is None:
            continue
        if step_after_approval(stage, card[0]) is Step.ADVANCE:
            await require_begin(write, session, foundation.now())
            advanced = await _advance(foundation, write, session, stage)
            _require_named(application, advanced)
            return advanced
        return None
    return None


def _came_to_nothing(session: Session) -> bool:
    return session.status is SessionStatus.CANCELLED


def _require_named(application: Application, advanced: Session | None) -> None:
    if advanced is not None and not application.decided_by:
        issue = Issue(("decided_by",), "Say who approves: this stage asks for a person.")
        raise Invalid("reviewer_unnamed", "An approval here needs a name.", (issue,))


async def _advance(
    foundation: Foundation, write: Tables, session: Session, stage: Stage
) -> Session | None:
    stages = await write.stages.of_template(session.template_id)
    following = next_stage(stages, stage)
    others = await write.sessions.of_participant(session.participant_id)
    if following is None or has_gone_beyond(others, stages, stage):
        return None
    now = foundation.now()
    if not await is_taking(write, session, now):
        return None
    profile = await write.agent_profiles.get(session.organization_id, following.agent_profile_id)
    if profile is None:
        return None
    advanced = Session(
        id=foundation.new_id(),
        organization_id=session.organization_id,
        template_id=session.template_id,
        participant_id=session.participant_id,
        language=session.language,
        channel=Channel.WEB,
        rubric_version=profile.rubric_version,
        created_at=now,
        stage_id=following.id,
        stage=following.key,
        external_id=session.external_id,
        return_url=session.return_url,
        meta=session.meta,
        agent_profile_id=following.agent_profile_id,
        campaign_id=session.campaign_id,
        expires_at=await _expiry(write, session, now),
        invitation_withheld=not invites(following),
        timezone=session.timezone,
    )
    await session_changes.create(foundation, write, advanced)
    return advanced


async def _expiry(write: Tables, session: Session, now: datetime) -> datetime | None:
    """A week, and no longer than the campaign; none where the interview before had none."""
    if session.expires_at is None:
        return None
    usual, campaign = now + INVITATION_LIFE, None
    if session.campaign_id is not None:
        campaign = await write.campaigns.get(session.organization_id, session.campaign_id)
    return min(usual, campaign.ends_at) if campaign and campaign.ends_at else usual


async def _stage_of(write: Tables, session: Session) -> Stage | None:
    if session.stage_id is None:
        return None
    return await write.stages.get(session.organization_id, session.stage_id)


async def _application_of(write: Tables, session: Session) -> Application | None:
    for application in await write.applications.of_participant(session.participant_id):
        if application.template_id == session.template_id:
            return application
    return None


async def _passed(write: Tables, session: Session, stage: Stage, card: Scorecard) -> bool:
    stored = await write.templates.get(session.template_id)
    if stored is None:
        return False
    profile = await write.agent_profiles.at_version(
        session.organization_id,
        session.agent_profile_id or stored.template.agent_profile_id,
        session.rubric_version,
    )
    return profile is not None and passes(stage, card, profile.scoring.scale)


def _was_approved_since(application: Application, session: Session) -> bool:
    """Somebody may decide while the score is still being written."""
    decided_at, ended_at = application.decided_at, session.ended_at
    if application.status is not ApplicationStatus.APPROVED or decided_at is None:
        return False
    return ended_at is not None and decided_at >= ended_at
