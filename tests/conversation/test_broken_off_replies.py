"""A model on a server stops in the middle of its reply; the interview goes on all the same."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from vivavoce.core.errors import EngineFailure
from vivavoce.core.transcript import Speaker
from vivavoce.ports.interviewer import BROKEN_OFF, Situation

from tests.conversation.rehearsal import Device, Rehearsal, ScriptedInterviewer, plan_of
from tests.conversation.test_conversation import PHRASES, Q1, Q2, answer, perform


class BreakingInterviewer(ScriptedInterviewer):
    """Gives its pieces and breaks off, once; then it moves on."""

    def __init__(self, *pieces: str) -> None:
        super().__init__()
        self._pieces = pieces

    async def propose(self, session: str, situation: Situation) -> AsyncGenerator[str, None]:
        pieces, self._pieces = self._pieces, ()
        if not pieces:
            yield "NEXT:"
            return
        for piece in pieces:
            await asyncio.sleep(0.02)
            yield piece
        raise EngineFailure(BROKEN_OFF, "The model server broke off its reply.")


@pytest.mark.parametrize(
    ("pieces", "heard"),
    [
        # A whole question was said: it stands, and only what would have followed is missing.
        (("PROBE: ", "What did you ", "do first? And when ", "you"), ["What did you do first?"]),
        # Half of one was said: the interview's next question follows it.
        (("PROBE: ", "Thank you, tell me, ", "who else"), ["Thank you,", Q2]),
        # Nothing was said yet, not even the move.
        (("PROBE: ", "Who else"), [Q2]),
        (("PRO",), [Q2]),
        (("Who",), [Q2]),
    ],
)
def test_what_was_said_stands_and_the_candidate_is_always_asked_something(
    pieces: tuple[str, ...], heard: list[str]
) -> None:
    stage = Rehearsal(plan_of(Q1, Q2, phrases=PHRASES), BreakingInterviewer(*pieces))

    async def play(device: Device) -> None:
        await answer(device, "I built a clock that keeps the time.")
        await device.wait_for_silence()

    perform(stage, play)
    said = stage.said(Speaker.INTERVIEWER)
    after = said[said.index(Q1) + 1 :]
    assert " ".join(after).endswith(" ".join(heard))
    assert not any("who else" in text.lower() or "And when" in text for text in after)
    assert len(stage.journal.ledgers) == 1
