"""What clients send about evaluation templates."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from vivavoce.core.agent_profile import UseCase
from vivavoce.core.interview_request import (
    derived_outcome,
    detect_seniority,
    read_questions,
    usual_apply_mode,
)
from vivavoce.core.question_bank import Origin
from vivavoce.core.template import (
    ApplyMode,
    InterviewType,
    SessionMode,
    SuccessOutcome,
    Template,
    TemplateDifficulty,
)
from vivavoce.web.api.fields import Id, Language, Line, Long, Paragraph, ShortLine, Url
from vivavoce.web.api.paging import PageQuery
from vivavoce.web.bodies import Body
from vivavoce.web.compat.jobmojito_bodies import QuestionRequest, ResultView, Seniority

Visibility = Literal["merchant_public", "merchant_invite", "merchant_unlisted"]
Status = Literal["draft", "active"]
Skills = Annotated[list[Line], Field(max_length=100)]
# What the template says in fields of its own.
POSTING_FIELDS = ("location", "description_long", "cover_image_url")
_OWN = frozenset({"questions", "custom_outcomes", "knowledge_base_store_id", *POSTING_FIELDS})
Minutes = Annotated[int, Field(ge=1, le=240)]


class TemplateQuery(PageQuery):
    status: Status | None = None


class TemplateQuestion(QuestionRequest):
    """Also what a question that was made says of itself."""

    origin: Origin | None = None
    competency: Id | None = None
    document_id: Id | None = None
    candidate_expectations_origin: Origin | None = None


class TemplateBody(Body):
    template_name: Line
    use_case: UseCase
    objective: Paragraph
    description: Long = ""
    level: ShortLine | None = None
    success_outcome: SuccessOutcome | None = None
    custom_outcomes: list[Line] | None = Field(
        default=None, min_length=2, max_length=2, json_schema_extra={"uniqueItems": True}
    )
    skills: Skills = Field(default_factory=list)
    soft_skills: Skills = Field(default_factory=list)
    requirements: Long = ""
    language: Language = "en"
    default_duration_minutes: Minutes = 30
    default_difficulty: TemplateDifficulty = TemplateDifficulty.INTERMEDIATE
    default_session_mode: SessionMode = SessionMode.LIVE_AI_INTERVIEW
    interview_type: InterviewType = InterviewType.PRE_SCREENING
    seniority_level: Seniority | None = None
    result_view: ResultView = "none"
    overallPassThreshold: float = Field(default=7.0, ge=0, le=10)  # noqa: N815 (the contract's name)
    agent_profile_id: Id | None = None
    knowledge_base_store_id: Id | None = None
    questions: list[TemplateQuestion] = Field(default_factory=list, max_length=100)
    status: Status = "active"
    visibility: Visibility = "merchant_invite"
    apply_mode: ApplyMode | None = None
    location: ShortLine | None = None
    description_long: Long | None = None
    cover_image_url: Url | None = None
    welcome_message: Annotated[str, StringConstraints(max_length=2000)] | None = None
    thank_you_message: Annotated[str, StringConstraints(max_length=2000)] | None = None

    @field_validator("custom_outcomes")
    @classmethod
    def _two_words(cls, value: list[str] | None) -> list[str] | None:
        if value is not None and value[0].casefold() == value[1].casefold():
            raise ValueError("must be two different words, the positive one first")
        return value

    def fill(self, before: Template) -> Template:
        """`before` with everything that this body says; nothing else of it changes."""
        items = [question.model_dump(mode="json", exclude_none=True) for question in self.questions]
        stored = {key: value for key, value in before.stored.items() if key not in _OWN}
        if self.custom_outcomes:
            stored["custom_outcomes"] = self.custom_outcomes
        if self.knowledge_base_store_id is not None:
            stored["knowledge_base_store_id"] = self.knowledge_base_store_id
        for name in POSTING_FIELDS:
            if getattr(self, name) is not None:
                stored[name] = getattr(self, name)
        described = f"{self.level or ''} {self.template_name} {self.description}"
        return replace(
            before,
            name=self.template_name,
            language=self.language,
            questions=read_questions(items, [""] * len(items)),
            agent_profile_id=self.agent_profile_id or before.agent_profile_id,
            description=self.description,
            duration_minutes=self.default_duration_minutes,
            interview_type=self.interview_type,
            seniority=self.seniority_level or detect_seniority(described),
            result_view=self.result_view,
            welcome_message=self.welcome_message,
            thank_you_message=self.thank_you_message,
            success_outcome=self.success_outcome or derived_outcome(self.use_case),
            pass_threshold=self.overallPassThreshold,
            status=self.status,
            use_case=self.use_case,
            objective=self.objective,
            level=self.level,
            skills=tuple(self.skills),
            soft_skills=tuple(self.soft_skills),
            requirements=self.requirements,
            difficulty=self.default_difficulty,
            session_mode=self.default_session_mode,
            apply_mode=self.apply_mode or usual_apply_mode(self.visibility),
            stored=stored,
        )


BLANK = Template(id="", name="", language="en", questions=(), agent_profile_id="")
