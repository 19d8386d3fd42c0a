"""From a list of questions to a template: the mapping behind `job-interview-create-from-array`.

Fields that shape a voice interview become values of the template; all others are kept as they came.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from vivavoce.core.agent_profile import UseCase
from vivavoce.core.errors import Invalid, Issue
from vivavoce.core.template import ApplyMode, InterviewType, Question, SuccessOutcome, Template

TONES = frozenset({"relaxed", "simple", "professional", "persuasive"})
DEFAULT_TONE = "relaxed"
MINUTES_PER_QUESTION = 3
SHORTEST_MINUTES, LONGEST_MINUTES = 5, 60
_SENIORITY_WORDS = (
    ("executive", ("chief", "ceo", "cto", "cfo", "coo", "vice president", "vp")),
    ("director", ("director", "head of")),
    ("managerial", ("manager", "team lead", "lead", "supervisor")),
    ("senior", ("senior", "principal", "staff", "expert")),
    ("entry-level", ("junior", "intern", "internship", "trainee", "graduate", "entry level")),
)
_OUTCOMES = {
    UseCase.HIRING: SuccessOutcome.HIRE_NO_HIRE,
    UseCase.ADMISSIONS: SuccessOutcome.ADMIT_REJECT,
    UseCase.TRAINING: SuccessOutcome.READY_NEEDS_TRAINING,
    UseCase.CUSTOM_API: SuccessOutcome.PASS_FAIL,
}
_MAPPED_OF_QUESTION = frozenset(
    {
        "id",
        "question",
        "duration",
        "mojito_language_code",
        "label",
        "question_alternatives",
        "is_without_scoring",
        "is_candidate_asking_recruiter",
        "is_conditional",
        "conditional_question_main_id",
        "external_id",
    }
)
_MAPPED = frozenset(
    {
        "name",
        "description",
        "interview_template_id",
        "mojito_language_code",
        "status",
        "interview_tone",
        "interview_type",
        "seniority_level",
        "welcome_message",
        "thank_you_message",
        "questions_random_subset",
        "interview_attempts",
        "result_view",
    }
)


def build_template(
    template_id: str, fields: Mapping[str, Any], question_ids: Sequence[str], use_case: UseCase
) -> Template:
    """`fields` are checked already; `question_ids` has one for each question that brings none."""
    questions = read_questions(fields["questions"], question_ids)
    if not fields.get("disable_deduplication"):
        questions = deduplicated(questions)
    check_questions(questions)
    described = f"{fields['name']} {fields['description']}"
    return Template(
        id=template_id,
        name=fields["name"],
        language=fields["mojito_language_code"],
        questions=questions,
        agent_profile_id=fields["interview_template_id"],
        description=fields["description"],
        duration_minutes=_minutes(questions),
        tone=parse_tone(fields.get("interview_tone")),
        interview_type=InterviewType(fields.get("interview_type") or InterviewType.PRE_SCREENING),
        seniority=fields.get("seniority_level") or detect_seniority(described),
        welcome_message=fields.get("welcome_message"),
        thank_you_message=fields.get("thank_you_message"),
        questions_random_subset=fields.get("questions_random_subset"),
        attempts=fields.get("interview_attempts") or 1,
        result_view=fields.get("result_view") or "none",
        success_outcome=_outcome(fields["type"], use_case),
        status=fields["status"],
        use_case=use_case,
        apply_mode=ApplyMode.CLOSED
        if fields.get("is_embedded")  # then people come by the site that embeds it
        else usual_apply_mode(fields["visibility"]),
        stored={key: value for key, value in fields.items() if key not in _MAPPED},
    )


def read_questions(
    items: Sequence[Mapping[str, Any]], made_ids: Sequence[str]
) -> tuple[Question, ...]:
    """The questions as they were written; `made_ids` has one for each that brings none."""
    return tuple(_question(item, made) for item, made in zip(items, made_ids, strict=True))


def usual_apply_mode(visibility: str) -> ApplyMode:
    """Where nothing is said: what everybody may see, everybody may apply for, and a person looks
    first.
    """
    return ApplyMode.APPROVAL if visibility == "merchant_public" else ApplyMode.CLOSED


def derived_outcome(use_case: UseCase) -> SuccessOutcome:
    return _OUTCOMES[use_case]


def parse_tone(text: str | None) -> str:
    """Any case; an unknown tone is the default one."""
    tone = (text or DEFAULT_TONE).strip().lower()
    return tone if tone in TONES else DEFAULT_TONE


def detect_seniority(text: str) -> str:
    lowered = text.lower()
    for level, words in _SENIORITY_WORDS:
        if any(re.search(rf"\b{re.escape(word)}\b", lowered) for word in words):
            return level
    return "intermediate"


def deduplicated(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Keep the first of questions that differ only in case, spacing or punctuation.

    Questions with different conditions differ, since they are asked on different occasions. A
    condition
    on a dropped question moves to the one that was kept.
    """
    kept: dict[tuple[str, str | None], Question] = {}
    moved: dict[str, str] = {}
    for question in questions:
        condition = question.condition_question_id
        if condition in moved:
            question = replace(question, condition_question_id=moved[condition])
        essence = (_essence(question.text), question.condition_question_id)
        moved[question.id] = kept.setdefault(essence, question).id
    return tuple(kept.values())


def _essence(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(" " if unicodedata.category(mark)[0] in "PZC" else mark for mark in folded)
    return " ".join(words.split()) or folded


def _question(item: Mapping[str, Any], made_id: str) -> Question:
    conditional = item.get("is_conditional")
    return Question(
        id=item.get("id") or made_id,
        text=item["question"],
        duration_seconds=item.get("duration"),
        language=item.get("mojito_language_code"),
        label=item.get("label"),
        expectations=_expectations(item.get("candidate_expectations_json")),
        alternatives=tuple(item.get("question_alternatives") or ()),
        scored=not item.get("is_without_scoring"),
        asks_recruiter=bool(item.get("is_candidate_asking_recruiter")),
        condition_question_id=item.get("conditional_question_main_id") if conditional else None,
        external_id=item.get("external_id"),
        stored={key: value for key, value in item.items() if key not in _MAPPED_OF_QUESTION},
    )


def _expectations(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Every text anywhere inside the object: its shape is the caller's own."""
    match value:
        case str():
            return (value,) if value.strip() else ()
        case dict():
            return tuple(text for item in value.values() for text in _expectations(item))
        case list():
            return tuple(text for item in value for text in _expectations(item))
        case _:
            return ()


def check_questions(questions: Sequence[Question]) -> None:
    """Raises `Invalid` code `questions` for a repeated id, and for a condition on anything but an
    earlier question; so no chain of conditions can be a circle.
    """
    seen: set[str] = set()
    issues = []
    for index, question in enumerate(questions):
        if question.id in seen:
            issues.append(Issue(("questions", str(index), "id"), "This id is used twice."))
        condition = question.condition_question_id
        if condition is not None and condition not in seen:
            path = ("questions", str(index), "conditional_question_main_id")
            issues.append(Issue(path, "This does not name an earlier question."))
        seen.add(question.id)
    if issues:
        raise Invalid("questions", "The questions do not fit together.", tuple(issues))


def _minutes(questions: Sequence[Question]) -> int:
    given = sum(question.duration_seconds or MINUTES_PER_QUESTION * 60 for question in questions)
    return max(SHORTEST_MINUTES, min(LONGEST_MINUTES, -(-given // 60)))


def _outcome(kind: str, use_case: UseCase) -> SuccessOutcome:
    match kind:
        case "coaching":
            return SuccessOutcome.READY_NEEDS_TRAINING
        case "assessment":
            return SuccessOutcome.PASS_FAIL
        case _:
            return _OUTCOMES[use_case]
