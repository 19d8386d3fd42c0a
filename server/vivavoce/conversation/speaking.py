"""The interviewer's time on the floor: every line is durable before the next one is spoken."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from vivavoce.conversation.brief import Shell
from vivavoce.conversation.minutes import Minutes
from vivavoce.conversation.playout import Played, Playout
from vivavoce.conversation.replying import Reply
from vivavoce.conversation.spoken_line import SpokenLine
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.wire_messages import Transcript
from vivavoce.ports.journal import Journal

OnSpoken = Callable[[Reply], Coroutine[Any, Any, None]]


class Speaking:
    def __init__(
        self,
        minutes: Minutes,
        journal: Journal,
        playout: Playout,
        shell: Shell,
        on_spoken: OnSpoken,
    ) -> None:
        """`on_spoken` is awaited after a reply was heard to its end, not after an interruption."""
        self._minutes = minutes
        self._journal = journal
        self._playout = playout
        self._shell = shell
        self._on_spoken = on_spoken
        self._reply: Reply | None = None
        self._task: asyncio.Task[None] | None = None
        self._line: SpokenLine | None = None
        self._interruptions = 0
        self.is_thinking = False  # between what is said first and what it promises

    @property
    def is_closing(self) -> bool:
        """The goodbye is being said, or has been, and nobody has cut it off."""
        if self._reply is None or self._reply.cancelled or self._line is None:
            return False
        return self._line.kind is TurnKind.CLOSING

    def begin(self, reply: Reply, commit_reason: str) -> None:
        self._reply = reply
        self._line = None
        self._task = self._shell.spawn(self._speak(reply, commit_reason, self._task))

    def cancel(self, reason: str) -> None:
        self._interruptions += reason == "barge_in"
        if self._reply is not None:
            self._reply.cancel()
        self._playout.cancel(reason)

    async def settled(self) -> None:
        """Wait until a reply that was cut off is in turns, as far as it was heard."""
        if self._reply is not None and self._reply.cancelled:
            await self._reply.spoken.wait()

    def audible(self, first: bool) -> None:
        if first and self._reply is not None:
            self._reply.stopwatch.mark("audio_played")

    def keep(self, turns: Coroutine[Any, Any, tuple[Turn, ...]]) -> None:
        """Make turns of the candidate durable, between what was spoken before and what will be."""
        self._task = self._shell.spawn(self._keep_after(self._task, turns))

    async def _keep_after(
        self, previous: asyncio.Task[None] | None, turns: Coroutine[Any, Any, tuple[Turn, ...]]
    ) -> None:
        kept = await turns
        if previous is not None:
            await previous
        await self.record(kept)

    async def _speak(
        self, reply: Reply, commit_reason: str, previous: asyncio.Task[None] | None
    ) -> None:
        if previous is not None:
            await previous  # its turn must be durable before the next one is
        answered = await self._begin_to_speak(reply)
        async for line in reply.lines():
            reply.stopwatch.mark("audio_sent")
            await self._say(line)
            if reply.cancelled:
                break
        reply.spoken.set()
        if answered is not None:
            gaps = self._playout.take_gaps()
            entry = reply.stopwatch.ledger(answered, commit_reason, self._interruptions, gaps)
            self._interruptions = 0
            await self._journal.ledger(entry)
        self.is_thinking = False
        if not reply.cancelled:
            await self._on_spoken(reply)

    async def _begin_to_speak(self, reply: Reply) -> int | None:
        """Keep what is answered, and say what leads the reply; the number of the turn answered."""
        if reply.transcribed.is_set():
            answered = await self.record(reply.candidate_turns)
            if reply.lead is not None and not reply.cancelled:
                await self._keep_spoken(reply.lead, await self._play_lead(reply, reply.lead))
            return answered
        if reply.lead is None:
            raise RuntimeError("A reply has the floor, and there is nothing to say.")
        # It is heard before the words that it answers are known. They were said before, and so
        # they are the earlier turn.
        played = await self._play_lead(reply, reply.lead)
        await reply.transcribed.wait()
        answered = await self.record(reply.candidate_turns)
        await self._keep_spoken(reply.lead, played)
        return answered

    async def _play_lead(self, reply: Reply, lead: SpokenLine) -> Played:
        reply.stopwatch.mark("audio_sent")
        number = self._minutes.next_number + (not reply.transcribed.is_set())
        played = await self._playout.play(lead, number)
        self.is_thinking = not reply.cancelled
        return played

    async def record(self, turns: tuple[Turn, ...]) -> int | None:
        """Make turns durable and tell the page; the number of the last one."""
        number = None
        for turn in turns:
            kept = await self._minutes.append(turn)
            number = kept.number
            self._tell(kept)
        return number

    def tell_again(self) -> None:
        """A page that comes back may have missed what was made of the last answer."""
        turns = reversed(self._minutes.turns)
        last = next((turn for turn in turns if turn.speaker is Speaker.CANDIDATE), None)
        if last is not None:
            self._tell(last)

    def _tell(self, turn: Turn) -> None:
        self._shell.tell(Transcript("candidate", turn.number, turn.text, final=True))

    async def _say(self, line: SpokenLine) -> None:
        number = self._minutes.next_number
        self._line = line
        self.is_thinking = False
        played = await self._playout.play(line, number)
        await self._keep_spoken(line, played)

    async def _keep_spoken(self, line: SpokenLine, played: Played) -> None:
        if not played.text:  # cut off before a word was heard
            return
        await self._minutes.append(
            Turn(
                number=self._minutes.next_number,
                speaker=Speaker.INTERVIEWER,
                kind=line.kind,
                text=played.text,
                start_ms=played.start_ms,
                end_ms=played.end_ms,
                question=line.question,
                move=line.move,
                interrupted=played.interrupted,
                sources=line.sources,
                wish=line.wish,
            )
        )
