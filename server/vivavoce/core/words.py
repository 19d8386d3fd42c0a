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
# Thai, Lao, Burmese, Khmer, kana and Han are written without spaces: a run of them is many words.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
)
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_SPACED = rf"(?![{_UNSPACED}])[^\W_](?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])*"
_WRITTEN_WORD = re.compile(rf"(?=[^\W_])[{_UNSPACED}][{_MARKS}]*|{_SPACED}(?:['\u2019]{_SPACED})*")
# Beside .?! also the ellipsis, the marks of Greek and Arabic questions, the danda, the Urdu full
# stop, and the full-width marks. Most keyboards write the Greek one as a semicolon.
_END = r".?!\u2026\u037e\u061f\u0964\u06d4\u3002\uff1f\uff01"
_GREEK_QUESTION = r"(?<=[\u0370-\u03ff\u1f00-\u1fff]);"
_SENTENCE = re.compile(rf"(?:(?!{_GREEK_QUESTION})[^{_END}])+(?:[{_END}]|{_GREEK_QUESTION})*")


def normalized_words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).replace("\u2019", "'").lower()
    # A Turkish capital I keeps its dot as a mark of its own, and would match no word with an i.
    return tuple(_WORD.findall(plain.replace("i\u0307", "i")))


def word_count(text: str) -> int:
    """How many words there are; two characters make one where words are not spaced."""
    unspaced = spaced = 0
    for span in word_spans(text):
        if _UNSPACED_CHARACTER.match(span.word):
            unspaced += 1
        else:
            spaced += 1
    return spaced + (unspaced + 1) // 2


@dataclass(frozen=True)
class WordSpan:
    """A normalised word and where it stands in the original text (characters).

    Where words are not spaced it is a single character, so that a part of a run can be found.
    """

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
    """Whether the phrase is among the words: at their limits, where they have any."""
    wanted = normalized(phrase)
    if _UNSPACED_CHARACTER.match(wanted):
        return wanted.replace(" ", "") in "".join(words)
    return f" {wanted} " in f" {' '.join(words)} "
