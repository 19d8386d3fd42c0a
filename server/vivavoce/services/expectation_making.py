"""Writes down what a good answer contains, for questions that bring nothing of it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from vivavoce.core.errors import EngineFailure
from vivavoce.core.expectations import (
    ORIGIN_FIELD,
    QUESTIONS_AT_ONCE,
    ExpectationResult,
    expectation_grammar,
    expectation_messages,
    expecting,
    from_bank,
    held_against,
    lacks,
    read_expectations,
)
from vivavoce.core.question_bank import Origin
from vivavoce.core.revisions import require_revision
from vivavoce.core.template import Question, Template
from vivavoce.ports.engines import LanguageModel
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.conversations import planned
from vivavoce.services.foundation import Foundation
from vivavoce.services.live_sessions import LiveSessions
from vivavoce.services.ownership import own_template
from vivavoce.services.question_making import question_bank
from vivavoce.services.sessions import SessionRecord

TOKENS_PER_QUESTION = 60
_MADE = frozenset({ORIGIN_FIELD, "candidate_expectations_json"})
# Whoever makes an interview waits for the answer; what is not there by then, the bank has.
MODEL_WITHIN_SECONDS = 20.0


class ExpectationMaking:
    def __init__(self, foundation: Foundation, model: LanguageModel | None = None) -> None:
        self._at = foundation
        self._model = model

    def use_model(self, model: LanguageModel | None) -> None:
        """Engines open after the services, which have to be there without them."""
        self._model = model

    async def make(
        self,
        organization_id: str,
        template_id: str,
        seen: frozenset[int] | None,
        *,
        replace_made: bool = False,
    ) -> StoredTemplate:
        """Write them into the template; `replace_made`: also in place of those that were made.

        Raises `NotFound` code `template_not_found`, `Conflict` code `changed_meanwhile`.
        """
        before = await own_template(self._at.stores.read, organization_id, template_id)
        require_revision(before.template.revision, seen)
        template = before.template
        if replace_made:
            template = replace(template, questions=tuple(map(_unmade, template.questions)))
        filled = await self.fill(template)
        async with self._at.stores.transaction() as write:
            current = await own_template(write, organization_id, template_id)
            require_revision(current.template.revision, frozenset({before.template.revision}))
            if filled == current.template:
                return current
            filled = replace(filled, revision=current.template.revision + 1)
            stored = replace(current, template=filled)
            await write.templates.change(stored)
        return stored

    async def fill(self, template: Template, within_seconds: float | None = None) -> Template:
        """`template` with expectations of every question that counts and has none."""
        wanting = [question for question in template.questions if lacks(question)]
        made: dict[str, Question] = {}
        if self._model is not None:
            try:
                async with asyncio.timeout(within_seconds):
                    for start in range(0, len(wanting), QUESTIONS_AT_ONCE):
                        batch = wanting[start : start + QUESTIONS_AT_ONCE]
                        made.update(await _by_model(self._model, template, batch))
            except (EngineFailure, TimeoutError):
                pass  # the bank has what the model fell short of
        for question in wanting:
            made.setdefault(question.id, from_bank(question_bank(), question))
        questions = tuple(made.get(question.id, question) for question in template.questions)
        return replace(template, questions=questions)


class Expectations:
    """What became of them in an interview, as a view on its evidence."""

    def __init__(self, live_sessions: LiveSessions) -> None:
        self._live_sessions = live_sessions

    async def of(self, record: SessionRecord) -> tuple[ExpectationResult, ...]:
        """Nothing until the interview is scored."""
        if record.scorecard is None:
            return ()
        _, plan = planned(await self._live_sessions.load_live_session(record.session.id))
        return held_against(plan.questions, record.turns, record.scorecard, plan.phrases)


def _unmade(question: Question) -> Question:
    """Without what was made for it; what its author said stays."""
    if ORIGIN_FIELD not in question.stored:
        return question
    stored = {name: value for name, value in question.stored.items() if name not in _MADE}
    return replace(question, expectations=(), stored=stored)


async def _by_model(
    model: LanguageModel, template: Template, questions: Sequence[Question]
) -> dict[str, Question]:
    """By the id of the question; fewer than asked for when the reply ends early."""
    cache_name = f"expectations-{template.id}"
    pieces = model.generate(
        cache_name,
        model.chat_prompt(expectation_messages(template, questions)),
        grammar=expectation_grammar(len(questions)),
        max_tokens=TOKENS_PER_QUESTION * len(questions),
    )
    try:
        reply = "".join([piece async for piece in pieces])
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
        await model.release(cache_name)
    named = read_expectations(reply, len(questions))
    return {
        question.id: expecting(question, hints, Origin.MODEL)
        for question, hints in zip(questions, named, strict=False)
    }
