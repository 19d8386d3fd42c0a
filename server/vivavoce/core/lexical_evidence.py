"""Finds passages about a dimension without a model: shared word stems, and nothing cleverer."""

from collections.abc import Mapping, Sequence

from vivavoce.core.agent_profile import Dimension
from vivavoce.core.evidence import is_instruction, verified
from vivavoce.core.phrases import Phrasebook
from vivavoce.core.scorecard import Citation
from vivavoce.core.transcript import Turn
from vivavoce.core.words import normalized_words, sentences, topic_stems, word_count

_MOST_QUOTES = 3
_SHORTEST_WORDS = 5
_LONGEST_WORDS = 45
_SHOWING = ("example", "result", "number", "reason")


def lexical_evidence(
    dimension: Dimension,
    answers: Sequence[Turn],
    expectations: Mapping[int, tuple[str, ...]],
    phrases: Phrasebook,
) -> tuple[Citation, ...]:
    """The best passages, in the order they were said. `expectations` are by question index.

    A sentence is worth two points for each topic word that it shares with the dimension, one for
    each shared with the expectations of its question, and one for each sign of substance (an
    example, a result, a number, a reason). One that shares nothing with the dimension is left out.
    """
    stop_words = frozenset(phrases.stop_words)
    about = topic_stems(
        " ".join((dimension.name, dimension.description, *dimension.anchors)), stop_words
    )
    found: list[tuple[int, Turn, str]] = []
    for turn in answers:
        hints = " ".join(expectations.get(-1 if turn.question is None else turn.question, ()))
        for sentence in _passages(turn.text, phrases):
            stems = topic_stems(sentence, stop_words)
            worth = 2 * len(stems & about)
            if worth:
                worth += len(stems & topic_stems(hints, stop_words)) + _substance(sentence, phrases)
                found.append((worth, turn, sentence))
    best = sorted(found, key=lambda item: -item[0])[:_MOST_QUOTES]
    quotes = [verified(sentence, [turn]) for _, turn, sentence in best]
    return tuple(sorted((q for q in quotes if q is not None), key=lambda q: (q.turn, q.start_ms)))


def _passages(text: str, phrases: Phrasebook) -> list[str]:
    """Sentences of a quotable length; a long unpunctuated one is cut into equal pieces."""
    passages: list[str] = []
    for sentence in sentences(text):
        written = sentence.split()
        pieces = -(-len(written) // _LONGEST_WORDS)
        size = -(-len(written) // pieces)
        passages += [" ".join(written[i : i + size]) for i in range(0, len(written), size)]
    return [
        passage
        for passage in passages
        if word_count(passage) >= _SHORTEST_WORDS and not is_instruction(passage, phrases)
    ]


def _substance(sentence: str, phrases: Phrasebook) -> int:
    spoken = f" {' '.join(normalized_words(sentence))} "
    return sum(any(f" {m} " in spoken for m in phrases.marker(kind)) for kind in _SHOWING)
