"""The floor's machine: its promises over generated histories, and its rules one by one."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vivavoce.core import floor_events as ev
from vivavoce.core.endpointing import EndpointingSchedule
from vivavoce.core.floor_rules import FloorRules
from vivavoce.core.foreground import FAR_AFTER_MS
from vivavoce.core.turn_taking import Floor, TurnTaker

FRAME_MS = 32


@dataclass
class Stage:
    """A shell that answers the machine's actions when it is told to."""

    taker: TurnTaker = field(default_factory=lambda: TurnTaker(EndpointingSchedule()))
    log: list[tuple[int, ev.Action]] = field(default_factory=list)
    probability: float = 0.0
    has_words: bool = True
    answering: bool = True
    pending: list[ev.Event] = field(default_factory=list)
    open: bool = False
    speaking: bool = False
    ducked: bool = False
    last_speech: bool = False

    def floor(self) -> Floor:
        return self.taker.floor

    def feed(self, event: ev.Event) -> list[ev.Action]:
        actions = self.taker.handle(event)
        for action in actions:
            self.log.append((self.taker.at_ms, action))
            self._check(action)
            self._answer(action)
        return actions

    def _check(self, action: ev.Action) -> None:
        match action:
            case ev.OpenUtterance(at_ms):
                assert not self.open, "an utterance is opened once"
                assert at_ms <= self.taker.at_ms
                self.open = True
            case ev.EndUtterance() | ev.CutUtterance() | ev.SetUtteranceAside():
                assert self.open
                self.open = False
            case ev.TakeFloor(revision):
                assert revision == self.taker.revision, "only the current turn is ever spoken"
                assert not self.speaking
                self.speaking = True
            case ev.CancelPlayback():
                assert self.speaking, "nothing is cancelled twice"
                self.speaking = self.ducked = False
            case ev.Duck(on):
                assert self.speaking
                assert on is not self.ducked
                self.ducked = on
            case _:
                pass

    def _answer(self, action: ev.Action) -> None:
        match action:
            case ev.Speculate(revision):
                kind = ev.ReplyReady if self.has_words else ev.NothingSaid
                self.pending.append(kind(revision))
            case ev.Commit(revision=revision) | ev.Nudge(revision=revision):
                self.pending.append(ev.ReplyReady(revision))
            case ev.ScorePause(revision, silence_ms):
                self.pending.append(ev.PauseScored(revision, silence_ms, self.probability))
            case _:
                pass

    def settle(self) -> None:
        while self.pending:
            self.feed(self.pending.pop(0))

    def hear(self, milliseconds: int, *, speech: bool, level_db: float | None = None) -> None:
        heard_db = level_db or (-20.0 if speech else -60.0)
        for _ in range(milliseconds // FRAME_MS):
            self.last_speech = speech
            self.feed(ev.FrameHeard(self.taker.at_ms + FRAME_MS, speech, heard_db, -17.0))
            if self.answering:
                self.settle()

    def finish_playback(self) -> None:
        self.feed(ev.PlaybackFinished())
        self.speaking = False

    def actions(self, kind: type) -> list[ev.Action]:
        return [action for _, action in self.log if isinstance(action, kind)]


def opened() -> Stage:
    """The interviewer has asked something and waits."""
    stage = Stage()
    stage.feed(ev.ReplyReady(stage.taker.revision))
    stage.feed(ev.PlaybackStarted())
    stage.hear(4_000, speech=False)
    stage.finish_playback()
    stage.log.clear()
    return stage


def speaking() -> Stage:
    """The interviewer is speaking an answer, past the time echo cancellers need."""
    stage = opened()
    stage.feed(ev.FloorClaimed("test"))
    stage.settle()
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING
    stage.hear(320, speech=False)
    stage.log.clear()
    return stage


def test_a_confident_end_commits_at_the_first_checkpoint() -> None:
    stage = opened()
    stage.probability = 1.0
    stage.hear(2_000, speech=True)
    stage.hear(160, speech=False)
    (commit,) = stage.actions(ev.Commit)
    assert isinstance(commit, ev.Commit)
    assert (commit.reason, commit.silence_ms) == ("score", 160)
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING


def test_a_doubtful_end_waits_for_the_hard_limit() -> None:
    stage = opened()
    stage.hear(2_000, speech=True)
    stage.hear(2_400, speech=False)
    assert not stage.actions(ev.Commit)
    stage.hear(200, speech=False)
    (commit,) = stage.actions(ev.Commit)
    assert isinstance(commit, ev.Commit)
    assert commit.reason == "limit"


def test_who_asks_for_time_is_given_it_although_the_sound_had_ended_the_turn() -> None:
    stage = opened()
    stage.answering = False
    stage.hear(1_000, speech=True)
    stage.hear(224, speech=False)
    revision = stage.taker.revision
    stage.feed(ev.PauseScored(revision, 224, 1.0))
    stage.feed(ev.HoldAsked())
    stage.feed(ev.ReplyReady(revision))
    stage.hear(20_000, speech=False)
    assert len(stage.actions(ev.Commit)) == 1
    assert not stage.actions(ev.TakeFloor)
    assert stage.taker.holding


def test_speech_after_a_thinking_pause_joins_the_same_utterance() -> None:
    stage = opened()
    stage.probability = 0.35
    stage.hear(1_000, speech=True)
    stage.hear(1_500, speech=False)
    stage.hear(1_000, speech=True)
    assert len(stage.actions(ev.OpenUtterance)) == 1
    assert len(stage.actions(ev.DropSpeculation)) == 1
    assert stage.floor() is Floor.CANDIDATE_SPEAKING
    assert stage.taker.pauses.usual_pause_ms > 500


def test_a_silence_after_which_a_turn_went_on_is_no_end_when_it_comes_again() -> None:
    stage = opened()
    stage.probability = 0.35  # enough after 1.7 s
    for _ in range(3):
        stage.hear(1_000, speech=True)
        stage.hear(1_200, speech=False)
    stage.probability = 0.6  # enough after 0.9 s, and 1.2 s were none
    stage.hear(1_000, speech=True)
    stage.hear(1_200, speech=False)
    assert not stage.actions(ev.Commit)
    stage.hear(300, speech=False)
    assert len(stage.actions(ev.Commit)) == 1


def test_a_score_is_enough_as_soon_as_the_bar_has_fallen_to_it() -> None:
    stage = opened()
    stage.probability = 0.5  # between two of the silences at which a pause is scored
    stage.hear(1_000, speech=True)
    stage.hear(1_400, speech=False)
    (commit,) = stage.actions(ev.Commit)
    assert isinstance(commit, ev.Commit)
    assert 1_120 <= commit.silence_ms < 1_120 + 2 * FRAME_MS


def test_a_click_neither_starts_a_turn_nor_restarts_the_silence() -> None:
    stage = opened()
    stage.hear(32, speech=True)
    stage.hear(96, speech=False)
    assert not stage.log
    stage.hear(1_000, speech=True)
    stage.hear(1_280, speech=False)
    stage.hear(32, speech=True)
    stage.hear(1_280, speech=False)
    assert [a.reason for a in stage.actions(ev.Commit) if isinstance(a, ev.Commit)] == ["limit"]


def test_a_cough_without_words_returns_the_floor() -> None:
    stage = opened()
    stage.has_words = False
    stage.hear(320, speech=True)
    stage.hear(320, speech=False)
    assert stage.floor() is Floor.WAITING
    assert len(stage.actions(ev.EndUtterance)) == 1


def test_voices_in_the_room_do_not_keep_an_answer_open() -> None:
    stage = opened()
    stage.probability = 1.0
    stage.hear(1_600, speech=True, level_db=-20.0)
    ended_ms = stage.taker.at_ms
    stage.hear(2_000, speech=True, level_db=-42.0)
    (committed_ms,) = (at for at, action in stage.log if isinstance(action, ev.Commit))
    assert committed_ms - ended_ms < FAR_AFTER_MS + 300


def test_two_words_interrupt_the_interviewer() -> None:
    stage = speaking()
    stage.hear(256, speech=True)
    assert stage.actions(ev.Duck) == [ev.Duck(True)]
    stage.feed(ev.WordsHeard("that reminds"))
    assert stage.actions(ev.CancelPlayback)
    assert stage.floor() is Floor.CANDIDATE_SPEAKING


def test_a_voice_silences_the_interviewer_within_two_tenths_of_a_second() -> None:
    stage = speaking()
    stage.hear(96, speech=True)
    assert not stage.actions(ev.HoldPlayback)
    stage.hear(32, speech=True)
    assert stage.actions(ev.HoldPlayback) == [ev.HoldPlayback(True)]
    assert stage.floor() is Floor.INTERRUPTED


def test_what_a_word_begins_with_counts_before_it_is_known_to_be_speech() -> None:
    stage = speaking()
    stage.hear(96, speech=False, level_db=-28.0)  # the first letter of "stop"
    stage.hear(32, speech=True)
    assert not stage.log
    stage.hear(32, speech=True)
    assert stage.actions(ev.HoldPlayback) == [ev.HoldPlayback(True)]


@pytest.mark.parametrize("since_ms", [160, 1_600])
def test_a_noise_that_lasts_is_no_beginning_of_a_word(since_ms: int) -> None:
    stage = speaking()
    stage.hear(since_ms, speech=False, level_db=-28.0)
    stage.hear(96, speech=True)
    assert not stage.actions(ev.HoldPlayback)


def test_a_noise_that_was_over_before_a_word_is_no_part_of_it() -> None:
    stage = speaking()
    stage.hear(96, speech=False, level_db=-28.0)
    stage.hear(32, speech=False)
    stage.hear(96, speech=True)
    assert not stage.actions(ev.HoldPlayback)


def test_one_word_interrupts_when_it_asks_for_the_floor() -> None:
    stage = speaking()
    stage.hear(320, speech=True)
    stage.feed(ev.WordsHeard("wait"))
    assert stage.actions(ev.CancelPlayback)


def test_a_short_stop_is_obeyed() -> None:
    stage = speaking()
    stage.hear(192, speech=True)
    stage.hear(192, speech=False)
    stage.feed(ev.WordsHeard("Stop."))
    assert stage.actions(ev.CancelPlayback)


def test_words_in_less_speech_than_two_words_take_interrupt_nobody() -> None:
    stage = speaking()
    stage.hear(192, speech=True)
    stage.feed(ev.WordsHeard("for years"))
    assert not stage.actions(ev.CancelPlayback)


def test_after_a_backchannel_the_interviewer_goes_on_at_once() -> None:
    stage = speaking()
    stage.hear(320, speech=True)
    stage.hear(96, speech=False)
    stage.feed(ev.WordsHeard("mm-hm"))
    stage.hear(288, speech=False)
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING
    assert stage.actions(ev.HoldPlayback) == [ev.HoldPlayback(True), ev.HoldPlayback(False)]


def test_words_from_before_a_burst_was_over_say_nothing_about_its_end() -> None:
    stage = speaking()
    stage.hear(320, speech=True)
    stage.feed(ev.WordsHeard("yeah"))
    stage.hear(800, speech=False)
    assert stage.floor() is Floor.INTERRUPTED


def test_that_no_word_was_heard_in_the_middle_of_a_burst_says_nothing_about_its_end() -> None:
    stage = speaking()
    stage.hear(320, speech=True)
    stage.hear(96, speech=False)
    stage.feed(ev.WordsHeard("", heard_out=False))
    stage.hear(800, speech=False)
    assert stage.floor() is Floor.INTERRUPTED


def test_an_echo_of_the_interviewer_interrupts_nobody() -> None:
    stage = speaking()
    stage.hear(6_000, speech=True, level_db=-38.0)
    assert not stage.log
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING


def test_the_last_word_coming_back_from_the_room_begins_no_answer() -> None:
    stage = speaking()
    stage.finish_playback()
    stage.hear(256, speech=True, level_db=-38.0)
    assert stage.floor() is Floor.WAITING


def test_a_backchannel_only_pauses_the_interviewer() -> None:
    stage = speaking()
    stage.hear(352, speech=True)
    stage.feed(ev.WordsHeard("yeah"))
    assert stage.floor() is Floor.INTERRUPTED
    stage.hear(1_600, speech=False)
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING
    assert stage.actions(ev.HoldPlayback) == [ev.HoldPlayback(True), ev.HoldPlayback(False)]
    assert not stage.actions(ev.CancelPlayback)


def test_long_speech_interrupts_before_any_word_is_known() -> None:
    stage = speaking()
    stage.hear(832, speech=True)
    assert stage.actions(ev.CancelPlayback)


def test_no_voice_interrupts_while_echo_cancellers_converge_but_words_do() -> None:
    stage = Stage()
    stage.feed(ev.ReplyReady(stage.taker.revision))
    stage.feed(ev.PlaybackStarted())
    stage.hear(1_500, speech=True)
    assert not stage.actions(ev.CancelPlayback)
    stage.feed(ev.WordsHeard("sorry could you stop"))
    assert stage.actions(ev.CancelPlayback)


def test_silence_is_answered_by_counted_nudges() -> None:
    stage = opened()
    stage.hear(11_040, speech=False)
    stage.finish_playback()
    stage.hear(11_040, speech=False)
    assert [a.count for a in stage.actions(ev.Nudge) if isinstance(a, ev.Nudge)] == [1, 2]


def test_an_answer_starts_the_count_of_nudges_anew() -> None:
    stage = opened()
    stage.hear(11_040, speech=False)
    stage.finish_playback()
    stage.probability = 1.0
    stage.hear(640, speech=True)
    stage.hear(640, speech=False)
    stage.finish_playback()
    stage.hear(11_040, speech=False)
    assert [a.count for a in stage.actions(ev.Nudge) if isinstance(a, ev.Nudge)] == [1, 1]


def test_holding_suspends_endpointing_and_nudges_until_speech() -> None:
    stage = opened()
    stage.hear(640, speech=True)
    stage.hear(128, speech=False)
    stage.feed(ev.HoldAsked())
    stage.hear(60_000, speech=False)
    assert not stage.actions(ev.Commit)
    assert not stage.actions(ev.Nudge)
    stage.hear(640, speech=True)
    stage.hear(2_600, speech=False)
    assert len(stage.actions(ev.Commit)) == 1


def test_a_hold_ends_with_speech_that_began_under_the_interviewers_last_words() -> None:
    stage = speaking()
    stage.hear(128, speech=True)
    stage.finish_playback()
    stage.feed(ev.HoldAsked())
    stage.hear(640, speech=True)
    stage.hear(2_600, speech=False)
    assert len(stage.actions(ev.Commit)) == 1


def test_a_nudge_that_is_not_heard_yet_gives_way_to_the_candidate() -> None:
    stage = opened()
    stage.answering = False
    stage.hear(11_040, speech=False)
    (nudge,) = stage.actions(ev.Nudge)
    assert isinstance(nudge, ev.Nudge)
    stage.hear(640, speech=True)
    assert stage.floor() is Floor.CANDIDATE_SPEAKING
    assert stage.open
    assert stage.actions(ev.DropSpeculation) == [ev.DropSpeculation(nudge.revision)]
    stage.feed(ev.ReplyReady(nudge.revision))
    assert not stage.speaking


def test_a_noise_that_stops_a_nudge_does_not_start_their_count_anew() -> None:
    stage = opened()
    stage.answering = False
    stage.hear(11_040, speech=False)
    stage.pending.clear()
    stage.has_words = False
    stage.answering = True
    stage.hear(320, speech=True)
    stage.hear(320, speech=False)
    assert [a.count for a in stage.actions(ev.Nudge) if isinstance(a, ev.Nudge)] == [1, 2]


def test_somebody_who_never_stops_is_answered_after_the_longest_turn() -> None:
    stage = opened()
    stage.hear(301_000, speech=True)
    (commit,) = stage.actions(ev.Commit)
    assert isinstance(commit, ev.Commit)
    assert commit.reason == "too_long"
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING


def test_minutes_of_noise_without_a_word_end_in_a_nudge() -> None:
    stage = opened()
    stage.answering = False
    stage.hear(301_000, speech=True)
    stage.pending.clear()
    stage.feed(ev.NothingSaid(stage.taker.revision))
    assert len(stage.actions(ev.Nudge)) == 1


def test_a_claimed_floor_waits_for_a_gap_but_not_forever() -> None:
    stage = opened()
    stage.hear(320, speech=True)
    stage.feed(ev.FloorClaimed("skip"))
    stage.settle()
    assert stage.floor() is Floor.DECIDING
    stage.hear(1_056, speech=True)
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING


def test_speech_after_a_claim_opens_the_next_utterance_and_does_not_interrupt_by_itself() -> None:
    stage = opened()
    stage.hear(640, speech=True)
    stage.answering = False
    stage.hear(64, speech=False)
    stage.feed(ev.FloorClaimed("skip"))
    assert len(stage.actions(ev.CutUtterance)) == 1
    stage.hear(900, speech=True)
    assert len(stage.actions(ev.OpenUtterance)) == 2
    stage.hear(32, speech=False)
    stage.settle()
    assert stage.floor() is Floor.INTERVIEWER_SPEAKING
    stage.feed(ev.WordsHeard("because of the weather"))
    stage.hear(640, speech=True)
    assert not stage.actions(ev.CancelPlayback)
    stage.feed(ev.WordsHeard("because of the weather we stayed"))
    assert stage.actions(ev.CancelPlayback)


def test_nothing_happens_while_paused_or_after_the_end() -> None:
    stage = opened()
    stage.feed(ev.Paused())
    stage.log.clear()
    stage.hear(30_000, speech=True)
    assert not stage.log
    stage.feed(ev.FloorClaimed("resume"))
    assert stage.floor() is Floor.DECIDING
    stage.feed(ev.Ended())
    stage.log.clear()
    stage.feed(ev.FloorClaimed("late"))
    assert not stage.log


def test_speech_that_outlasts_the_last_words_keeps_its_beginning() -> None:
    stage = speaking()
    stage.hear(128, speech=True)
    stage.finish_playback()
    assert stage.floor() is Floor.CANDIDATE_SPEAKING
    assert stage.open


def test_playback_that_ends_while_held_gives_the_floor_to_the_speaker() -> None:
    stage = speaking()
    stage.hear(352, speech=True)
    assert stage.floor() is Floor.INTERRUPTED
    stage.finish_playback()
    assert stage.floor() is Floor.CANDIDATE_SPEAKING
    assert stage.actions(ev.HoldPlayback)[-1] == ev.HoldPlayback(False)


def test_a_recording_that_is_taken_up_again_waits_for_the_candidate() -> None:
    taker = TurnTaker(EndpointingSchedule())
    taker.resume_at(95_000)
    stage = Stage(taker, speaking=True)
    stage.hear(640, speech=True)
    stage.finish_playback()
    assert stage.floor() is Floor.CANDIDATE_SPEAKING
    assert stage.actions(ev.OpenUtterance) == [ev.OpenUtterance(95_000)]


EVENTS = (
    ev.WordsHeard(""),
    ev.WordsHeard("yeah"),
    ev.WordsHeard("wait a moment please"),
    ev.FloorClaimed("claim"),
    ev.HoldAsked(),
    ev.Paused(),
    ev.PlaybackStarted(),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.integers(32, 3_000), st.booleans()),
        st.tuples(st.just("set"), st.just("probability"), st.floats(0, 1)),
        st.tuples(st.just("set"), st.sampled_from(["has_words", "answering"]), st.booleans()),
        st.tuples(st.sampled_from(["settle", "finish"]), st.none(), st.none()),
        st.tuples(st.just("feed"), st.sampled_from(EVENTS), st.none()),
    ),
    max_size=40,
)


def perform(stage: Stage, step: tuple[str, Any, Any]) -> None:
    name, value, speech = step
    match name:
        case "hear":
            stage.hear(value, speech=speech)
        case "settle":
            stage.settle()
        case "set":
            setattr(stage, value, speech)
        case "finish" if stage.speaking:
            stage.finish_playback()
        case "feed":
            stage.feed(value)
        case _:
            assert name == "finish"


@settings(max_examples=200, deadline=None)
@given(steps)
def test_any_history_keeps_the_promises_and_leads_on(history: list[tuple[str, Any, Any]]) -> None:
    stage = Stage()
    stage.feed(ev.FloorClaimed("opening"))
    for step in history:
        perform(stage, step)
    stage.answering = True
    stage.settle()
    if stage.floor() is Floor.PAUSED:
        return
    stage.hear(2_048, speech=False)
    assert stage.floor() is not Floor.INTERRUPTED, "it always leaves an interruption"
    if stage.speaking:
        stage.finish_playback()
    if stage.taker.holding:
        return
    stage.hear(14_000, speech=False)
    assert stage.speaking, "with everybody silent, the interviewer says something in the end"


@settings(max_examples=100, deadline=None)
@given(steps)
def test_the_interviewer_never_begins_over_the_candidate(
    history: list[tuple[str, Any, Any]],
) -> None:
    stage = Stage(TurnTaker(EndpointingSchedule(), FloorRules(claim_patience_ms=10**9)))
    for step in history:
        before = len(stage.actions(ev.TakeFloor))
        perform(stage, step)
        if len(stage.actions(ev.TakeFloor)) > before and step[0] != "hear":
            assert not stage.last_speech
