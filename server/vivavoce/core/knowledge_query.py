"""From what was said to a full-text query, and from several rankings to one.

A query is made of quoted words only, so nothing that somebody says can become an operator of it.
Scripts that put no blanks between words are searched by runs of three characters.
"""

from collections.abc import Hashable, Sequence
from typing import TypeVar

from vivavoce.core.words import normalized_words

MOST_TERMS = 32
RUN_CHARACTERS = 3
# Thai, Lao, Myanmar, Khmer; kana, CJK ideographs.
_UNSPACED = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_RANK_CONSTANT = 60

Item = TypeVar("Item", bound=Hashable)


def word_query(text: str, stop_words: frozenset[str] = frozenset()) -> str:
    """For an index of words; empty when there is nothing to look for."""
    words = [
        word
        for word in normalized_words(text)
        if word not in stop_words and (len(word) > 2 or word.isdigit()) and not _is_unspaced(word)
    ]
    return _any_of(words)


def run_query(text: str) -> str:
    """For an index of runs of three characters; empty when every script here has blanks."""
    runs = [
        word[at : at + RUN_CHARACTERS]
        for word in normalized_words(text)
        if _is_unspaced(word)
        for at in range(len(word) - RUN_CHARACTERS + 1)
    ]
    return _any_of(runs)


def merged_ranks(rankings: Sequence[Sequence[Item]]) -> tuple[Item, ...]:
    """Reciprocal rank fusion: each ranking gives 1 / (60 + rank) (Cormack, Clarke and Büttcher,
    SIGIR 2009). Equal sums keep the order of the first ranking that has them.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return tuple(sorted(scores, key=lambda item: -scores[item]))


def _any_of(terms: Sequence[str]) -> str:
    chosen = list(dict.fromkeys(terms))[-MOST_TERMS:]  # of a long answer, its end
    quoted = [term.replace('"', '""') for term in chosen]
    return " OR ".join(f'"{term}"' for term in quoted)


def _is_unspaced(word: str) -> bool:
    return any(low <= ord(mark) <= high for mark in word for low, high in _UNSPACED)
