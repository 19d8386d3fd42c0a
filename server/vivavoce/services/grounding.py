"""What the interviewer of a session may refer to: the candidate's résumé, the template's stores."""

import asyncio

from vivavoce.core.knowledge import Passage, Scope
from vivavoce.core.template import Template
from vivavoce.ports.passages import PassageFinder
from vivavoce.services import session_changes
from vivavoce.services.foundation import Foundation
from vivavoce.services.knowledge_search import KnowledgeSearch

MOST_PASSAGES = 3
WAIT_SECONDS = 0.2  # an answer that waits for a quotation is worse than one without it
STORE_FIELD = "knowledge_base_store_id"


class SessionPassages:
    """A `ports.passages.PassageFinder`."""

    def __init__(self, search: KnowledgeSearch, scope: Scope, language: str) -> None:
        self._search = search
        self._scope = scope
        self._language = language

    async def find(self, question: str, answer: str) -> tuple[Passage, ...]:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await self._search.find(
                    self._scope, f"{question} {answer}", MOST_PASSAGES, self._language
                )
        except TimeoutError:
            return ()


class Grounding:
    def __init__(self, foundation: Foundation, search: KnowledgeSearch) -> None:
        self._at = foundation
        self._search = search

    async def of_session(self, session_id: str) -> PassageFinder | None:
        """None when there is nothing to refer to. Raises `NotFound` code `session_not_found`."""
        read = self._at.stores.read
        session = await session_changes.require_session(read, session_id)
        stored = await read.templates.get(session.template_id)
        store_ids = store_ids_of(stored.template) if stored is not None else ()
        resume = await read.knowledge.resume_of(session.participant_id)
        if resume is None and not store_ids:
            return None
        scope = Scope(session.organization_id, session.participant_id, store_ids)
        return SessionPassages(self._search, scope, session.language)


def store_ids_of(template: Template) -> tuple[str, ...]:
    """The stores of a template, and those of its questions."""
    ids = [template.stored.get(STORE_FIELD)]
    ids += [question.stored.get("knowledge_base_id") for question in template.questions]
    return tuple(dict.fromkeys(one for one in ids if isinstance(one, str)))
