"""What is mailed to candidates, written in the transaction of what it tells."""

from datetime import datetime
from urllib.parse import urlsplit

from vivavoce.core.agent_profile import Scale
from vivavoce.core.mail import (
    Mail,
    Mailbox,
    MailFacts,
    MailKind,
    ResultFacts,
    ResultLine,
    is_address,
    one_line,
)
from vivavoce.core.mail_rules import deadline, mail_language, reminder_at
from vivavoce.core.progression import invites
from vivavoce.core.scorecard import Scorecard
from vivavoce.core.session import Channel, Conductor, Session
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.ports.stores import Tables
from vivavoce.services.foundation import Foundation

_HIGHEST = {Scale.TEN: 10, Scale.FIVE: 5, Scale.HUNDRED: 100}
_WITH_SCORE = frozenset({"minimal_with_score", "advanced", "full", "full_expand_scores"})
_WITH_DIMENSIONS = frozenset({"advanced", "full", "full_expand_scores"})
_WITH_FEEDBACK = frozenset({"full", "full_expand_scores"})


async def invite(foundation: Foundation, write: Tables, session: Session) -> Mail | None:
    """An invitation now and a reminder before its end; None for whom none is meant, or possible."""
    if not await is_by_link(write, session):
        return None
    now = foundation.now()
    invitation = await _mail(foundation, write, session, MailKind.INVITATION, now)
    if invitation is None:
        return None
    await write.mail.add(invitation)
    remind_at = reminder_at(now, deadline(invitation.facts, now))
    if remind_at is not None:
        reminder = await _mail(foundation, write, session, MailKind.REMINDER, remind_at)
        if reminder is not None:
            await write.mail.add(reminder)
    return invitation


async def session_moved(foundation: Foundation, write: Tables, session: Session) -> None:
    """Nobody is invited to what has begun or ended; who was, hears of a cancellation."""
    now = foundation.now()
    await write.mail.withdraw(session.id, now)
    if session.status is SessionStatus.CANCELLED and await write.mail.was_invited(session.id):
        cancellation = await _mail(foundation, write, session, MailKind.CANCELLATION, now)
        if cancellation is not None:
            await write.mail.add(cancellation)


async def tell_result(
    foundation: Foundation, write: Tables, session: Session, card: Scorecard
) -> None:
    """As much as the template's `result_view` says."""
    stored = await write.templates.get(session.template_id)
    if stored is None or stored.template.result_view == "none":
        return
    profile = await write.agent_profiles.at_version(
        session.organization_id,
        session.agent_profile_id or stored.template.agent_profile_id,
        session.rubric_version,
    )
    if profile is None:
        return
    view, output = stored.template.result_view, profile.output
    lines = tuple(
        ResultLine(
            one_line(each.name),
            each.score,
            each.feedback if view in _WITH_FEEDBACK and output.improvement_feedback else "",
        )
        for each in card.dimensions
        if view in _WITH_DIMENSIONS and output.score_breakdown
    )
    score = card.score if view in _WITH_SCORE else None
    result = ResultFacts(_HIGHEST[profile.scoring.scale], score, lines)
    now = foundation.now()
    mail = await _mail(foundation, write, session, MailKind.RESULT, now, result)
    if mail is not None:
        await write.mail.add(mail)


async def is_by_link(write: Tables, session: Session) -> bool:
    """Whether the candidate comes by a mailed link to an interview that we hold."""
    if session.channel is not Channel.WEB or session.conductor is not Conductor.BUILT_IN:
        return False
    if session.stage_id is None:
        return True
    stage = await write.stages.get(session.organization_id, session.stage_id)
    return stage is None or invites(stage)


async def _mail(
    foundation: Foundation,
    write: Tables,
    session: Session,
    kind: MailKind,
    due_at: datetime,
    result: ResultFacts | None = None,
) -> Mail | None:
    participant = await write.participants.get(session.participant_id)
    if participant is None or not is_address(participant.email or ""):
        return None
    mail_id = "mail_" + foundation.new_id()
    return Mail(
        id=mail_id,
        organization_id=session.organization_id,
        session_id=session.id,
        participant_id=session.participant_id,
        kind=kind,
        recipient=Mailbox(one_line(participant.name), participant.email or ""),
        language=mail_language(participant.locale, session.language),
        facts=await _facts(write, session, result),
        message_id=f"{mail_id}@{urlsplit(foundation.instance_url).hostname}",
        created_at=foundation.now(),
        due_at=due_at,
        not_after=session.expires_at if kind in {MailKind.INVITATION, MailKind.REMINDER} else None,
    )


async def _facts(write: Tables, session: Session, result: ResultFacts | None) -> MailFacts:
    organization = await write.organizations.get(session.organization_id)
    stored = await write.templates.get(session.template_id)
    minutes = stored.template.duration_minutes if stored else 0
    if session.stage_id is not None:
        stage = await write.stages.get(session.organization_id, session.stage_id)
        minutes = (stage.duration_minutes if stage else None) or minutes
    return MailFacts(
        organization=one_line(organization.name) if organization else "",
        interview=one_line(stored.template.name) if stored else "",
        slug=stored.slug if stored else session.template_id,
        stage_id=session.stage_id,
        minutes=minutes,
        scheduled_at=session.scheduled_at,
        timezone=session.timezone,
        expires_at=session.expires_at,
        result=result,
    )
