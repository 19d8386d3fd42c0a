"""The fields of `job-interview-create-from-array`, with limits that make a bad value visible."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from vivavoce.core.template import InterviewType
from vivavoce.web.api.fields import Language, Origin
from vivavoce.web.bodies import Body

Short = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S")]
Long = Annotated[str, StringConstraints(max_length=20_000)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Url = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://")]


class Kind(StrEnum):
    INTERVIEW = "interview"
    COACHING = "coaching"
    ASSESSMENT = "assessment"


class Seniority(StrEnum):
    ENTRY_LEVEL = "entry-level"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"
    MANAGERIAL = "managerial"
    DIRECTOR = "director"
    EXECUTIVE = "executive"


ResultView = Literal[
    "none", "minimal", "minimal_with_score", "advanced", "full", "full_expand_scores"
]
Detection = Literal["audio_first_5_answers", "audio_all", "video_all", "video_first_5_answers"]


class QuestionRequest(Body):
    question: Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S")]
    id: Id | None = None
    duration: int | None = Field(default=None, ge=1, le=3600)
    mojito_language_code: Language | None = None
    label: Annotated[str, StringConstraints(max_length=300)] | None = None
    is_conditional: bool | None = None
    conditional_question_main_id: Id | None = None
    is_without_scoring: bool | None = None
    is_candidate_asking_recruiter: bool | None = None
    is_expert: bool | None = None
    is_multiple_choice: bool | None = None
    question_alternatives: list[Short] | None = Field(default=None, max_length=20)
    knowledge_base_id: Id | None = None
    external_id: Annotated[str, StringConstraints(max_length=255)] | None = None
    external_data: Any = None
    candidate_expectations_json: Any = None


class QuestionListRequest(Body):
    name: Short
    location: Short
    interview_template_id: Id
    mojito_language_code: Language
    description: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
    status: Literal["draft", "active"]
    type: Kind
    visibility: Literal["merchant_public", "merchant_invite", "merchant_unlisted"]
    questions: list[QuestionRequest] = Field(min_length=1, max_length=100)
    recording: Detection | None = None
    recording_full_session: Literal["audio_all", "video_all"] | None = None
    interview_type: InterviewType | None = None
    seniority_level: Seniority | None = None
    result_view: ResultView | None = None
    candidate_video_introduction: Literal["optional", "required"] | None = None
    interview_tone: Annotated[str, StringConstraints(max_length=100)] | None = None
    interview_attempts: int | None = Field(default=None, ge=1, le=20)
    questions_random_subset: float | None = Field(default=None, ge=0.01, le=0.9)
    code: Annotated[str, StringConstraints(max_length=300)] | None = None
    cover_image_url: Url | None = None
    knowledge_base_store_id: Id | None = None
    merchant_id: Id | None = None
    description_long: Long | None = None
    candidate_expectations: Long | None = None
    candidate_expectations_json: Any = None
    custom_scoring: dict[str, Any] | None = None
    additional_context: Long | None = None
    instructional_video: bool | None = None
    instructional_video_custom_text: Long | None = None
    disable_deduplication: bool | None = None
    welcome_message: Annotated[str, StringConstraints(max_length=2000)] | None = None
    thank_you_message: Annotated[str, StringConstraints(max_length=2000)] | None = None
    is_embedded: bool | None = None
    # Ours: which sites may show the embed. Without it any site may, with signed links only.
    allowed_origins: list[Origin] = Field(default_factory=list, max_length=20)

    def fields(self) -> dict[str, Any]:
        """What the caller sent, as plain JSON values."""
        return self.model_dump(mode="json", exclude_none=True, exclude={"allowed_origins"})
