"""Makes the plan of one interview out of its template and agent profile, before anybody speaks."""

import hashlib
from dataclasses import dataclass

from vivavoce.core.agent_profile import AgentProfile, ProbingDepth, ProfileContext
from vivavoce.core.phrases import Phrasebook
from vivavoce.core.template import Question, Template

FOLLOW_UPS = {ProbingDepth.LOW: 1, ProbingDepth.MEDIUM: 2, ProbingDepth.HIGH: 3}

_SHORTEST_QUESTION_MS = 120_000
_DEFAULT_TONE = "relaxed"


@dataclass(frozen=True)
class PlannedQuestion:
    """`condition` is the plan's index of the question that must have been answered before."""

    id: str
    text: str
    follow_ups: int  # at most so many
    budget_ms: int
    expectations: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    scored: bool = True
    asks_recruiter: bool = False
    condition: int | None = None
    label: str | None = None

    @property
    def is_invitation(self) -> bool:
        """The plan's own "is there anything you would like to ask?", not one of the template's."""
        return not self.id


@dataclass(frozen=True)
class InterviewPlan:
    """What will happen if nothing is skipped; equal inputs make equal plans.

    `questions` ends with an invitation to ask unless the template brings its own; turns about that
    invitation carry no question index.
    """

    language: str
    welcome: str
    disclosure: str
    questions: tuple[PlannedQuestion, ...]
    closing: str
    session_ms: int
    persona: str
    tone: str
    style: str
    difficulty: str
    context: str
    facts: tuple[str, ...]
    seed: str
    phrases: Phrasebook

    @property
    def base_questions(self) -> tuple[int, ...]:
        """Indexes of the questions that count as progress."""
        return tuple(i for i, question in enumerate(self.questions) if not question.asks_recruiter)

    @property
    def agenda(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What an interviewer may know from the start: each question and what to listen for."""
        return tuple(
            (planned.text, planned.expectations)
            for planned in self.questions
            if not planned.asks_recruiter
        )

    def pick(self, variants: tuple[str, ...], occasion: int) -> str:
        """A variant that differs from the one of the previous occasion when there are several."""
        return variants[(_rank(self.seed, "phrase") + occasion) % len(variants)]


def make_plan(
    template: Template, profile: AgentProfile, phrases: Phrasebook, seed: str
) -> InterviewPlan:
    """Plan one session. `seed` (the session's id) decides the random subset and the wording."""
    chosen = _chosen(template, seed)
    session_ms = template.duration_minutes * 60_000
    share_ms = max(_SHORTEST_QUESTION_MS, 2 * session_ms // max(1, len(chosen)))
    index = {question.id: i for i, question in enumerate(chosen)}
    follow_ups = FOLLOW_UPS[profile.interaction.probing_depth]
    questions = [_planned(question, index, follow_ups, share_ms) for question in chosen]
    if not any(question.asks_recruiter for question in questions):
        questions.append(_invitation(phrases, seed, share_ms))
    return InterviewPlan(
        language=template.language,
        welcome=template.welcome_message or _any(phrases.welcome, seed),
        disclosure=_any(phrases.disclosure, seed),
        questions=tuple(questions),
        closing=template.thank_you_message or _any(phrases.closing, seed),
        session_ms=session_ms,
        persona=profile.persona,
        tone=profile.interaction.tone if template.tone == _DEFAULT_TONE else template.tone,
        style=profile.interaction.style,
        difficulty=profile.interaction.difficulty,
        context=_context(template, profile.context),
        facts=template.approved_facts,
        seed=seed,
        phrases=phrases,
    )


def _rank(seed: str, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest()[:8])


def _any(variants: tuple[str, ...], seed: str) -> str:
    return variants[_rank(seed, variants[0]) % len(variants)]


def _chosen(template: Template, seed: str) -> tuple[Question, ...]:
    """The random subset counts unconditional questions; a conditional one follows its main one."""
    known = {question.id for question in template.questions}
    free = [
        question
        for question in template.questions
        if question.condition_question_id not in known and not question.asks_recruiter
    ]
    if template.questions_random_subset is None or not free:
        return template.questions
    count = max(1, round(template.questions_random_subset * len(free)))
    drawn = sorted(free, key=lambda question: _rank(seed, question.id))[:count]
    kept = {question.id for question in drawn}
    for _ in template.questions:  # a condition may itself be conditional
        kept |= {q.id for q in template.questions if q.condition_question_id in kept}
    return tuple(q for q in template.questions if q.id in kept or q.asks_recruiter)


def _planned(
    question: Question, index: dict[str, int], follow_ups: int, share_ms: int
) -> PlannedQuestion:
    probing = 0 if question.alternatives else follow_ups if question.scored else min(1, follow_ups)
    return PlannedQuestion(
        id=question.id,
        text=question.text,
        follow_ups=0 if question.asks_recruiter else probing,
        budget_ms=question.duration_seconds * 1000 if question.duration_seconds else share_ms,
        expectations=question.expectations,
        alternatives=question.alternatives,
        scored=question.scored,
        asks_recruiter=question.asks_recruiter,
        condition=index.get(question.condition_question_id or ""),
        label=question.label,
    )


def _invitation(phrases: Phrasebook, seed: str, share_ms: int) -> PlannedQuestion:
    text = _any(phrases.ask_candidate_questions, seed)
    return PlannedQuestion("", text, 0, share_ms, scored=False, asks_recruiter=True)


def _context(template: Template, context: ProfileContext) -> str:
    parts = (
        template.name,
        template.description,
        context.organization,
        context.domain,
        context.scenario,
    )
    return "\n".join(part for part in parts if part)
