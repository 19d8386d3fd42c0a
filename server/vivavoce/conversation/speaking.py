"""The interviewer's time on the floor: every line is durable before the next one is spoken."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from vivavoce.conversation.brief import Shell
from vivavoce.conversation.minutes import Minutes
from vivavoce.conversation.playout import Playout
from vivavoce.conversation.replying import Reply
from vivavoce.conversation.spoken_line import SpokenLine
from vivavoce.core.transcript import Speaker, Turn
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
        self._interruptions = 0

    def begin(self, reply: Reply, commit_reason: str) -> None:
        self._reply = reply
        self._task = self._shell.spawn(self._speak(reply, commit_reason, self._task))

    def cancel(self, reason: str) -> None:
        self._interruptions += reason == "barge_in"
        if self._reply is not None:
            self._reply.cancel()
        self._playout.cancel(reason)

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
        await self._keep(kept)

    async def _speak(
        self, reply: Reply, commit_reason: str, previous: asyncio.Task[None] | None
    ) -> None:
        if previous is not None:
            await previous  # its turn must be durable before the next one is
        answered = await self._keep(reply.candidate_turns)
        async for line in reply.lines():
            reply.stopwatch.mark("audio_sent")
            await self._say(line)
            if reply.cancelled:
                break
        if answered is not None:
            entry = reply.stopwatch.ledger(answered, commit_reason, self._interruptions)
            self._interruptions = 0
            await self._journal.ledger(entry)
        if not reply.cancelled:
            await self._on_spoken(reply)

    async def _keep(self, turns: tuple[Turn, ...]) -> int | None:
        """The number of the last turn kept."""
        number = None
        for turn in turns:
            kept = await self._minutes.append(turn)
            number = kept.number
            self._shell.tell(Transcript("candidate", number, kept.text, final=True))
        return number

    async def _say(self, line: SpokenLine) -> None:
        number = self._minutes.next_number
        played = await self._playout.play(line, number)
        if not played.text:  # cut off before a word was heard
            return
        await self._minutes.append(
            Turn(
                number=number,
                speaker=Speaker.INTERVIEWER,
                kind=line.kind,
                text=played.text,
                start_ms=played.start_ms,
                end_ms=played.end_ms,
                question=line.question,
                move=line.move,
                interrupted=played.interrupted,
            )
        )
