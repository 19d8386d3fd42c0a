"""Who has the floor: every rule about it is in this file, and nothing else keeps floor state.

                     speech                soft end
        WAITING ───────────────► CANDIDATE_SPEAKING ◄──────────► DECIDING
           ▲                            ▲            speech again    │ committed and ready
           │ played to the end          │ barge-in                   ▼
           ├──────────────── INTERRUPTED ◄─────────────── INTERVIEWER_SPEAKING
           │                     └── it was nothing ────────────►    │
           └─────────────────────────────────────────────────────────┘

    PAUSED is reached from everywhere by `Paused` and left by `FloorClaimed`; ENDED is final.

The machine awaits nothing, reads no clock and touches no audio. Time is the `at_ms` of the events,
counted in samples of the candidate's microphone. While the microphone's frames do not arrive, time
stands still, so a dropped connection can neither end a turn nor nudge anybody.

Everything speculative carries `revision`. It rises whenever what the candidate said has changed or
the interviewer decides anew, so one comparison tells a late result from a current one.
"""

from dataclasses import dataclass, field
from typing import assert_never

from vivavoce.core import floor_events as ev
from vivavoce.core.backchannels import asks_to_stop, is_backchannel
from vivavoce.core.candidate_voice import CandidateVoice
from vivavoce.core.endpointing import EndpointingSchedule, commit_reason
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.floor_states import Course, Floor
from vivavoce.core.pauses import Pause, PauseMemory

__all__ = ["Floor", "TurnTaker"]


@dataclass
class TurnTaker:
    """Feed `handle` events in the order they happened and carry out the actions it returns."""

    schedule: EndpointingSchedule
    rules: FloorRules = field(default_factory=FloorRules)
    language: str = "en"
    floor: Floor = Floor.DECIDING
    revision: int = 1
    pauses: PauseMemory = field(default_factory=PauseMemory)
    _course: Course = Course.CLAIMED  # the opening is decided from the start
    _claim_reason: str = ""
    _ready: bool = False
    _reassured: bool = False
    _holding: bool = False
    _ducked: bool = False
    _pause: Pause = field(default_factory=Pause)
    _decided_ms: int = 0
    _committed_ms: int = 0
    _nudges: int = 0
    _nudge_revision: int = 0
    _heard_since_ms: int | None = None  # when interviewer audio was first heard

    def __post_init__(self) -> None:
        self._voice = CandidateVoice(self.rules, self.language)

    def handle(self, event: ev.Event) -> list[ev.Action]:
        if self.floor is Floor.ENDED:
            return []
        match event:
            case ev.FrameHeard():
                return self._frame(event)
            case ev.WordsHeard() | ev.PauseScored() | ev.NothingSaid() | ev.ReplyReady():
                return self._result(event)
            case _:
                return self._command(event)

    def _result(self, event: ev.Result) -> list[ev.Action]:
        match event:
            case ev.WordsHeard():
                return self._heard_words(event)
            case ev.PauseScored():
                return self._scored(event)
            case ev.NothingSaid(revision):
                return self._nothing_said(revision)
            case ev.ReplyReady():
                return self._reply_ready(event)
            case _:
                assert_never(event)

    def _command(self, event: ev.Command) -> list[ev.Action]:
        match event:
            case ev.PlaybackStarted():
                if self._heard_since_ms is None:
                    self._heard_since_ms = self.at_ms
                return []
            case ev.PlaybackFinished():
                return self._playback_finished()
            case ev.FloorClaimed(reason):
                return self._claim(reason)
            case ev.HoldAsked():
                return self._hold()
            case ev.Paused():
                return self._leave(Floor.PAUSED, "paused")
            case ev.Ended():
                return self._leave(Floor.ENDED, "ended")
            case _:
                assert_never(event)

    @property
    def at_ms(self) -> int:
        return self._voice.at_ms

    @property
    def silence_ms(self) -> int:
        return self._voice.silence_ms

    @property
    def speech_ms(self) -> int:
        return self._voice.speech_ms

    @property
    def holding(self) -> bool:
        return self._holding

    @property
    def weighs_levels(self) -> bool:
        """Whether the next frame's levels decide something; else some are enough to learn from."""
        return self._voice.weighs_levels(self.floor)

    def resume_at(self, at_ms: int) -> None:
        """Hear again what was said under the interviewer's words, up to `PlaybackFinished`."""
        self._voice.begin_at(at_ms)
        self._decide_anew()
        self.floor = Floor.INTERVIEWER_SPEAKING

    # Frames

    def _frame(self, frame: ev.FrameHeard) -> list[ev.Action]:
        self._voice.hear(frame, self.floor)
        match self.floor:
            case Floor.WAITING:
                return self._while_waiting()
            case Floor.DECIDING:
                return self._while_deciding()
            case Floor.CANDIDATE_SPEAKING:
                return self._while_candidate_speaks()
            case Floor.INTERVIEWER_SPEAKING | Floor.INTERRUPTED:
                return self._while_interviewer_speaks()
            case Floor.PAUSED | Floor.ENDED:
                return []
            case _:
                assert_never(self.floor)

    def _while_waiting(self) -> list[ev.Action]:
        if self._voice.has_begun:
            return self._first_words()
        if self._holding or self.at_ms - self._voice.freed_ms < self.rules.first_word_ms:
            return []
        return self._nudge(Course.COMMITTED)

    def _nudge(self, course: Course) -> list[ev.Action]:
        self._nudges += 1
        self._decide_anew(course)
        self._nudge_revision = self.revision
        return [ev.Nudge(self.revision, self._nudges)]

    def _first_words(self) -> list[ev.Action]:
        self._decide_anew()
        self._holding = False
        self.floor = Floor.CANDIDATE_SPEAKING
        return self._voice.open()

    def _while_candidate_speaks(self) -> list[ev.Action]:
        if self.at_ms - self._voice.opened_ms >= self.rules.longest_turn_ms:
            self.floor = Floor.DECIDING
            return [*self._voice.cut(), *self._commit(Course.INSISTING, "too_long")]
        if self._voice.speaking or self.silence_ms < self.rules.soft_end_ms:
            return []
        self.floor = Floor.DECIDING
        self._pause = Pause(self._voice.last_speech_ms)
        return [ev.Speculate(self.revision)]

    def _while_deciding(self) -> list[ev.Action]:
        match self._course:
            case Course.OPEN | Course.COMMITTED if self._voice.has_begun:
                return self._speech_goes_on()
            case Course.OPEN:
                return self._judge_pause()
            case Course.COMMITTED:
                return self._await_reply()
            case Course.CLAIMING:
                return self._commit_claim_in_a_gap()
            case Course.CLAIMED | Course.INSISTING:
                # What is said from the claim on belongs to the next turn.
                opening = self._voice.open() if self._voice.has_begun else []
                return [*opening, *self._await_reply()]
            case _:
                assert_never(self._course)

    def _judge_pause(self) -> list[ev.Action]:
        if self._holding or self._voice.speaking:
            return []
        if self.silence_ms >= self.schedule.hard_limit_ms:
            return self._commit(Course.COMMITTED, "limit")
        if over := self._commit_if_over(self.silence_ms):
            return over
        asks = self._pause.asks(self.schedule, self.silence_ms)
        return [ev.ScorePause(self.revision, self.silence_ms)] if asks else []

    def _commit_if_over(self, silence_ms: int) -> list[ev.Action]:
        score = self._pause.score
        if score is None or not self.schedule.is_over(score, silence_ms, self.pauses.expected_ms):
            return []
        return self._commit(Course.COMMITTED, commit_reason(score))

    def _speech_goes_on(self) -> list[ev.Action]:
        if self._voice.is_open:  # otherwise a nudge was about to break a silence that was no pause
            began_ms = self.at_ms - self._voice.run_ms
            pause = self._pause
            self.pauses.learn(max(0, began_ms - pause.since_ms), pause.score, pause.sound)
        return [ev.DropSpeculation(self.revision), *self._first_words()]

    def _while_interviewer_speaks(self) -> list[ev.Action]:
        if self._voice.speaking:
            return self._candidate_over_interviewer()
        idle = self.silence_ms >= self._voice.patience_ms
        if self.floor is Floor.INTERRUPTED:
            if not idle:
                return []
            self.floor = Floor.INTERVIEWER_SPEAKING
            return [*self._voice.set_aside(), ev.HoldPlayback(False), *self._unduck()]
        if self._voice.is_open and self.silence_ms >= self.rules.gap_ms:
            return [*self._unduck(), *(self._voice.set_aside() if idle else ())]
        return []

    def _candidate_over_interviewer(self) -> list[ev.Action]:
        if not self._voice.has_begun:
            return []
        actions = self._voice.open()
        if self._course is Course.INSISTING or self._converging():
            return actions
        if self._voice.burst_ms >= self.rules.duck_after_ms and not self._ducked:
            self._ducked = True
            actions.append(ev.Duck(True))
        if self._voice.burst_ms >= self.rules.hold_after_ms and self.floor is not Floor.INTERRUPTED:
            self.floor = Floor.INTERRUPTED
            actions.append(ev.HoldPlayback(True))
        long_enough = self._voice.speech_ms >= self.rules.barge_in_after_ms
        if long_enough and not is_backchannel(self._voice.words, self.language):
            actions += self._barge_in()
        return actions

    def _converging(self) -> bool:
        since = self._heard_since_ms
        return since is None or self.at_ms - since < self.rules.converging_ms

    # Words, scores, replies

    def _heard_words(self, heard: ev.WordsHeard) -> list[ev.Action]:
        self._voice.heard(heard.text, heard_out=heard.heard_out)
        spoken_over = self.floor in (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED)
        if not (spoken_over and self._voice.is_open) or self._course is Course.INSISTING:
            return []
        speech_ms = self._voice.speech_ms
        asks = speech_ms >= self.rules.hold_after_ms and asks_to_stop(heard.text, self.language)
        # A recogniser makes words of a cough; nobody says two in so short a time.
        enough = speech_ms >= self.rules.shortest_words_ms and self._voice.says_enough
        return self._barge_in() if asks or enough else []

    def _barge_in(self) -> list[ev.Action]:
        self._decide_anew()
        self.pauses.end_turn(None)
        self._ducked = False
        self.floor = Floor.CANDIDATE_SPEAKING
        return [ev.CancelPlayback("barge_in")]

    def _scored(self, event: ev.PauseScored) -> list[ev.Action]:
        current = self.floor is Floor.DECIDING and event.revision == self.revision
        if not current or self._course is not Course.OPEN or self._holding:
            return []
        self._pause.score, self._pause.sound = event.probability, event.sound
        # The score belongs to the silence it was asked for; time has only made an end likelier.
        return self._commit_if_over(max(event.silence_ms, self._pause.asked_at))

    def _commit(self, course: Course, reason: str) -> list[ev.Action]:
        self._course = course
        self._committed_ms = self.at_ms
        return [ev.Commit(self.revision, reason, self.silence_ms), *self._take_floor_if_ready()]

    def _hold(self) -> list[ev.Action]:
        # Who began to speak meanwhile has thought already.
        self._holding = self.floor is not Floor.CANDIDATE_SPEAKING
        unheard = self.floor is Floor.DECIDING and self._course is Course.COMMITTED
        if unheard and self.revision != self._nudge_revision:
            self._course = Course.OPEN  # it sounded like an end before the words were known
        return []

    def _nothing_said(self, revision: int) -> list[ev.Action]:
        if self.floor is not Floor.DECIDING or revision != self.revision:
            return []
        if self._course is Course.INSISTING:  # noise without a word, for minutes
            return self._nudge(Course.INSISTING)
        actions = self._voice.end()
        self._decide_anew()
        self.floor = Floor.WAITING
        return actions

    def _reply_ready(self, reply: ev.ReplyReady) -> list[ev.Action]:
        if reply.revision != self.revision or self.floor is not Floor.DECIDING:
            return []
        self._ready = True
        return [*([] if reply.heard else self._keep_words()), *self._take_floor_if_ready()]

    def _await_reply(self) -> list[ev.Action]:
        waited_ms = self.at_ms - self._committed_ms
        if self._ready or self._reassured or waited_ms < self.rules.reassure_after_ms:
            return self._take_floor_if_ready()
        self._reassured = True
        return [*self._keep_words(), ev.Reassure(self.revision)]

    def _keep_words(self) -> list[ev.Action]:
        """They are kept whatever becomes of the reply that waits for them."""
        return self._voice.cut() if self._course is Course.COMMITTED else []

    def _take_floor_if_ready(self) -> list[ev.Action]:
        deciding = self._course in (Course.OPEN, Course.CLAIMING)
        if deciding or not (self._ready and self._may_speak_now()):
            return []
        self.floor = Floor.INTERVIEWER_SPEAKING
        is_nudge = self.revision == self._nudge_revision
        committed = self._course is Course.COMMITTED
        self._nudges, self._holding = self._nudges if is_nudge else 0, False
        ending = self._voice.end() if committed else []
        # Also when the words were kept before, because an acknowledgement did not wait for them.
        self.pauses.end_turn(self._pause.sound if committed and not is_nudge else None)
        self._voice.yield_floor()
        return [*ending, ev.TakeFloor(self.revision)]

    def _may_speak_now(self) -> bool:
        if not self._voice.speaking or self._course is Course.INSISTING:
            return True
        return self._course is Course.CLAIMED and self._patience_is_over()

    def _patience_is_over(self) -> bool:
        return self.at_ms - self._decided_ms >= self.rules.claim_patience_ms

    def _playback_finished(self) -> list[ev.Action]:
        if self.floor not in (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED):
            return []
        holding = [ev.HoldPlayback(False)] if self.floor is Floor.INTERRUPTED else []
        actions = [*self._unduck(), *holding]
        if not self._voice.is_open:
            self.pauses.confirm_end()
        self._decide_anew()
        # The candidate may have begun while the last words faded.
        self.floor = Floor.CANDIDATE_SPEAKING if self._voice.is_open else Floor.WAITING
        self._voice.freed_ms = self.at_ms
        return actions

    # Leaving the ordinary course

    def _claim(self, reason: str) -> list[ev.Action]:
        actions = self._silence_interviewer(reason)
        if self.floor in (Floor.CANDIDATE_SPEAKING, Floor.DECIDING):
            actions.append(ev.DropSpeculation(self.revision))
        self._decide_anew(Course.CLAIMING)
        self._claim_reason = reason
        self._holding = False
        self._nudges = 0
        return [*actions, *self._commit_claim_in_a_gap()]

    def _commit_claim_in_a_gap(self) -> list[ev.Action]:
        in_a_word = self._voice.is_open and self._voice.speaking
        if in_a_word and not self._patience_is_over():
            return []
        return [*self._voice.cut(), *self._commit(Course.CLAIMED, self._claim_reason)]

    def _leave(self, floor: Floor, reason: str) -> list[ev.Action]:
        actions = self._silence_interviewer(reason)
        actions += [*self._voice.cut(), ev.DropSpeculation(self.revision)]
        self._decide_anew()
        self.floor = floor
        self._voice.run_ms = 0
        return actions

    def _silence_interviewer(self, reason: str) -> list[ev.Action]:
        if self.floor not in (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED):
            return []
        self._ducked = False
        return [ev.CancelPlayback(reason)]

    def _decide_anew(self, course: Course = Course.OPEN) -> None:
        """Make everything speculative stale."""
        self.revision += 1
        self._ready = self._reassured = False
        self._course = course
        self._decided_ms = self._committed_ms = self.at_ms
        self._pause.asked_at, self._pause.score = 0, None
        self.floor = Floor.DECIDING

    def _unduck(self) -> list[ev.Action]:
        if not self._ducked:
            return []
        self._ducked = False
        return [ev.Duck(False)]
