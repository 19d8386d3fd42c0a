"""What a candidate does by hand: answers that are typed, and buttons that are pressed.

Each is durable before it is acknowledged, so that a server that is killed owes it to the next one.
What became of it is read from the turns: a typed answer is owed until it is a turn, a button until
the last line that it asked for is one, or until the candidate has moved on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.wire_messages import ControlOp


@dataclass(frozen=True)
class Wish:
    """`id` is the candidate's device's own name for it, so that it counts once if sent again."""

    id: str
    at_ms: int  # on the recording's clock
    button: ControlOp | None = None
    text: str = ""  # of a typed answer, which no button stands for


def rests(wishes: Sequence[Wish]) -> bool:
    """The interview is paused: nothing was wished since. Silence pauses with a wish of its own."""
    return bool(wishes) and wishes[-1].button is ControlOp.PAUSE


def owed_answers(wishes: Sequence[Wish], turns: Sequence[Turn]) -> tuple[Wish, ...]:
    """Typed answers that are in no turn yet, in their order."""
    kept = {turn.wish for turn in turns}
    return tuple(wish for wish in wishes if wish.button is None and wish.id not in kept)


def owed_button(wishes: Sequence[Wish], turns: Sequence[Turn]) -> Wish | None:
    """The button whose reply is still to be spoken.

    Whatever is wished later takes its place; only the wish to end outlasts a typed answer, because
    whoever sends the last words and leaves must not be asked another question.
    """
    pressed = next((wish for wish in reversed(wishes) if wish.button is not None), None)
    if pressed is None or pressed.button is ControlOp.PAUSE:
        return None
    if pressed is not wishes[-1] and pressed.button is not ControlOp.END:
        return None
    return None if any(_settles(turn, pressed) for turn in turns) else pressed


def _settles(turn: Turn, wish: Wish) -> bool:
    if turn.wish == wish.id:
        # A closing line that broke off has not ended anything.
        return wish.button is not ControlOp.END or not turn.interrupted
    spoke_up = turn.speaker is Speaker.CANDIDATE and turn.wish is None and not turn.interrupted
    return spoke_up and turn.start_ms >= wish.at_ms


def late_answer(wish: Wish, turns: Sequence[Turn]) -> Turn:
    """A typed answer as the last turn of an interview that ended before anybody replied to it."""
    asked = (turn.question for turn in reversed(turns) if turn.speaker is Speaker.INTERVIEWER)
    question = next((index for index in asked if index is not None), None)
    return Turn(
        number=len(turns) + 1,
        speaker=Speaker.CANDIDATE,
        kind=TurnKind.ASIDE if question is None else TurnKind.ANSWER,
        text=wish.text,
        start_ms=wish.at_ms,
        end_ms=wish.at_ms,
        question=question,
        typed=True,
        interrupted=True,
        wish=wish.id,
    )
