import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from vivavoce.core.errors import EngineFailure, NotFound, Unprocessable
from vivavoce.core.knowledge import Scope, SourceForm
from vivavoce.core.resumes import RETRY_AFTER, ResumeState
from vivavoce.core.session import Participant
from vivavoce.services.knowledge import NewFile
from vivavoce.services.knowledge_search import indexing
from vivavoce.services.organizations import Founding
from vivavoce.services.resume_worker import LEASE

from tests.engines.documents import pdf
from tests.services.backend import World

HANDBOOK = (
    "Deliveries\nEvery pallet is weighed before it is unloaded.\n\n"
    "Complaints\nA café owner's complaint is answered within one working day."
)
ADDRESS = "https://files.example.com/robin%20vale.pdf"


class MeaningByLength:
    """Texts of similar length mean the same to it."""

    name = "by length"

    def __init__(self) -> None:
        self.broken = False

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        if self.broken:
            raise EngineFailure("embedder", "It is broken.")
        return [[float(len(text)), 100.0] for text in texts]


class Shelf:
    """A `DocumentFetcher` of one file, or of what goes wrong."""

    def __init__(self, content: bytes | Exception) -> None:
        self.content = content
        self.asked = 0

    async def fetch(self, url: str) -> bytes:
        self.asked += 1
        if isinstance(self.content, Exception):
            raise self.content
        return self.content


async def store_with(world: World, *texts: str) -> str:
    store = await world.services.knowledge.create(world.organization_id, "Handbook", "")
    for text in texts:
        file = NewFile("handbook.txt", text.encode())
        await world.services.knowledge.add_document(world.organization_id, store.id, file)
    return store.id


async def found(world: World, scope: Scope, text: str) -> list[str]:
    passages = await world.services.knowledge_search.find(scope, text, 5)
    return [passage.chunk.text for passage in passages]


@pytest.mark.anyio
async def test_passages_are_found_by_their_words_whatever_their_accents(world: World) -> None:
    long = "\n\n".join(f"Paragraph {n}. " + "Filling words. " * 50 for n in range(3))
    store_id = await store_with(world, HANDBOOK, long)
    scope = Scope(world.organization_id, store_ids=(store_id,))

    assert await found(world, scope, "What happens to the cafe's complaint?") == [HANDBOOK]
    assert (await found(world, scope, "paragraph 2"))[0].startswith("Paragraph 2.")
    assert await found(world, scope, "nothing of that kind") == []


@pytest.mark.anyio
async def test_text_without_blanks_is_found_inside_of_it(world: World) -> None:
    store_id = await store_with(world, "請求書は毎月末に支払い処理を行います。", "別の話です。")
    scope = Scope(world.organization_id, store_ids=(store_id,))

    assert len(await found(world, scope, "支払い処理について")) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["' OR 1=1 --", '" OR "', "text:*", "NEAR(a b)", "\0", "\\"])
async def test_metacharacters_find_nothing_and_break_nothing(world: World, text: str) -> None:
    store_id = await store_with(world, HANDBOOK)
    scope = Scope(world.organization_id, store_ids=(store_id,))

    assert await found(world, scope, text) == []


@pytest.mark.anyio
async def test_another_organization_finds_nothing(world: World) -> None:
    store_id = await store_with(world, HANDBOOK)
    other = await world.services.organizations.initialize(Founding("Other", "o@other.test"))
    scope = Scope(other.organization.id, store_ids=(store_id,))

    assert await found(world, scope, "complaint") == []
    with pytest.raises(NotFound):
        await world.services.knowledge.get(other.organization.id, store_id)


@pytest.mark.anyio
async def test_meaning_and_words_are_merged_and_each_says_what_found_it(world: World) -> None:
    embedder = MeaningByLength()
    world.services.knowledge_search.use_embedder(embedder)
    store_id = await store_with(world, HANDBOOK, "x" * 30)
    scope = Scope(world.organization_id, store_ids=(store_id,))
    search = world.services.knowledge_search
    assert await search.catch_up() == 2

    both = await search.find(scope, "complaint" + "?" * (len(HANDBOOK) - 9), 5)
    assert [passage.found_by for passage in both] == [
        (SourceForm.WORDS, SourceForm.MEANING),
        (SourceForm.MEANING,),
    ]
    embedder.broken = True
    (words_alone,) = await search.find(scope, "complaint", 5)
    assert words_alone.found_by == (SourceForm.WORDS,)


class OppositeLengths(MeaningByLength):
    """Another model: nothing that the first one says can be compared with it."""

    name = "by length, from the other end"

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        return [[-one, other] for one, other in await super().embed(texts, query=query)]


@pytest.mark.anyio
async def test_another_model_reads_everything_again_and_replaces_what_the_first_one_read(
    world: World,
) -> None:
    search = world.services.knowledge_search
    first, second = MeaningByLength(), OppositeLengths()
    search.use_embedder(first)
    store_id = await store_with(world, HANDBOOK, "x" * 30)
    scope = Scope(world.organization_id, store_ids=(store_id,))
    assert await search.catch_up() == 2
    assert await search.catch_up() == 0

    search.use_embedder(second)
    second.broken = True
    assert await search.catch_up() == 0  # nothing is lost, and it is tried again
    second.broken = False
    assert await search.catch_up() == 2
    assert await meanings(world, scope, second.name) == 2
    assert await meanings(world, scope, first.name) == 0


class Announcing(MeaningByLength):
    """Tells when it is asked to read."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> list[list[float]]:
        self.asked.set()
        return await super().embed(texts, query=query)


@pytest.mark.anyio
async def test_what_is_added_is_read_beside_everything_else(world: World) -> None:
    search, embedder = world.services.knowledge_search, Announcing()
    before = await store_with(world, HANDBOOK)
    search.use_embedder(embedder)
    async with indexing(search):
        await embedder.asked.wait()
        embedder.asked.clear()
        await store_with(world, "Forklifts are charged at night.")
        await embedder.asked.wait()  # which is after it has kept what it read first
        scope = Scope(world.organization_id, store_ids=(before,))
        assert await meanings(world, scope, embedder.name) == 1


async def meanings(world: World, scope: Scope, model: str) -> int:
    """How many passages have a vector of this model."""
    read = world.stores.read.knowledge
    return len(await read.by_vector(scope, model, [1.0, 1.0], 10))


@pytest.mark.anyio
async def test_a_removed_document_says_nothing_any_more(world: World) -> None:
    store_id = await store_with(world, HANDBOOK)
    knowledge, organization_id = world.services.knowledge, world.organization_id
    (document,), _ = await knowledge.documents(organization_id, store_id, 1, 20)
    await knowledge.remove_document(organization_id, store_id, document.id)

    assert await found(world, Scope(organization_id, store_ids=(store_id,)), "complaint") == []
    with pytest.raises(NotFound):
        await knowledge.document(organization_id, store_id, document.id)
    assert await world.stores.read.knowledge.chunks(document.id) == ()


@pytest.mark.anyio
async def test_removing_a_store_removes_what_is_in_it(world: World) -> None:
    store_id = await store_with(world, HANDBOOK)
    await world.services.knowledge.remove(world.organization_id, store_id, None)

    assert (
        await found(world, Scope(world.organization_id, store_ids=(store_id,)), "complaint") == []
    )


# Résumés


async def person(world: World, email: str = "robin@example.org") -> Participant:
    def fill(blank: Participant) -> Participant:
        return replace(
            blank,
            name="Robin Vale",
            email=email,
            template_id=world.template.id,
            resume_url=ADDRESS,
        )

    return await world.services.participants.create(world.organization_id, fill)


async def fetch_due(world: World, shelf: Shelf) -> int:
    return await world.services.new_resume_worker(shelf).deliver_due()


async def state(world: World, participant: Participant) -> tuple[ResumeState, str | None]:
    resume = await world.services.knowledge.resume(world.organization_id, participant.id)
    return resume.state, resume.fetch.error if resume.fetch else None


@pytest.mark.anyio
async def test_a_resume_is_fetched_once_and_can_be_referred_to(world: World) -> None:
    participant = await person(world)
    assert await state(world, participant) == (ResumeState.WAITING, None)

    shelf = Shelf(pdf("Robin led the billing team."))
    assert await fetch_due(world, shelf) == 1
    assert await fetch_due(world, shelf) == 0

    resume = await world.services.knowledge.resume(world.organization_id, participant.id)
    assert resume.state is ResumeState.READY
    assert resume.document is not None
    assert resume.document.name == "robin vale.pdf"
    scope = Scope(world.organization_id, participant.id)
    assert "billing team" in (await found(world, scope, "which team did you lead?"))[0]


@pytest.mark.anyio
async def test_a_server_that_is_down_is_asked_again_and_then_given_up(world: World) -> None:
    participant = await person(world)
    shelf = Shelf(EngineFailure("document_unreachable", "Not now."))
    for delay in RETRY_AFTER:
        assert await fetch_due(world, shelf) == 1
        assert await fetch_due(world, shelf) == 0
        assert await state(world, participant) == (ResumeState.WAITING, "document_unreachable")
        world.clock.advance(delay.total_seconds())
    assert await fetch_due(world, shelf) == 1
    assert await state(world, participant) == (ResumeState.FAILED, "document_unreachable")


@pytest.mark.anyio
async def test_what_cannot_be_read_is_not_fetched_again(world: World) -> None:
    participant = await person(world)
    assert await fetch_due(world, Shelf(b"\x89PNG\0")) == 1
    assert await state(world, participant) == (ResumeState.FAILED, "document_type")

    refused = Shelf(Unprocessable("document_address", "Private."))
    assert await fetch_due(world, refused) == 0


@pytest.mark.anyio
async def test_another_address_is_fetched_anew_and_a_file_ends_the_waiting(world: World) -> None:
    participant = await person(world)
    await fetch_due(world, Shelf(b"first"))

    def edit(before: Participant) -> Participant:
        return replace(before, resume_url="https://files.example.com/second.txt")

    await world.services.participants.change(world.organization_id, participant.id, None, edit)
    assert await state(world, participant) == (ResumeState.WAITING, None)

    file = NewFile("mine.txt", b"third")
    await world.services.knowledge.put_resume(world.organization_id, participant.id, file)
    assert await state(world, participant) == (ResumeState.READY, None)
    assert await fetch_due(world, Shelf(b"second")) == 0


@pytest.mark.anyio
async def test_changing_something_else_does_not_bring_an_old_resume_back(world: World) -> None:
    def rename(before: Participant) -> Participant:
        return replace(before, name="Robin Hale")

    knowledge, organization_id = world.services.knowledge, world.organization_id
    removed, uploaded = await person(world), await person(world, "vale@example.org")
    await fetch_due(world, Shelf(b"first"))
    await knowledge.remove_resume(organization_id, removed.id)
    await knowledge.put_resume(organization_id, uploaded.id, NewFile("mine.txt", b"second"))

    for each in (removed, uploaded):
        await world.services.participants.change(organization_id, each.id, None, rename)
    assert await fetch_due(world, Shelf(b"first")) == 0
    assert await state(world, removed) == (ResumeState.NONE, None)
    assert await state(world, uploaded) == (ResumeState.READY, None)


class OvertakenShelf(Shelf):
    """Gives up on its file after another program has fetched it."""

    def __init__(self, world: World) -> None:
        super().__init__(EngineFailure("document_unreachable", "Not now."))
        self._world = world

    async def fetch(self, url: str) -> bytes:
        self._world.clock.advance(LEASE.total_seconds())
        assert await fetch_due(self._world, Shelf(b"first")) == 1
        return await super().fetch(url)


@pytest.mark.anyio
async def test_an_attempt_that_was_overtaken_changes_nothing(world: World) -> None:
    participant = await person(world)
    assert await fetch_due(world, OvertakenShelf(world)) == 1
    assert await state(world, participant) == (ResumeState.READY, None)


@pytest.mark.anyio
async def test_forgetting_a_participant_forgets_the_resume(world: World) -> None:
    participant = await person(world)
    await fetch_due(world, Shelf(b"I led the billing team."))
    document = await world.stores.read.knowledge.resume_of(participant.id)
    assert document is not None

    await world.services.participants.remove(world.organization_id, participant.id, None)
    assert await world.stores.read.knowledge.resume_of(participant.id) is None
    assert await world.stores.read.knowledge.chunks(document.id) == ()
    assert await world.stores.read.resumes.get(participant.id) is None
