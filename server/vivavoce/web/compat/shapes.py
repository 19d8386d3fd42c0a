"""What the views of other systems answer, field by field."""

from typing import Any, Literal

from pydantic import AwareDatetime

from vivavoce.services.reports import ReportStatus
from vivavoce.web.compat.evalyo_bodies import CampaignState, JobState
from vivavoce.web.compat.evalyo_status import InterviewStatus
from vivavoce.web.operations import CamelShape, Shape


class AgentTurnShape(CamelShape):
    turn_number: int
    role: Literal["agent", "candidate"]
    content: str
    audio_url: str | None
    is_pending_question: bool
    evaluation: dict[str, Any] | None
    start_ms: int
    end_ms: int


class CriterionCitationShape(CamelShape):
    turn_number: int
    quote: str
    start_ms: int
    end_ms: int


class CriterionShape(CamelShape):
    name: str
    score: float | None
    weight: float
    level: int | None
    spread: int
    feedback: str
    citations: list[CriterionCitationShape]


class EvaluationShape(CamelShape):
    overall_score: float | None
    passed: bool | None
    recommendation: str
    summary: str
    coverage: float
    reasons: list[str]
    criteria: list[CriterionShape]


class InterviewSummaryShape(CamelShape):
    id: str
    status: InterviewStatus
    failure_reason: str | None
    candidate_id: str
    job_id: str
    campaign_id: str | None
    stage_id: str | None
    config_id: str | None
    language: str
    interview_url: str | None
    created_at: AwareDatetime
    scheduled_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    duration_seconds: int | None
    overall_score: float | None
    recommendation: str | None
    report_id: str | None


class InterviewShape(InterviewSummaryShape):
    evaluation: EvaluationShape | None
    transcript: list[AgentTurnShape]
    audio_url: str | None


class FinalizedInterviewShape(InterviewShape):
    report_status: ReportStatus


class InterviewHistoryShape(CamelShape):
    interview_id: str
    status: InterviewStatus
    turns: list[AgentTurnShape]


class AgentTokenShape(CamelShape):
    token: str
    interview_id: str
    expires_at: AwareDatetime


class TurnEvaluationShape(CamelShape):
    turn_number: int
    evaluation: dict[str, Any]


class ReportShape(CamelShape):
    id: str
    interview_id: str
    candidate_id: str
    job_id: str
    campaign_id: str | None
    status: ReportStatus
    overall_score: float | None
    passed: bool | None
    recommendation: str | None
    summary: str | None
    coverage: float | None
    reasons: list[str] | None
    criteria: list[CriterionShape] | None
    turn_evaluations: list[TurnEvaluationShape]
    evidence: dict[str, str | int | float | None]
    created_at: AwareDatetime | None


class CampaignShape(CamelShape):
    id: str
    name: str
    job_id: str
    description: str
    status: CampaignState
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    created_at: AwareDatetime


class CandidateShape(CamelShape):
    id: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    locale: str | None
    cv_url: str | None
    source: str | None
    external_id: str | None
    created_at: AwareDatetime


class JobShape(CamelShape):
    id: str
    title: str
    description: str
    location: str | None
    language: str
    status: JobState
    seniority: str
    config_id: str | None
    duration_minutes: int
    questions: list[str]


class AvatarShape(Shape):
    id: str
    interview_template_id: str
    name: str
    description: str


class AvatarsShape(Shape):
    data: list[AvatarShape]


class MadeInterviewShape(Shape):
    """The last two only when the interview is embedded."""

    interview_def_set_id: str
    embed_id: str = ""
    embed_signing_key: str = ""
