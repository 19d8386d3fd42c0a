"""Makes the interviewer's next words and has them synthesized clause by clause."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vivavoce.conversation.brief import Brief
from vivavoce.conversation.spoken_line import SpokenLine
from vivavoce.conversation.stopwatch import Stopwatch
from vivavoce.core.clauses import ClauseCutter, ends_sentence
from vivavoce.core.errors import EngineFailure
from vivavoce.core.interview_plan import (
    Consult,
    InterviewState,
    accept,
    fallback,
    lines_for,
)
from vivavoce.core.lines import Line
from vivavoce.core.situation import Move, Situation, split_reply
from vivavoce.ports.engines import Synthesizer
from vivavoce.ports.interviewer import BROKEN_OFF, Interviewer

if TYPE_CHECKING:
    from vivavoce.core.transcript import Source, Turn

LONGEST_TAG = max(len(move.name) for move in Move) + len(": ")
STREAMED = frozenset({Move.PROBE, Move.CLARIFY})


class Reply:
    """What the interviewer will say for one revision; silent until it gets the floor."""

    def __init__(self, revision: int) -> None:
        self.revision = revision
        self.candidate_turns: tuple[Turn, ...] = ()  # to be made durable before the first word
        self.stopwatch = Stopwatch()
        self.transcribed = asyncio.Event()
        self.sound: float | None = None  # what the turn detector last heard in the pause
        self.heard_ms = 0  # of silence, when it heard that
        self.judged = False  # the pause was scored, perhaps before its words were known
        self.spoken = asyncio.Event()  # all of it that was heard is in turns
        self.cancelled = False
        self.sources: tuple[Source, ...] = ()  # of what the interviewer had before it
        self.wish: str | None = None  # the button that its last line grants
        self.then_rest = False
        self.then_hold = False
        self.awaits_words = False  # the candidate's, which are being transcribed
        self.committed = False  # the candidate's turn is over
        self.taken = False  # it has the floor
        self.worded = False  # its own words can be heard, or will be at once
        self.carrying: Line | None = None  # may be said first, while they are being made
        self.lead: SpokenLine | None = None  # what is said first
        self.task: asyncio.Task[None] | None = None
        self._lines: asyncio.Queue[SpokenLine | None] = asyncio.Queue()

    def add(self, line: SpokenLine) -> None:
        self.worded = True
        self._lines.put_nowait(line)

    def close(self) -> None:
        """No more lines will come."""
        self._lines.put_nowait(None)

    def cancel(self) -> None:
        self.cancelled = True
        if self.task is not None:
            self.task.cancel()
        self.transcribed.set()
        self.close()

    async def lines(self) -> AsyncIterator[SpokenLine]:
        while (line := await self._lines.get()) is not None and not self.cancelled:
            yield line


class Replier:
    def __init__(self, synthesizer: Synthesizer, interviewer: Interviewer, brief: Brief) -> None:
        self._synthesizer = synthesizer
        self._interviewer = interviewer
        self._session = brief.session
        self._plan = brief.plan
        self._passages = brief.passages

    async def lead(self, reply: Reply, line: Line, on_ready: Callable[[], None]) -> None:
        """Let `line`, a cached text, begin a reply whose own words are not known yet."""
        speech = await self._synthesizer.synthesize(line.text, language=self._plan.language)
        if reply.cancelled or reply.worded or reply.lead is not None:
            return
        spoken = SpokenLine(line.kind, line.question, line.move)
        spoken.add(line.text, speech)
        spoken.finish()
        reply.lead = spoken
        reply.stopwatch.mark("first_audio")
        on_ready()

    async def produce(
        self,
        reply: Reply,
        state: InterviewState,
        decision: Sequence[Line] | Consult,
        on_ready: Callable[[], None],
    ) -> None:
        """Fill `reply`; call `on_ready` once, when its first audio exists."""
        once = _Once(on_ready, reply.stopwatch)
        if isinstance(decision, Consult):
            await self._consult(reply, state, decision, once)
        else:
            await self._speak(reply, decision, once)
        once.ready()  # with nothing to say, the candidate's words are still to be kept
        reply.close()

    async def _speak(self, reply: Reply, lines: Sequence[Line], once: "_Once") -> None:
        for line in lines:
            spoken = SpokenLine(line.kind, line.question, line.move)
            spoken.wish = reply.wish if line is lines[-1] else None
            reply.add(spoken)
            # A fixed text is cached whole; anything else starts sounding clause by clause.
            clauses = (line.text,) if line.fixed else _clauses(line.text)
            for clause in clauses:
                await self._add(spoken, clause, once)
            spoken.finish()

    async def _add(self, spoken: SpokenLine, clause: str, once: "_Once") -> None:
        speech = await self._synthesizer.synthesize(clause, language=self._plan.language)
        spoken.add(clause, speech)
        once.ready()

    async def _grounded(self, reply: Reply, situation: Situation) -> Situation:
        """With what documents say about it, where a follow-up may be worded by a model."""
        may_ask = self._interviewer.is_model and Move.PROBE in situation.allowed
        if self._passages is None or not may_ask:
            return situation
        passages = await self._passages.find(situation.question, situation.answer)
        reply.sources = tuple(passage.source for passage in passages)
        return replace(situation, passages=passages)

    async def _consult(
        self, reply: Reply, state: InterviewState, consult: Consult, once: "_Once"
    ) -> None:
        proposal = ""
        situation = await self._grounded(reply, consult.situation)
        try:
            # Closed at once when a reply is refused, so that the model stops writing it.
            async with aclosing(self._interviewer.propose(self._session, situation)) as pieces:
                async for piece in pieces:
                    reply.stopwatch.mark("first_token")
                    proposal += piece
                    move, text = split_reply(proposal)
                    if move is None and len(proposal) < LONGEST_TAG:
                        continue
                    if (move or Move.PROBE) in STREAMED:
                        await self._stream(reply, state, (move or Move.PROBE, text, pieces), once)
                        return
        except EngineFailure as failure:
            if failure.code != BROKEN_OFF:
                raise
            proposal = ""  # too little of it to be said
        move, text = split_reply(proposal, complete=True)
        await self._speak(reply, self._resolve(reply, state, move or Move.PROBE, text), once)

    def _resolve(
        self, reply: Reply, state: InterviewState, move: Move, text: str
    ) -> Sequence[Line]:
        state = as_led(reply, state)
        if not accept(self._plan, state, move, text):
            return fallback(self._plan, state)
        return lines_for(self._plan, state, move, text)

    async def _stream(
        self,
        reply: Reply,
        state: InterviewState,
        proposal: tuple[Move, str, AsyncIterator[str]],
        once: "_Once",
    ) -> None:
        """Speak a follow-up while it is still being written; stop where it may not go on."""
        followed = _FollowUp()
        whole = True
        try:
            await self._follow_up(reply, followed, (state, proposal), once)
        except EngineFailure as failure:
            if failure.code != BROKEN_OFF:
                raise
            whole = ends_sentence(followed.said)
        if followed.spoken is not None:
            followed.spoken.finish()
        if followed.spoken is None or not whole:
            # Half a question is none: whatever became of it, the candidate is asked something.
            await self._speak(reply, fallback(self._plan, as_led(reply, state, followed)), once)

    async def _follow_up(
        self,
        reply: Reply,
        followed: "_FollowUp",
        written: tuple[InterviewState, tuple[Move, str, AsyncIterator[str]]],
        once: "_Once",
    ) -> None:
        state, (move, text, pieces) = written
        cutter = ClauseCutter()
        async for clause in _clause_stream(cutter, cutter.feed(text), pieces):
            said = f"{followed.said} {clause}".strip()
            if not accept(self._plan, state, move, said):
                break
            if followed.spoken is None:
                (line,) = lines_for(self._plan, state, move, said)
                followed.spoken = SpokenLine(line.kind, line.question, line.move)
                followed.spoken.sources = reply.sources
                reply.stopwatch.mark("first_clause")
            followed.said = said
            speech = await self._synthesizer.synthesize(clause, language=self._plan.language)
            if not reply.worded:  # until it can be heard, something else may still be said first
                reply.add(followed.spoken)
            followed.spoken.add(clause, speech)
            once.ready()


@dataclass
class _FollowUp:
    """What of a follow-up is spoken, while it is being written."""

    spoken: SpokenLine | None = None
    said: str = ""


def as_led(
    reply: Reply, state: InterviewState, followed: _FollowUp | None = None
) -> InterviewState:
    """An acknowledgement that is being spoken, or half a follow-up, is not followed by another."""
    led = reply.lead is not None and reply.lead.move == "acknowledge"
    begun = followed is not None and followed.spoken is not None
    return replace(state, acknowledged=True) if led or begun else state


class _Once:
    def __init__(self, on_ready: Callable[[], None], stopwatch: Stopwatch) -> None:
        self._on_ready = on_ready
        self._stopwatch = stopwatch
        self._called = False

    def ready(self) -> None:
        if not self._called:
            self._called = True
            self._stopwatch.mark("first_audio")
            self._on_ready()


def _clauses(text: str) -> tuple[str, ...]:
    cutter = ClauseCutter()
    return (*cutter.feed(text), *cutter.finish())


async def _clause_stream(
    cutter: ClauseCutter, ready: tuple[str, ...], pieces: AsyncIterator[str]
) -> AsyncIterator[str]:
    for clause in ready:
        yield clause
    async for piece in pieces:
        for clause in cutter.feed(piece):
            yield clause
    for clause in cutter.finish():
        yield clause
