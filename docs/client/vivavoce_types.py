"""The objects of the HTTP API as types, made from its document."""

from typing import Any, Literal, Required, TypedDict

UseCase = Literal["hiring", "admissions", "training", "custom_api"]
Tone = Literal["friendly", "professional", "strict", "challenging"]
Style = Literal["structured", "conversational", "adaptive"]
Difficulty = Literal["easy", "medium", "hard", "adaptive"]
ProbingDepth = Literal["low", "medium", "high"]
Scale = Literal["0-10", "0-5", "0-100"]
ScoringMethod = Literal["weighted_average", "rule_based"]
SuccessOutcome = Literal[
    "hire_no_hire",
    "admit_reject",
    "pass_fail",
    "ready_needs_training",
    "certified_not_certified",
    "custom",
]
TemplateDifficulty = Literal["beginner", "intermediate", "advanced", "expert", "adaptive"]
SessionMode = Literal[
    "live_ai_interview",
    "async_interview",
    "roleplay_simulation",
    "practice_session",
    "manual_review",
]
InterviewType = Literal[
    "pre-screening",
    "pre-screening-with-test-questions",
    "second-interview",
    "remote-freelancer-verification",
    "strength-based-interview",
    "potential-based-interview",
    "process-verification-from-knowledge-base",
]
Seniority = Literal["entry-level", "intermediate", "senior", "managerial", "director", "executive"]
ApplyMode = Literal["closed", "approval", "interview"]
AutomationRule = Literal["none", "auto_advance", "require_reviewer_approval"]
ApplicationStatus = Literal[
    "applied",
    "approved",
    "rejected",
    "scheduled",
    "in_progress",
    "completed",
    "withdrawn",
]
SessionStatus = Literal["scheduled", "in_progress", "completed", "failed", "cancelled"]
Channel = Literal["web", "embed", "phone"]
TurnKind = Literal[
    "welcome",
    "question",
    "follow_up",
    "repeat",
    "rephrase",
    "acknowledgement",
    "nudge",
    "reply",
    "closing",
    "answer",
    "request",
    "candidate_question",
    "aside",
]
Standing = Literal["confirmed", "rejected", "not_discussed"]
KeyMode = Literal["live", "test"]
Scope = Literal[
    "candidates.read",
    "candidates.write",
    "candidates.delete",
    "interviews.read",
    "interviews.write",
    "evaluation_templates.read",
    "evaluation_templates.write",
    "evaluation_stages.read",
    "evaluation_stages.write",
    "jobs.read",
    "jobs.write",
    "campaigns.read",
    "campaigns.write",
    "stages.read",
    "stages.write",
    "reports.read",
    "reports.write",
    "webhooks.read",
    "webhooks.write",
    "embeds.read",
    "embeds.write",
    "knowledge.read",
    "knowledge.write",
    "api_keys.read",
    "api_keys.write",
    "members.read",
    "members.write",
    "organizations.read",
    "organizations.write",
]
EventName = Literal[
    "session.created",
    "session.started",
    "session.completed",
    "session.scored",
    "session.failed",
    "session.cancelled",
    "participant.created",
    "application.approved",
    "application.rejected",
]
DeliveryStatus = Literal["pending", "delivered", "failed", "abandoned"]
AttemptOutcome = Literal[
    "under_way",
    "delivered",
    "refused",
    "redirected",
    "timed_out",
    "unreachable",
    "forbidden_address",
    "interrupted",
]
Origin = Literal["bank", "model", "documents"]


class Dimension(TypedDict):
    name: str
    description: str
    weight: float
    anchors: list[str]
    passThreshold: float | None


class Interaction(TypedDict):
    tone: Tone
    style: Style
    difficulty: Difficulty
    probingDepth: ProbingDepth


class Scoring(TypedDict):
    scale: Scale
    scoringMethod: ScoringMethod
    recommendationLogic: str | None


class Context(TypedDict):
    organizationContext: str
    domainContext: str
    scenarioContext: str


class Output(TypedDict):
    includeTranscript: bool
    includeScoreBreakdown: bool
    includeRecommendation: bool
    includeImprovementFeedback: bool


class AgentProfile(TypedDict):
    id: str
    name: str
    persona: str
    useCase: UseCase
    rubricVersion: int
    evaluationDimensions: list[Dimension]
    interaction: Interaction
    scoring: Scoring
    context: Context
    output: Output


class Question(TypedDict):
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


class EvaluationTemplate(TypedDict):
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
    result_view: Literal[
        "none",
        "minimal",
        "minimal_with_score",
        "advanced",
        "full",
        "full_expand_scores",
    ]
    overallPassThreshold: float
    agent_profile_id: str
    knowledge_base_store_id: str | None
    questions: list[Question]
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


class EvaluationStage(TypedDict):
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


class ParticipantProfile(TypedDict):
    title: str | None
    organization: str | None
    experienceLevel: str | None
    location: str | None


class ParticipantBackground(TypedDict):
    skills: list[str]
    education: str | None
    languages: list[str]


class Participant(TypedDict):
    id: str
    name: str
    email: str | None
    evaluation_template_id: str | None
    external_id: str | None
    profile: ParticipantProfile
    background: ParticipantBackground
    resume_url: str | None
    tags: list[str]
    phone: str | None
    created_at: str


class ApplicationConsent(TypedDict):
    policy_version: str
    items: list[str]
    language: str


class StageResult(TypedDict):
    session_id: str
    interview_id: str | None
    stage: str
    status: SessionStatus
    expires_at: str | None
    score: float | None
    passed: bool | None
    recommendation: str | None


class Application(TypedDict):
    id: str
    candidate_id: str
    evaluation_template_id: str
    external_id: str | None
    status: ApplicationStatus
    decided_at: str | None
    decided_by: str | None
    note: str | None
    applied_at: str | None
    consent: ApplicationConsent | None
    sessions: list[StageResult]
    created_at: str


class Citation(TypedDict):
    turn: int
    quote: str
    start_ms: int
    end_ms: int


class DimensionResult(TypedDict):
    name: str
    score: float | None
    weight: float
    level: int | None
    spread: int
    feedback: str
    citations: list[Citation]


class SessionSummary(TypedDict):
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
    evaluation_breakdown: list[DimensionResult]
    recording_url: str | None
    duration_seconds: int | None
    failure_reason: str | None
    meta: dict[str, Any]
    created_at: str
    scheduled_at: str | None
    timezone: str | None
    notes: str | None
    started_at: str | None
    ended_at: str | None
    scored_at: str | None
    evidence: dict[str, Any]


class Source(TypedDict):
    document_id: str
    page: int
    start: int
    end: int


class Turn(TypedDict):
    turn: int
    speaker: Literal["ai", "participant"]
    kind: TurnKind
    question: int | None
    text: str
    start_ms: int
    end_ms: int
    typed: bool
    interrupted: bool
    sources: list[Source]


class Signal(TypedDict):
    kind: str
    at_ms: int
    source: Literal["client_reported"]
    detail: dict[str, Any]


class Signals(TypedDict):
    tab_switches: int
    paste_events: int
    voice_spoofing_flags: int
    screen_share_detections: int
    events: list[Signal]


class StageTimes(TypedDict):
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
    engines_ms: dict[str, Any]
    engines: dict[str, Any]


class Expectation(TypedDict):
    question: int
    expectation: str
    status: Standing | None
    citations: list[Citation]


class Session(TypedDict):
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
    evaluation_breakdown: list[DimensionResult]
    recording_url: str | None
    duration_seconds: int | None
    failure_reason: str | None
    meta: dict[str, Any]
    created_at: str
    scheduled_at: str | None
    timezone: str | None
    notes: str | None
    started_at: str | None
    ended_at: str | None
    scored_at: str | None
    evidence: dict[str, Any]
    transcript: list[Turn]
    authenticity_signals: Signals
    stage_times: list[StageTimes]
    expectations: list[Expectation]


class Embed(TypedDict):
    id: str
    evaluation_template_id: str
    mode: KeyMode
    allowed_origins: list[str]
    live_signing_keys: int
    created_at: str


class NewEmbed(TypedDict):
    id: str
    evaluation_template_id: str
    mode: KeyMode
    allowed_origins: list[str]
    live_signing_keys: int
    created_at: str
    embed_signing_key: str


class ApiKey(TypedDict):
    id: str
    name: str
    prefix: str
    mode: KeyMode
    scopes: list[Scope]
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class NewApiKey(TypedDict):
    id: str
    name: str
    prefix: str
    mode: KeyMode
    scopes: list[Scope]
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None
    key: str


class WebhookEndpoint(TypedDict):
    id: str
    url: str
    events: list[EventName]
    description: str
    enabled: bool
    disabled_reason: str | None
    previous_secret_retires_at: str | None
    created_at: str
    updated_at: str


class NewWebhookEndpoint(TypedDict):
    id: str
    url: str
    events: list[EventName]
    description: str
    enabled: bool
    disabled_reason: str | None
    previous_secret_retires_at: str | None
    created_at: str
    updated_at: str
    secret: str


class WebhookDelivery(TypedDict):
    id: str
    endpoint_id: str
    event_id: str
    event: EventName
    status: DeliveryStatus
    attempt_count: int
    created_at: str
    next_attempt_at: str | None
    settled_at: str | None


class Event(TypedDict):
    id: str
    event: EventName
    occurred_at: str
    data: dict[str, Any]


class DeliveryAttempt(TypedDict):
    number: int
    at: str
    outcome: AttemptOutcome
    status_code: int | None
    duration_ms: int | None
    response_excerpt: str | None


class WebhookDeliveryDetails(TypedDict):
    id: str
    endpoint_id: str
    event_id: str
    event: EventName
    status: DeliveryStatus
    attempt_count: int
    created_at: str
    next_attempt_at: str | None
    settled_at: str | None
    payload: Event
    attempts: list[DeliveryAttempt]


class DimensionBody(TypedDict, total=False):
    name: Required[str]
    description: Required[str]
    weight: Required[float]
    anchors: list[str]
    passThreshold: float | None


class InteractionBody(TypedDict, total=False):
    tone: Tone
    style: Style
    difficulty: Difficulty
    probingDepth: ProbingDepth


class ScoringBody(TypedDict, total=False):
    scale: Scale
    scoringMethod: ScoringMethod
    recommendationLogic: str | None


class ContextBody(TypedDict, total=False):
    organizationContext: str
    domainContext: str
    scenarioContext: str


class OutputBody(TypedDict, total=False):
    includeTranscript: bool
    includeScoreBreakdown: bool
    includeRecommendation: bool
    includeImprovementFeedback: bool


class AgentProfileBody(TypedDict, total=False):
    name: Required[str]
    persona: Required[str]
    useCase: Required[UseCase]
    evaluationDimensions: Required[list[DimensionBody]]
    interaction: InteractionBody
    scoring: ScoringBody
    context: ContextBody
    output: OutputBody


class AgentProfileChange(TypedDict, total=False):
    name: str
    persona: str
    useCase: UseCase
    evaluationDimensions: list[DimensionBody]
    interaction: InteractionBody
    scoring: ScoringBody
    context: ContextBody
    output: OutputBody


class TemplateQuestion(TypedDict, total=False):
    question: Required[str]
    id: str | None
    duration: int | None
    mojito_language_code: str | None
    label: str | None
    is_conditional: bool | None
    conditional_question_main_id: str | None
    is_without_scoring: bool | None
    is_candidate_asking_recruiter: bool | None
    is_expert: bool | None
    is_multiple_choice: bool | None
    question_alternatives: list[str] | None
    knowledge_base_id: str | None
    external_id: str | None
    external_data: Any
    candidate_expectations_json: Any
    origin: Origin | None
    competency: str | None
    document_id: str | None
    candidate_expectations_origin: Origin | None


class TemplateBody(TypedDict, total=False):
    template_name: Required[str]
    use_case: Required[UseCase]
    objective: Required[str]
    description: str
    level: str | None
    success_outcome: SuccessOutcome | None
    custom_outcomes: list[str] | None
    skills: list[str]
    soft_skills: list[str]
    requirements: str
    language: str
    default_duration_minutes: int
    default_difficulty: TemplateDifficulty
    default_session_mode: SessionMode
    interview_type: InterviewType
    seniority_level: Seniority | None
    result_view: Literal[
        "none",
        "minimal",
        "minimal_with_score",
        "advanced",
        "full",
        "full_expand_scores",
    ]
    overallPassThreshold: float
    agent_profile_id: str | None
    knowledge_base_store_id: str | None
    questions: list[TemplateQuestion]
    status: Literal["draft", "active"]
    visibility: Literal["merchant_public", "merchant_invite", "merchant_unlisted"]
    apply_mode: ApplyMode | None
    location: str | None
    description_long: str | None
    cover_image_url: str | None
    welcome_message: str | None
    thank_you_message: str | None


class TemplateChange(TypedDict, total=False):
    template_name: str
    use_case: UseCase
    objective: str
    description: str
    level: str | None
    success_outcome: SuccessOutcome | None
    custom_outcomes: list[str] | None
    skills: list[str]
    soft_skills: list[str]
    requirements: str
    language: str
    default_duration_minutes: int
    default_difficulty: TemplateDifficulty
    default_session_mode: SessionMode
    interview_type: InterviewType
    seniority_level: Seniority | None
    result_view: Literal[
        "none",
        "minimal",
        "minimal_with_score",
        "advanced",
        "full",
        "full_expand_scores",
    ]
    overallPassThreshold: float
    agent_profile_id: str | None
    knowledge_base_store_id: str | None
    questions: list[TemplateQuestion]
    status: Literal["draft", "active"]
    visibility: Literal["merchant_public", "merchant_invite", "merchant_unlisted"]
    apply_mode: ApplyMode | None
    location: str | None
    description_long: str | None
    cover_image_url: str | None
    welcome_message: str | None
    thank_you_message: str | None


class StageBody(TypedDict, total=False):
    evaluation_template_id: Required[str]
    stage_name: Required[str]
    stage: str | None
    stage_type: Literal[
        "ai_interview",
        "roleplay_simulation",
        "practice_session",
        "manual_review",
        "async_assessment",
        "final_review",
    ]
    agent_profile_id: str | None
    stage_order: int | None
    duration: int
    pass_threshold: float | None
    allow_retake: bool
    automation_rule: AutomationRule


class StageChange(TypedDict, total=False):
    evaluation_template_id: str
    stage_name: str
    stage: str | None
    stage_type: Literal[
        "ai_interview",
        "roleplay_simulation",
        "practice_session",
        "manual_review",
        "async_assessment",
        "final_review",
    ]
    agent_profile_id: str | None
    stage_order: int | None
    duration: int
    pass_threshold: float | None
    allow_retake: bool
    automation_rule: AutomationRule


class ProfileBody(TypedDict, total=False):
    title: str | None
    organization: str | None
    experienceLevel: str | None
    location: str | None


class BackgroundBody(TypedDict, total=False):
    skills: list[str]
    education: str | None
    languages: list[str]


class ParticipantBody(TypedDict, total=False):
    name: Required[str]
    email: Required[str]
    evaluation_template_id: str | None
    external_id: str | None
    profile: ProfileBody
    background: BackgroundBody
    resume_url: str | None
    tags: list[str]
    phone: str | None


class ParticipantChange(TypedDict, total=False):
    name: str
    email: str
    evaluation_template_id: str | None
    external_id: str | None
    profile: ProfileBody
    background: BackgroundBody
    resume_url: str | None
    tags: list[str]
    phone: str | None


class DecisionBody(TypedDict, total=False):
    decided_by: str | None
    note: str | None


class RejectionBody(TypedDict, total=False):
    decided_by: Required[str]
    note: str | None


class SessionBody(TypedDict, total=False):
    candidate_id: Required[str]
    evaluation_template_id: Required[str]
    stage: Required[str]
    interview_id: str | None
    idempotency_key: str | None
    scheduled_at: str | None
    timezone: str | None
    language: str | None
    notes: str | None
    force: bool
    campaign_id: str | None


class EmbedBody(TypedDict, total=False):
    evaluation_template_id: Required[str]
    allowed_origins: list[str]
    mode: KeyMode


class OriginsBody(TypedDict):
    allowed_origins: list[str]


class ApiKeyBody(TypedDict, total=False):
    name: Required[str]
    scopes: Required[list[str]]
    mode: KeyMode
    expires_at: str | None


class EndpointBody(TypedDict, total=False):
    url: Required[str]
    events: list[EventName]
    description: str
    enabled: bool


class EndpointPatch(TypedDict, total=False):
    url: str | None
    events: list[EventName] | None
    description: str | None
    enabled: bool | None
