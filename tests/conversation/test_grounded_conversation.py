"""Follow-ups that refer to documents, on virtual time."""

from collections.abc import AsyncGenerator

from vivavoce.core.knowledge import Chunk, Passage
from vivavoce.core.transcript import TurnKind
from vivavoce.ports.interviewer import Situation

from tests.conversation.rehearsal import Device, Rehearsal, ScriptedInterviewer
from tests.conversation.test_conversation import Q1, answer, perform, rehearsal

PASSAGE = Passage("document-1", "cv.pdf", Chunk(4, 2, 310, 335, "Led the billing migration."))


class ReadingInterviewer(ScriptedInterviewer):
    """A model that remembers what it was shown."""

    def __init__(self, *probes: str, is_model: bool = True) -> None:
        super().__init__(*probes)
        self.is_model = is_model
        self.shown: list[tuple[str, ...]] = []

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        self.shown.append(tuple(passage.chunk.text for passage in situation.passages))
        async for piece in super().propose(session, situation):
            yield piece


class Shelf:
    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    async def find(self, question: str, answer: str) -> tuple[Passage, ...]:
        self.asked.append((question, answer))
        return (PASSAGE,)


def staged(interviewer: ReadingInterviewer) -> tuple[Rehearsal, Shelf]:
    stage, shelf = rehearsal(), Shelf()
    stage.interviewer, stage.passages = interviewer, shelf
    return stage, shelf


async def first_answer(device: Device) -> None:
    await answer(device, "I rebuilt the billing system.")
    await device.wait_for_silence()


def test_a_follow_up_keeps_what_the_interviewer_had_before_it() -> None:
    interviewer = ReadingInterviewer("How did you move the old invoices?")
    stage, shelf = staged(interviewer)
    perform(stage, first_answer)

    assert (Q1, "I rebuilt the billing system.") in shelf.asked
    assert interviewer.shown[-1] == ("Led the billing migration.",)
    (follow_up,) = [turn for turn in stage.journal.kept if turn.kind is TurnKind.FOLLOW_UP]
    assert follow_up.sources == (PASSAGE.source,)
    assert (PASSAGE.source.document_id, PASSAGE.source.page) == ("document-1", 2)
    assert not any(turn.sources for turn in stage.journal.kept if turn is not follow_up)


def test_rules_that_quote_nothing_are_shown_nothing() -> None:
    interviewer = ReadingInterviewer("How did you move the old invoices?", is_model=False)
    stage, shelf = staged(interviewer)
    perform(stage, first_answer)

    assert shelf.asked == []
    assert not any(turn.sources for turn in stage.journal.kept)
