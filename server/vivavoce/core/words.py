"""Words as comparisons see them: lower case, without punctuation, in any script."""

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def normalized_words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()
    return tuple(_WORD.findall(plain))


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
