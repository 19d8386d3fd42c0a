"""What the native API answers, field by field: profiles, templates, stages, people, keys, hooks."""

from typing import Any, Literal

from pydantic import AwareDatetime, ConfigDict

from vivavoce.core.agent_profile import (
    Difficulty,
    ProbingDepth,
    Scale,
    ScoringMethod,
    Style,
    Tone,
    UseCase,
)
from vivavoce.core.api_keys import KeyMode
from vivavoce.core.scopes import Scope
from vivavoce.core.session import AutomationRule
from vivavoce.core.template import (
    ApplyMode,
    InterviewType,
    SessionMode,
    SuccessOutcome,
    TemplateDifficulty,
)
from vivavoce.core.webhooks import AttemptOutcome, DeliveryStatus, EventName
from vivavoce.web.compat.jobmojito_bodies import ResultView, Seniority
from vivavoce.web.operations import CamelShape, Shape


class AccessTokenShape(Shape):
    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class DimensionShape(CamelShape):
    name: str
    description: str
    weight: float
    anchors: list[str]
    pass_threshold: float | None


class InteractionShape(CamelShape):
    tone: Tone
    style: Style
    difficulty: Difficulty
    probing_depth: ProbingDepth


class ScoringShape(CamelShape):
    scale: Scale
    scoring_method: ScoringMethod
    recommendation_logic: str | None


class ContextShape(CamelShape):
    organization_context: str
    domain_context: str
    scenario_context: str


class OutputShape(CamelShape):
    include_transcript: bool
    include_score_breakdown: bool
    include_recommendation: bool
    include_improvement_feedback: bool


class AgentProfileShape(CamelShape):
    id: str
    name: str
    persona: str
    use_case: UseCase
    rubric_version: int
    evaluation_dimensions: list[DimensionShape]
    interaction: InteractionShape
    scoring: ScoringShape
    context: ContextShape
    output: OutputShape


class QuestionShape(Shape):
    """A field that only one contract knows comes back as it was sent."""

    model_config = ConfigDict(extra="allow")

    id: str
    question: str
    duration: int | None
    mojito_language_code: str | None
    label: str | None
    is_conditional: bool
    conditional_question_main_id: str | None
    is_without_scoring: bool
    is_candidate_asking_recruiter: bool
    question_alternatives: list[str]
    external_id: str | None
    candidate_expectations_json: Any


class EvaluationTemplateShape(Shape):
    id: str
    template_name: str
    use_case: UseCase
    objective: str
    description: str
    level: str | None
    success_outcome: SuccessOutcome
    custom_outcomes: list[str] | None
    skills: list[str]
    soft_skills: list[str]
    requirements: str
    language: str
    default_duration_minutes: int
    default_difficulty: TemplateDifficulty
    default_session_mode: SessionMode
    interview_type: InterviewType
    seniority_level: Seniority
    result_view: ResultView
    overallPassThreshold: float  # noqa: N815 (the contract's name)
    agent_profile_id: str
    knowledge_base_store_id: str | None
    questions: list[QuestionShape]
    status: Literal["draft", "active"]
    visibility: Literal["merchant_public", "merchant_invite", "merchant_unlisted"]
    apply_mode: ApplyMode
    apply_url: str | None
    slug: str
    location: str | None
    description_long: str | None
    cover_image_url: str | None
    welcome_message: str | None
    thank_you_message: str | None


class EvaluationStageShape(Shape):
    id: str
    evaluation_template_id: str
    stage_name: str
    stage: str
    stage_type: str
    agent_profile_id: str | None
    stage_order: int
    duration: int
    pass_threshold: float | None
    allow_retake: bool
    automation_rule: AutomationRule


class ParticipantProfileShape(CamelShape):
    title: str | None
    organization: str | None
    experience_level: str | None
    location: str | None


class ParticipantBackgroundShape(Shape):
    skills: list[str]
    education: str | None
    languages: list[str]


class ParticipantShape(Shape):
    id: str
    name: str
    email: str | None
    evaluation_template_id: str | None
    external_id: str | None
    profile: ParticipantProfileShape
    background: ParticipantBackgroundShape
    resume_url: str | None
    tags: list[str]
    phone: str | None
    created_at: AwareDatetime


class EmbedShape(Shape):
    id: str
    evaluation_template_id: str
    mode: KeyMode
    allowed_origins: list[str]
    live_signing_keys: int
    created_at: AwareDatetime


class NewEmbedShape(EmbedShape):
    embed_signing_key: str


class ApiKeyShape(Shape):
    id: str
    name: str
    prefix: str
    mode: KeyMode
    scopes: list[Scope]
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    last_used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None


class NewApiKeyShape(ApiKeyShape):
    key: str


class WebhookEndpointShape(Shape):
    id: str
    url: str
    events: list[EventName]
    description: str
    enabled: bool
    disabled_reason: str | None
    previous_secret_retires_at: AwareDatetime | None
    created_at: AwareDatetime
    updated_at: AwareDatetime


class NewWebhookEndpointShape(WebhookEndpointShape):
    secret: str


class WebhookDeliveryShape(Shape):
    id: str
    endpoint_id: str
    event_id: str
    event: EventName
    status: DeliveryStatus
    attempt_count: int
    created_at: AwareDatetime
    next_attempt_at: AwareDatetime | None
    settled_at: AwareDatetime | None


class DeliveryAttemptShape(Shape):
    number: int
    at: AwareDatetime
    outcome: AttemptOutcome
    status_code: int | None
    duration_ms: int | None
    response_excerpt: str | None


class EventShape(Shape):
    id: str
    event: EventName
    occurred_at: AwareDatetime
    data: dict[str, Any]


class WebhookDeliveryDetailsShape(WebhookDeliveryShape):
    payload: EventShape
    attempts: list[DeliveryAttemptShape]
