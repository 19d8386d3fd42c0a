"""What the interviewer of a session may refer to: the candidate's résumé, the template's stores."""

import asyncio
from collections.abc import Container, Mapping
from dataclasses import replace

from vivavoce.core.errors import Issue
from vivavoce.core.knowledge import Passage, Scope
from vivavoce.core.template import Template
from vivavoce.ports.passages import PassageFinder
from vivavoce.ports.stores import Tables
from vivavoce.services import session_changes
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge_search import KnowledgeSearch

MOST_PASSAGES = 3
WAIT_SECONDS = 0.2  # an answer that waits for a quotation is worse than one without it
MEANING_SECONDS = 0.12  # of that; afterwards words have to do
STORE_FIELD = "knowledge_base_store_id"
QUESTION_STORE_FIELD = "knowledge_base_id"


class SessionPassages:
    """A `ports.passages.PassageFinder`. `own_stores` are those of single questions, by their
    texts: what one question is about is not quoted after another.
    """

    def __init__(
        self,
        search: KnowledgeSearch,
        scope: Scope,
        own_stores: Mapping[str, tuple[str, ...]],
        language: str,
    ) -> None:
        self._search = search
        self._scope = scope
        self._own_stores = own_stores
        self._language = language

    async def find(self, question: str, answer: str) -> tuple[Passage, ...]:
        own = self._own_stores.get(question, ())
        scope = replace(self._scope, store_ids=(*self._scope.store_ids, *own))
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await self._search.find(
                    scope,
                    f"{question} {answer}",
                    MOST_PASSAGES,
                    self._language,
                    patience_seconds=MEANING_SECONDS,
                )
        except TimeoutError:
            return ()


class Grounding:
    def __init__(self, foundation: Foundation, search: KnowledgeSearch) -> None:
        self._at = foundation
        self._search = search

    async def of_session(self, session_id: str, template: Template) -> PassageFinder | None:
        """`template` as the session has it. None when there is nothing to refer to.

        Raises `NotFound` code `session_not_found`.
        """
        read = self._at.stores.read
        session = await session_changes.require_session(read, session_id)
        resume = await read.knowledge.resume_of(session.participant_id)
        if resume is None and not store_ids_of(template):
            return None
        shared = template.stored.get(STORE_FIELD)
        scope = Scope(session.organization_id, session.participant_id, (shared,) if shared else ())
        own: dict[str, tuple[str, ...]] = {}
        for question in template.questions:
            if store_id := question.stored.get(QUESTION_STORE_FIELD):
                own[question.text] = (*own.get(question.text, ()), store_id)
        return SessionPassages(self._search, scope, own, session.language)


def store_ids_of(template: Template) -> tuple[str, ...]:
    """The stores of a template, and those of its questions."""
    return tuple(dict.fromkeys(_named_stores(template).values()))


async def missing_stores(
    tables: Tables, organization_id: str, template: Template, known: Container[str] = ()
) -> tuple[Issue, ...]:
    """Where the template names a store that the organization does not have; `known` may be gone."""
    return tuple(
        [
            Issue(path, "This knowledge store does not exist.")
            for path, store_id in _named_stores(template).items()
            if store_id not in known
            and await tables.knowledge.get(organization_id, store_id) is None
        ]
    )


def _named_stores(template: Template) -> dict[tuple[str, ...], str]:
    """By the path of the field that names each."""
    named: dict[tuple[str, ...], str | None] = {(STORE_FIELD,): template.stored.get(STORE_FIELD)}
    for number, question in enumerate(template.questions):
        path = ("questions", str(number), QUESTION_STORE_FIELD)
        named[path] = question.stored.get(QUESTION_STORE_FIELD)
    return {path: store_id for path, store_id in named.items() if store_id}
