from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from vivavoce.core.errors import Conflict, EngineFailure, Unprocessable
from vivavoce.core.template import InterviewType
from vivavoce.ports.stores import StoredTemplate
from vivavoce.services.knowledge import NewFile
from vivavoce.services.question_making import Wish

from tests.services.backend import World

HANDBOOK = (
    "# Unloading\nEvery pallet is weighed. The weight is noted.\n\n"
    "# Damage\nA damaged pallet stays on the truck until the shift lead has seen it.\n"
)
VERIFICATION = Wish(3, InterviewType.PROCESS_VERIFICATION, replace_all=True)


@dataclass
class Writer:
    """A language model that says `reply`, or breaks."""

    reply: str | None
    prompts: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    name: str = "writer"
    file_hash: str = ""

    async def prefill(self, session: str, prompt: str) -> None:
        self.prompts.append(prompt)

    async def generate(
        self,
        session: str,
        prompt: str,
        *,
        grammar: str | None = None,
        max_tokens: int = 160,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> AsyncIterator[str]:
        self.prompts.append(prompt)
        if self.reply is None:
            raise EngineFailure("language_model", "It is broken.")
        yield self.reply

    def chat_prompt(self, messages: tuple[tuple[str, str], ...], *, open_reply: bool = True) -> str:
        return "\n".join(text for _, text in messages)

    async def release(self, session: str) -> None:
        self.released.append(session)


async def emptied(world: World, **stored: str) -> None:
    def edit(before: StoredTemplate) -> StoredTemplate:
        content = {**before.template.stored, **stored}
        return replace(before, template=replace(before.template, questions=(), stored=content))

    await world.services.templates.change(world.organization_id, world.template.id, None, edit)


async def handbook(world: World) -> str:
    knowledge, owner = world.services.knowledge, world.organization_id
    store = await knowledge.create(owner, "Handbook", "")
    await knowledge.add_document(owner, store.id, NewFile("handbook.md", HANDBOOK.encode()))
    return store.id


async def made(world: World, wish: Wish | None = None) -> list[tuple[str, str]]:
    stored = await world.services.question_making.make(
        world.organization_id, world.template.id, None, wish or Wish(3)
    )
    questions = stored.template.questions
    assert len({question.id for question in questions}) == len(questions)
    assert all(question.id and question.expectations for question in questions)
    return [(question.stored["origin"], question.text) for question in questions]


@pytest.mark.anyio
async def test_without_a_model_the_bank_is_asked_and_questions_are_kept(world: World) -> None:
    with pytest.raises(Conflict):
        await made(world)
    await emptied(world)
    asked = await made(world)
    assert [origin for origin, _ in asked] == ["bank"] * 3
    kept = await world.services.templates.get(world.organization_id, world.template.id)
    assert [question.text for question in kept.template.questions] == [text for _, text in asked]


@pytest.mark.anyio
async def test_a_model_writes_them_and_the_bank_fills_what_it_falls_short_of(world: World) -> None:
    await emptied(world)
    writer = Writer("Q: How do you weigh a pallet?\nE: scale; note\n")
    world.services.question_making.use_model(writer)
    asked = await made(world)

    assert asked[0] == ("model", "How do you weigh a pallet?")
    assert [origin for origin, _ in asked] == ["model", "bank", "bank"]
    assert writer.released == [f"questions-{world.template.id}"]


@pytest.mark.anyio
async def test_a_broken_model_leaves_the_bank(world: World) -> None:
    await emptied(world)
    world.services.question_making.use_model(Writer(None))
    assert [origin for origin, _ in await made(world)] == ["bank"] * 3


@pytest.mark.anyio
async def test_an_interview_about_documents_asks_about_them(world: World) -> None:
    await emptied(world, knowledge_base_store_id=await handbook(world))
    asked = await made(world, VERIFICATION)
    assert [origin for origin, _ in asked] == ["documents", "documents", "bank"]
    assert "Unloading" in asked[0][1]
    assert "Damage" in asked[1][1]
    stored = await world.services.templates.get(world.organization_id, world.template.id)
    assert stored.template.questions[0].expectations == (
        "Every pallet is weighed.",
        "The weight is noted.",
    )

    writer = Writer("Q: Who has to see damage first?\nE: the shift lead\n")
    world.services.question_making.use_model(writer)
    asked = await made(world, VERIFICATION)
    assert asked[0] == ("model", "Who has to see damage first?")
    assert "shift lead" in writer.prompts[0]


@pytest.mark.anyio
async def test_an_interview_about_documents_needs_some(world: World) -> None:
    with pytest.raises(Unprocessable) as refused:
        await made(world, VERIFICATION)
    assert refused.value.code == "no_documents"


@pytest.mark.anyio
async def test_an_interview_that_begins_without_questions_is_given_some_once(world: World) -> None:
    await emptied(world)
    sessions = [
        await world.services.sessions.schedule(
            world.organization_id, world.template.id, "N", f"n{n}@example.org"
        )
        for n in range(2)
    ]
    for record in sessions:
        await world.services.question_making.ensure(record.session.id)
    live = await world.services.live_sessions.load_live_session(sessions[0].session.id)
    assert len(live.template.questions) == 6
    stored = await world.services.templates.get(world.organization_id, world.template.id)
    assert stored.template.questions == live.template.questions
