"""Sessions, turns, scorecards and campaigns under Evalyo's names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from vivavoce.core.campaign import Campaign
from vivavoce.core.scorecard import DimensionResult, Scorecard
from vivavoce.core.session import Participant, Session
from vivavoce.core.timestamps import to_text
from vivavoce.core.transcript import AgentNotes, Speaker, Turn
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.reports import ReportStatus, report_status
from vivavoce.services.sessions import SessionRecord
from vivavoce.web.compat.evalyo_status import interview_status

_READ_ONLY = frozenset({"id", "createdAt", "durationMinutes"})
_ROLES = {Speaker.INTERVIEWER: "agent", Speaker.CANDIDATE: "candidate"}


def interview_summary(record: SessionRecord, now: datetime) -> dict[str, Any]:
    session, card = record.session, record.scorecard
    return {
        "id": session.id,
        "status": interview_status(session, now),
        "failureReason": session.failure_reason,
        "candidateId": session.participant_id,
        "jobId": session.template_id,
        "campaignId": session.campaign_id,
        "stageId": session.stage_id,
        "configId": session.agent_profile_id,
        "language": session.language,
        "interviewUrl": record.join_url,
        "createdAt": to_text(session.created_at),
        "scheduledAt": _time(session.scheduled_at),
        "expiresAt": _time(session.expires_at),
        "startedAt": _time(session.started_at),
        "endedAt": _time(session.ended_at),
        "durationSeconds": _seconds(session),
        "overallScore": card.score if card else None,
        "recommendation": card.recommendation if card else None,
        "reportId": report_id(record),
    }


def interview_details(record: SessionRecord, now: datetime) -> dict[str, Any]:
    return {
        **interview_summary(record, now),
        "evaluation": evaluation_view(record.scorecard) if record.scorecard else None,
        "transcript": turn_views(record.turns),
        "audioUrl": record.recording_url,
    }


def turn_views(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    return [turn_view(turn) for turn in turns]


def turn_view(turn: Turn) -> dict[str, Any]:
    notes = turn.notes or AgentNotes()
    return {
        "turnNumber": turn.number,
        "role": _ROLES[turn.speaker],
        "content": turn.text,
        "audioUrl": notes.audio_url,
        "isPendingQuestion": notes.awaits_answer,
        "evaluation": notes.evaluation,
        "startMs": turn.start_ms,
        "endMs": turn.end_ms,
    }


def evaluation_view(card: Scorecard) -> dict[str, Any]:
    return {
        "overallScore": card.score,
        "passed": card.passed,
        "recommendation": card.recommendation,
        "summary": card.ai_feedback,
        "coverage": card.coverage,
        "reasons": list(card.reasons),
        "criteria": [_criterion(result) for result in card.dimensions],
    }


def report_view(record: SessionRecord) -> dict[str, Any]:
    """All of the evaluation, or nulls in its place while it is being written."""
    session, card = record.session, record.scorecard
    empty = dict.fromkeys(
        ("overallScore", "passed", "recommendation", "summary", "coverage", "reasons", "criteria")
    )
    return {
        "id": session.id,
        "interviewId": session.id,
        "candidateId": session.participant_id,
        "jobId": session.template_id,
        "campaignId": session.campaign_id,
        "status": report_status(record),
        **(evaluation_view(card) if card else empty),
        "turnEvaluations": [
            {"turnNumber": turn.number, "evaluation": turn.notes.evaluation}
            for turn in record.turns
            if turn.notes is not None and turn.notes.evaluation is not None
        ],
        "evidence": dict(card.evidence) if card else {},
        "createdAt": _time(record.scored_at),
    }


def report_id(record: SessionRecord) -> str | None:
    """A session has one report, which bears its name."""
    return None if report_status(record) is ReportStatus.NONE else record.session.id


def writable(view: Mapping[str, Any]) -> dict[str, Any]:
    """What of an object its client may send back with changes; what is not known is left out."""
    return {
        name: value for name, value in view.items() if name not in _READ_ONLY and value is not None
    }


def campaign_view(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "jobId": campaign.template_id,
        "description": campaign.description,
        "status": campaign.status.upper(),
        "startsAt": _time(campaign.starts_at),
        "endsAt": _time(campaign.ends_at),
        "createdAt": to_text(campaign.created_at),
    }


def candidate_view(participant: Participant) -> dict[str, Any]:
    first, _, last = participant.name.partition(" ")
    return {
        "id": participant.id,
        "firstName": first if participant.first_name is None else participant.first_name,
        "lastName": last if participant.last_name is None else participant.last_name,
        "email": participant.email,
        "phone": participant.phone,
        "locale": participant.locale,
        "cvUrl": participant.resume_url,
        "source": participant.source,
        "externalId": participant.external_id,
        "createdAt": to_text(participant.created_at),
    }


def job_view(stored: StoredTemplate) -> dict[str, Any]:
    template = stored.template
    return {
        "id": template.id,
        "title": template.name,
        "description": template.description,
        "location": template.stored.get("location"),
        "language": template.language,
        "status": template.status.upper(),
        "seniority": template.seniority,
        "configId": template.agent_profile_id,
        "durationMinutes": template.duration_minutes,
        "questions": [question.text for question in template.questions],
    }


def _criterion(result: DimensionResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "score": result.score,
        "weight": result.weight,
        "level": result.level,
        "spread": result.spread,
        "feedback": result.feedback,
        "citations": [
            {
                "turnNumber": citation.turn,
                "quote": citation.quote,
                "startMs": citation.start_ms,
                "endMs": citation.end_ms,
            }
            for citation in result.citations
        ],
    }


def _seconds(session: Session) -> int | None:
    return None if session.duration_ms is None else round(session.duration_ms / 1000)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
