"""Quotes that prove themselves: each is found, word for word, in something the candidate said."""

from collections.abc import Sequence

from vivavoce.core.phrases import Phrasebook
from vivavoce.core.scorecard import Citation
from vivavoce.core.transcript import Speaker, Turn, TurnKind
from vivavoce.core.words import (
    WordSpan,
    contains_phrase,
    normalized_words,
    sentences,
    word_spans,
)

_LEAST_WORDS = 3  # fewer are found anywhere and show nothing


def scorable(turns: Sequence[Turn], unscored_questions: frozenset[int]) -> tuple[Turn, ...]:
    """The turns that scoring may read: answers of the candidate to questions that count."""
    return tuple(
        turn
        for turn in turns
        if turn.speaker is Speaker.CANDIDATE
        and turn.kind is TurnKind.ANSWER
        and turn.question not in unscored_questions
    )


def without_instructions(text: str, phrases: Phrasebook) -> str:
    """The answer without sentences that speak to the rater instead of answering."""
    kept = [part for part in sentences(text) if not is_instruction(part, phrases)]
    return " ".join(kept)


def is_instruction(text: str, phrases: Phrasebook) -> bool:
    words = normalized_words(text)
    return any(contains_phrase(words, marker) for marker in phrases.marker("instruction"))


def verified(
    quote: str, answers: Sequence[Turn], turn_number: int | None = None
) -> Citation | None:
    """The quote as the candidate said it, or None when nobody can find it there.

    Words are compared without case and punctuation. The named turn is searched first.
    """
    wanted = tuple(span.word for span in word_spans(quote))
    if not wanted:
        return None
    for turn in sorted(answers, key=lambda answer: answer.number != turn_number):
        spans = word_spans(turn.text)
        if len(wanted) < min(_LEAST_WORDS, len(spans)):
            continue
        first = _find(wanted, spans)
        if first is not None:
            return _citation(turn, spans, first, first + len(wanted) - 1)
    return None


def _find(wanted: tuple[str, ...], spans: tuple[WordSpan, ...]) -> int | None:
    words = [span.word for span in spans]
    for start in range(len(words) - len(wanted) + 1):
        if tuple(words[start : start + len(wanted)]) == wanted:
            return start
    return None


def _citation(turn: Turn, spans: tuple[WordSpan, ...], first: int, last: int) -> Citation:
    start_ms, end_ms = _audio_span(turn, spans, first, last)
    quote = turn.text[spans[first].start : spans[last].end]
    return Citation(turn.number, quote, start_ms, end_ms)


def _audio_span(turn: Turn, spans: tuple[WordSpan, ...], first: int, last: int) -> tuple[int, int]:
    """By word timings where they still match the text; corrected or typed text is placed evenly."""
    timed = _timings(turn)
    if [word for word, _, _ in timed] == [span.word for span in spans]:
        return timed[first][1], timed[last][2]
    length_ms = turn.end_ms - turn.start_ms
    return (
        turn.start_ms + length_ms * first // len(spans),
        turn.start_ms + length_ms * (last + 1) // len(spans),
    )


def _timings(turn: Turn) -> list[tuple[str, int, int]]:
    return [
        (span.word, word.start_ms, word.end_ms)
        for word in turn.words
        for span in word_spans(word.text)
    ]


def confidence(citation: Citation, answers: Sequence[Turn]) -> float | None:
    """Mean transcription probability of the quoted words; None for typed or corrected text."""
    heard = [
        word.probability
        for turn in answers
        if turn.number == citation.turn
        for word in turn.words
        if word.start_ms >= citation.start_ms and word.end_ms <= citation.end_ms
    ]
    return sum(heard) / len(heard) if heard else None
