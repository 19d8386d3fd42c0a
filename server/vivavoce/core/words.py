"""Words as comparisons see them: lower case, without punctuation, in any script."""

import re
import unicodedata
from dataclasses import dataclass

# Vowel signs and tone marks (Unicode category M) belong to their word in Hindi, Tamil and Thai.
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1B00) if unicodedata.category(chr(code)).startswith("M")
)
_LETTERS = rf"[^\W_](?:[^\W_]|[{_MARKS}])*"
_WORD = re.compile(rf"{_LETTERS}(?:'{_LETTERS})*")
_WRITTEN_WORD = re.compile(rf"{_LETTERS}(?:['\u2019]{_LETTERS})*")
# Beside .?! also the ellipsis, the Arabic question mark, the danda, and the full-width marks.
_END = r".?!\u2026\u061f\u0964\u3002\uff1f\uff01"
_SENTENCE = re.compile(rf"[^{_END}]+[{_END}]*")


def normalized_words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()
    return tuple(_WORD.findall(plain))


@dataclass(frozen=True)
class WordSpan:
    """A normalised word and where it stands in the original text (characters)."""

    word: str
    start: int
    end: int


def word_spans(text: str) -> tuple[WordSpan, ...]:
    return tuple(
        WordSpan(" ".join(normalized_words(found[0])), found.start(), found.end())
        for found in _WRITTEN_WORD.finditer(text)
    )


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a transcript, punctuated in any of the usual ways."""
    return tuple(part.strip() for part in _SENTENCE.findall(text) if normalized_words(part))


def normalized(text: str) -> str:
    return " ".join(normalized_words(text))


def stem(word: str) -> str:
    """A crude, language-neutral stem: enough to see that "measured" touches "measuring"."""
    plain = word.split("'", 1)[0]
    return plain[:5] if len(plain) > 5 else plain


def topic_stems(text: str, stop_words: frozenset[str]) -> frozenset[str]:
    return frozenset(
        stem(word) for word in normalized_words(text) if word not in stop_words and len(word) > 2
    )


def contains_phrase(words: tuple[str, ...], phrase: str) -> bool:
    return f" {normalized(phrase)} " in f" {' '.join(words)} "
