"""What the turns of an outside agent are for: it tells who spoke and whether it awaits an answer.

Our own interviewer knows which question it asks; of an outside agent we only hear the words. They
are compared with the prepared questions, so that an answer counts for the question it followed.
"""

from collections.abc import Sequence
from dataclasses import replace

from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.words import normalized


def arranged(turns: Sequence[Turn], questions: Sequence[str]) -> tuple[Turn, ...]:
    """The turns, each with its kind and the index of the question that it belongs to."""
    prepared = {normalized(text): index for index, text in enumerate(questions)}
    current: int | None = None
    asked = False
    placed = []
    for turn in turns:
        found = prepared.get(normalized(turn.text)) if _is_agent(turn) else None
        current = current if found is None else found
        placed.append(replace(turn, kind=_kind(turn, found, asked), question=current))
        asked = asked or _awaits(turn) or found is not None
    return tuple(placed)


def _kind(turn: Turn, found: int | None, asked: bool) -> TurnKind:
    if not _is_agent(turn):
        return TurnKind.ANSWER
    if found is not None:
        return TurnKind.QUESTION
    if _awaits(turn):
        return TurnKind.FOLLOW_UP if asked else TurnKind.QUESTION
    return TurnKind.ACKNOWLEDGEMENT if asked else TurnKind.WELCOME


def _is_agent(turn: Turn) -> bool:
    return turn.speaker is Speaker.INTERVIEWER


def _awaits(turn: Turn) -> bool:
    return turn.notes is not None and turn.notes.awaits_answer
