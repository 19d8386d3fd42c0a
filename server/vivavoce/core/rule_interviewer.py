"""The interviewer that needs no model: typed follow-ups, chosen by what an answer visibly lacks.

It asks and never claims: every text is a fixed question of the phrasebook, or an approved fact word
for word. Its choice is a short list of transparent rules, so anybody can say why it asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from vivavoce.core.phrases import Phrasebook
from vivavoce.core.situation import Move, Situation
from vivavoce.core.transcript import Speaker, TurnKind
from vivavoce.core.words import (
    contains_phrase,
    normalized,
    normalized_words,
    topic_stems,
    word_count,
)

_SHORT_WORDS = 12
_MODEST_WORDS = 35
_LONGEST_TOPIC_WORDS = 5  # a longer expectation is a sentence for reviewers, not a topic to name


@dataclass(frozen=True)
class AnswerFeatures:
    """What can be seen in everything said so far about the current question."""

    words: int
    latest_words: int
    unknown: bool  # "I don't know"
    example: bool
    number: bool
    result: bool
    reason: bool
    own: int  # words like "I" and "my"
    team: int  # words like "we" and "our"
    untouched: tuple[str, ...]  # expectations that no word of the answer touches


def propose(situation: Situation, phrases: Phrasebook) -> str:
    """`MOVE: text` for the situation; the same situation always gets the same proposal."""
    if Move.PROBE not in situation.allowed:
        return _propose_without_probing(situation, phrases)
    if situation.follow_ups_left <= 0:
        return "NEXT:"
    features = read_answer(situation, phrases)
    asked = _asked_about_question(situation)
    for kind in _wanted(situation, features, phrases):
        variants = _worded(kind, features, phrases)
        if not variants or asked.intersection(map(normalized, variants)):
            continue
        move = Move.CLARIFY if kind == "clarify" else Move.PROBE
        return f"{move.name}: {variants[len(situation.turns) % len(variants)]}"
    return "NEXT:"


def _propose_without_probing(situation: Situation, phrases: Phrasebook) -> str:
    if Move.ANSWER not in situation.allowed:
        return "NEXT:"
    stop_words = frozenset(phrases.stop_words)
    wanted = topic_stems(situation.answer, stop_words)
    fitting = [
        (len(wanted & topic_stems(fact, stop_words)), -position, fact)
        for position, fact in enumerate(situation.facts)
    ]
    hits, _, fact = max(fitting, default=(0, 0, ""))
    return f"ANSWER: {fact}" if hits else "ANSWER:"


def read_answer(situation: Situation, phrases: Phrasebook) -> AnswerFeatures:
    text = " ".join([*_earlier_answers(situation), situation.answer])
    words, latest = normalized_words(text), normalized_words(situation.answer)
    stop_words = frozenset(phrases.stop_words)
    touched = topic_stems(text, stop_words)

    def shows(kind: str) -> bool:
        return any(contains_phrase(words, marker) for marker in phrases.marker(kind))

    return AnswerFeatures(
        words=word_count(text),
        latest_words=word_count(situation.answer),
        unknown=any(contains_phrase(latest, marker) for marker in phrases.marker("unknown")),
        example=shows("example"),
        number=shows("number") or any(any(map(str.isdigit, word)) for word in words),
        result=shows("result"),
        reason=shows("reason"),
        own=sum(word in phrases.marker("first_person") for word in words),
        team=sum(word in phrases.marker("team") for word in words),
        untouched=tuple(
            expectation
            for expectation in situation.expectations
            if not topic_stems(expectation, stop_words) & touched
        ),
    )


def _wanted(situation: Situation, features: AnswerFeatures, phrases: Phrasebook) -> Iterator[str]:
    """Types of follow-up that would help, the most useful first."""
    question = normalized_words(situation.question)
    if features.unknown and features.latest_words < 2 * _SHORT_WORDS:
        return  # pressing somebody who does not know gains nothing

    def asks(kind: str) -> bool:
        return any(contains_phrase(question, marker) for marker in phrases.marker(kind))

    needs = (
        ("short_answer", features.words < _SHORT_WORDS),
        ("example", asks("asks_for_example") and not features.example),
        ("number", asks("asks_for_amount") and not features.number),
        ("missing", bool(features.untouched)),
        ("own_role", features.team > features.own),
        ("result", features.example and not features.result),
        ("example", not features.example),
        ("reason", not features.reason),
        ("detail", features.words < _MODEST_WORDS),
        ("challenge", situation.difficulty == "hard"),
        ("learning", situation.difficulty == "hard" and features.result),
    )
    for kind, needed in needs:
        if needed:
            yield kind


def _worded(kind: str, features: AnswerFeatures, phrases: Phrasebook) -> tuple[str, ...]:
    variants = phrases.follow_up(kind)
    if kind != "missing":
        return variants
    topics = [t for t in features.untouched if word_count(t) <= _LONGEST_TOPIC_WORDS]
    if not topics:
        return ()
    return tuple(variant.format(topic=topics[0].strip(" .")) for variant in variants)


def _earlier_answers(situation: Situation) -> list[str]:
    return [
        turn.text
        for turn in situation.turns[_question_start(situation) :]
        if turn.kind is TurnKind.ANSWER
    ]


def _asked_about_question(situation: Situation) -> set[str]:
    return {
        normalized(turn.text)
        for turn in situation.turns[_question_start(situation) :]
        if turn.speaker is Speaker.INTERVIEWER
    }


def _question_start(situation: Situation) -> int:
    """Position of the turn in which the current question was asked."""
    asked = normalized(situation.question)
    return max(
        (
            position
            for position, turn in enumerate(situation.turns)
            if turn.kind is TurnKind.QUESTION and asked.startswith(normalized(turn.text))
        ),
        default=0,
    )
