"""An evaluation template: what is asked, in which language, within which limits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from vivavoce.core.agent_profile import UseCase


class InterviewType(StrEnum):
    PRE_SCREENING = "pre-screening"
    PRE_SCREENING_WITH_TEST_QUESTIONS = "pre-screening-with-test-questions"
    SECOND_INTERVIEW = "second-interview"
    REMOTE_FREELANCER_VERIFICATION = "remote-freelancer-verification"
    STRENGTH_BASED = "strength-based-interview"
    POTENTIAL_BASED = "potential-based-interview"
    PROCESS_VERIFICATION = "process-verification-from-knowledge-base"


class SuccessOutcome(StrEnum):
    HIRE_NO_HIRE = "hire_no_hire"
    ADMIT_REJECT = "admit_reject"
    PASS_FAIL = "pass_fail"  # noqa: S105 - an outcome, not a password
    READY_NEEDS_TRAINING = "ready_needs_training"
    CERTIFIED_NOT_CERTIFIED = "certified_not_certified"
    CUSTOM = "custom"


class TemplateDifficulty(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    EXPERT = "expert"
    ADAPTIVE = "adaptive"


class SessionMode(StrEnum):
    LIVE_AI_INTERVIEW = "live_ai_interview"
    ASYNC_INTERVIEW = "async_interview"
    ROLEPLAY_SIMULATION = "roleplay_simulation"
    PRACTICE_SESSION = "practice_session"
    MANUAL_REVIEW = "manual_review"


class ApplyMode(StrEnum):
    """What becomes of an application on the public page."""

    CLOSED = "closed"  # there is no such page
    APPROVAL = "approval"  # it waits for a person
    INTERVIEW = "interview"  # the first interview opens at once


class Pace(StrEnum):
    """How long the interviewer waits in a candidate's pause."""

    FASTER = "faster"
    NORMAL = "normal"
    PATIENT = "patient"


@dataclass(frozen=True)
class Question:
    """A base question; `text` is spoken exactly as written."""

    id: str
    text: str
    duration_seconds: int | None = None
    language: str | None = None
    label: str | None = None
    expectations: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()  # of a multiple choice question
    scored: bool = True
    asks_recruiter: bool = False  # the candidate's turn to ask
    condition_question_id: str | None = None  # asked only after that one was answered
    external_id: str | None = None
    # Every other accepted field, verbatim; a dict cannot be hashed.
    stored: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Template:
    id: str
    name: str
    language: str
    questions: tuple[Question, ...]
    agent_profile_id: str
    description: str = ""
    duration_minutes: int = 30
    tone: str = "relaxed"  # relaxed | simple | professional | persuasive
    interview_type: InterviewType = InterviewType.PRE_SCREENING
    seniority: str = "intermediate"
    pace: Pace = Pace.NORMAL
    welcome_message: str | None = None
    thank_you_message: str | None = None
    questions_random_subset: float | None = None
    attempts: int = 1
    result_view: str = "none"
    success_outcome: SuccessOutcome = SuccessOutcome.HIRE_NO_HIRE
    pass_threshold: float = 7.0
    approved_facts: tuple[str, ...] = ()  # what the interviewer may tell a candidate who asks
    status: str = "active"
    use_case: UseCase = UseCase.HIRING
    objective: str = ""  # the single thing that the interview must determine
    level: str | None = None
    skills: tuple[str, ...] = ()
    soft_skills: tuple[str, ...] = ()
    requirements: str = ""
    difficulty: TemplateDifficulty = TemplateDifficulty.INTERMEDIATE
    session_mode: SessionMode = SessionMode.LIVE_AI_INTERVIEW
    apply_mode: ApplyMode = ApplyMode.CLOSED
    revision: int = 1  # counts every change, for optimistic concurrency
    stored: dict[str, Any] = field(default_factory=dict)  # every other accepted field, verbatim


@dataclass(frozen=True)
class TemplateFilter:
    """Which templates to list; `None` leaves a field open. `page` counts from 1."""

    status: str | None = None
    page: int = 1
    page_size: int = 20
