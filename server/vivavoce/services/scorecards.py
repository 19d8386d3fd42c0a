"""Writes the scorecard of one finished interview: evidence first, then levels, then arithmetic."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vivavoce.core.agent_profile import AgentProfile, Dimension
from vivavoce.core.evidence import confidence, is_instruction, scorable, verified
from vivavoce.core.feedback import collected, rated_feedback, unrated_feedback
from vivavoce.core.lexical_evidence import lexical_evidence
from vivavoce.core.planning import InterviewPlan
from vivavoce.core.prompts import Messages
from vivavoce.core.scorecard import Citation, DimensionResult, Scorecard
from vivavoce.core.scoring import (
    NEEDS_HUMAN_REVIEW,
    SUFFICIENT_CONFIDENCE,
    Rating,
    dimension_result,
    judge,
    median_level,
)
from vivavoce.core.scoring_prompts import (
    SCORING_PROMPT_HASH,
    PassResult,
    answers_messages,
    evidence_grammar,
    evidence_messages,
    rating_grammar,
    rating_messages,
    read_quotes,
    read_rating,
)
from vivavoce.core.template import Template
from vivavoce.core.transcript import Turn
from vivavoce.ports.engines import LanguageModel

PASSES = 3
TEMPERATURE = 0.3  # enough for passes to differ; the seeds make them repeatable
EVIDENCE_TOKENS = 320
RATING_TOKENS = 96
NO_MODEL = "rule_based_interviewer_gives_no_verdict"


@dataclass(frozen=True)
class Interviewed:
    """Everything that scoring may know about a session; nothing about the person is in it."""

    session: str
    template: Template
    profile: AgentProfile
    plan: InterviewPlan
    turns: tuple[Turn, ...]
    engines: Mapping[str, str] = field(default_factory=dict)  # by role, who played it

    @property
    def answers(self) -> tuple[Turn, ...]:
        questions = enumerate(self.plan.questions)
        return scorable(self.turns, frozenset(i for i, q in questions if not q.scored))


class ScorecardWriter:
    """Stateless between calls: the same interview and model always give the same card.

    `validated_languages` are those in which the rubric and the model were checked against people;
    in any other the card has scores and leaves the recommendation to them.
    """

    def __init__(
        self,
        language_model: LanguageModel | None,
        validated_languages: frozenset[str] = frozenset({"en"}),
    ) -> None:
        self._language_model = language_model
        self._validated_languages = validated_languages

    async def write(self, interviewed: Interviewed) -> Scorecard:
        """Raises `EngineFailure` when the model breaks; nothing is written then."""
        if self._language_model is None:
            return collected_scorecard(interviewed)
        panel = _Panel(self._language_model, interviewed)
        try:
            ratings = [await panel.rate(dimension) for dimension in interviewed.profile.dimensions]
        finally:
            for cache in (_cache(interviewed), _rating_cache(interviewed)):
                await self._language_model.release(cache)
        scale = interviewed.profile.scoring.scale
        results = tuple(dimension_result(rating, scale) for rating in ratings)
        doubts = self._doubts(interviewed, results)
        verdict = judge(results, interviewed.profile, interviewed.template, doubts)
        return Scorecard(
            score=verdict.score,
            passed=verdict.passed,
            recommendation=verdict.recommendation,
            coverage=verdict.coverage,
            ai_feedback=rated_feedback(results),
            dimensions=results,
            reasons=verdict.reasons,
            evidence=panel.evidence() | played(interviewed),
        )

    def _doubts(
        self, interviewed: Interviewed, results: Sequence[DimensionResult]
    ) -> tuple[str, ...]:
        doubts = []
        heard = [
            probability
            for result in results
            for citation in result.citations
            if (probability := confidence(citation, interviewed.answers)) is not None
        ]
        if heard and min(heard) < SUFFICIENT_CONFIDENCE:
            doubts.append("low_transcription_confidence")
        if interviewed.plan.language not in self._validated_languages:
            doubts.append("language_not_validated")
        if interviewed.template.stored.get("type") == "coaching":
            doubts.append("coaching_gives_no_verdict")
        return tuple(doubts)


def collected_scorecard(interviewed: Interviewed) -> Scorecard:
    """Without a model: passages by shared words, no level, no verdict, and the reason for that."""
    plan, answers = interviewed.plan, interviewed.answers
    expectations = {i: question.expectations for i, question in enumerate(plan.questions)}
    results = []
    for dimension in interviewed.profile.dimensions:
        citations = lexical_evidence(dimension, answers, expectations, plan.phrases)
        rating = Rating(dimension, (), citations, collected(len(citations)))
        results.append(dimension_result(rating, interviewed.profile.scoring.scale))
    return Scorecard(
        score=None,
        passed=None,
        recommendation=NEEDS_HUMAN_REVIEW,
        coverage=0.0,
        ai_feedback=unrated_feedback(results),
        dimensions=tuple(results),
        reasons=(NO_MODEL,),
        evidence={
            "rubric_version": interviewed.profile.rubric_version,
            "prompt_hash": None,
            "model": "rule-based interviewer",
            "model_file_hash": None,
            "sampler": None,
            "seed": None,
            **played(interviewed),
        },
    )


def played(interviewed: Interviewed) -> dict[str, str | int | float | None]:
    """Who heard the answers and who led the interview, where that is known."""
    known = {"heard_by": "transcriber", "led_by": "language_model"}
    engines = interviewed.engines
    return {fact: engines[role] for fact, role in known.items() if role in engines}


class _Panel:
    """The passes over one interview."""

    def __init__(self, language_model: LanguageModel, interviewed: Interviewed) -> None:
        self._language_model = language_model
        self._interviewed = interviewed
        self._answers = interviewed.answers
        self._beginning = _beginning(interviewed)
        digest = hashlib.sha256(interviewed.session.encode()).digest()
        self._seed = int.from_bytes(digest[:4]) >> 1

    async def rate(self, dimension: Dimension) -> Rating:
        citations = await self._find(dimension) if self._answers else ()
        if not citations:
            return Rating(dimension, (None,) * PASSES, (), "Nothing was said about it.")
        passes = [await self._pass(dimension, citations, number) for number in range(PASSES)]
        levels = tuple(result.level for result in passes)
        level = median_level(levels)
        reason = next((result.reason for result in passes if result.level == level), "")
        return Rating(dimension, levels, citations, reason)

    def evidence(self) -> dict[str, str | int | float | None]:
        return {
            "rubric_version": self._interviewed.profile.rubric_version,
            "prompt_hash": SCORING_PROMPT_HASH,
            "model": self._language_model.name,
            "model_file_hash": self._language_model.file_hash,
            "sampler": f"temperature={TEMPERATURE}, passes={PASSES}",
            "seed": self._seed,
        }

    async def _find(self, dimension: Dimension) -> tuple[Citation, ...]:
        reply = await self._complete(
            evidence_messages(self._beginning, dimension),
            evidence_grammar(self._answers),
            EVIDENCE_TOKENS,
        )
        phrases = self._interviewed.plan.phrases
        found = [
            verified(quote, self._answers, number)
            for number, quote in read_quotes(reply)
            if not is_instruction(quote, phrases)
        ]
        return tuple(dict.fromkeys(citation for citation in found if citation is not None))

    async def _pass(
        self, dimension: Dimension, citations: tuple[Citation, ...], number: int
    ) -> PassResult:
        messages = rating_messages(dimension, citations, number)
        return read_rating(
            await self._complete(
                messages, rating_grammar(), RATING_TOKENS, seed=number, temperature=TEMPERATURE
            )
        )

    async def _complete(
        self,
        messages: Messages,
        grammar: str,
        max_tokens: int,
        *,
        seed: int = 0,
        temperature: float = 0.0,
    ) -> str:
        # Ratings have their own cache, so that they do not push the shared answers out of theirs.
        cache = _cache if temperature == 0.0 else _rating_cache
        pieces = self._language_model.generate(
            cache(self._interviewed),
            self._language_model.chat_prompt(messages),
            grammar=grammar,
            max_tokens=max_tokens,
            temperature=temperature,
            seed=self._seed + seed,
        )
        return "".join([piece async for piece in pieces])


def _beginning(interviewed: Interviewed) -> Messages:
    questions = [question.text for question in interviewed.plan.questions]
    return answers_messages(interviewed.answers, questions, interviewed.plan.phrases)


def _cache(interviewed: Interviewed) -> str:
    return f"{interviewed.session}/scorecard"


def _rating_cache(interviewed: Interviewed) -> str:
    return f"{interviewed.session}/scorecard/rating"
