"""Recognises what a candidate asks of the interviewer, without a model: repeat, skip, hold.

A request is recognised only when the whole utterance, or its last sentence, is made of one request
and polite words; a long answer that merely mentions repeating something stays an answer. The
patterns are regular expressions over normalised words and come from the language's phrasebook, so
a language without them simply has no spoken requests.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from vivavoce.core.phrases import Table
from vivavoce.core.words import normalized_words, sentences


class Intent(StrEnum):
    ANSWER = "answer"
    FILLER = "filler"  # nothing but "um"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    SKIP = "skip"
    BACK = "back"
    HOLD = "hold"
    RESUME = "resume"
    HELP = "help"
    END = "end"
    TROUBLE = "trouble"
    ROBOT = "robot"
    YOUR_CHOICE = "your_choice"  # "do you mean at work?"
    QUESTION = "question"
    NOTHING = "nothing"  # "no, that was all"
    YES = "yes"


@dataclass(frozen=True)
class Reading:
    """`with_answer`: the request followed an answer in the same breath."""

    intent: Intent
    with_answer: bool = False


_IN_ORDER = (
    Intent.TROUBLE,
    Intent.ROBOT,
    Intent.HOLD,
    Intent.REPHRASE,
    Intent.REPEAT,
    Intent.SKIP,
    Intent.BACK,
    Intent.END,
    Intent.HELP,
    Intent.RESUME,
    Intent.YOUR_CHOICE,
    Intent.NOTHING,
    Intent.YES,
)
_AFTER_AN_ANSWER = frozenset(
    {Intent.HOLD, Intent.REPHRASE, Intent.REPEAT, Intent.SKIP, Intent.BACK, Intent.END}
)
_LONGEST_REQUEST_WORDS = 24
_LONGEST_QUESTION_WORDS = 40


def read_utterance(text: str, requests: Table) -> Reading:
    """What the candidate wants; an `ANSWER` when it is nothing else."""
    words = normalized_words(text)
    patterns = _compiled(requests)
    if not words or all(patterns.mentions("fillers", (word,)) for word in words):
        return Reading(Intent.FILLER)
    intent = _request(words, patterns)
    if intent is not None:
        return Reading(intent)
    last = normalized_words(sentences(text)[-1])
    trailing = _request(last, patterns) if len(last) < len(words) else None
    if trailing in _AFTER_AN_ANSWER:
        return Reading(trailing, with_answer=True)
    return Reading(Intent.QUESTION if _is_question(text, words, patterns) else Intent.ANSWER)


class _Patterns:
    def __init__(self, requests: Table) -> None:
        table = dict(requests)
        polite = _any(table.get("lead", ()))
        self._whole = {
            # Atomic, or words that are both polite and a request would be tried in 2^n ways.
            kind: re.compile(
                rf"(?:(?:{polite}) )*(?:{_any(texts)})(?> (?:{_any(texts)}|{polite})(?= |$))*"
            )
            for kind, texts in table.items()
        }
        self._words = {
            kind: re.compile(rf"(?<= )(?:{_any(texts)})(?= )") for kind, texts in table.items()
        }

    def matches(self, kind: str, words: tuple[str, ...]) -> bool:
        """The utterance is made of this kind and politeness alone."""
        pattern = self._whole.get(kind)
        return pattern is not None and pattern.fullmatch(" ".join(words)) is not None

    def begins(self, kind: str, words: tuple[str, ...]) -> bool:
        pattern = self._words.get(kind)
        return pattern is not None and pattern.match(f" {' '.join(words)} ", 1) is not None

    def mentions(self, kind: str, words: tuple[str, ...]) -> bool:
        pattern = self._words.get(kind)
        return pattern is not None and pattern.search(f" {' '.join(words)} ") is not None


def _any(texts: tuple[str, ...]) -> str:
    return "|".join(f"(?:{text})" for text in texts) or r"(?!)"


@lru_cache(maxsize=64)
def _compiled(requests: Table) -> _Patterns:
    return _Patterns(requests)


def _request(words: tuple[str, ...], patterns: _Patterns) -> Intent | None:
    if len(words) > _LONGEST_REQUEST_WORDS:
        return None
    return next((intent for intent in _IN_ORDER if patterns.matches(intent, words)), None)


def _is_question(text: str, words: tuple[str, ...], patterns: _Patterns) -> bool:
    """A question to the interviewer or the organization, not a rhetorical one inside an answer."""
    if len(words) > _LONGEST_QUESTION_WORDS:
        return False
    if patterns.begins("question_lead", _without_lead(words, patterns)):
        return True
    last = _without_lead(normalized_words(sentences(text)[-1]), patterns)
    if len(words) - len(last) > len(words) // 2 or not last:
        return False
    if not patterns.begins("question_start", last):
        return False
    marked = text.rstrip().endswith(("?", ";", "\u037e", "\u061f", "\uff1f"))
    return patterns.mentions("question_about", last[1:]) and (marked or len(last) == len(words))


def _without_lead(words: tuple[str, ...], patterns: _Patterns) -> tuple[str, ...]:
    """Drops leading polite words; always leaves something to look at."""
    start = 0
    while start < len(words) - 1:
        longest = next(
            (n for n in range(6, 0, -1) if patterns.matches("lead", words[start : start + n])), 0
        )
        if longest == 0:
            break
        start += longest
    return words[start:]
