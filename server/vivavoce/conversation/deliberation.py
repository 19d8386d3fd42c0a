"""From the candidate's sound to the interviewer's next words, all of it in silence.

While the candidate speaks, the words so far are followed; at every pause a reply is worked out as
if the turn were over. Whether it is ever heard is not decided here.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any

from vivavoce.conversation.brief import Brief, Engines, Shell
from vivavoce.conversation.claims import Claim, Decision
from vivavoce.conversation.listening import Listening
from vivavoce.conversation.minutes import Minutes
from vivavoce.conversation.replying import Replier, Reply, as_led
from vivavoce.core.backchannels import content_words
from vivavoce.core.endpointing import PauseSituation, completion_score, wants_to_think
from vivavoce.core.floor_events import HoldAsked, NothingSaid, PauseScored, ReplyReady, WordsHeard
from vivavoce.core.interview_moves import carrying, one_moment
from vivavoce.core.interview_plan import (
    Consult,
    InterviewState,
    Move,
    Situation,
    awaited,
    decide,
)
from vivavoce.core.lines import Line
from vivavoce.core.noting import note
from vivavoce.core.transcript import Turn
from vivavoce.core.turn_taking import Floor, TurnTaker
from vivavoce.core.wire_messages import Transcript
from vivavoce.core.wishes import Wish
from vivavoce.ports.engines import Hypothesis

PARTIAL_EVERY_MS = 700  # of new speech
BARGE_IN_PARTIAL_EVERY_MS = 250  # the interviewer is talking over somebody; know soon
WORD_OVER_MS = 96
HEARD_AGAIN_AFTER = 1.5  # times the silence in which the turn detector listened last
OVER_INTERVIEWER = (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED)


class Deliberation:
    def __init__(
        self,
        brief: Brief,
        engines: Engines,
        minutes: Minutes,
        listening: Listening,
        taker: TurnTaker,
        shell: Shell,
    ) -> None:
        self._plan = brief.plan
        self._session = brief.session
        self._detector = engines.turn_detector
        self._interviewer = engines.interviewer
        self._replier = Replier(engines.synthesizer, engines.interviewer, brief)
        self._minutes = minutes
        self._listening = listening
        self._taker = taker  # read only
        self._shell = shell
        self._hypothesis = Hypothesis(())
        self._typed: list[Wish] = []
        self._cut: list[asyncio.Task[Hypothesis | None]] = []  # said before a claim, in no turn yet
        self._reply: Reply | None = None
        self._following = False
        self._reading: asyncio.Task[None] | None = None
        self._followed_ms = 0  # speech in the utterance when it was last transcribed
        self._followed_out = False  # it was in a pause then
        self._known_ms = 0  # speech in the utterance whose words are in the hypothesis

    @property
    def reply(self) -> Reply | None:
        return self._reply

    def open_utterance(self, at_ms: int) -> None:
        self._hypothesis = Hypothesis(())
        self._followed_ms = self._known_ms = 0
        self._listening.open_utterance(at_ms)

    def end_utterance(self) -> None:
        self._listening.end_utterance()
        self._shell.spawn(self._listening.release())

    def cut_utterance(self) -> None:
        """End the utterance here; its words are in the next reply, or in `unfinished`."""
        self._cut.append(self._shell.spawn(self._listening.cut()))

    def set_aside(self) -> Coroutine[Any, Any, tuple[Turn, ...]]:
        """End an utterance that interrupted nobody; what it says is to be awaited as turns."""
        return self._aside(self._listening.cut(), self._minutes.state)

    async def _aside(
        self, words: Coroutine[Any, Any, Hypothesis | None], said_in: InterviewState
    ) -> tuple[Turn, ...]:
        heard = await words
        if heard is None or content_words(heard.text, self._plan.language) == 0:
            return ()
        return self._candidate_turns(heard, (), interrupted=True, said_in=said_in)

    def type(self, answer: Wish) -> None:
        """A typed answer; it becomes a turn of its own when the floor is taken."""
        self._typed.append(answer)

    # A reply

    def answer(self, speech_arrived: float | None, *, cut: bool = False) -> Reply:
        """Work out the reply to what was said up to now, or up to where it was `cut`."""
        reply = self._begin(speech_arrived)
        reply.awaits_words = True
        self._read_no_further()
        if not cut:
            self._note(reply)
        reply.task = self._shell.spawn(self._answer(reply, cut=cut))
        return reply

    def _note(self, reply: Reply) -> None:
        """Choose what may be said if the turn ends before its last words are known."""
        if self._cut or self._typed or not self._hypothesis.words:
            return
        heard = self._hypothesis.text
        turns = self._candidate_turns(self._hypothesis, (), interrupted=False)
        state = self._minutes.foresee(turns)
        unheard_ms = self._taker.speech_ms - self._known_ms
        decision = self.decide(state, heard)
        reply.carrying = note(self._plan, state, heard, unheard_ms, decision)

    def claim(self, claim: Claim) -> Reply:
        """Work out lines that do not wait for an answer; unfinished words are kept all the same."""
        reply = self._begin(None)
        reply.wish = claim.wish
        reply.awaits_words = bool(self._cut)
        reply.task = self._shell.spawn(self._claimed(reply, claim))
        return reply

    def decide(self, state: InterviewState, answer: str) -> Decision:
        return decide(self._plan, state, answer, self._listening.at_ms)

    def drop(self) -> None:
        if self._reply is not None:
            self._reply.cancel()
            self._reply = None

    def stop(self) -> None:
        self._read_no_further()
        self.drop()

    def take(self) -> Reply | None:
        """Hand the reply over to be spoken."""
        reply, self._reply = self._reply, None
        if reply is not None:
            reply.taken = True
            if reply.transcribed.is_set():
                self._forget_words()
        return reply

    def commit(self, reply: Reply) -> None:
        """The candidate's turn is over: whatever can be said now is not to be waited for."""
        reply.stopwatch.mark("commit")
        reply.committed = True
        self._carry(reply)

    def _carry(self, reply: Reply) -> None:
        if reply.committed and not reply.worded and reply.carrying is not None:
            self._lead(reply, reply.carrying)

    def reassure(self) -> None:
        """It takes long to make out the candidate's words: say that the interviewer is there."""
        reply = self._reply
        if reply is not None and reply.awaits_words and not reply.transcribed.is_set():
            self._lead(reply, one_moment(self._plan, self._minutes.state))

    def _lead(self, reply: Reply, line: Line) -> None:
        def ready() -> None:
            self._shell.act(ReplyReady(reply.revision, heard=reply.transcribed.is_set()))

        self._shell.spawn(self._replier.lead(reply, line, ready))

    def _forget_words(self) -> None:
        """They are in the turns of a reply that has the floor."""
        self._typed.clear()
        self._forget_cut()

    def _forget_cut(self) -> None:
        for transcription in self._cut:
            transcription.cancel()
        self._cut.clear()

    def unfinished(self) -> Coroutine[Any, Any, tuple[Turn, ...]]:
        """Take what was cut or typed and is in no turn yet; it is to be awaited as turns."""
        typed, self._typed = self._typed, []
        cut, self._cut = self._cut, []
        return self._as_turns(cut, typed)

    async def _as_turns(
        self, cut: Sequence[asyncio.Task[Hypothesis | None]], typed: Sequence[Wish]
    ) -> tuple[Turn, ...]:
        return self._candidate_turns(await _joined(cut), typed, interrupted=True)

    def _begin(self, speech_arrived: float | None) -> Reply:
        self.drop()
        reply = Reply(self._taker.revision)
        reply.stopwatch.begin(speech_arrived)
        reply.stopwatch.mark("soft_end")
        self._reply = reply
        return reply

    async def _answer(self, reply: Reply, *, cut: bool) -> None:
        earlier = tuple(self._cut)
        # First, because the utterance may be cut while the earlier words are awaited.
        last = None if cut else await self._listening.final()
        heard = _joint(await _joined(earlier), last)
        await self._shell.settled()
        self._transcribed(reply, heard, interrupted=False)
        if heard is None:
            self._forget_cut()  # what was typed under a goodbye is still to be kept
            reply.close()
            self._shell.act(NothingSaid(reply.revision))
            return
        self._hypothesis = heard
        state = as_led(reply, self._minutes.foresee(reply.candidate_turns))
        decision = self.decide(state, heard.text)
        if not _asks_to_hold(decision) and wants_to_think(heard.text, self._plan.language):
            if reply.taken:  # it was noted before this was known; that is all there is to say
                reply.then_hold = True
                reply.close()
                return
            self._shell.act(HoldAsked())  # in the middle of an answer: wait, without a word
        elif reply.judged:
            self._judge(reply, self._taker.silence_ms)
        await self._produce(reply, state, decision)

    async def _claimed(self, reply: Reply, claim: Claim) -> None:
        heard = await _joined(tuple(self._cut))
        await self._shell.settled()
        self._transcribed(reply, heard, interrupted=True)
        state = self._minutes.foresee(reply.candidate_turns)
        await self._produce(reply, state, claim.decide(state))

    async def _produce(self, reply: Reply, state: InterviewState, decision: Decision) -> None:
        # Whoever types is not silent: no nudges until a voice is heard again.
        typing = bool(reply.candidate_turns) and reply.candidate_turns[-1].typed
        reply.then_hold = typing or _asks_to_hold(decision)
        made = self._interviewer.is_model and _may_probe(decision)
        reply.carrying = carrying(self._plan, state) if made else None
        self._carry(reply)
        await self._replier.produce(
            reply, state, decision, lambda: self._shell.act(ReplyReady(reply.revision))
        )

    def _transcribed(self, reply: Reply, heard: Hypothesis | None, *, interrupted: bool) -> None:
        reply.candidate_turns = self._candidate_turns(heard, self._typed, interrupted=interrupted)
        reply.stopwatch.mark("transcript")
        reply.transcribed.set()
        if reply.taken:
            self._forget_words()

    def _candidate_turns(
        self,
        heard: Hypothesis | None,
        typed: Sequence[Wish],
        *,
        interrupted: bool,
        said_in: InterviewState | None = None,
    ) -> tuple[Turn, ...]:
        turn = self._minutes.candidate_turn
        turns = [replace(turn((), each.text, each.at_ms), wish=each.id) for each in typed]
        if heard is not None and heard.words:
            spoken = turn(heard.words, heard.text, 0, interrupted=interrupted, said_in=said_in)
            turns.insert(0, spoken)
        return tuple(turns)

    # Judging a pause

    def score_pause(self, revision: int, silence_ms: int) -> None:
        reply = self._reply
        if reply is not None and reply.revision == revision:
            self._shell.spawn(self._score(reply, silence_ms))

    async def _score(self, reply: Reply, silence_ms: int) -> None:
        if silence_ms >= HEARD_AGAIN_AFTER * reply.heard_ms:  # a little more silence is no news
            reply.heard_ms = silence_ms
            reply.sound = await self._detector.completion_probability(self._listening.recent())
        if not reply.cancelled:
            reply.judged = True
            self._judge(reply, silence_ms)

    def _judge(self, reply: Reply, silence_ms: int) -> None:
        """Weigh what is known of the pause by now; the last words may still be missing."""
        last = self._minutes.last
        pause = PauseSituation(
            text=self._hypothesis.text,
            question=last.text if last and not last.interrupted else "",
            speech_ms=self._taker.speech_ms,
            language=self._plan.language,
            usual_pause_ms=self._taker.pauses.usual_pause_ms,
            sound=reply.sound,
            trust=self._taker.pauses.trust,
            settled=reply.transcribed.is_set(),
        )
        score = completion_score(pause)
        self._shell.act(PauseScored(reply.revision, silence_ms, score, reply.sound))

    # Following the words

    def follow(self) -> None:
        """Called for every frame: transcribes the open utterance again when it is worth it."""
        if not self._listening.listening or self._following:
            return
        paused = self._taker.silence_ms >= WORD_OVER_MS
        if not self._worth_following(paused=paused):
            return
        self._followed_ms, self._followed_out = self._taker.speech_ms, paused
        self._following = True
        self._shell.spawn(self._follow(self._followed_ms, heard_out=paused))

    def _worth_following(self, *, paused: bool) -> bool:
        """Whether there is enough new speech to look at the words again."""
        new_ms = self._taker.speech_ms - self._followed_ms
        if self._taker.floor not in OVER_INTERVIEWER:
            return new_ms >= PARTIAL_EVERY_MS
        if not paused:
            return new_ms >= BARGE_IN_PARTIAL_EVERY_MS
        # After one word the interviewer should know at once whether to go on; and the end of it
        # may be softer than what counts as speech.
        unheard = not (self._followed_out or self._hypothesis.words)
        return self._taker.speech_ms > 0 and (new_ms > 0 or unheard)

    async def _follow(self, speech_ms: int, *, heard_out: bool) -> None:
        try:
            heard = await self._listening.partial()
        finally:
            self._following = False
        if heard is None or not self._listening.listening:
            return
        self._hypothesis, self._known_ms = heard, speech_ms
        self._shell.act(WordsHeard(heard.text, heard_out))
        if self._reply is not None and not self._reply.transcribed.is_set():
            self._note(self._reply)
            self._carry(self._reply)
        if self._taker.floor is Floor.CANDIDATE_SPEAKING:
            self._shell.tell(
                Transcript(
                    "candidate",
                    self._minutes.next_number,
                    heard.text,
                    final=False,
                    revision=self._taker.revision,
                )
            )
            self._read_along(heard)

    def look_ahead(self) -> None:
        """Have the interviewer read what was said, before the candidate says the next word."""
        situation = awaited(self._plan, self._minutes.state)
        if self._interviewer.is_model and situation is not None:
            self._read(situation)

    def _read_along(self, heard: Hypothesis) -> None:
        """Have the interviewer read along, so that only the last words are new at the end."""
        words = heard.words[: heard.stable]
        if not (words and self._interviewer.is_model):
            return
        said = Hypothesis(words)
        turns = self._candidate_turns(said, self._typed, interrupted=False)
        decision = self.decide(self._minutes.foresee(turns), said.text)
        if isinstance(decision, Consult):
            self._read(decision.situation)

    def _read(self, situation: Situation) -> None:
        self._read_no_further()
        work = self._interviewer.prepare(self._session, situation)
        self._reading = self._shell.spawn(work)

    def _read_no_further(self) -> None:
        """What was read stays known; the last words of the candidate need the processor."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None


async def _joined(cut: Sequence[asyncio.Task[Hypothesis | None]]) -> Hypothesis | None:
    """The words of utterances that were cut; whoever awaits may be cancelled, they are not."""
    return _joint(*[await asyncio.shield(task) for task in cut])


def _joint(*parts: Hypothesis | None) -> Hypothesis | None:
    words = tuple(word for part in parts if part is not None for word in part.words)
    return Hypothesis(words, len(words)) if words else None


def _may_probe(decision: Decision) -> bool:
    return isinstance(decision, Consult) and Move.PROBE in decision.situation.allowed


def _asks_to_hold(decision: Decision) -> bool:
    return not isinstance(decision, Consult) and any(line.move == "hold" for line in decision)
