"""One live interview: feeds the floor's state machine and carries out what it decides.

The shell holds no rule of its own. Who may speak is `core.turn_taking`; what to say is
`core.interview_plan`; this module moves audio, words and turns between them, the engines and the
journal. Everything it starts belongs to one task group: a broken engine ends the run, and what was
durable is picked up by the next one.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Any, TypeVar, assert_never

from vivavoce.conversation.brief import Brief, Engines
from vivavoce.conversation.claims import LAST_NUDGE, Claim, Claims, thinks
from vivavoce.conversation.deliberation import Deliberation
from vivavoce.conversation.flushing import Flushing
from vivavoce.conversation.listening import FRAME_SAMPLES, Listening
from vivavoce.conversation.microphone_check import MicrophoneCheck
from vivavoce.conversation.minutes import Minutes
from vivavoce.conversation.outlet import Outlet
from vivavoce.conversation.page_state import PageState
from vivavoce.conversation.playout import Playout
from vivavoce.conversation.replay import Replay
from vivavoce.conversation.replying import Reply
from vivavoce.conversation.speaking import Speaking
from vivavoce.conversation.wishes import Wishes
from vivavoce.core import floor_events as events
from vivavoce.core.endpointing import EndpointingSchedule
from vivavoce.core.errors import AtCapacity
from vivavoce.core.framing import Reframer
from vivavoce.core.interview_plan import is_closed
from vivavoce.core.lines import fixed_texts
from vivavoce.core.microphone_health import roughly_dbfs
from vivavoce.core.transcript import Signal
from vivavoce.core.turn_taking import TurnTaker
from vivavoce.core.wire_messages import ControlOp, Resume, ServerMessage
from vivavoce.ports.journal import Journal
from vivavoce.ports.recording import RecordingSpool

T = TypeVar("T")
LEVEL_EVERY_MS = 128  # often enough to know how loud somebody usually is


class Conversation:
    """Created by `load`, driven by `run`; the candidate's connection calls the other methods."""

    def __init__(
        self,
        brief: Brief,
        engines: Engines,
        journal: Journal,
        spool: RecordingSpool,
        minutes: Minutes,
        wishes: Wishes,
    ) -> None:
        self.session = brief.session
        self.ended_reason: str | None = None
        self._plan = brief.plan
        self._engines = engines
        self._journal = journal
        self._spool = spool
        self._minutes = minutes
        self._wishes = wishes
        self._taker = TurnTaker(EndpointingSchedule(brief.pace), brief.rules, brief.plan.language)
        self._listening = Listening(
            spool, engines.vad, engines.transcriber, brief.session, brief.plan.language
        )
        self._replay = Replay(spool, self._listening, self._taker)
        self.playout = Playout(spool, self._audible)
        self._deliberation = Deliberation(
            brief, engines, minutes, self._listening, self._taker, self
        )
        self._claims = Claims(minutes, wishes, self._deliberation.decide)
        self._speaking = Speaking(minutes, journal, self.playout, self, self._spoken)
        self._reframer = Reframer()
        self._flushing = Flushing(spool, self.tell)
        self._microphone = MicrophoneCheck(self.tell)
        self.page = PageState(minutes, self._taker, self._speaking, wishes, self.tell)
        self._outlet: Outlet | None = None
        self._group: asyncio.TaskGroup | None = None
        self._running = asyncio.Event()
        self._over = asyncio.Event()
        self._beginning: asyncio.Task[None] | None = None
        self._failed = False  # a task raised; the others are being cancelled
        self._claimed: Claim | None = None
        self._commit_reason = ""
        self._speech_arrived: float | None = None

    @classmethod
    async def load(
        cls, brief: Brief, engines: Engines, journal: Journal, spool: RecordingSpool
    ) -> "Conversation":
        """Pick a session up where its durable turns end."""
        minutes = Minutes(brief.plan, journal, await journal.turns())
        wishes = Wishes(journal, minutes, await journal.wishes())
        return cls(brief, engines, journal, spool, minutes, wishes)

    # The run

    async def run(self) -> None:
        """Live until the interview is over or `leave` is called. Raises what an engine raised."""
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                background = [self.spawn(self._flushing.run()), self.spawn(self._warm())]
                self._running.set()
                await self._over.wait()
                self._deliberation.stop()
                self._speaking.cancel("left")
                for task in (*background, self._beginning):
                    if task is not None:
                        task.cancel()
        finally:
            async with AsyncExitStack() as leaving:  # each is closed, whatever the others do
                leaving.push_async_callback(self._spool.close)
                leaving.push_async_callback(self._engines.interviewer.release, self.session)
                leaving.push_async_callback(self._listening.close)

    def leave(self) -> None:
        """End the run; the session stays as it is in the journal and can be picked up again."""
        self._over.set()

    async def _warm(self) -> None:
        """Have the fixed texts synthesized ahead, in the order of likely use."""
        speak = self._engines.synthesizer.synthesize
        for text in fixed_texts(self._plan):
            with suppress(AtCapacity):  # busy just now; it is spoken when its turn comes
                await speak(text, language=self._plan.language, ahead=True)

    async def flush(self) -> None:
        """Make the audio heard so far durable and tell the candidate's device."""
        await self._flushing.flush()

    # What parts of the conversation ask of it (`brief.Shell`)

    def act(self, event: events.Event) -> None:
        if self._parting or self._replay.postpones(event):
            return
        for action in self._taker.handle(event):
            self._carry_out(action)
        self.page.show(self._listening.at_ms)

    def tell(self, message: ServerMessage) -> None:
        if self._outlet is not None:
            self._outlet.send(message)

    async def settled(self) -> None:
        await self._speaking.settled()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        if self._group is None:
            work.close()
            raise RuntimeError("A conversation works only while it runs.")
        task = self._group.create_task(work)
        task.add_done_callback(self._notice)
        return task

    def _notice(self, task: asyncio.Task[Any]) -> None:
        self._failed = self._failed or (not task.cancelled() and task.exception() is not None)

    @property
    def _parting(self) -> bool:
        """Nothing new is begun: the run is being wound up, and the next one hears what is said."""
        return self._failed or self._over.is_set()

    # The connection

    @property
    def begun(self) -> bool:
        return self._beginning is not None and self._beginning.done()

    @property
    def at_ms(self) -> int:
        return self._listening.at_ms

    @property
    def heard_samples(self) -> int:
        """How much of the candidate was taken in; the next sample that is expected."""
        return self._spool.candidate_samples + self._reframer.waiting_samples

    def attach(self, outlet: Outlet, resume: Resume) -> None:
        """Continue on this connection; a page without the ring of its past hears where it is."""
        self._outlet = outlet
        self.page.forget()
        self._speaking.tell_again()
        if resume is not Resume.RING:
            self.returned()
        self.playout.attach(outlet)
        if self.begun:
            self.page.show(self._listening.at_ms)

    def detach(self, outlet: Outlet) -> None:
        """The connection is gone; time stands still until there is another one."""
        if self._outlet is outlet:
            self._outlet = None
            self.playout.detach()

    async def begin(self, resume: Resume) -> None:
        """The candidate pressed start, or came back to a session that this process did not hold."""
        await self._running.wait()
        await self._journal.started()
        if self._beginning is None and not self._parting:
            # The run's own: the connection may break, or another one come back at the same time.
            self._beginning = self.spawn(self._begin(resume))
        if self._beginning is not None:
            await asyncio.wait([self._beginning])

    async def _begin(self, resume: Resume) -> None:
        self._deliberation.look_ahead()
        self.playout.number_from(self._spool.candidate_samples // FRAME_SAMPLES)
        closed = is_closed(self._minutes.state)
        if not closed:
            hear = partial(self._hear, record=False)
            await self._replay.hear_again(self._minutes.turns, hear, self.act)
        claim = self._claims.taken_up(resume)
        for answer in self._wishes.owed_answers:
            self._deliberation.type(answer)
        if closed:
            self.spawn(self._complete())
        elif self._wishes.resting:
            self._rest()
        elif claim is not None:
            self._claim(claim)
        elif thinks(self._minutes.turns, self._minutes.state.last_move):
            self.act(events.HoldAsked())

    async def foresee(self, pcm: bytes) -> None:
        """Have what `hear` takes next judged together with the sound of other interviews."""
        if self._reframer.keeps(pcm) and not self._wishes.resting:
            await self._engines.vad.foresee(pcm)

    def hear(self, pcm: bytes, *, muted: bool = False) -> None:
        """Microphone audio that follows what was heard so far, 16 kHz PCM16."""
        if self._parting:
            return
        resting = self._wishes.resting  # nothing is recorded
        for frame in self._reframer.feed(bytes(len(pcm)) if resting else pcm):
            probability = self._hear(frame, record=True)
            if not (muted or resting):
                self._microphone.observe(frame, probability)
        self._flushing.heard()

    def returned(self) -> None:
        """The candidate was away for longer than the device could remember."""
        if self.begun and not self._wishes.resting:
            self._claim(self._claims.returned())

    async def answer_typed(self, text: str, wish_id: str = "") -> bool:
        """Whether it was taken, and cannot be lost any more; otherwise the next run may have it."""
        if self._parting:
            return False
        answer = await self._wishes.make(wish_id, self.at_ms, text=text)
        if answer is not None and not self._parting:
            self._deliberation.type(answer)
            self._claim(self._claims.answered(text))
        return not self._parting

    async def signal(self, signal: Signal) -> None:
        await self._journal.signal(signal)

    async def control(self, op: ControlOp, wish_id: str = "") -> bool:
        """A button, taken as a typed answer is. None of them counts against the candidate."""
        if self._parting or op is ControlOp.START:
            return False
        if op is ControlOp.PAUSE:
            return await self._pause(wish_id)
        rested = self._wishes.resting
        wish = await self._wishes.make(wish_id, self.at_ms, button=op)
        if wish is not None and not self._parting:
            self._claim(self._claims.pressed(wish, rested=rested))
        return not self._parting

    # The floor

    def _hear(self, frame: bytes, *, record: bool) -> float:
        speech, probability = self._listening.hear(frame, record=record)
        if speech:
            self._speech_arrived = asyncio.get_running_loop().time()
        self.page.show_speech(speech)
        at_ms = self._listening.at_ms
        weighs = self._taker.weighs_levels
        level_db = roughly_dbfs(frame) if weighs or at_ms % LEVEL_EVERY_MS == 0 else None
        played_db = self.playout.level_db if weighs else None
        self.act(events.FrameHeard(at_ms, speech, level_db, played_db))
        self._deliberation.follow()
        return probability

    def _carry_out(self, action: events.Action) -> None:
        match action:
            case events.Speculate():
                self._deliberation.answer(self._speech_arrived)
            case events.ScorePause(revision, silence_ms):
                self._deliberation.score_pause(revision, silence_ms)
            case events.DropSpeculation():
                self._deliberation.drop()
            case events.Commit(revision, reason):
                self._commit(revision, reason)
            case events.Nudge(count=count):
                self._nudge(count)
            case (
                events.OpenUtterance()
                | events.EndUtterance()
                | events.CutUtterance()
                | events.SetUtteranceAside()
            ):
                self._mind_utterance(action)
            case _:
                self._carry_out_aloud(action)

    def _mind_utterance(self, action: events.UtteranceAction) -> None:
        match action:
            case events.OpenUtterance(at_ms):
                self._deliberation.open_utterance(at_ms)
            case events.EndUtterance():
                self._deliberation.end_utterance()
            case events.CutUtterance():
                self._deliberation.cut_utterance()
            case events.SetUtteranceAside():
                self._speaking.keep(self._deliberation.set_aside())
            case _:
                assert_never(action)

    def _carry_out_aloud(self, action: events.AudibleAction) -> None:
        match action:
            case events.TakeFloor():
                reply = self._deliberation.take()
                if reply is not None:
                    self._speaking.begin(reply, self._commit_reason)
            case events.Duck(on):
                self.playout.duck(on)
            case events.HoldPlayback(on):
                self.playout.hold(on)
            case events.CancelPlayback(reason):
                self._speaking.cancel(reason)
            case events.Reassure():
                self._deliberation.reassure()
            case _:
                assert_never(action)

    def _claim(self, claim: Claim) -> None:
        if not (claim.yields and self._speaking.is_closing):
            self._claimed = claim
            self.act(events.FloorClaimed(claim.reason))

    def _commit(self, revision: int, reason: str) -> None:
        self._commit_reason = reason
        reply = self._deliberation.reply
        if self._claimed is not None:
            claim, self._claimed = self._claimed, None
            reply = self._deliberation.claim(claim)
        elif reply is None or reply.revision != revision:
            cut = reason == "too_long"
            reply = self._deliberation.answer(self._speech_arrived, cut=cut)
        self._deliberation.commit(reply)

    def _nudge(self, count: int) -> None:
        self._commit_reason = "silence"
        dead = count <= LAST_NUDGE and self._microphone.dead()
        reply = self._deliberation.claim(self._claims.silent(count, dead=dead))
        reply.then_rest = count > LAST_NUDGE

    def _audible(self, first: bool) -> None:
        self._speaking.audible(first)
        self.act(events.PlaybackStarted())

    async def _spoken(self, reply: Reply) -> None:
        if is_closed(self._minutes.state):
            await self._complete()
            return
        self.act(events.PlaybackFinished())
        self._deliberation.look_ahead()
        if reply.then_hold:
            self.act(events.HoldAsked())
        if reply.then_rest:
            await self._pause()

    async def _complete(self) -> None:
        self.act(events.Ended())  # whatever is said or pressed from here on comes too late
        await self._speaking.record(await self._deliberation.unfinished())
        await self._flushing.flush()
        await self._journal.completed(self._listening.at_ms)
        self.ended_reason = "completed"
        self._over.set()

    async def _pause(self, wish_id: str = "") -> bool:
        await self.flush()  # a next run hears what was said until now, and nothing afterwards
        pause = await self._wishes.make(wish_id, self.at_ms, button=ControlOp.PAUSE)
        if pause is not None and self._wishes.resting:
            self._rest()
        return not self._parting

    def _rest(self) -> None:
        if self._parting:
            return
        self._claimed = None
        self.act(events.Paused())
        self._speaking.keep(self._deliberation.unfinished())
