"""The candidate's voice as the floor's machine follows it: bursts, silence, and one utterance.

An utterance is what is being transcribed. It ends in one of three ways, and in none of them is a
word lost: it is in the reply that takes the floor, it is cut and kept at once, or it is set aside
because it was too little to interrupt anybody.
"""

from dataclasses import dataclass, field

from vivavoce.core import floor_events as ev
from vivavoce.core.backchannels import content_words
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.floor_states import Floor
from vivavoce.core.foreground import Foreground
from vivavoce.core.nearness import Nearness


@dataclass
class CandidateVoice:
    rules: FloorRules
    language: str
    at_ms: int = 0
    last_speech_ms: int = 0  # end of the last frame with speech
    speaking: bool = False
    run_ms: int = 0  # speech in the present burst
    is_open: bool = False
    opened_ms: int = 0
    speech_ms: int = 0  # of the open utterance, since somebody else began to speak
    words: str = ""  # of the open utterance
    freed_ms: int = 0  # the interviewer was heard to the end
    _lead_ms: int = 0  # before the burst: as loud as a voice, and not told to be one
    _cut_ms: int = 0  # what was said before is in a turn
    _carried: bool = False  # words of the open utterance were said before the interviewer began
    _words_before: int = 0
    _nearness: Nearness = field(default_factory=Nearness)
    _foreground: Foreground = field(default_factory=Foreground)
    _worded: bool = False  # `words` are all that was said

    @property
    def silence_ms(self) -> int:
        return self.at_ms - self.last_speech_ms

    @property
    def burst_ms(self) -> int:
        """The present burst with its lead: an "s" is heard long before it is known to be speech."""
        return self.run_ms + (self._lead_ms if self._lead_ms <= self.rules.longest_lead_ms else 0)

    @property
    def has_begun(self) -> bool:
        return self.speaking and self.run_ms >= self.rules.onset_ms

    @property
    def new_words(self) -> int:
        """Words with content since the interviewer began to speak."""
        return content_words(self.words, self.language) - self._words_before

    @property
    def says_enough(self) -> bool:
        """To interrupt, whatever it is."""
        return self.new_words >= self.rules.barge_in_words

    def begin_at(self, at_ms: int) -> None:
        self.at_ms = self.last_speech_ms = at_ms

    @property
    def patience_ms(self) -> int:
        """How long a silence shows that nobody wants the floor: short after a listener's noise."""
        listening = self._worded and self.new_words <= 0
        return self.rules.backchannel_over_ms if listening else self.rules.false_interruption_ms

    def hear(self, frame: ev.FrameHeard, floor: Floor) -> None:
        length_ms = frame.at_ms - self.at_ms
        self.at_ms = frame.at_ms
        self.speaking = self._is_near(frame, floor)
        in_turn = floor is Floor.CANDIDATE_SPEAKING
        if self.speaking and in_turn and frame.level_db is not None:
            self._nearness.learn(frame.level_db)
        if self.speaking:
            self._worded = False
            self._count(length_ms, in_turn)
            return
        self._lead_ms = self._lead_ms + length_ms if self._nearness.loud else 0
        if self.silence_ms >= self.rules.gap_ms:
            self.run_ms = 0

    def weighs_levels(self, floor: Floor) -> bool:
        """Whether somebody else than the candidate may be heard, or the interviewer's echo."""
        if floor is Floor.WAITING:
            return self.at_ms - self.freed_ms < self.rules.echo_ms
        return floor is Floor.INTERVIEWER_SPEAKING or floor is Floor.INTERRUPTED

    def _is_near(self, frame: ev.FrameHeard, floor: Floor) -> bool:
        """Whether it is the candidate's speech: nobody else may interrupt, or prolong an answer."""
        if floor is Floor.CANDIDATE_SPEAKING or floor is Floor.DECIDING:
            return frame.speech and self._foreground.holds(frame.at_ms, frame.level_db)
        if frame.level_db is None or not self.weighs_levels(floor):
            return frame.speech
        # While the interviewer is held there is no echo.
        played_db = None if floor is Floor.INTERRUPTED else frame.played_db
        return self._nearness.is_near(frame.level_db, played_db, speech=frame.speech)

    def _count(self, length_ms: int, in_turn: bool) -> None:
        self.run_ms += length_ms
        if self.is_open:
            self.speech_ms += length_ms
        # A click shorter than the onset neither starts a turn nor restarts the count of silence.
        if in_turn or self.run_ms >= self.rules.onset_ms:
            self.last_speech_ms = self.at_ms

    def heard(self, text: str, *, heard_out: bool) -> None:
        """The words of the open utterance so far."""
        self.words = text
        # Before the end of a word there may be none yet.
        self._worded = not self.speaking and (heard_out or bool(text))
        if self._carried:
            self._carried = False
            self._words_before = content_words(text, self.language)

    def yield_floor(self) -> None:
        """The interviewer begins to speak: only what is said from now on can interrupt."""
        self.run_ms = self._lead_ms = 0
        self.speech_ms = 0
        self._carried = self.is_open

    def open(self) -> list[ev.Action]:
        if self.is_open:
            return []
        self._forget()
        self._foreground.begin()
        self.is_open = True
        self.opened_ms = max(self.at_ms - self.run_ms, self._cut_ms)
        self.speech_ms = min(self.run_ms, self.at_ms - self.opened_ms)
        return [ev.OpenUtterance(self.opened_ms)]

    def end(self) -> list[ev.Action]:
        """Its words are in the reply, or there are none."""
        return self._close(ev.EndUtterance())

    def cut(self) -> list[ev.Action]:
        """What is said from now on belongs to another turn."""
        if self.is_open:
            self._cut_ms = self.at_ms
        return self._close(ev.CutUtterance())

    def set_aside(self) -> list[ev.Action]:
        return self._close(ev.SetUtteranceAside())

    def _close(self, action: ev.Action) -> list[ev.Action]:
        if not self.is_open:
            return []
        self._forget()
        return [action]

    def _forget(self) -> None:
        self.is_open = self._carried = self._worded = False
        self.words = ""
        self.speech_ms = self._words_before = 0
