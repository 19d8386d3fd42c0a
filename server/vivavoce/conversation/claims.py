"""What the interviewer turns to when the floor is claimed, rather than won in conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from vivavoce.conversation.minutes import Minutes
from vivavoce.conversation.wishes import Wishes
from vivavoce.core.interview_plan import (
    Consult,
    InterviewState,
    awaits_candidate,
    microphone_silent,
    nudge,
    opening,
    pausing,
    requested,
    welcome_back,
)
from vivavoce.core.lines import Line
from vivavoce.core.transcript import Speaker, Turn
from vivavoce.core.wire_messages import ControlOp, Resume
from vivavoce.core.wishes import Wish

LAST_NUDGE = 2
Decision = Sequence[Line] | Consult
Decider = Callable[[InterviewState], Decision]


@dataclass(frozen=True)
class Claim:
    """`wish` is the button that is granted when the last of the lines has been spoken.

    One that `yields` would lead to the goodbye, and waits for the end of one that has begun.
    """

    reason: str
    decide: Decider
    wish: str | None = None
    yields: bool = False


class Claims:
    def __init__(
        self,
        minutes: Minutes,
        wishes: Wishes,
        decide: Callable[[InterviewState, str], Decision],
    ) -> None:
        self._plan = minutes.plan
        self._minutes = minutes  # read only, as are the wishes
        self._wishes = wishes
        self._decide = decide

    def answered(self, text: str) -> Claim:
        """An answer was typed; whoever wished to end before it is not asked anything else.

        Words that are added to a goodbye are kept, and are no reason to begin it again.
        """
        owed = self._wishes.owed_button
        if owed is not None:
            return replace(self._still(owed), yields=True)
        return Claim("typed", lambda state: self._decide(state, text), yields=True)

    def pressed(self, wish: Wish, *, rested: bool) -> Claim:
        op = wish.button
        if op is None or (op is ControlOp.RESUME and rested):
            return Claim("resume", self._go_on, wish.id)
        yields = op is ControlOp.END
        return Claim(op, lambda state: requested(self._plan, state, op), wish.id, yields)

    def returned(self) -> Claim:
        """The candidate is here again, and may not know what was said last."""
        owed = self._wishes.owed_button
        return Claim("return", self._go_on) if owed is None else self._still(owed)

    def silent(self, count: int, *, dead: bool) -> Claim:
        """Nothing was heard for a while, of a microphone that may be `dead`."""
        if count > LAST_NUDGE:
            return Claim("silence", lambda state: pausing(self._plan, state))
        if dead:
            return Claim("silence", lambda _: microphone_silent(self._plan))
        return Claim("silence", lambda state: nudge(self._plan, state, count))

    def taken_up(self, resume: Resume) -> Claim | None:
        """What a new run begins with; None when the candidate knows what was asked last."""
        owed = self._wishes.owed_button is not None or bool(self._wishes.owed_answers)
        if not owed and self._minutes.last is None:
            return Claim("opening", lambda state: opening(self._plan, state))
        if not owed and resume is Resume.RING and awaits_candidate(self._minutes.state):
            return None
        return self.returned()

    def _still(self, wish: Wish) -> Claim:
        """A button of before, unless it is granted by what is just being said."""
        pressed = self.pressed(wish, rested=True)

        def decide(state: InterviewState) -> Decision:
            return pressed.decide(state) if self._wishes.owed_button == wish else self._go_on(state)

        return Claim(pressed.reason, decide, wish.id)

    def _go_on(self, state: InterviewState) -> Decision:
        """A whole answer that nobody has replied to is not asked for again."""
        last = state.turns[-1] if state.turns else None
        if last is None or last.speaker is Speaker.INTERVIEWER or last.interrupted:
            return welcome_back(self._plan, state)
        return self._decide(state, last.text)


def thinks(turns: Sequence[Turn], last_move: str | None) -> bool:
    """The candidate asked for time or types, and is not to be hurried."""
    said = next((turn for turn in reversed(turns) if turn.speaker is Speaker.CANDIDATE), None)
    return last_move == "hold" or (said is not None and said.typed)
