"""Makes questions for templates that bring none: by a model, from documents, or from the bank."""

import json
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from vivavoce.core.document_questions import document_questions
from vivavoce.core.errors import Conflict, EngineFailure, Unprocessable
from vivavoce.core.knowledge import Chunk, Document
from vivavoce.core.question_bank import Competency, Origin, bank_questions, marked, parse_bank
from vivavoce.core.question_prompts import (
    question_grammar,
    question_messages,
    read_questions_made,
)
from vivavoce.core.revisions import require_revision
from vivavoce.core.template import InterviewType, Question, Template
from vivavoce.ports.engines import LanguageModel
from vivavoce.ports.stores import StoredTemplate, Tables
from vivavoce.services import session_changes
from vivavoce.services.foundation import Foundation
from vivavoce.services.grounding import store_ids_of
from vivavoce.services.ownership import own_template

USUAL_COUNT = 6
TOKENS_PER_QUESTION = 120
_MOST_DOCUMENTS = 20

_Read = tuple[Document, tuple[Chunk, ...]]


@dataclass(frozen=True)
class Wish:
    """`None` leaves what the template says."""

    count: int = USUAL_COUNT
    interview_type: InterviewType | None = None
    seniority: str | None = None
    replace_all: bool = False


class QuestionMaking:
    def __init__(self, foundation: Foundation, model: LanguageModel | None = None) -> None:
        self._at = foundation
        self._model = model

    def use_model(self, model: LanguageModel | None) -> None:
        """Engines open after the services, which have to be there without them."""
        self._model = model

    async def make(
        self, organization_id: str, template_id: str, seen: frozenset[int] | None, wish: Wish
    ) -> StoredTemplate:
        """Write the questions into the template.

        Raises `NotFound` code `template_not_found`, `Conflict` codes `changed_meanwhile` and
        `questions_exist`, `Unprocessable` code `no_documents`.
        """
        before = await own_template(self._at.stores.read, organization_id, template_id)
        require_revision(before.template.revision, seen)
        if before.template.questions and not wish.replace_all:
            raise Conflict("questions_exist", "This template has questions already.")
        template = replace(
            before.template,
            interview_type=wish.interview_type or before.template.interview_type,
            seniority=wish.seniority or before.template.seniority,
        )
        questions = await self._questions(organization_id, template, wish.count, self._model)
        async with self._at.stores.transaction() as write:
            current = await own_template(write, organization_id, template_id)
            require_revision(current.template.revision, frozenset({before.template.revision}))
            return await self._keep(write, current, template, questions)

    async def ensure(self, session_id: str) -> None:
        """Give an interview that is about to begin questions, when its template has none.

        At once, so never by a model; a knowledge-base interview without documents asks as others.
        """
        read = self._at.stores.read
        session = await session_changes.require_session(read, session_id)
        stored = await read.templates.get(session.template_id)
        if stored is None or stored.template.questions or session.started_at is not None:
            return
        owner, template = stored.organization_id, stored.template
        documents = await self._documents(owner, template)
        questions = _without_model(template, documents, USUAL_COUNT)
        async with self._at.stores.transaction() as write:
            current = await own_template(write, owner, template.id)
            if not current.template.questions:
                await self._keep(write, current, current.template, questions)

    async def _keep(
        self,
        write: Tables,
        current: StoredTemplate,
        template: Template,
        questions: Iterable[Question],
    ) -> StoredTemplate:
        named = tuple(replace(question, id=self._at.new_id()) for question in questions)
        changed = replace(template, questions=named, revision=current.template.revision + 1)
        stored = replace(current, template=changed)
        await write.templates.change(stored)
        return stored

    async def _questions(
        self, organization_id: str, template: Template, count: int, model: LanguageModel | None
    ) -> tuple[Question, ...]:
        documents = await self._documents(organization_id, template)
        if template.interview_type is InterviewType.PROCESS_VERIFICATION and not documents:
            message = "This type of interview is made from the documents of a knowledge store."
            raise Unprocessable("no_documents", message)
        made = () if model is None else await _by_model(model, template, documents, count)
        # What the model fell short of; the same words are asked once.
        spare = _without_model(template, documents, count)
        every = {question.text.casefold(): question for question in (*spare[::-1], *made[::-1])}
        return tuple(reversed(every.values()))[:count]

    async def _documents(self, organization_id: str, template: Template) -> tuple[_Read, ...]:
        """Only an interview about documents asks about them."""
        if template.interview_type is not InterviewType.PROCESS_VERIFICATION:
            return ()
        read = self._at.stores.read.knowledge
        stores = [await read.get(organization_id, one) for one in store_ids_of(template)]
        return tuple(
            [
                (document, await read.chunks(document.id))
                for store in stores
                if store is not None
                for document in await read.documents(store.id, 0, _MOST_DOCUMENTS)
            ]
        )


@cache
def question_bank() -> tuple[Competency, ...]:
    file = resources.files("vivavoce") / "question_bank" / "en.json"
    return parse_bank(json.loads(file.read_text(encoding="utf-8")))


def _without_model(
    template: Template, documents: tuple[_Read, ...], count: int
) -> tuple[Question, ...]:
    about = document_questions(documents, count)
    return (*about, *bank_questions(question_bank(), template, count - len(about)))


async def _by_model(
    model: LanguageModel, template: Template, documents: tuple[_Read, ...], count: int
) -> tuple[Question, ...]:
    """Empty when the model fails."""
    cache_name = f"questions-{template.id}"
    material = "\n".join(chunk.text for _, chunks in documents for chunk in chunks[:3])
    pieces = model.generate(
        cache_name,
        model.chat_prompt(question_messages(template, material, count)),
        grammar=question_grammar(count),
        max_tokens=TOKENS_PER_QUESTION * count,
    )
    try:
        reply = "".join([piece async for piece in pieces])
    except EngineFailure:
        return ()
    finally:
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()
        await model.release(cache_name)
    made = read_questions_made(reply, template.language, count)
    return tuple(marked(question, Origin.MODEL) for question in made)
