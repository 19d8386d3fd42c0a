"""Questions for an interview that brings none: a written bank, chosen by what is to be assessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from vivavoce.core.template import InterviewType, Question, Template
from vivavoce.core.words import normalized_words, stem

LANGUAGE = "en"
ORIGIN = "origin"


class Origin(StrEnum):
    """Who wrote a question that nobody in the organization has written."""

    BANK = "bank"
    MODEL = "model"
    DOCUMENTS = "documents"


class Kind(StrEnum):
    BEHAVIOURAL = "behavioural"
    SITUATIONAL = "situational"
    TECHNICAL = "technical"


@dataclass(frozen=True)
class Competency:
    """`behavioural` and `situational` have a text for each level: early, experienced, leading."""

    key: str
    name: str
    keywords: tuple[str, ...]
    expectations: tuple[str, ...]
    behavioural: Mapping[str, str]
    situational: Mapping[str, str]
    technical: str

    def question(self, kind: Kind, level: str) -> str:
        match kind:
            case Kind.BEHAVIOURAL:
                return self.behavioural[level]
            case Kind.SITUATIONAL:
                return self.situational[level]
            case Kind.TECHNICAL:
                return self.technical


_LEVELS = {
    "entry-level": "early",
    "intermediate": "experienced",
    "senior": "experienced",
    "managerial": "leading",
    "director": "leading",
    "executive": "leading",
}
_B, _S, _T = Kind.BEHAVIOURAL, Kind.SITUATIONAL, Kind.TECHNICAL
# What each type of interview asks in turn, and for what when the template says little.
_PATTERNS: Mapping[InterviewType, tuple[tuple[Kind, ...], tuple[str, ...]]] = {
    InterviewType.PRE_SCREENING: (
        (_B, _S),
        ("drive", "communication", "teamwork", "ownership", "planning", "learning"),
    ),
    InterviewType.PRE_SCREENING_WITH_TEST_QUESTIONS: (
        (_T, _B, _T, _S),
        ("technical_depth", "problem_solving", "quality", "communication", "planning"),
    ),
    InterviewType.SECOND_INTERVIEW: (
        (_B, _T, _S),
        ("technical_depth", "decision_making", "conflict", "ownership", "leadership"),
    ),
    InterviewType.REMOTE_FREELANCER_VERIFICATION: (
        (_T, _B, _S),
        ("remote_work", "technical_depth", "ownership", "communication", "integrity"),
    ),
    InterviewType.STRENGTH_BASED: (
        (_B,),
        ("drive", "creativity", "learning", "teamwork", "problem_solving", "adaptability"),
    ),
    InterviewType.POTENTIAL_BASED: (
        (_S, _B),
        ("learning", "adaptability", "problem_solving", "creativity", "drive", "communication"),
    ),
    InterviewType.PROCESS_VERIFICATION: (
        (_T, _S),
        ("quality", "ownership", "problem_solving", "integrity", "planning"),
    ),
}


def parse_bank(content: Mapping[str, Mapping[str, Any]]) -> tuple[Competency, ...]:
    return tuple(
        Competency(
            key=key,
            name=entry["name"],
            keywords=tuple(entry["keywords"]),
            expectations=tuple(entry["expectations"]),
            behavioural=entry["behavioural"],
            situational=entry["situational"],
            technical=entry["technical"],
        )
        for key, entry in content.items()
    )


def bank_questions(
    bank: Sequence[Competency], template: Template, count: int
) -> tuple[Question, ...]:
    """At most `count`, without ids; the same template always gets the same ones."""
    kinds, _ = _PATTERNS[template.interview_type]
    level = _LEVELS.get(template.seniority, "experienced")
    questions: dict[str, Question] = {}
    ranked = ranked_competencies(bank, template)
    for number in range(len(kinds)):
        for place, competency in enumerate(ranked):
            # The next round asks the same competencies in another way.
            text = competency.question(kinds[(place + number) % len(kinds)], level)
            questions.setdefault(text, _question(competency, text))
    return tuple(questions.values())[:count]


def ranked_competencies(bank: Sequence[Competency], template: Template) -> tuple[Competency, ...]:
    """What the template speaks of first, then what its type of interview usually asks for."""
    _, usual = _PATTERNS[template.interview_type]
    said = _stems(
        " ".join(
            (
                template.name,
                template.objective,
                template.description,
                template.requirements,
                *template.skills,
                *template.soft_skills,
            )
        )
    )
    places = {key: place for place, key in enumerate(usual)}

    def rank(competency: Competency) -> tuple[int, int]:
        return -_shared(competency, said), places.get(competency.key, len(usual))

    return tuple(sorted(bank, key=rank))


def hits(competency: Competency, text: str) -> int:
    """How many of its keywords a text speaks of."""
    return _shared(competency, _stems(text))


def marked(question: Question, origin: Origin, **more: str) -> Question:
    return replace(question, stored={**question.stored, ORIGIN: origin.value, **more})


def _question(competency: Competency, text: str) -> Question:
    question = Question(
        id="",
        text=text,
        language=LANGUAGE,
        label=competency.name,
        expectations=competency.expectations,
    )
    return marked(question, Origin.BANK, competency=competency.key)


def _shared(competency: Competency, said: frozenset[str]) -> int:
    return len(said & _stems(" ".join(competency.keywords)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in normalized_words(text) if len(word) > 3)
