"""A session as the native API shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from vivavoce.core.expectations import ExpectationResult
from vivavoce.core.scorecard import Citation, DimensionResult, Scorecard
from vivavoce.core.timestamps import to_text
from vivavoce.core.transcript import Signal, Speaker, Turn, TurnLedger
from vivavoce.services.sessions import SessionRecord

_SPEAKERS = {Speaker.INTERVIEWER: "ai", Speaker.CANDIDATE: "participant"}


def session_view(
    record: SessionRecord, expectations: Sequence[ExpectationResult] = ()
) -> dict[str, Any]:
    """All fields; a record without turns has an empty transcript."""
    return {
        **summary_view(record),
        "transcript": [_turn_view(turn) for turn in record.turns],
        "authenticity_signals": _signals_view(record.signals),
        "stage_times": [_stage_times_view(ledger) for ledger in record.ledgers],
        "expectations": [_expectation_view(result) for result in expectations],
    }


def summary_view(record: SessionRecord) -> dict[str, Any]:
    session = record.session
    return {
        "id": session.id,
        "status": session.status,
        "evaluation_template_id": session.template_id,
        "candidate_id": session.participant_id,
        "external_id": session.external_id,
        "interview_id": session.stage_id,
        "stage": session.stage,
        "campaign_id": session.campaign_id,
        "language": session.language,
        "channel": session.channel,
        "join_url": record.join_url,
        **_scorecard_view(record.scorecard),
        "recording_url": record.recording_url,
        "duration_seconds": _seconds(session.duration_ms),
        "failure_reason": session.failure_reason,
        "meta": session.meta,
        "created_at": to_text(session.created_at),
        "scheduled_at": _time(session.scheduled_at),
        "timezone": session.timezone,
        "notes": session.notes,
        "started_at": _time(session.started_at),
        "ended_at": _time(session.ended_at),
        "scored_at": _time(record.scored_at),
        "evidence": {"rubric_version": session.rubric_version, **_evidence(record.scorecard)},
    }


def _scorecard_view(card: Scorecard | None) -> dict[str, Any]:
    return {
        "score": card.score if card else None,
        "passed": card.passed if card else None,
        "recommendation": card.recommendation if card else None,
        "ai_feedback": card.ai_feedback if card else None,
        "coverage": card.coverage if card else None,
        "reasons": list(card.reasons) if card else [],
        "evaluation_breakdown": [_dimension_view(one) for one in card.dimensions] if card else [],
    }


def _dimension_view(result: DimensionResult) -> dict[str, Any]:
    return {
        "name": result.name,
        "score": result.score,
        "weight": result.weight,
        "level": result.level,
        "spread": result.spread,
        "feedback": result.feedback,
        "citations": _citation_views(result.citations),
    }


def _expectation_view(result: ExpectationResult) -> dict[str, Any]:
    return {
        "question": result.question,
        "expectation": result.expectation,
        "status": result.standing,
        "citations": _citation_views(result.citations),
    }


def _citation_views(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    return [
        {
            "turn": citation.turn,
            "quote": citation.quote,
            "start_ms": citation.start_ms,
            "end_ms": citation.end_ms,
        }
        for citation in citations
    ]


def _stage_times_view(ledger: TurnLedger) -> dict[str, Any]:
    return {
        "turn": ledger.turn,
        "commit_reason": ledger.commit_reason,
        "soft_end_ms": ledger.soft_end_ms,
        "commit_ms": ledger.commit_ms,
        "transcript_ms": ledger.transcript_ms,
        "first_token_ms": ledger.first_token_ms,
        "first_clause_ms": ledger.first_clause_ms,
        "first_audio_sent_ms": ledger.first_audio_sent_ms,
        "first_audio_played_ms": ledger.first_audio_played_ms,
        "interruptions": ledger.interruptions,
        "audio_gaps": ledger.audio_gaps,
        "audio_gap_ms": ledger.audio_gap_ms,
        "engines_ms": dict(ledger.stages),
        "engines": dict(ledger.engines),
    }


def _turn_view(turn: Turn) -> dict[str, Any]:
    return {
        "turn": turn.number,
        "speaker": _SPEAKERS[turn.speaker],
        "kind": turn.kind,
        "question": turn.question,
        "text": turn.text,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "typed": turn.typed,
        "interrupted": turn.interrupted,
        "sources": [
            {
                "document_id": source.document_id,
                "page": source.page,
                "start": source.start,
                "end": source.end,
            }
            for source in turn.sources
        ],
    }


def _signals_view(signals: Sequence[Signal]) -> dict[str, Any]:
    """Counts as the reference names them; none of them is a verdict."""
    kinds = [signal.kind for signal in signals]
    return {
        "tab_switches": kinds.count("tab_hidden"),
        "paste_events": kinds.count("paste"),
        "voice_spoofing_flags": kinds.count("voice_spoofing"),
        "screen_share_detections": kinds.count("screen_share"),
        "events": [
            {
                "kind": signal.kind,
                "at_ms": signal.at_ms,
                "source": "client_reported",
                "detail": signal.detail,
            }
            for signal in signals
        ],
    }


def _evidence(card: Scorecard | None) -> dict[str, Any]:
    return dict(card.evidence) if card else {}


def _seconds(duration_ms: int | None) -> int | None:
    return None if duration_ms is None else round(duration_ms / 1000)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else to_text(moment)
