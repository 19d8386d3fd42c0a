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
from enum import Enum, auto
from typing import assert_never

from vivavoce.core import floor_events as ev
from vivavoce.core.backchannels import content_words, is_backchannel
from vivavoce.core.endpointing import EndpointingSchedule, PauseMemory
from vivavoce.core.floor_rules import FloorRules


class Floor(Enum):
    WAITING = auto()
    CANDIDATE_SPEAKING = auto()
    DECIDING = auto()
    INTERVIEWER_SPEAKING = auto()
    INTERRUPTED = auto()
    PAUSED = auto()
    ENDED = auto()


@dataclass
class TurnTaker:
    """Feed `handle` events in the order they happened and carry out the actions it returns."""

    schedule: EndpointingSchedule
    rules: FloorRules = field(default_factory=FloorRules)
    language: str = "en"
    floor: Floor = Floor.DECIDING
    revision: int = 1
    pauses: PauseMemory = field(default_factory=PauseMemory)
    at_ms: int = 0
    last_speech_ms: int = 0  # end of the last frame with speech
    speech_ms: int = 0  # of the open utterance
    _committed: bool = True  # the opening is decided from the start
    _claimed: bool = True  # the interviewer speaks whether or not anything was said
    _insisting: bool = False  # the candidate has talked past every limit
    _ready: bool = False
    _open: bool = False  # an utterance is being transcribed
    _opened_ms: int = 0
    _holding: bool = False
    _speech_now: bool = False
    _run_ms: int = 0  # speech in the present burst
    _ducked: bool = False
    _words: str = ""
    _quiet_since_ms: int = 0  # where the pause being judged began
    _asked_at: int = 0  # silence for which a score was last asked
    _free_since_ms: int = 0
    _decided_ms: int = 0
    _nudges: int = 0
    _heard_since_ms: int | None = None  # when interviewer audio was first heard

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

    def _result(
        self, event: ev.WordsHeard | ev.PauseScored | ev.NothingSaid | ev.ReplyReady
    ) -> list[ev.Action]:
        match event:
            case ev.WordsHeard(text):
                return self._heard_words(text)
            case ev.PauseScored():
                return self._scored(event)
            case ev.NothingSaid(revision):
                return self._nothing_said(revision)
            case ev.ReplyReady(revision):
                return self._reply_ready(revision)
            case _:
                assert_never(event)

    def _command(
        self,
        event: ev.PlaybackStarted
        | ev.PlaybackFinished
        | ev.FloorClaimed
        | ev.HoldAsked
        | ev.Paused
        | ev.Ended,
    ) -> list[ev.Action]:
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
                # Who began to speak meanwhile has thought already.
                self._holding = self.floor is not Floor.CANDIDATE_SPEAKING
                return []
            case ev.Paused():
                return self._leave(Floor.PAUSED, "paused")
            case ev.Ended():
                return self._leave(Floor.ENDED, "ended")
            case _:
                assert_never(event)

    @property
    def silence_ms(self) -> int:
        return self.at_ms - self.last_speech_ms

    @property
    def holding(self) -> bool:
        return self._holding

    def resume_at(self, at_ms: int) -> None:
        """Take an interview up in which the interviewer has just spoken."""
        self.at_ms = self.last_speech_ms = self._free_since_ms = at_ms
        self._decide_anew()
        self.floor = Floor.WAITING

    # Frames

    def _frame(self, frame: ev.FrameHeard) -> list[ev.Action]:
        length_ms = frame.at_ms - self.at_ms
        self.at_ms = frame.at_ms
        self._speech_now = frame.speech
        if frame.speech:
            self._count_speech(length_ms)
        elif self.silence_ms >= self.rules.gap_ms:
            self._run_ms = 0
        match self.floor:
            case Floor.WAITING:
                return self._while_waiting()
            case Floor.DECIDING:
                return self._while_deciding()
            case Floor.CANDIDATE_SPEAKING:
                return self._while_candidate_speaks()
            case Floor.INTERVIEWER_SPEAKING | Floor.INTERRUPTED:
                return self._while_interviewer_speaks(frame.speech)
            case Floor.PAUSED | Floor.ENDED:
                return []
            case _:
                assert_never(self.floor)

    def _count_speech(self, length_ms: int) -> None:
        self._run_ms += length_ms
        if self._open:
            self.speech_ms += length_ms
        # A click shorter than the onset neither starts a turn nor restarts the count of silence.
        if self._run_ms >= self.rules.onset_ms or self.floor is Floor.CANDIDATE_SPEAKING:
            self.last_speech_ms = self.at_ms

    def _speech_has_begun(self) -> bool:
        return self._speech_now and self._run_ms >= self.rules.onset_ms

    def _while_waiting(self) -> list[ev.Action]:
        if self._speech_has_begun():
            return self._first_words()
        if self._holding or self.at_ms - self._free_since_ms < self.rules.first_word_ms:
            return []
        return self._nudge()

    def _nudge(self) -> list[ev.Action]:
        self._nudges += 1
        self._decide_anew()
        self._committed = True  # and not claimed: it gives way to the candidate
        return [ev.Nudge(self.revision, self._nudges)]

    def _first_words(self) -> list[ev.Action]:
        self._decide_anew()
        self._holding = False
        self.floor = Floor.CANDIDATE_SPEAKING
        return self._open_utterance()

    def _open_utterance(self) -> list[ev.Action]:
        if self._open:
            return []
        self._open = True
        self._opened_ms = self.at_ms - self._run_ms
        self._words = ""
        self.speech_ms = self._run_ms
        return [ev.OpenUtterance(self._opened_ms)]

    def _while_candidate_speaks(self) -> list[ev.Action]:
        if self.at_ms - self._opened_ms >= self.rules.longest_turn_ms:
            self.floor = Floor.DECIDING
            self._insisting = True
            return self._commit("too_long")
        if self._speech_now or self.silence_ms < self.rules.soft_end_ms:
            return []
        self.floor = Floor.DECIDING
        self._quiet_since_ms = self.last_speech_ms
        self._asked_at = 0
        return [ev.Speculate(self.revision)]

    def _while_deciding(self) -> list[ev.Action]:
        if self._speech_has_begun() and not (self._claimed or self._insisting):
            return self._speech_goes_on()
        if self._committed:
            return self._take_floor_if_ready()
        if self._holding or self._speech_now:
            return []
        if self.silence_ms >= self.schedule.hard_limit_ms:
            return self._commit("limit")
        checkpoint = self.schedule.next_checkpoint(self._asked_at)
        if checkpoint is None or self.silence_ms < checkpoint:
            return []
        self._asked_at = checkpoint
        return [ev.ScorePause(self.revision, self.silence_ms)]

    def _speech_goes_on(self) -> list[ev.Action]:
        if self._open:  # otherwise a nudge was about to break a silence that was no pause
            self.pauses.learn(self._pause_before_run_ms())
        return [ev.DropSpeculation(self.revision), *self._first_words()]

    def _pause_before_run_ms(self) -> int:
        return max(0, self.at_ms - self._run_ms - self._quiet_since_ms)

    def _while_interviewer_speaks(self, speech: bool) -> list[ev.Action]:
        if speech:
            return self._candidate_over_interviewer()
        if self.floor is Floor.INTERRUPTED:
            if self.silence_ms < self.rules.false_interruption_ms:
                return []
            self.floor = Floor.INTERVIEWER_SPEAKING
            return [*self._discard(), ev.HoldPlayback(False), *self._unduck()]
        if self._open and self.silence_ms >= self.rules.gap_ms:
            return [*self._unduck(), *self._discard_when_idle()]
        return []

    def _candidate_over_interviewer(self) -> list[ev.Action]:
        if self._insisting or self._run_ms < self.rules.onset_ms:
            return []
        actions = self._open_utterance()
        if self._converging():
            return actions
        if self._run_ms >= self.rules.duck_after_ms and not self._ducked:
            self._ducked = True
            actions.append(ev.Duck(True))
        if self._run_ms >= self.rules.hold_after_ms and self.floor is not Floor.INTERRUPTED:
            self.floor = Floor.INTERRUPTED
            actions.append(ev.HoldPlayback(True))
        long_enough = self.speech_ms >= self.rules.barge_in_after_ms
        if long_enough and not is_backchannel(self._words, self.language):
            actions += self._barge_in()
        return actions

    def _converging(self) -> bool:
        since = self._heard_since_ms
        return since is None or self.at_ms - since < self.rules.converging_ms

    # Words, scores, replies

    def _heard_words(self, text: str) -> list[ev.Action]:
        self._words = text
        if self.floor not in (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED) or not self._open:
            return []
        if content_words(text, self.language) < self.rules.barge_in_words:
            return []
        return self._barge_in()

    def _barge_in(self) -> list[ev.Action]:
        self._decide_anew()
        self._ducked = False
        self.floor = Floor.CANDIDATE_SPEAKING
        return [ev.CancelPlayback("barge_in")]

    def _scored(self, event: ev.PauseScored) -> list[ev.Action]:
        current = self.floor is Floor.DECIDING and event.revision == self.revision
        if not current or self._committed or self._holding:
            return []
        # The score belongs to the silence it was asked for; time has only made an end likelier.
        if event.probability < self.schedule.threshold_at(max(event.silence_ms, self._asked_at)):
            return []
        return self._commit("score")

    def _commit(self, reason: str) -> list[ev.Action]:
        self._committed = True
        commit = ev.Commit(self.revision, reason, self.silence_ms)
        return [commit, *self._take_floor_if_ready()]

    def _nothing_said(self, revision: int) -> list[ev.Action]:
        if self.floor is not Floor.DECIDING or revision != self.revision:
            return []
        actions = self._discard()
        if self._insisting:  # noise without a word, for minutes
            return actions + self._nudge()
        self._decide_anew()
        self.floor = Floor.WAITING
        return actions

    def _reply_ready(self, revision: int) -> list[ev.Action]:
        if revision != self.revision or self.floor is not Floor.DECIDING:
            return []
        self._ready = True
        return self._take_floor_if_ready()

    def _take_floor_if_ready(self) -> list[ev.Action]:
        if not (self._committed and self._ready and self._may_speak_now()):
            return []
        self.floor = Floor.INTERVIEWER_SPEAKING
        if self._open:
            self._nudges = 0
        self._open = False
        self._holding = False
        self._words = ""
        self._run_ms = 0
        return [ev.TakeFloor(self.revision)]

    def _may_speak_now(self) -> bool:
        if not self._speech_now or self._insisting:
            return True
        waited_ms = self.at_ms - self._decided_ms
        return self._claimed and waited_ms >= self.rules.claim_patience_ms

    def _playback_finished(self) -> list[ev.Action]:
        if self.floor not in (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED):
            return []
        actions = self._unduck()
        if self.floor is Floor.INTERRUPTED:
            actions.append(ev.HoldPlayback(False))
        self._insisting = False
        self._decide_anew()
        # The candidate may have begun while the last words faded.
        self.floor = Floor.CANDIDATE_SPEAKING if self._open else Floor.WAITING
        self._free_since_ms = self.at_ms
        return actions

    # Leaving the ordinary course

    def _claim(self, reason: str) -> list[ev.Action]:
        actions = self._silence_interviewer(reason)
        if self.floor in (Floor.CANDIDATE_SPEAKING, Floor.DECIDING):
            actions.append(ev.DropSpeculation(self.revision))
        self._decide_anew(claimed=True)
        self._holding = False
        self._nudges = 0
        return [*actions, ev.Commit(self.revision, reason, self.silence_ms)]

    def _leave(self, floor: Floor, reason: str) -> list[ev.Action]:
        actions = self._silence_interviewer(reason)
        actions.append(ev.DropSpeculation(self.revision))
        self._decide_anew()
        self.floor = floor
        self._run_ms = 0
        return actions

    def _silence_interviewer(self, reason: str) -> list[ev.Action]:
        if self.floor not in (Floor.INTERVIEWER_SPEAKING, Floor.INTERRUPTED):
            return []
        self._ducked = False
        return [ev.CancelPlayback(reason), *self._discard()]

    def _decide_anew(self, *, claimed: bool = False) -> None:
        """Make everything speculative stale. A claim is committed at once, a turn is not."""
        self.revision += 1
        self._ready = False
        self._committed = claimed
        self._claimed = claimed
        self._decided_ms = self.at_ms
        self._asked_at = 0
        self.floor = Floor.DECIDING

    def _discard(self) -> list[ev.Action]:
        if not self._open:
            return []
        self._open = False
        self._words = ""
        self.speech_ms = 0
        return [ev.DiscardUtterance()]

    def _discard_when_idle(self) -> list[ev.Action]:
        return self._discard() if self.silence_ms >= self.rules.false_interruption_ms else []

    def _unduck(self) -> list[ev.Action]:
        if not self._ducked:
            return []
        self._ducked = False
        return [ev.Duck(False)]
