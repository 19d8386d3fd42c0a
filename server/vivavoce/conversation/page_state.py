"""Tells the candidate's page where the interview stands, whenever that has changed."""

from collections.abc import Callable
from typing import assert_never

from vivavoce.conversation.minutes import Minutes
from vivavoce.conversation.speaking import Speaking
from vivavoce.conversation.wishes import Wishes
from vivavoce.core.interview_plan import progress, time_left_ms
from vivavoce.core.turn_taking import Floor, TurnTaker
from vivavoce.core.wire_messages import ServerMessage, State, Vad


class PageState:
    def __init__(
        self,
        minutes: Minutes,
        taker: TurnTaker,
        speaking: Speaking,
        wishes: Wishes,
        tell: Callable[[ServerMessage], None],
    ) -> None:
        self._minutes = minutes
        self._taker = taker  # read only, as is what follows
        self._speaking = speaking
        self._wishes = wishes
        self._tell = tell
        self._told: tuple[str, int] | None = None
        self._speech_told = False

    @property
    def progress(self) -> tuple[int, int]:
        """The number of the current question, 0 before the first, and how many there are."""
        return progress(self._minutes.plan, self._minutes.state)

    def left_ms(self, at_ms: int) -> int:
        """How long the interview may still take."""
        return time_left_ms(self._minutes.plan, self._minutes.state, at_ms)

    def forget(self) -> None:
        """Another page listens now; it has been told nothing."""
        self._told = None
        self._speech_told = False

    def show_speech(self, speech: bool) -> None:
        if speech is not self._speech_told:
            self._speech_told = speech
            self._tell(Vad(speech))

    def show(self, at_ms: int) -> None:
        shown = (self._phase(), self._minutes.next_number)
        if shown != self._told:
            self._told = shown
            plan, state = self._minutes.plan, self._minutes.state
            question_no, of = self.progress
            self._tell(State(shown[0], question_no, of, time_left_ms(plan, state, at_ms)))

    @property
    def resting(self) -> bool:
        return self._wishes.resting

    def _phase(self) -> str:
        if self.resting:
            return "paused"  # also while a new run hears again what was said before
        match self._taker.floor:
            case Floor.WAITING | Floor.CANDIDATE_SPEAKING:
                return "hold" if self._taker.holding else "listening"
            case Floor.DECIDING:
                return "hold" if self._taker.holding else "deciding"
            case Floor.INTERVIEWER_SPEAKING | Floor.INTERRUPTED:
                return "deciding" if self._speaking.is_thinking else "speaking"
            case Floor.PAUSED:
                return "paused"
            case Floor.ENDED:
                return "closing"
            case _:
                assert_never(self._taker.floor)
