"""Sessions and applications as the native API answers them, field by field."""

from typing import Any, Literal

from pydantic import AwareDatetime

from vivavoce.core.expectations import Standing
from vivavoce.core.session import ApplicationStatus, Channel
from vivavoce.core.session_lifecycle import SessionStatus
from vivavoce.core.transcript import TurnKind
from vivavoce.web.operations import Shape


class CitationShape(Shape):
    turn: int
    quote: str
    start_ms: int
    end_ms: int


class DimensionResultShape(Shape):
    name: str
    score: float | None
    weight: float
    level: int | None
    spread: int
    feedback: str
    citations: list[CitationShape]


class SessionSummaryShape(Shape):
    id: str
    status: SessionStatus
    evaluation_template_id: str
    candidate_id: str
    external_id: str | None
    interview_id: str | None
    stage: str
    campaign_id: str | None
    language: str
    channel: Channel
    join_url: str | None
    score: float | None
    passed: bool | None
    recommendation: str | None
    ai_feedback: str | None
    coverage: float | None
    reasons: list[str]
    evaluation_breakdown: list[DimensionResultShape]
    recording_url: str | None
    duration_seconds: int | None
    failure_reason: str | None
    meta: dict[str, Any]
    created_at: AwareDatetime
    scheduled_at: AwareDatetime | None
    timezone: str | None
    notes: str | None
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    scored_at: AwareDatetime | None
    evidence: dict[str, str | int | float | None]


class SourceShape(Shape):
    """Characters `start` to `end` of a page of a document."""

    document_id: str
    page: int
    start: int
    end: int


class TurnShape(Shape):
    turn: int
    speaker: Literal["ai", "participant"]
    kind: TurnKind
    question: int | None
    text: str
    start_ms: int
    end_ms: int
    typed: bool
    interrupted: bool
    sources: list[SourceShape]


class SignalShape(Shape):
    kind: str
    at_ms: int
    source: Literal["client_reported"]
    detail: dict[str, str | int | float | bool | None]


class SignalsShape(Shape):
    tab_switches: int
    paste_events: int
    voice_spoofing_flags: int
    screen_share_detections: int
    events: list[SignalShape]


class StageTimesShape(Shape):
    """How one exchange went, in ms after the last sample of the candidate's speech."""

    turn: int
    commit_reason: str
    soft_end_ms: int | None
    commit_ms: int | None
    transcript_ms: int | None
    first_token_ms: int | None
    first_clause_ms: int | None
    first_audio_sent_ms: int | None
    first_audio_played_ms: int | None
    interruptions: int
    audio_gaps: int
    audio_gap_ms: int
    engines_ms: dict[str, float]
    engines: dict[str, str]


class ExpectationShape(Shape):
    """`status` is null for what was discussed and not rated: a person has to read it."""

    question: int
    expectation: str
    status: Standing | None
    citations: list[CitationShape]


class SessionShape(SessionSummaryShape):
    transcript: list[TurnShape]
    authenticity_signals: SignalsShape
    stage_times: list[StageTimesShape]
    expectations: list[ExpectationShape]


class StageResultShape(Shape):
    session_id: str
    interview_id: str | None
    stage: str
    status: SessionStatus
    expires_at: AwareDatetime | None
    score: float | None
    passed: bool | None
    recommendation: str | None


class ApplicationConsentShape(Shape):
    policy_version: str
    items: list[str]
    language: str


class ApplicationShape(Shape):
    id: str
    candidate_id: str
    evaluation_template_id: str
    external_id: str | None
    status: ApplicationStatus
    decided_at: AwareDatetime | None
    decided_by: str | None
    note: str | None
    applied_at: AwareDatetime | None
    consent: ApplicationConsentShape | None
    sessions: list[StageResultShape]
    created_at: AwareDatetime
