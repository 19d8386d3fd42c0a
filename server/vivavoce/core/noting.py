"""What may be said when a turn is over and its last words are still being made out.

The words known by then nearly always tell what comes next. When they do, a short "all right" can be
heard at once; where the missing words turn out to be a request, it fits in front of that as well.
"""

from collections.abc import Sequence

from vivavoce.core.backchannels import content_words
from vivavoce.core.endpointing import wants_to_think
from vivavoce.core.interview_moves import fresh_acknowledgement
from vivavoce.core.interview_plan import Consult, InterviewPlan, InterviewState, Move
from vivavoce.core.lines import Line

LEAST_WORDS = 5  # fewer may be the beginning of anything
LONGEST_UNHEARD_MS = 1_200  # of speech; longer requests are seen in the words that are known


def note(
    plan: InterviewPlan,
    state: InterviewState,
    heard: str,
    unheard_ms: int,
    decision: Sequence[Line] | Consult,
) -> Line | None:
    """The line, or None where it might not fit. `decision` is about what was `heard` so far."""
    if unheard_ms > LONGEST_UNHEARD_MS or content_words(heard, plan.language) < LEAST_WORDS:
        return None
    if wants_to_think(heard, plan.language) or not _is_acknowledged(decision):
        return None
    return fresh_acknowledgement(plan, state, plan.phrases.noted)


def _is_acknowledged(decision: Sequence[Line] | Consult) -> bool:
    if isinstance(decision, Consult):
        return Move.PROBE in decision.situation.allowed
    return bool(decision) and decision[0].move == "acknowledge"
