import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from vivavoce.core.session import Participant
from vivavoce.core.transcript import Source, Speaker, Turn, TurnKind
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.conversations import planned
from vivavoce.services.knowledge import NewFile
from vivavoce.services.scorecards import Interviewed, ScorecardWriter

from tests.services.backend import World
from tests.services.test_knowledge_search import MeaningByLength
from tests.services.test_scorecards import ScriptedRater, rating

RESUME = "Robin led the zeppelin migration at Quorum Airships."


async def person(world: World) -> str:
    def fill(blank: Participant) -> Participant:
        return replace(
            blank, name="Robin", email="robin@example.org", template_id=world.template.id
        )

    participant = await world.services.participants.create(world.organization_id, fill)
    return participant.id


async def session_of(world: World) -> str:
    """With a person whose résumé is known."""
    participant_id = await person(world)
    file = NewFile("cv.txt", RESUME.encode())
    await world.services.knowledge.put_resume(world.organization_id, participant_id, file)
    record = await world.services.sessions.schedule(
        world.organization_id, world.template.id, "Robin", "robin@example.org"
    )
    return record.session.id


@pytest.mark.anyio
async def test_an_interview_may_refer_to_the_resume_and_to_the_templates_store(
    world: World,
) -> None:
    knowledge, owner = world.services.knowledge, world.organization_id
    store = await knowledge.create(owner, "Handbook", "")
    other = await knowledge.create(owner, "Another", "")
    for store_id, text in ((store.id, "A zeppelin is moored."), (other.id, "No zeppelin here.")):
        await knowledge.add_document(owner, store_id, NewFile("h.txt", text.encode()))

    def edit(before: StoredTemplate) -> StoredTemplate:
        stored = {**before.template.stored, "knowledge_base_store_id": store.id}
        return replace(before, template=replace(before.template, stored=stored))

    await world.services.templates.change(owner, world.template.id, None, edit)
    changed = await world.services.templates.get(owner, world.template.id)
    session_id = await session_of(world)
    finder = await world.services.grounding.of_session(session_id, changed.template)
    assert finder is not None
    found = await finder.find("What did you lead?", "The zeppelin project.")
    assert {passage.chunk.text for passage in found} == {RESUME, "A zeppelin is moored."}


@pytest.mark.anyio
async def test_what_one_question_is_about_is_not_quoted_after_another(world: World) -> None:
    knowledge, owner = world.services.knowledge, world.organization_id
    shared = await knowledge.create(owner, "Handbook", "")
    own = await knowledge.create(owner, "Incidents", "")
    await knowledge.add_document(owner, shared.id, NewFile("h.txt", b"A valve is tested weekly."))
    await knowledge.add_document(owner, own.id, NewFile("i.txt", b"The valve of hall 3 broke."))
    first, second = world.template.questions[:2]
    template = replace(
        world.template,
        stored={"knowledge_base_store_id": shared.id},
        questions=(replace(first, stored={"knowledge_base_id": own.id}), second),
    )
    record = await world.services.sessions.schedule(
        owner, template.id, "Robin", "robin@example.org"
    )
    finder = await world.services.grounding.of_session(record.session.id, template)
    assert finder is not None

    async def found(question: str) -> set[str]:
        passages = await finder.find(question, "I looked after a valve.")
        return {passage.chunk.text for passage in passages}

    assert await found(first.text) == {"A valve is tested weekly.", "The valve of hall 3 broke."}
    assert await found(second.text) == {"A valve is tested weekly."}


class Lost(MeaningByLength):
    """Its server does not answer."""

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        await asyncio.Event().wait()
        return []


@pytest.mark.anyio
async def test_while_meaning_is_slow_words_still_find_something_in_time(world: World) -> None:
    session_id = await session_of(world)
    world.services.knowledge_search.use_embedder(Lost())
    finder = await world.services.grounding.of_session(session_id, world.template)
    assert finder is not None
    (found,) = await finder.find("What did you lead?", "The zeppelin project.")
    assert found.chunk.text == RESUME


@pytest.mark.anyio
async def test_without_documents_there_is_nothing_to_refer_to(world: World) -> None:
    await person(world)
    record = await world.services.sessions.schedule(
        world.organization_id, world.template.id, "Robin", "robin@example.org"
    )
    assert await world.services.grounding.of_session(record.session.id, world.template) is None


@pytest.mark.anyio
async def test_scoring_sees_nothing_of_the_resume(world: World) -> None:
    session_id = await session_of(world)
    live = await world.services.live_sessions.load_live_session(session_id)
    template, plan = planned(live)
    sources = (Source("document-1", 1, 0, len(RESUME)),)
    follow_up = "You led the zeppelin migration at Quorum Airships: what was hard?"
    turns = (
        Turn(1, Speaker.INTERVIEWER, TurnKind.QUESTION, plan.questions[0].text, 0, 900, 0),
        Turn(2, Speaker.CANDIDATE, TurnKind.ANSWER, "I built a list by myself.", 1000, 2000, 0),
        Turn(3, Speaker.INTERVIEWER, TurnKind.FOLLOW_UP, follow_up, 2100, 3000, 0, sources=sources),
        Turn(4, Speaker.CANDIDATE, TurnKind.ANSWER, "The nights were long.", 3100, 4000, 0),
    )
    rater = ScriptedRater(rating())
    writer = ScorecardWriter(rater)
    interviewed = Interviewed(session_id, template, live.profile, plan, turns)
    card = await writer.write(interviewed)

    asked = " ".join([*rater.prompts, str(card)]).lower()
    assert "i built a list by myself" in asked
    for word in ("zeppelin", "quorum", "airships", "robin", "document-1"):
        assert word not in asked
